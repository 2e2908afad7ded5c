"""What comes of one passage: turns on record, and notes of what was missed."""

from __future__ import annotations

from collections.abc import Iterable

from casefile.model import CaseWord, Hearing, Missed, SpeakerSpan, Speech, Turn, Utterance
from diarization.diarizer import Diarizer, SeatMicrophones
from diarization.turns import turns
from tingji.knowledge import mended
from tingji.unwritten import Part

WORTH_A_WORD_MS = 1_500
"""Speech of this length without any word is put on record as missed (court.md D2)."""
Outcome = list[Turn | Missed]


def speakers_of(
    speech: Speech, utterance: Utterance, hearing: Hearing, voices: Diarizer | None = None
) -> tuple[SpeakerSpan, ...]:
    """Who speaks in a recognized passage.

    `voices` are asked only for what stands on the record as said: what is held back may be nobody's voice.
    """
    asked = voices if voices and utterance.words and not utterance.suppressed else SeatMicrophones(hearing)
    return asked.label(speech)


def outcome(
    speech: Speech,
    utterance: Utterance,
    spans: tuple[SpeakerSpan, ...],
    hearing: Hearing,
    words: tuple[CaseWord, ...] = (),
    parts: Iterable[tuple[Part, Utterance]] = (),
) -> Outcome:
    """What a passage adds to the record, in order of time, with the case's `words`.

    `parts`: what the voices said that had no word in `utterance`, decoded alone.
    """
    found = _written(speech, mended(utterance, hearing, words), spans)
    for part, said in parts:
        found += _written(part.speech, mended(part.spoken(said), hearing, words), (part.span,))
    return sorted(found, key=lambda each: each.start_ms)


def _written(speech: Speech, utterance: Utterance, spans: tuple[SpeakerSpan, ...]) -> Outcome:
    said = turns(utterance, spans)
    if not said and speech.end_ms - speech.start_ms >= WORTH_A_WORD_MS:
        return [missed(speech, "no_words")]
    return [*said]


def missed(speech: Speech, reason: str) -> Missed:
    """The passage holds speech that could not be recognized; its sound is on the record."""
    return Missed(speech.channel, speech.start_ms, speech.end_ms, reason)
