"""The text as a reader wants it: numbers as they are written, fillers left out, condensed. The record stays verbatim."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from casefile.model import CaseRecord, Turn, Word


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text is wanted; nothing chosen is verbatim."""

    written_numbers: bool = False
    without_fillers: bool = False
    condensed: bool = False


VERBATIM = Reading()


@dataclass(frozen=True, slots=True)
class Edit:
    """`text[start:end]` of a turn is read as `text`; "" leaves it out."""

    start: int
    end: int
    text: str


def as_read(record: CaseRecord, edits: Callable[[Turn], Sequence[Edit]]) -> CaseRecord:
    """The record with the words of each turn as they are read; `edits` do not overlap. For exports only.

    A turn of which nothing is left is not in it.
    """
    read = (replace(turn, words=reworded(turn.words, edits(turn))) for turn in record.turns)
    return replace(record, turns=tuple(turn for turn in read if turn.words))


def reworded(words: Sequence[Word], edits: Sequence[Edit]) -> tuple[Word, ...]:
    """The words after the edits: new text stands in the first word it replaces and lasts to the end of the last."""
    edit_at = {place: edit for edit in edits for place in range(edit.start, edit.end)}
    read: list[Word] = []
    at = 0
    for word in words:
        text = "".join(_read(place, character, edit_at) for place, character in enumerate(word.text, at))
        replaced = edit_at.get(at)
        if text:
            read.append(replace(word, text=text))
        elif replaced and replaced.text and read:
            read[-1] = replace(read[-1], end_ms=word.end_ms)
        at += len(word.text)
    return tuple(read)


def _read(place: int, character: str, edit_at: dict[int, Edit]) -> str:
    edit = edit_at.get(place)
    if edit is None:
        return character
    return edit.text if place == edit.start else ""
