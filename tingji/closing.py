"""Closing a hearing: the last words, both copies compared, the record compressed and sealed.

Each step leaves an event or a file behind, so that a crash at any moment is gone on from, not begun anew.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from casefile.errors import ClosingFailed, NoRecorder, TingjiError
from casefile.events import (
    CopiesCompared,
    Event,
    GapFound,
    HearingClosed,
    PassageMissed,
    RecordSealed,
    SpeakersProposed,
)
from casefile.feed import Feed
from casefile.model import CaseRecord, HearingState, Missed, Proposal
from casefile.seal import seal
from casefile.soundcheck import Checked, check
from tingji.copies import compared, end_of, undeclared
from tingji.listening import Listening
from tingji.standing import Standing
from tingji.writers import SEALED

BY = "closing"
ASK_AGAIN_S = 30.0
TRY_AGAIN_S = 10.0
PROGRESS_STEP = 0.01
log = logging.getLogger(__name__)


class OtherCopy(Protocol):
    """The recorder's copy, as far away as it is (`web.ingest.Ingest`)."""

    def check(self, hearing_id: str) -> None:
        """Ask the recorder to read its copy again; the answer comes by `Listener.checked`. NoRecorder."""

    def repair(self, hearing_id: str, broken: Sequence[int]) -> None:
        """Ask the recorder for entries that are damaged here. NoRecorder."""

    def repaired(self, hearing_id: str) -> tuple[int, ...]:
        """Which of them have come whole."""

    def release(self, hearing_id: str) -> None:
        """The record is sealed: the recorder need not announce its copy any more."""


class Closings:
    """The hearings that are being closed, each in a thread of its own. Thread-safe."""

    def __init__(
        self, feed: Feed, listening: Listening, standing: Standing, recordings: Path, records: Path
    ) -> None:
        self.feed, self.listening, self.standing = feed, listening, standing
        self.recordings, self.records = recordings, records
        self.other: OtherCopy | None = None
        self.propose: Callable[[str], Sequence[Proposal]] = lambda _hearing_id: ()
        """What a look at the whole hearing would name otherwise; asked once, when every word is on record."""
        self.forget: Callable[[str], None] = lambda _hearing_id: None
        """Deletes what the voices sound like (court.md G6); told when the hearing is closed, before the seal."""
        self.stopping = threading.Event()
        self._running: dict[str, _Closing] = {}
        self._lock = threading.Lock()

    def begin(self, hearing_id: str) -> None:
        """Close the hearing, if nobody does yet. Its recording has ended, or the recorder is given up."""
        with self._lock:
            if hearing_id in self._running or self.feed.record(hearing_id).state is HearingState.SEALED:
                return
            closing = self._running[hearing_id] = _Closing(self, hearing_id)
        threading.Thread(target=closing.run, name=f"closing-{hearing_id}", daemon=True).start()

    def checked(self, hearing_id: str, checked: Checked) -> None:
        """The recorder has read its copy again."""
        with self._lock:
            closing = self._running.get(hearing_id)
        if closing:
            closing.theirs = checked
            closing.answered.set()

    def ended(self, hearing_id: str) -> None:
        """The record is sealed."""
        self.standing.sealed(hearing_id)
        with self._lock:
            self._running.pop(hearing_id, None)


class _Stopped(Exception):
    """The server is being stopped; the next start goes on."""


class _Closing:
    """One hearing on its way from the last sample to the seal."""

    def __init__(self, closings: Closings, hearing_id: str) -> None:
        self._closings, self._id = closings, hearing_id
        self._recording = closings.recordings / hearing_id
        self._told = ("", 0.0)
        self._ours: Checked | None = None
        self.theirs: Checked | None = None
        self.answered = threading.Event()

    def run(self) -> None:
        """All steps, tried again until done; what stops them is told on the hearing's page."""
        while not self._closings.stopping.is_set():
            self._ours = None
            try:
                self._finish()
                self._closings.forget(self._id)
                self._compare()
                self._decide()
                self._seal()
                return self._closings.ended(self._id)
            except _Stopped:
                return None
            except TingjiError as error:
                self._trouble(error)
            except Exception as error:  # its text may hold what was said: the page gets a sentence
                log.error("closing failed: %s", type(error).__name__)
                self._trouble(ClosingFailed())
            self._closings.stopping.wait(TRY_AGAIN_S)
        return None

    def _finish(self) -> None:
        """Every word that can be had is on record, and what cannot be had is noted; then it is closed."""
        if self._record.state in (HearingState.CLOSING, HearingState.SEALED):
            return
        self._progress("finishing", 0.0)
        closings = self._closings
        heard = closings.listening.finish(self._id, closings.stopping.is_set, lambda: self._alone)
        self._go_on()
        length_ms = end_of(self._recording)
        missing = [GapFound(gap) for gap in undeclared(self._record, self._recording, length_ms)]
        unheard = [] if heard else self._unheard(length_ms)
        events = [*missing, *unheard, *self._proposed(), HearingClosed(length_ms)]
        closings.feed.append(self._id, events, BY)

    def _proposed(self) -> list[Event]:
        """What the clerk is to decide before the seal; a fault here keeps nothing from being closed."""
        try:
            proposals = tuple(self._closings.propose(self._id))
        except Exception as error:  # its text may hold what was said
            log.error("nothing could be proposed: %s", type(error).__name__)
            return []
        return [SpeakersProposed(proposals)] if proposals else []

    def _decide(self) -> None:
        """The seal waits until the clerk has decided on everything that was proposed."""
        while self._record.proposals:
            self._progress("deciding", 0.0)
            self._closings.stopping.wait(0.2)

    def _unheard(self, length_ms: int) -> list[Event]:
        """Where recognition never came to: the record must not look as if nothing had been said there."""
        heard_to = self._closings.feed.heard_to_ms(self._id)
        channels = self._record.format.channels if self._record.format else 0
        return [
            PassageMissed(Missed(channel, heard_to.get(channel, 0), length_ms, "not_recognized"))
            for channel in range(channels)
            if heard_to.get(channel, 0) < length_ms
        ]

    def _compare(self) -> None:
        """Both copies are read again from disk, each by its own machine, and compared by their digests."""
        if "copies" in self._record.digests:
            return
        self._progress("comparing", 0.0)
        ours = check(self._recording)
        theirs = self._ask_recorder()
        repaired = self._repaired(ours, theirs) if theirs else ()
        self._ours = ours = check(self._recording) if repaired else ours
        note = compared(ours, theirs)
        self._closings.feed.append(self._id, [CopiesCompared(ours.blocks, not note, repaired, note)], BY)

    def _repaired(self, ours: Checked, theirs: Checked) -> tuple[int, ...]:
        """Entries that were damaged here and have come whole from the recorder's copy."""
        wanted = sorted(set(ours.broken) - set(theirs.broken))
        other = self._closings.other
        if not wanted or self._alone or other is None:
            return ()
        other.repair(self._id, wanted)
        done, since = -1, time.monotonic()
        while not set(wanted) <= set(other.repaired(self._id)) and time.monotonic() - since < ASK_AGAIN_S:
            if len(other.repaired(self._id)) > done:
                done, since = len(other.repaired(self._id)), time.monotonic()
            self._closings.stopping.wait(0.1)
            self._go_on()
        return other.repaired(self._id)

    def _ask_recorder(self) -> Checked | None:
        """The recorder's findings; None when the clerk has given its copy up."""
        while not self._alone and not self.answered.is_set():
            try:
                assert self._closings.other is not None
                self._closings.other.check(self._id)
                self._trouble(None)
            except NoRecorder as error:
                self._trouble(error)
            for _ in range(int(ASK_AGAIN_S * 10)):
                if self._alone or self.answered.wait(0.1):
                    break
                self._go_on()
        return self.theirs

    def _seal(self) -> None:
        closings = self._closings
        record = self._record
        if record.state is not HearingState.SEALED:
            events = closings.feed.store.events(self._id)
            sealed = seal(
                record,
                events,
                self._recording,
                closings.records / self._id,
                writers=SEALED,
                damaged=(self._ours or check(self._recording)).broken,
                progress=lambda done: self._progress("compressing" if done < 0.9 else "sealing", done),
            )
            closings.feed.append(self._id, [RecordSealed(sealed.manifest_sha256, sealed.manifest_sm3)], BY)
        if closings.other:
            closings.other.release(self._id)

    @property
    def _alone(self) -> bool:
        """The clerk has given the recorder's copy up."""
        return self._record.recorder_given_up

    @property
    def _record(self) -> CaseRecord:
        return self._closings.feed.record(self._id)

    def _go_on(self) -> None:
        if self._closings.stopping.is_set():
            raise _Stopped

    def _trouble(self, error: TingjiError | None) -> None:
        self._closings.standing.trouble(self._id, "closing", error)

    def _progress(self, step: str, done: float) -> None:
        self._go_on()
        if step != self._told[0] or abs(done - self._told[1]) >= PROGRESS_STEP:
            self._told = (step, done)
            message = {"type": "progress", "step": step, "done": round(done, 3)}
            self._closings.feed.tell(self._id, message)
