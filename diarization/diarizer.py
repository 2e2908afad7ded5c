"""Who spoke in a passage: the seam, and attribution by the seat's microphone."""

from __future__ import annotations

from typing import Protocol

from casefile.model import Attribution, Hearing, SpeakerSpan, Speech


class Diarizer(Protocol):
    """Names the speakers of one passage, in order of time, without holes."""

    def label(self, speech: Speech) -> tuple[SpeakerSpan, ...]:
        """At least one span; a seat's id where the seat is known, else a voice label."""


class SeatMicrophones:
    """One microphone, one seat."""

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing

    def label(self, speech: Speech) -> tuple[SpeakerSpan, ...]:
        """See `Diarizer`: one span, the seat of the passage's channel."""
        seat = self._hearing.seat_of(speech.channel)
        voice = (seat.person or seat.role) if seat else f"话筒{speech.channel + 1}"
        how = Attribution.CHANNEL
        return (SpeakerSpan(seat.id if seat else None, voice, speech.start_ms, speech.end_ms, how),)
