"""Who spoke in a passage: the seam, and attribution by the seat's microphone."""

from __future__ import annotations

from typing import Protocol

from casefile.model import Attribution, Hearing, Seat, SpeakerSpan, Speech


class Diarizer(Protocol):
    """Names the speakers of one passage, in order of time, without holes."""

    def label(self, speech: Speech) -> tuple[SpeakerSpan, ...]:
        """At least one span; a seat's id where the seat is known, else a voice label."""


class SeatMicrophones:
    """One microphone, one seat."""

    def __init__(self, hearing: Hearing) -> None:
        self._hearing = hearing

    def label(self, speech: Speech) -> tuple[SpeakerSpan, ...]:
        """See `Diarizer`: one span, the seat whose alone the passage's channel is, else the microphone's number."""
        seat = seat_alone(self._hearing, speech.channel)
        voice = name_of(seat) if seat else f"话筒{speech.channel + 1}"
        how = Attribution.CHANNEL
        return (SpeakerSpan(seat.id if seat else None, voice, speech.start_ms, speech.end_ms, how),)


def seat_alone(hearing: Hearing, channel: int) -> Seat | None:
    """The seat whose alone this microphone is; None for the room's and for one that several share."""
    seats = [seat for seat in hearing.seats if channel in seat.channels]
    return seats[0] if len(seats) == 1 else None


def name_of(seat: Seat) -> str:
    """Who sits there, as it stands on the record."""
    return seat.person or seat.role
