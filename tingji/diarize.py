"""`tingji diarize`: a look at the voices of a whole hearing, from its sound on disk; the clerk decides on what comes of it.

For a hearing that is not sealed yet, while no server writes the folder. What the voices sound like is kept in
memory only, and forgotten at the end (court.md G6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import ClassVar, Protocol

import numpy as np

from casefile.audio import Follower
from casefile.errors import NotFound, NothingToDiarize, SealedAlready, WhichHearing
from casefile.events import SpeakersProposed
from casefile.hold import Hold
from casefile.model import UNSEALED, AudioChunk, CaseRecord, Hearing, HearingState, Proposal, Speech
from casefile.record import fold
from casefile.store import Store
from diarization.clustering import cluster
from diarization.diarizer import seat_alone
from diarization.pyannote import Pipeline, joined, voices
from diarization.stretches import Ear, Noted, Passage
from tingji.copies import end_of
from tingji.passages import Passages
from tingji.second_look import Grouping, proposed

BY = "diarize"
Tell = Callable[[float], None]


class Backend(Protocol):
    """What finds out which voices of a hearing are one. `listening`: how much of all the work is Tingji's own listening."""

    listening: ClassVar[float]

    def hear(self, speech: Speech) -> None:
        """Each passage of a microphone that is not one seat's alone, in order."""

    def grouping(self, hearing: Hearing, passages: Sequence[Passage], tell: Tell) -> Grouping:
        """All of them have been heard; `tell` is told 0 to 1."""


def diarize(data: Path, hearing_id: str | None, backend: Backend, tell: Tell) -> tuple[int, int]:
    """Puts before the clerk which turns may be another's: how many were found, and how many are to be decided now.

    What was proposed before and is not decided stays. `tell` is told 0 to 1. Raises NothingToDiarize,
    WhichHearing, NotFound, SealedAlready, ModelMissing, ModelDamaged, and FolderInUse while a server writes the folder.
    """
    database, recordings = data / "tingji.db", data / "recordings"
    if not database.is_file():
        raise NothingToDiarize
    with ExitStack() as stack:
        stack.callback(Hold(recordings).release)
        store = stack.enter_context(Store(database))
        record = fold(store.events(chosen(store, hearing_id)))
        share = backend.listening
        told = partial(_part, tell, 0.0, share), partial(_part, tell, share, 1.0)
        heard = list(listened(record.hearing, recordings / record.hearing.id, backend, told[0]))
        found = proposed(record, heard, backend.grouping(record.hearing, heard, told[1]))
        to_decide = merged(found, record)
        if found:
            store.append(record.hearing.id, [SpeakersProposed(to_decide)], BY)
    return len(found), len(to_decide)


def _part(tell: Tell, since: float, until: float, done: float) -> None:
    tell(since + (until - since) * done)


def chosen(store: Store, hearing_id: str | None) -> str:
    """The id of the hearing that was named, else of the only one that is not sealed."""
    states = {summary.id: summary.state for summary in store.hearings()}
    if hearing_id is not None and hearing_id not in states:
        raise NotFound
    if hearing_id is not None and states[hearing_id] is HearingState.SEALED:
        raise SealedAlready
    open_ = [one for one, state in states.items() if state in UNSEALED and hearing_id in (None, one)]
    if not open_:
        raise NothingToDiarize
    if len(open_) > 1:
        raise WhichHearing(known=", ".join(open_))
    return open_[0]


def listened(hearing: Hearing, recording: Path, backend: Backend, tell: Tell) -> Iterator[Passage]:
    """The passages of all microphones that are not one seat's alone, with their voices. The names are those on record."""
    ear = Ear()
    for speech in passages(recording, tell):
        if seat_alone(hearing, speech.channel) is None:
            backend.hear(speech)
            notes = tuple(Noted(stretch, None, 0.0) for stretch in ear.stretches(speech))
            yield Passage(speech.channel, speech.start_ms, speech.end_ms, notes)


def passages(recording: Path, tell: Tell) -> Iterator[Speech]:
    """What the pipeline of a hearing hears in its recording."""
    length_ms, listener = max(1, end_of(recording)), Passages()
    follower = Follower(recording, wait=False)
    try:
        while pieces := follower.read():
            for piece in pieces:
                yield from listener.hear(piece) if isinstance(piece, AudioChunk) else listener.end()
                tell(min(1.0, piece.end_ms / length_ms))
    finally:
        follower.close()
    yield from listener.end()


def merged(found: Sequence[Proposal], record: CaseRecord) -> tuple[Proposal, ...]:
    """What is to be decided then: what was found, and what was proposed before of other turns."""
    mine = {one.reassignment.turn_id for one in found}
    return (*found, *(one for one in record.proposals if one.reassignment.turn_id not in mine))


@dataclass(frozen=True, slots=True)
class Own:
    """Tingji's own clustering; `speakers`: how many voices there are, if that is known."""

    listening: ClassVar[float] = 0.99
    speakers: int | None = None

    def hear(self, speech: Speech) -> None:
        """See `Backend`: the embeddings are enough."""

    def grouping(self, hearing: Hearing, passages: Sequence[Passage], tell: Tell) -> Grouping:
        """See `Backend`."""
        return partial(cluster, speakers=self.speakers, tell=tell)


@dataclass(frozen=True, slots=True)
class ByPyannote:
    """pyannote.audio over all passages. Where `speakers` is not known, there are at least as many as seats that share microphones.

    Holds the sound of all passages: 230 MB for an hour of speech.
    """

    listening: ClassVar[float] = 0.3
    pipeline: Pipeline
    speakers: int | None = None
    _heard: list[Speech] = field(default_factory=list)

    def hear(self, speech: Speech) -> None:
        """See `Backend`."""
        self._heard.append(speech)

    def grouping(self, hearing: Hearing, passages: Sequence[Passage], tell: Tell) -> Grouping:
        """See `Backend`."""
        sound, starts = joined(self._heard)
        parts = self.pipeline.parts(sound, self.speakers, sharing(hearing), tell) if self._heard else []
        by_stretch = voices(parts, passages, starts)
        return lambda stretches: np.array([by_stretch[stretch] for stretch in stretches], np.int_)


def sharing(hearing: Hearing) -> int:
    """How many seats have no microphone of their own."""
    return sum(
        all(seat_alone(hearing, channel) is None for channel in seat.channels) for seat in hearing.seats
    )
