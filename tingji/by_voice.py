"""Who speaks in a sound file, passage by passage, as at a hearing's microphones."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from casefile.model import Hearing, SpeakerSpan, Speech
from diarization.diarizer import SeatMicrophones, seat_alone
from diarization.room import RoomMicrophone
from diarization.stretches import Ear

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ByVoice:
    """Implements `Diarizer` for one file; what its voices sound like is forgotten with it (court.md G6)."""

    hearing: Hearing
    ear: Ear
    room: RoomMicrophone = field(default_factory=RoomMicrophone)

    def label(self, speech: Speech) -> tuple[SpeakerSpan, ...]:
        """See `Diarizer`: by voice where the channel is not one seat's alone; by the channel where that fails."""
        if seat_alone(self.hearing, speech.channel) is None:
            try:
                heard = self.room.hear(speech, self.ear.stretches(speech))
                return self.room.label(heard, speech, self.hearing)
            except Exception as error:  # text goes on without voices
                log.error("voices were not told apart: %s", type(error).__name__)
        return SeatMicrophones(self.hearing).label(speech)
