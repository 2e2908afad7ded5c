"""What comes of one passage: turns on record, or the note that it was missed."""

from __future__ import annotations

from casefile.model import CaseWord, Hearing, Missed, Speech, Turn, Utterance
from diarization.diarizer import SeatMicrophones
from diarization.turns import turns
from tingji.knowledge import mended

WORTH_A_WORD_MS = 1_500
"""Speech of this length without any word is put on record as missed (court.md D2)."""


def outcome(
    speech: Speech, utterance: Utterance, hearing: Hearing, words: tuple[CaseWord, ...] = ()
) -> tuple[Turn, ...] | Missed:
    """The turns of a recognized passage, with the case's `words`; `Missed` where there was speech enough and no word was found."""
    said = turns(mended(utterance, hearing, words), SeatMicrophones(hearing).label(speech))
    if not said and speech.end_ms - speech.start_ms >= WORTH_A_WORD_MS:
        return missed(speech, "no_words")
    return said


def missed(speech: Speech, reason: str) -> Missed:
    """The passage holds speech that could not be recognized; its sound is on the record."""
    return Missed(speech.channel, speech.start_ms, speech.end_ms, reason)
