"""Turns cut into subtitles: at most some twenty Chinese characters each, at the times of their words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casefile.export.signed_text import notice
from casefile.export.wording import name_of, one_line, spoken
from casefile.model import CaseRecord, Turn, Word

WIDTH = 40
"""Columns of a subtitle; a Chinese character takes two."""
_NOTICE_MS = 3_000
_STOPS = "。！？；…"


@dataclass(frozen=True, slots=True)
class Cue:
    """A subtitle: one line of text. `first`: it begins its turn. The notice has no speaker."""

    start_ms: int
    end_ms: int
    speaker: str
    text: str
    first: bool


def cues(record: CaseRecord, signed: bool | None = None) -> list[Cue]:
    """The notice where it stands (`signed`: see `notice`), then all cues in order of their start."""
    mark = notice(record, signed)
    said = [cue for turn in spoken(record) for cue in _of_turn(record, turn)]
    first = [Cue(0, _NOTICE_MS, "", mark, False)] if mark else []
    return [*first, *sorted(said, key=lambda cue: cue.start_ms)]


def _of_turn(record: CaseRecord, turn: Turn) -> Iterator[Cue]:
    speaker, first = name_of(record, turn), True
    for words in _groups([piece for word in turn.words for piece in _pieces(word)]):
        text = one_line("".join(word.text for word in words))
        if text:
            end_ms = max(words[0].start_ms + 1, *(word.end_ms for word in words))
            yield Cue(words[0].start_ms, end_ms, speaker, text, first)
            first = False


def _groups(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Neighbouring words that fit into one cue; a sentence that ends in its second half ends the cue."""
    group: list[Word] = []
    columns = 0
    for word in words:
        if group and (columns + width(word.text) > WIDTH or _is_end(group, columns)):
            yield group
            group, columns = [], 0
        group.append(word)
        columns += width(word.text)
    if group:
        yield group


def _is_end(group: Sequence[Word], columns: int) -> bool:
    return columns * 2 >= WIDTH and group[-1].text.rstrip().endswith(tuple(_STOPS))


def _pieces(word: Word) -> Iterator[Word]:
    """A word that is wider than a cue in pieces, its time shared out by characters."""
    if width(word.text) <= WIDTH:
        yield word
        return
    step, length = WIDTH // 2, len(word.text)
    for at in range(0, length, step):
        text = word.text[at : at + step]
        span = word.end_ms - word.start_ms
        start_ms = word.start_ms + span * at // length
        yield Word(text, start_ms, word.start_ms + span * (at + len(text)) // length, word.confidence)


def width(text: str) -> int:
    """Columns that `text` takes: one for an ASCII character, two for others."""
    return sum(1 if character.isascii() else 2 for character in text)
