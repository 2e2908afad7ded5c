"""The clerk's hand on the text: what editing, omitting and joining do to turns. Values only.

What was recognized stays beneath every edit (`Turn.heard`), and every edit names the text that it was made on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise

from casefile.mending import with_text
from casefile.model import Edit, Join, Omission, Turn, TurnState, Word, Wording

Carried = Callable[[int, int], int | None]
"""Where a stretch of the old text (start, end) begins in the new one; None: it does not stand there any more."""


def reworded(turn: Turn, text: str) -> Wording:
    """The turn's wording with `text` in place of its text; what was recognized, where that is the same text.

    What stays keeps its words' times and confidence; what is new takes the times of what it replaces, or of the
    word before it, and a confidence of 1. Changes and omissions whose text is touched are gone.
    """
    if turn.heard and turn.heard.text == text:
        return turn.heard
    steps = SequenceMatcher(None, turn.text, text, autojunk=False).get_opcodes()
    carried = _carried([(i1, i2, j1) for tag, i1, i2, j1, _ in steps if tag == "equal"])
    return Wording(
        _words(turn.words, text, steps),
        tuple(
            replace(one, at=at)
            for one in turn.changes
            if (at := carried(one.at, one.at + len(one.after))) is not None
        ),
        tuple(replace(one, at=at) for one in turn.omissions if (at := carried(one.at, one.end)) is not None),
    )


def _carried(equal: Sequence[tuple[int, int, int]]) -> Carried:
    def to(start: int, end: int) -> int | None:
        return next((new + start - old for old, stop, new in equal if old <= start and end <= stop), None)

    return to


def _words(
    words: Sequence[Word], text: str, steps: Sequence[tuple[str, int, int, int, int]]
) -> tuple[Word, ...]:
    """Each character of the new text goes to the old word that it stands for."""
    owner = [number for number, word in enumerate(words) for _ in word.text]
    pieces = [""] * len(words)
    for tag, i1, i2, j1, j2 in steps:
        for j in range(j1, j2):
            i = max(i1 - 1, 0) if tag == "insert" else i1 + (j - j1) * (i2 - i1) // (j2 - j1)
            pieces[owner[i]] += text[j]
    return tuple(
        word if piece == word.text else replace(word, text=piece, confidence=1.0)
        for word, piece in zip(words, pieces, strict=True)
        if piece
    )


def edited(turn: Turn, edit: Edit) -> Turn | None:
    """The turn after the edit; None where it does not read as the person saw it."""
    if turn.text != edit.before or not edit.after.words:
        return None
    heard = turn.heard or turn.wording
    as_heard = edit.after.text == heard.text
    return replace(
        worded(turn, edit.after),
        heard=None if as_heard else heard,
        state=TurnState.FINAL if as_heard else TurnState.EDITED,
    )


def worded(turn: Turn, wording: Wording) -> Turn:
    """The turn in this wording."""
    return replace(turn, words=wording.words, changes=wording.changes, omissions=wording.omissions)


def verbatim(turn: Turn) -> str:
    """What was recognized, before any person or rule changed it."""
    heard = turn.heard or turn.wording
    words = heard.words
    for change in heard.changes:
        words = words if change.doubt else with_text(words, change.at, change.before)
    return "".join(word.text for word in words)


def confirmed(turn: Turn, text: str) -> Turn | None:
    """The turn as checked; None where it does not read so, or is held back."""
    if turn.text != text or turn.suppressed:
        return None
    return replace(turn, state=TurnState.CONFIRMED)


def unconfirmed(turn: Turn) -> Turn:
    """The turn as before it was checked."""
    return replace(turn, state=TurnState.EDITED if turn.heard else TurnState.FINAL)


def omits(turn: Turn, pieces: Sequence[Omission]) -> bool:
    """Whether all these pieces stand in the turn and none meets another or what is omitted already."""
    taken = sorted([*turn.omissions, *pieces], key=lambda one: one.at)
    apart = all(one.end <= other.at for one, other in pairwise(taken))
    return apart and all(one.text and turn.text[one.at : one.end] == one.text for one in pieces)


def without(turn: Turn, pieces: Sequence[Omission]) -> Turn:
    """The turn with more pieces omitted, in order of place."""
    return replace(turn, omissions=tuple(sorted([*turn.omissions, *pieces], key=lambda one: one.at)))


def with_again(turn: Turn, pieces: Sequence[Omission]) -> Turn:
    """The turn with these pieces in the condensed record again."""
    return replace(turn, omissions=tuple(one for one in turn.omissions if one not in pieces))


def condensed(turn: Turn) -> str:
    """The text without what the condensed record leaves out; pauses that then meet become one."""
    text, end = "", 0
    for piece in turn.omissions:
        text, end = text + turn.text[end : piece.at], piece.end
    text += turn.text[end:]
    return text.lstrip("，、；。？！,;") if turn.omissions else text


def parts(wording: Wording, at_word: int) -> tuple[Wording, Wording] | None:
    """Both halves of a wording that is cut before a word; None where that goes through a change or an omission."""
    at = sum(len(word.text) for word in wording.words[:at_word])
    spans = [(one.at, one.at + len(one.after)) for one in wording.changes]
    spans += [(one.at, one.end) for one in wording.omissions]
    if any(start < at < end for start, end in spans):
        return None
    return (
        Wording(
            wording.words[:at_word],
            tuple(one for one in wording.changes if one.at < at),
            tuple(one for one in wording.omissions if one.at < at),
        ),
        Wording(
            wording.words[at_word:],
            tuple(replace(one, at=one.at - at) for one in wording.changes if one.at >= at),
            tuple(replace(one, at=one.at - at) for one in wording.omissions if one.at >= at),
        ),
    )


def parts_at(wording: Wording, border_ms: int) -> tuple[Wording, Wording] | None:
    """Both halves of a wording that is cut at a moment; None where that goes through a change."""
    return parts(wording, sum(word.start_ms < border_ms for word in wording.words))


def joined_wording(first: Wording, second: Wording) -> Wording:
    """One behind the other."""
    by = len(first.text)
    return Wording(
        first.words + second.words,
        first.changes + tuple(replace(one, at=one.at + by) for one in second.changes),
        first.omissions + tuple(replace(one, at=one.at + by) for one in second.omissions),
    )


def together(first: Turn, second: Turn) -> Turn:
    """The first turn with the words of the second behind its own, in both layers."""
    heard = None
    if first.heard or second.heard:
        heard = joined_wording(first.heard or first.wording, second.heard or second.wording)
    whole = worded(first, joined_wording(first.wording, second.wording))
    return replace(whole, end_ms=max(first.end_ms, second.end_ms), heard=heard)


def made_one(first: Turn, second: Turn, join: Join) -> Turn | None:
    """Both turns as the first one's; None where they are not as the person saw them, or one is held back.

    The whole is confirmed only where both were.
    """
    if (len(first.words), len(second.words)) != join.words or first.suppressed or second.suppressed:
        return None
    whole = replace(together(first, second), tags=tuple(dict.fromkeys(first.tags + second.tags)))
    return whole if first.state is second.state else unconfirmed(whole)
