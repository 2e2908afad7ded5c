"""Words and speakers joined to turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from casefile.model import Change, SpeakerSpan, Turn, Utterance, Word


def turns(utterance: Utterance, spans: Sequence[SpeakerSpan]) -> tuple[Turn, ...]:
    """One turn for each span that holds words: a word goes to the span that covers its middle.

    What was changed as a whole stays together, with its first word. The id of a turn is its channel and start,
    so that a passage heard twice gives the same turn.
    """
    owners = _owners(utterance, spans)
    said = [(span, [w for w, o in zip(utterance.words, owners, strict=True) if o is span]) for span in spans]
    return tuple(_turn(utterance, span, words) for span, words in said if words)


def _owners(utterance: Utterance, spans: Sequence[SpeakerSpan]) -> list[SpeakerSpan]:
    """For each word its span."""
    owners: list[SpeakerSpan] = []
    at = 0
    for word in utterance.words:
        inside = any(change.at < at < change.at + len(change.after) for change in utterance.changes)
        owners.append(owners[-1] if inside else _owner(word, spans))
        at += len(word.text)
    return owners


def _owner(word: Word, spans: Sequence[SpeakerSpan]) -> SpeakerSpan:
    middle = (word.start_ms + word.end_ms) // 2
    return next((span for span in spans if middle < span.end_ms), spans[-1])


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
