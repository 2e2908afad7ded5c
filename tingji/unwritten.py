"""Voices that are heard in a passage and of which the recognizer wrote no word.

Where one voice follows close upon another, or speaks into its last words, Whisper often ends its text with the
first: whole sentences were missing (`bench.close`). What such a voice says is decoded once more by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from casefile.model import SpeakerSpan, Speech, Utterance, Voicing
from diarization.turns import owners

LEAST_MS = 300
LEAD_MS = 200
"""Of the sound before it: a voice is found a little late."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one voice says in a passage."""

    span: SpeakerSpan
    speech: Speech

    def spoken(self, utterance: Utterance) -> Utterance:
        """Its words without those of the sound before it."""
        words = tuple(word for word in utterance.words if word.end_ms > self.span.start_ms)
        return replace(utterance, words=words)


def unwritten(speech: Speech, utterance: Utterance, spans: Sequence[SpeakerSpan]) -> list[Part]:
    """The voices of a passage that have no word in it; none where all of it was held back."""
    if utterance.suppressed or not utterance.words:
        return []
    written = owners(utterance, spans)
    silent = (span for span in spans if span not in written and span.end_ms - span.start_ms >= LEAST_MS)
    return [Part(span, _sound(speech, span)) for span in silent]


def _sound(speech: Speech, span: SpeakerSpan) -> Speech:
    start_ms = max(speech.start_ms, span.start_ms - LEAD_MS)
    audio = speech.audio[(start_ms - speech.start_ms) * 16 : (span.end_ms - speech.start_ms) * 16]
    return Speech(speech.channel, start_ms, audio, _voicing(speech.voicing, len(audio) // 16))


def _voicing(whole: Voicing | None, most_ms: int) -> Voicing | None:
    """The passage's, and no longer than the part."""
    return whole and Voicing(min(whole.ms, most_ms), whole.probability)
