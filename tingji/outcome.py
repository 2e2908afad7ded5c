"""What comes of one passage: turns on record, or the note that it was missed."""

from __future__ import annotations

from casefile.model import CaseWord, Hearing, Missed, Speech, Turn, Utterance
from diarization.diarizer import Diarizer, SeatMicrophones
from diarization.turns import turns
from tingji.knowledge import mended

WORTH_A_WORD_MS = 1_500
"""Speech of this length without any word is put on record as missed (court.md D2)."""


def outcome(
    speech: Speech,
    utterance: Utterance,
    hearing: Hearing,
    words: tuple[CaseWord, ...] = (),
    voices: Diarizer | None = None,
) -> tuple[Turn, ...] | Missed:
    """The turns of a recognized passage, with the case's `words`; `Missed` where there was speech enough and no word was found.

    `voices` are asked only for what stands on the record as said: what is held back may be nobody's voice.
    """
    microphones = SeatMicrophones(hearing)
    diarizer = voices if voices and utterance.words and not utterance.suppressed else microphones
    said = turns(mended(utterance, hearing, words), diarizer.label(speech))
    if not said and speech.end_ms - speech.start_ms >= WORTH_A_WORD_MS:
        return missed(speech, "no_words")
    return said


def missed(speech: Speech, reason: str) -> Missed:
    """The passage holds speech that could not be recognized; its sound is on the record."""
    return Missed(speech.channel, speech.start_ms, speech.end_ms, reason)
