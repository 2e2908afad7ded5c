"""Words and speakers joined to turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from casefile.model import Change, SpeakerSpan, Turn, Utterance, Word

STOPS = "。？！，；.?!,"
MOST_MS = 350
"""A character that is said with care."""


def turns(utterance: Utterance, spans: Sequence[SpeakerSpan]) -> tuple[Turn, ...]:
    """One turn for each span that holds words: a word goes to the span in which it is heard (`heard_ms`).

    What was changed as a whole stays together, with its first word. The id of a turn is its channel and start,
    so that a passage heard twice gives the same turn.
    """
    owners = _owners(utterance, spans)
    said = [(span, [w for w, o in zip(utterance.words, owners, strict=True) if o is span]) for span in spans]
    return tuple(_turn(utterance, span, words) for span, words in said if words)


def _owners(utterance: Utterance, spans: Sequence[SpeakerSpan]) -> list[SpeakerSpan]:
    """For each word its span."""
    owners: list[SpeakerSpan] = []
    at, fresh = 0, True
    for word in utterance.words:
        inside = any(change.at < at < change.at + len(change.after) for change in utterance.changes)
        owners.append(owners[-1] if inside else _owner(heard_ms(word, fresh=fresh), spans))
        at, fresh = at + len(word.text), word.text.endswith(tuple(STOPS))
    return owners


def heard_ms(word: Word, *, fresh: bool) -> int:
    """The middle of a word's own sound; `fresh`: it begins a sentence.

    The recognizer's times leave no holes: the silence, or the other voice, between two sentences is within the last
    word of one or the first of the next. Such a word is as long as its characters, beside the sentence it is of.
    """
    half = min(word.end_ms - word.start_ms, MOST_MS * max(1, len(word.text.rstrip(STOPS)))) // 2
    if word.text.endswith(tuple(STOPS)):
        return word.start_ms + half
    return word.end_ms - half if fresh else (word.start_ms + word.end_ms) // 2


def _owner(at_ms: int, spans: Sequence[SpeakerSpan]) -> SpeakerSpan:
    return next((span for span in spans if at_ms < span.end_ms), spans[-1])


def _turn(utterance: Utterance, span: SpeakerSpan, words: Sequence[Word]) -> Turn:
    start_ms, end_ms = max(utterance.start_ms, span.start_ms), min(utterance.end_ms, span.end_ms)
    return Turn(
        id=f"{utterance.channel}-{start_ms}",
        seat=span.seat,
        speaker=span.voice,
        channel=utterance.channel,
        start_ms=start_ms,
        end_ms=end_ms,
        words=tuple(words),
        how=span.how,
        certainty=span.certainty,
        suppressed=utterance.suppressed,
        changes=_changes(utterance, words),
    )


def _changes(utterance: Utterance, words: Sequence[Word]) -> tuple[Change, ...]:
    """The changes in these words, counted from the first of them."""
    first = utterance.words.index(words[0])
    before = sum(len(word.text) for word in utterance.words[:first])
    length = sum(len(word.text) for word in words)
    mine = (change for change in utterance.changes if before <= change.at < before + length)
    return tuple(replace(change, at=change.at - before) for change in mine)
