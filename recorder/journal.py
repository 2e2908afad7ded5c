"""The recorder's own copy of a hearing: numbers and chains what happens, and puts it on disk.

An entry goes to the uplink after it was forced to the disk, so that a power cut cannot make the two copies
disagree. When the journal's disk takes nothing more, entries go to the uplink from memory and wait there for
room (`MEMORY_BYTES`): no sound is lost that one of the two disks could take.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from casefile.entries import Block, Ended, Entry, Fact, PauseBegun, Piece, Ranges, Stamp, Start, make_entry
from casefile.errors import DiskFailed, DiskFull, TingjiError
from casefile.events import GENESIS
from casefile.model import AudioFormat, Gap, GapReason, Pause
from casefile.recording import FILE_MS, Recording
from casefile.tape import Pieces, Tape, index_files

MEMORY_BYTES = 256 << 20
Deliver = Callable[[str, list[Piece]], None]


class Journal:
    """The journal of one hearing; opening it takes up what a stopped recorder left. Thread-safe.

    `problem` is why the disk takes nothing, or None. `stamp` is when the timeline stood at
    `position_ms`, on the clocks of the boot `stamp_boot`.
    """

    def __init__(self, folder: Path, deliver: Deliver, *, file_ms: int = FILE_MS) -> None:
        self.hearing_id = folder.name
        self.problem: TingjiError | None = None
        self.start: Start | None = None
        self.pause: Pause | None = None
        self.ended = False
        self.stamp, self.stamp_boot = Stamp(0, 0), ""
        self.last = 0
        self._previous = GENESIS
        self._position_ms, self._frame = 0, 0
        self._folder, self._deliver = folder, deliver
        self._waiting: deque[Piece] = deque()
        self._waiting_bytes, self.delivered = 0, 0
        self._acknowledged = Ranges()
        self._lock = threading.RLock()
        self._recording = Recording(folder, "journal", file_ms)
        self._take_up()

    def _take_up(self) -> None:
        for entry in _tail_of(self._folder):
            self.last, self._previous = entry.n, entry.sha256
            self._follow(entry.fact, Stamp(entry.mono_ns, entry.wall_ns))
        self.delivered = self.last
        tail, self._recording.tail = self._recording.tail, b""
        if tail and not self.ended:
            self._recover(tail, self._recording.tail_format)

    def _recover(self, pcm: bytes, form: AudioFormat) -> None:
        """Samples whose lines a crash took: a block of their own, behind a start of theirs if need be."""
        if self.start is None or self.start.format != form:
            device, boot = (self.start.device, self.start.boot) if self.start else ("", "")
            self.append(Start(form.rate, form.channels, device, 0, self._position_ms, boot), self.stamp)
        frames = len(pcm) // form.frame_bytes
        passed_ns = frames * 1_000_000_000 // form.rate
        stamp = Stamp(self.stamp.mono_ns + passed_ns, self.stamp.wall_ns + passed_ns)
        self.append(Block(self._frame, frames, recovered=True), stamp, pcm)
        self.flush()

    @property
    def position_ms(self) -> int:
        """Where the timeline stands: the end of what was written last."""
        return self._position_ms

    @property
    def choked(self) -> bool:
        """Whether memory is full too: what is appended now would be lost."""
        return self._waiting_bytes > MEMORY_BYTES

    def sound(self, pcm: bytes, frames: int, stamp: Stamp) -> None:
        """A block that follows without a hole."""
        self.append(Block(self._frame, frames), stamp, pcm)

    def append(self, fact: Fact, stamp: Stamp, pcm: bytes = b"") -> None:
        """Adds an entry. A disk that takes nothing sets `problem` and the entry waits in memory."""
        with self._lock:
            entry = make_entry(self.last + 1, fact, stamp, self._previous, pcm)
            self.last, self._previous = entry.n, entry.sha256
            self._follow(fact, stamp)
            self._waiting.append(Piece(entry, pcm))
            self._waiting_bytes += len(pcm)
            if not self.problem:
                self._write()

    def _follow(self, fact: Fact, stamp: Stamp) -> None:
        """Keeps account of where the timeline stands after `fact`, and when it stood there."""
        match fact:
            case Start():
                self.start, self._frame = fact, 0
                self._position_ms = fact.origin_ms
            case Block():
                self._move_to(fact.frame + fact.frames)
            case Gap():
                self._pass(fact)
            case PauseBegun():
                self.pause = Pause(fact.at_ms, None, fact.reason)
            case Ended():
                self.ended = True
        if self.start and (isinstance(fact, Block | Gap | PauseBegun) or not self.stamp_boot):
            self.stamp, self.stamp_boot = stamp, self.start.boot

    def _move_to(self, frame: int) -> None:
        self._frame = frame
        if self.start:
            self._position_ms = self.start.origin_ms + self.start.format.ms(frame)

    def _pass(self, gap: Gap) -> None:
        if gap.reason is GapReason.PAUSE:
            self.pause = None
        if self.start and gap.channel is None:
            # rounded up: the position may not lie before the end that the gap names
            self._frame = -(-(gap.end_ms - self.start.origin_ms) * self.start.rate // 1000)
            self._position_ms = gap.end_ms

    def _write(self) -> None:
        try:
            for piece in self._waiting:
                self._recording.keep(piece, sure=True)
            self.problem = None
        except (DiskFull, DiskFailed) as error:
            self.problem = error

    def flush(self) -> None:
        """Forces all to the disk, or tries to, and hands the new entries to the uplink."""
        with self._lock:
            self._write()
            if not self.problem:
                self._sync()
            fresh = [piece for piece in self._waiting if piece.entry.n > self.delivered]
            self.delivered = self.last
            if self.problem:
                self._make_room()
            else:
                self._waiting.clear()
                self._waiting_bytes = 0
        if fresh:
            self._deliver(self.hearing_id, fresh)

    def _sync(self) -> None:
        try:
            self._recording.flush()
        except (DiskFull, DiskFailed) as error:
            self.problem = error

    def _make_room(self) -> None:
        """Memory is short: what the server has safely need not wait for this disk any more."""
        while self.choked and self._waiting[0].entry.n in self._acknowledged:
            self._waiting_bytes -= len(self._waiting.popleft().pcm)

    def acknowledge(self, have: Ranges) -> None:
        """The server has these entries on its disk."""
        with self._lock:
            self._acknowledged = have

    def piece(self, n: int, shelf: Pieces) -> Piece | None:
        """Entry `n` from memory or from `shelf` (this journal's files); None where there is none."""
        with self._lock:
            held = next((piece for piece in self._waiting if piece.entry.n == n), None)
        return held or shelf.read(n)

    def close(self) -> None:
        """Flushes and closes the files. The hearing stays open unless it has ended."""
        self.flush()
        if not self.problem:
            self._recording.close()


def _tail_of(folder: Path) -> list[Entry]:
    """The last `Start` and the entries from which the timeline can be taken up."""
    found: list[Entry] = []
    for index in reversed(index_files(folder)):
        if any(isinstance(entry.fact, Block | Gap | PauseBegun) for entry in found):
            first = _readable(index, 1)
            found = [entry for entry in first if isinstance(entry.fact, Start)] + found
        else:
            found = _readable(index) + found
        if found and isinstance(found[0].fact, Start) and len(found) > 1:
            return found
    return found


def _readable(index: Path, most: int | None = None) -> list[Entry]:
    with Tape(index) as tape:
        lines = iter(tape.step, None)
        return [entry for entry in islice(lines, most) if isinstance(entry, Entry)]
