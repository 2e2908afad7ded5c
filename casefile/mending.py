"""A change to the words of a turn, made and taken back; what was recognized is never lost. Values only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from casefile.model import Change, Mending, Split, Turn, Word


def fits(turn: Turn, change: Change) -> bool:
    """What the change would replace stands there, and no earlier change lies half under it."""
    end = change.at + len(change.before)
    return (
        turn.text[change.at : end] == change.before != change.after
        and len(change.before) == len(change.after)
        and all(_inside(one, change) or not _meets(one, change) for one in turn.changes if not one.doubt)
    )


def mended(turn: Turn, change: Change) -> Turn:
    """The turn with a change that `fits`. Of a change that it covers, what was first heard is kept."""
    covered = [one for one in turn.changes if _meets(one, change)]
    heard = change.before
    for one in covered:
        at = one.at - change.at
        heard = heard if one.doubt else heard[:at] + one.before + heard[at + len(one.before) :]
    kept = [one for one in turn.changes if one not in covered]
    changes = sorted([*kept, replace(change, before=heard)], key=lambda one: one.at)
    return _with_words(turn, with_text(turn.words, change.at, change.after), tuple(changes))


def undone(turn: Turn, change: Change) -> Turn:
    """The turn with one of its changes taken back."""
    changes = tuple(one for one in turn.changes if one != change)
    return _with_words(turn, with_text(turn.words, change.at, change.before), changes)


def _with_words(turn: Turn, words: tuple[Word, ...], changes: tuple[Change, ...]) -> Turn:
    """The turn in words of the same lengths; what the condensed record omits reads as they do."""
    text = "".join(word.text for word in words)
    omissions = tuple(replace(one, text=text[one.at : one.end]) for one in turn.omissions)
    return replace(turn, words=words, changes=changes, omissions=omissions)


def with_text(words: Sequence[Word], at: int, text: str) -> tuple[Word, ...]:
    """The words with `text` in place of as many characters from `at` on; times and confidence stay."""
    before = "".join(word.text for word in words)
    after, out, start = before[:at] + text + before[at + len(text) :], list[Word](), 0
    for word in words:
        end = start + len(word.text)
        out.append(replace(word, text=after[start:end]))
        start = end
    return tuple(out)


def parted(mending: Mending, cut: Split, length: int) -> Mending:
    """The same place after its turn was cut behind `length` characters."""
    if mending.turn_id != cut.turn_id or mending.change.at < length:
        return mending
    return Mending(cut.second_id, replace(mending.change, at=mending.change.at - length))


def rejoined(mending: Mending, cut: Split, length: int) -> Mending:
    """The inverse of `parted`."""
    if mending.turn_id != cut.second_id:
        return mending
    return Mending(cut.turn_id, replace(mending.change, at=mending.change.at + length))


def _meets(one: Change, other: Change) -> bool:
    return one.at < other.at + len(other.after) and other.at < one.at + len(one.after)


def _inside(one: Change, other: Change) -> bool:
    return other.at <= one.at and one.at + len(one.after) <= other.at + len(other.after)
