"""Sound in, journal out: what is heard before `start` waits in a ring, everything after goes to the disk.

The timeline is counted in frames: blocks follow each other without a hole, and what is missing moves it by
its own length. Pauses discard sound and are time that passes. Commands act at once, on any thread.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Protocol

import numpy as np

from casefile.entries import Ended, PauseBegun, Stamp, Start
from casefile.errors import NoClip, NoDevice, TingjiError, WrongState
from casefile.model import AudioChunk, AudioFormat, ClockStep, Gap, GapReason, PauseReason
from recorder.clock import Clock, boot_id, read_clocks, since_ns, step_ms
from recorder.journal import Journal
from recorder.replay import Replay
from recorder.shelf import Shelf

PRE_ROLL_MS = 10_000
FLUSH_NS = 200_000_000
GAP_PIECE_NS = 30_000_000_000


class Source(Protocol):
    """Where sound comes from, besides being an `Iterable[AudioChunk | Gap]`."""

    def begin(self, position_ms: int, since_ns: int | None) -> None:
        """A hearing starts, or goes on at `position_ms` with sound missing since the boot time `since_ns`.

        The source's next item is then the `Gap` (RECORDER_STOPPED) that ends where its sound begins.
        """


class Capture:
    """One recorder's capture. `device`: the name that goes into the journal. Thread-safe."""

    def __init__(self, shelf: Shelf, source: Source, device: str, clock: Clock = read_clocks) -> None:
        self.device = device
        self.format: AudioFormat | None = None
        self._shelf, self._source, self._clock = shelf, source, clock
        self._boot = boot_id()
        self._journal: Journal | None = None
        self._ring = _Ring()
        self._missing: GapReason | None = None
        self._missing_ns = 0
        self._base = clock()
        self._flushed_ns = 0
        self._lock = threading.RLock()

    @property
    def hearing_id(self) -> str | None:
        """The hearing that is being recorded or paused."""
        return self._journal.hearing_id if self._journal else None

    @property
    def state(self) -> str:
        """ "idle", "recording" or "paused"."""
        journal = self._journal
        if journal is None:
            return "idle"
        return "paused" if journal.pause else "recording"

    @property
    def missing(self) -> GapReason | None:
        """Why sound is missing at this moment, if it is."""
        return self._missing

    @property
    def problem(self) -> TingjiError | None:
        """Why the journal's disk takes nothing, if so."""
        return self._journal.problem if self._journal else None

    @property
    def position_ms(self) -> int:
        """Where the timeline of the hearing stands; 0 while idle."""
        with self._lock:
            return self._now_ms(self._journal) if self._journal else 0

    def feed(self, item: AudioChunk | Gap) -> None:
        """The next of the source, in order."""
        with self._lock:
            stamp = self._clock()
            if isinstance(item, AudioChunk):
                self.format = item.format
            if self._journal is None:
                self._base = stamp
                self._ring.add(item, stamp)
                return
            self._watch_clock(self._journal, stamp)
            self._record(self._journal, item, stamp)
            if stamp.mono_ns - self._flushed_ns >= FLUSH_NS:
                self._flushed_ns = stamp.mono_ns
                self._journal.flush()

    def _record(self, journal: Journal, item: AudioChunk | Gap, stamp: Stamp) -> None:
        if isinstance(item, Gap):
            self._miss(journal, (item.end_ms - item.start_ms) * 1_000_000, item.reason)
        elif journal.pause or journal.choked:
            self._miss(journal, len(item.pcm) * 1_000_000_000 // item.format.rate, GapReason.DISK_FULL)
        else:
            self._end_gap(journal, stamp)
            if journal.start is None or journal.start.format != item.format:
                journal.append(self._start(item.format, journal.position_ms), stamp)
            self._sound(journal, item, stamp)

    @staticmethod
    def _sound(journal: Journal, chunk: AudioChunk, stamp: Stamp) -> None:
        journal.sound(chunk.pcm.astype("<i2", copy=False).tobytes(), len(chunk.pcm), stamp)

    def _start(self, form: AudioFormat, origin_ms: int, pre_roll_ms: int = 0) -> Start:
        return Start(form.rate, form.channels, self.device, pre_roll_ms, origin_ms, self._boot)

    def _miss(self, journal: Journal, length_ns: int, reason: GapReason) -> None:
        reason = GapReason.PAUSE if journal.pause else reason
        if self._missing not in (None, reason):
            self._end_gap(journal, self._clock())
        self._missing = reason
        self._missing_ns += length_ns
        if self._missing_ns >= GAP_PIECE_NS and not journal.pause and not journal.choked:
            self._end_gap(journal, self._clock())

    def _end_gap(self, journal: Journal, stamp: Stamp) -> None:
        """Writes what was missing up to now. The end of a pause is written even if it had no length."""
        if self._missing_ns or journal.pause:
            here, reason = journal.position_ms, self._missing or GapReason.PAUSE
            length_ms = round(self._missing_ns / 1_000_000)
            journal.append(Gap(here, here + length_ms, reason), stamp)
        self._missing, self._missing_ns = None, 0

    def _now_ms(self, journal: Journal) -> int:
        return journal.position_ms + self._missing_ns // 1_000_000

    def _watch_clock(self, journal: Journal, stamp: Stamp) -> None:
        if moved := step_ms(self._base, stamp):
            journal.append(ClockStep(self._now_ms(journal), moved), stamp)
            self._base = stamp

    def clip(self, channel: int, ms: int) -> AudioChunk:
        """One channel of the last `ms` before a hearing, to enrol a voice by; it is not recorded.

        Raises NoClip while a hearing is recorded or paused, and where there is no such channel.
        """
        with self._lock:
            if self._journal or self.format is None or not 0 <= channel < self.format.channels:
                raise NoClip
            return self._ring.last(self.format, channel, ms)

    def start(self, hearing_id: str) -> None:
        """Records this hearing from the pre-roll on. Raises WrongState (another runs), NoDevice."""
        with self._lock:
            if self.hearing_id == hearing_id:
                return
            if self._journal:
                raise WrongState(state=self.state, action="start")
            if self._shelf.has(hearing_id):
                self.take_up(hearing_id)
            else:
                self._start_new(hearing_id)

    def _start_new(self, hearing_id: str) -> None:
        if self.format is None:
            raise NoDevice(name=self.device, known="")
        journal, stamp = self._shelf.journal(hearing_id), self._clock()
        pre_roll = self._ring.take()
        length_ms = self.format.ms(sum(len(chunk.pcm) for chunk, _ in pre_roll))
        journal.append(self._start(self.format, 0, length_ms), stamp)
        for chunk, heard in pre_roll:
            self._sound(journal, chunk, heard)
        self._begin(journal, None)

    def _begin(self, journal: Journal, since: int | None) -> None:
        journal.flush()
        self._missing, self._missing_ns = None, 0
        self._journal = journal
        self._source.begin(journal.position_ms, since)

    def take_up(self, hearing_id: str) -> None:
        """Goes on with a hearing that a stopped recorder left; one that has ended stays as it is.

        One that was played from a file is ended where live sound would now enter it.
        """
        with self._lock:
            journal = self._shelf.journal(hearing_id)
            if journal.ended or journal.start is None:
                self._shelf.put_back(journal)
                return
            if journal.start.device == Replay.device != self.device:
                return self.close(hearing_id)
            then, now = journal.stamp, self._clock()
            same_boot = journal.stamp_boot == self._boot
            journal.append(self._start(self.format or journal.start.format, journal.position_ms), now)
            self._base = then if same_boot else now
            self._begin(journal, since_ns(then, now, same_boot=same_boot))

    def pause(self, reason: PauseReason) -> None:
        """Discards sound from here on (A2). Ignored while idle or paused."""
        with self._lock:
            if self._journal and not self._journal.pause:
                self._end_gap(self._journal, self._clock())
                self._journal.append(PauseBegun(self._journal.position_ms, reason), self._clock())
                self._journal.flush()

    def resume(self) -> None:
        """Ends the pause: records again from here, without pre-roll. Ignored when there is no pause."""
        with self._lock:
            if self._journal and self._journal.pause:
                self._end_gap(self._journal, self._clock())
                self._journal.flush()

    def close(self, hearing_id: str) -> None:
        """Ends the hearing, also one that is not being recorded. Ignored if it has ended or is unknown."""
        with self._lock:
            if self.hearing_id != hearing_id and not self._shelf.has(hearing_id):
                return
            journal = self._shelf.journal(hearing_id)
            if journal is self._journal:
                self._end_gap(journal, self._clock())
                self._journal = None
            if not journal.ended:
                journal.append(Ended(journal.position_ms), self._clock())
            self._shelf.put_back(journal)

    def stop(self) -> None:
        """The recorder stops: flushes and closes the files; the hearing stays open."""
        with self._lock:
            if self._journal and not self._journal.pause:
                self._end_gap(self._journal, self._clock())
            if self._journal:
                self._shelf.put_back(self._journal)
            self._journal = None


class _Ring:
    """The last `PRE_ROLL_MS` of sound in one format without a hole, with the moment each block came."""

    def __init__(self) -> None:
        self._blocks: deque[tuple[AudioChunk, Stamp]] = deque()
        self._frames = 0

    def add(self, item: AudioChunk | Gap, stamp: Stamp) -> None:
        if isinstance(item, Gap) or (self._blocks and self._blocks[0][0].format != item.format):
            self.take()
        if isinstance(item, Gap):
            return
        self._blocks.append((item, stamp))
        self._frames += len(item.pcm)
        while self._frames - len(self._blocks[0][0].pcm) >= item.format.frames(PRE_ROLL_MS):
            self._frames -= len(self._blocks.popleft()[0].pcm)

    def last(self, form: AudioFormat, channel: int, ms: int) -> AudioChunk:
        """A copy of the newest `ms` of a channel, or of what there is in this format."""
        heard = [chunk.pcm[:, channel] for chunk, _ in self._blocks if chunk.format == form]
        pcm = np.concatenate([np.empty(0, np.int16), *heard])[-max(1, form.frames(ms)) :]
        return AudioChunk(AudioFormat(form.rate, 1), 0, pcm[:, None])

    def take(self) -> list[tuple[AudioChunk, Stamp]]:
        """Empties the ring."""
        blocks = list(self._blocks)
        self._blocks.clear()
        self._frames = 0
        return blocks
