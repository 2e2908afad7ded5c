"""Who spoke at microphones that are not one seat's alone, in all hearings: by voice, beside the recognizer.

What was heard is in the hearing's `VoiceFile`, what the clerk says of it in the record; `RoomMicrophone` makes
names of both. Where voices cannot be told apart, turns show the microphone, and the page says so.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from casefile.attribution import identity
from casefile.errors import TingjiError, VoicesNotWritten, VoicesOff, VoiceTaken
from casefile.feed import Feed
from casefile.model import UNSEALED, CaseRecord, HearingState, Mono16k, Proposal, Speaker, SpeakerSpan, Speech
from diarization.diarizer import SeatMicrophones, seat_alone
from diarization.learning import Enrolled, Person, Said
from diarization.room import RoomMicrophone
from diarization.stretches import Ear, Stretch
from diarization.voices import UNKNOWN, number_of
from tingji.second_look import proposed
from tingji.voice_file import VoiceFile

Trouble = Callable[[str, TingjiError | None], None]
WAIT_S = 3.0
"""So long the words of a passage wait for its voices, at most."""
DRAFT_LASTS = timedelta(days=1)
"""So long voices are kept of a hearing that does not begin."""
log = logging.getLogger(__name__)


class Speakers:
    """The voices of all hearings that are under way, heard in one thread of their own. Thread-safe.

    `trouble` is told, by hearing, when voices cannot be told apart, and None when they can again.
    """

    def __init__(self, feed: Feed, folder: Path, ear: Callable[[], Ear] = Ear) -> None:
        self._feed, self._folder, self._make_ear = feed, folder, ear
        self.trouble: Trouble = lambda _hearing, _error: None
        self._ear: Ear | None = None
        self._rooms: dict[str, RoomMicrophone] = {}
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "voices")

    def listen(self, record: CaseRecord, speech: Speech) -> Future[list[Stretch]] | None:
        """The voices in a passage, some day; None where the microphone says who it is."""
        if seat_alone(record.hearing, speech.channel):
            return None
        return self._thread.submit(lambda: self._loaded().stretches(speech))

    def label(
        self, record: CaseRecord, speech: Speech, voices: Future[list[Stretch]] | None
    ) -> tuple[SpeakerSpan, ...]:
        """See `Diarizer`; where `voices` fail or take too long, by the microphone alone."""
        if voices is None:
            return SeatMicrophones(record.hearing).label(speech)
        try:
            named = self._named(record, speech, voices.result(WAIT_S))
        except Exception as error:  # text goes on without voices
            log.error("voices were not told apart: %s", type(error).__name__)
            self.trouble(record.hearing.id, VoicesOff())
            return SeatMicrophones(record.hearing).label(speech)
        self.trouble(record.hearing.id, None)
        return named

    def prepare(self, record: CaseRecord) -> None:
        """Load the models, in the background, where a microphone of the recording is not one seat's alone."""
        microphones = range(record.format.channels if record.format else 0)
        if not all(seat_alone(record.hearing, channel) for channel in microphones):
            self._thread.submit(self._loaded)

    def proposals(self, hearing_id: str) -> tuple[Proposal, ...]:
        """What a look at the whole hearing would name otherwise, for the clerk to decide."""
        record = self._feed.record(hearing_id)
        with self._lock:
            return proposed(record, self._room(record).passages)

    def stretches(self, sound: Mono16k) -> list[Stretch]:
        """The voices in a clip. Waits. Raises ModelMissing, ModelDamaged."""
        return self._thread.submit(lambda: self._loaded().stretches(Speech(0, 0, sound))).result()

    def enrol(self, hearing_id: str, new: Enrolled) -> None:
        """This voice is that person's in this hearing. Raises VoiceTaken, VoicesNotWritten."""
        with self._lock:
            room = self._room(self._feed.record(hearing_id))
            if room.whose(new.embedding) not in (None, new.whose):
                raise VoiceTaken
            with _written():
                VoiceFile(self._folder, hearing_id).keep(new)
            room.enrol(new)

    def withdraw(self, hearing_id: str, person: Person) -> None:
        """Deletes what this person sounds like, in memory and on disk. Raises VoicesNotWritten: the disk has it still."""
        with self._lock:
            room = self._room(self._feed.record(hearing_id))
            room.withdraw(person)
            with _written():
                VoiceFile(self._folder, hearing_id).replace([*room.passages, *room.enrolled])

    def held(self, hearing_id: str) -> Counter[Person | str]:
        """See `RoomMicrophone.held`."""
        with self._lock:
            return self._room(self._feed.record(hearing_id)).held()

    def forget_old(self) -> None:
        """Voices of hearings that are over, or that were set up over a day ago and never began, are deleted."""
        since = (datetime.now(UTC) - DRAFT_LASTS).isoformat()
        kept = {
            one.id
            for one in self._feed.store.hearings()
            if one.state in UNSEALED or (one.state is HearingState.DRAFT and one.created_at > since)
        }
        for path in self._folder.glob("*.jsonl"):
            if path.stem not in kept:
                VoiceFile(self._folder, path.stem).delete()

    def forget(self, hearing_id: str) -> None:
        """The hearing is closed: what its voices sound like is deleted. Raises OSError."""
        with self._lock:
            self._rooms.pop(hearing_id, None)
            VoiceFile(self._folder, hearing_id).delete()

    def close(self) -> None:
        """Hear no more."""
        self._thread.shutdown(cancel_futures=True)

    def _loaded(self) -> Ear:
        """Raises ModelMissing, ModelDamaged."""
        self._ear = self._ear or self._make_ear()
        return self._ear

    def _named(self, record: CaseRecord, speech: Speech, stretches: list[Stretch]) -> tuple[SpeakerSpan, ...]:
        with self._lock:
            room = self._room(record)
            count = len(room.passages)
            passage = room.hear(speech, stretches)
            if len(room.passages) > count:
                self._keep(record.hearing.id, room)
            return room.label(passage, speech, record.hearing)

    def _room(self, record: CaseRecord) -> RoomMicrophone:
        found = self._rooms.get(record.hearing.id)
        if found is None:
            passages, enrolled = VoiceFile(self._folder, record.hearing.id).read()
            found = RoomMicrophone(passages, labels_taken(record), enrolled)
            self._rooms[record.hearing.id] = found
        found.learn(frozenset(said(record)))
        return found

    def _keep(self, hearing_id: str, room: RoomMicrophone) -> None:
        """Labels that are lost with the disk are not given to others: the record knows them."""
        try:
            VoiceFile(self._folder, hearing_id).keep(room.passages[-1])
        except OSError as error:
            log.error("voices cannot be kept: %s", type(error).__name__)


@contextmanager
def _written() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise VoicesNotWritten(number=error.errno or 0) from error


def said(record: CaseRecord) -> Iterator[Said]:
    """The clerk's word on voices as it stands: turns given to somebody, and voices named."""
    turns = {turn.id: turn for turn in record.turns}
    seats = {seat.id for seat in record.hearing.seats}
    for made in record.reassigned:
        turn = turns.get(made.turn_id)
        if turn and (made.after.seat in seats or _is_named(made.after)):
            yield Said(person_of(made.after), (turn.channel, turn.start_ms, turn.end_ms))
    for naming in record.named_voices:
        if naming.after.seat in seats or _is_named(naming.after):
            yield Said(person_of(naming.after), label=naming.label)


def _is_named(speaker: Speaker) -> bool:
    return speaker.seat is None and speaker.name != UNKNOWN


def person_of(speaker: Speaker) -> Person:
    """The seat, whoever sits there; or a person without one."""
    return Person(*identity(speaker))


def labels_taken(record: CaseRecord) -> int:
    """The highest number of a voice that stands on record, or stood there before the clerk's word."""
    names = [turn.speaker for turn in record.turns] + [one.label for one in record.named_voices]
    names += [name for made in record.reassigned for name in (made.before.name, made.after.name)]
    return max((number_of(name) or 0 for name in names), default=0)
