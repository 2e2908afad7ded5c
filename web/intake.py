"""One hearing's recording on the server: entries are kept, flushed, and then told in order."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from casefile.entries import Block, Ended, Entry, PauseBegun, Piece, Ranges, Start
from casefile.errors import DiskFailed, DiskFull
from casefile.model import AudioFormat, ClockStep, Gap, GapReason, PauseReason
from casefile.recording import Recording
from casefile.soundcheck import Checked
from web.late import Late

log = logging.getLogger(__name__)


class Listener(Protocol):
    """Who is told what recorders did. Called on worker threads, one at a time per hearing.

    What an entry says is told after it and all entries before it were flushed. All may be told again after a
    restart of either side. A call that raises is made again later.
    """

    def started(self, hearing_id: str, format: AudioFormat, device: str, pre_roll_ms: int) -> None:
        """Recording began, or went on after a restart or with another format."""

    def paused(self, hearing_id: str, at_ms: int, reason: PauseReason) -> None:
        """A lawful interruption began."""

    def resumed(self, hearing_id: str, pause: Gap) -> None:
        """The lawful interruption that began at the gap's start ended."""

    def gap_found(self, hearing_id: str, gap: Gap) -> None:
        """Sound is missing (never with reason PAUSE: that is `resumed`)."""

    def clock_changed(self, hearing_id: str, step: ClockStep) -> None:
        """The recorder's wall clock was moved."""

    def ended(self, hearing_id: str, length_ms: int) -> None:
        """The hearing was closed and every entry of it is here."""

    def checked(self, hearing_id: str, checked: Checked) -> None:
        """The recorder read its journal again."""

    def health(self, recorder: str, hearing_id: str | None, message: dict[str, object]) -> None:
        """The recorder's health message, once a second."""

    def recorders_changed(self) -> None:
        """`Ingest.recorders` has changed."""

    def refused(self, hearing_id: str | None, error: dict[str, str]) -> None:
        """The recorder could not carry a command out."""

    def problem(self, hearing_id: str, error: dict[str, str] | None) -> None:
        """The server's disk does not take this hearing's sound (the recorder has it); None: it does."""

    def source_ended(self, recorder: str) -> None:
        """The recorder's sound file is at its end."""


@dataclass(slots=True)
class Counts:
    """What was written of a hearing since this server started."""

    written_bytes: int = 0
    written_seconds: float = 0.0
    lost_samples: int = 0


class Intake:
    """Keeps what comes of one hearing. Thread-safe. Opening it brings a crashed recording into order.

    `retire` ends it: what still comes is kept beside the recording (`web.late`) and told to nobody. The
    recording of a `sealed` hearing is retired from the beginning, and left as it is.
    """

    def __init__(self, hearing_id: str, folder: Path, listener: Listener, *, sealed: bool = False) -> None:
        self.counts = Counts()
        self.repaired: set[int] = set()
        self._wanted: set[int] = set()
        self._hearing_id, self._listener = hearing_id, listener
        self._recording = Recording(folder, "server", second=True, sealed=sealed)
        self._late = Late(folder) if sealed else None
        self._told = 0
        self._form: AudioFormat | None = None
        self._origin_ms = 0
        self._lock, self._door = threading.Lock(), threading.Lock()

    def keep(self, piece: Piece) -> None:
        """Writes an entry. Raises DamagedRecording, DiskFull, DiskFailed."""
        with self._door:
            if self._late:
                self._late.keep(piece)
            elif piece.entry.n in self._wanted:
                self._mend(piece)
            else:
                self._write(piece)

    def _write(self, piece: Piece) -> None:
        if self._recording.keep(piece) and isinstance(piece.entry.fact, Block) and piece.entry.frames:
            self.counts.written_bytes += len(piece.pcm)
            form = self._recording.format_at(piece.entry.n)
            self.counts.written_seconds += piece.entry.frames / form.rate if form else 0.0

    def want(self, n: int) -> None:
        """Entry `n` is damaged or missing here: the next that comes of it takes its place."""
        self._wanted.add(n)

    def _mend(self, piece: Piece) -> None:
        n = piece.entry.n
        if n not in self._recording:
            self._write(piece)
            mended = not piece.entry.damaged
        else:
            mended = not piece.entry.damaged and self._recording.repair(piece)
        self._wanted.discard(n)
        if mended:
            self.repaired.add(n)

    def flush(self) -> Ranges:
        """Forces all to disk, tells what is complete, returns what is safe. Raises DiskFull, DiskFailed."""
        with self._door:
            if self._late:
                return self._late.flush()
            have = self._recording.flush()
        with self._lock:
            self._tell(have.next_missing() - 1)
        return have

    def retire(self) -> None:
        """The recording is not written any more; what it has is flushed, and its files are closed."""
        with self._door:
            if self._late is None:
                with suppress(DiskFull, DiskFailed):  # what could not be written comes again, and late
                    self._recording.close()
                self._late = Late(self._recording.folder)

    @property
    def late_complete(self) -> bool:
        """The hearing is over, and every entry up to its end is here: in the recording or beside it."""
        with self._door:
            return self._late is not None and self._late.complete

    def tell_all(self) -> None:
        """Tells what lies behind holes, too: nothing will come any more that could fill them."""
        with self._lock:
            self._tell(max((last for _, last in self._recording.flushed.pairs()), default=0))

    def _tell(self, complete: int) -> None:
        marks = sorted(self._recording.marks, key=lambda entry: entry.n)
        for entry in marks:
            if self._told < entry.n <= complete:
                try:
                    self._tell_one(entry)
                except Exception as error:
                    log.error("a report was not taken: %s", type(error).__name__)  # sound must go on
                    return
                self._told = entry.n

    def _tell_one(self, entry: Entry) -> None:
        listener, hearing_id = self._listener, self._hearing_id
        match entry.fact:
            case Start() as start:
                self._form, self._origin_ms = start.format, start.origin_ms
                listener.started(hearing_id, start.format, start.device, start.pre_roll_ms)
            case PauseBegun() as pause:
                listener.paused(hearing_id, pause.at_ms, pause.reason)
            case ClockStep() as step:
                listener.clock_changed(hearing_id, step)
            case Gap() as gap if gap.reason is GapReason.PAUSE:
                listener.resumed(hearing_id, gap)
            case Gap() as gap if not (entry.damaged and gap.start_ms == gap.end_ms):
                self._lose(gap)
            case Block() as block if self._form:
                start_ms, end_ms = (self._form.ms(n) for n in (block.frame, block.frame + block.frames))
                self._lose(Gap(self._origin_ms + start_ms, self._origin_ms + end_ms, GapReason.DAMAGED))
            case Ended() as end:
                self.close()
                listener.ended(hearing_id, end.length_ms)

    def _lose(self, gap: Gap) -> None:
        self._listener.gap_found(self._hearing_id, gap)
        if self._form:
            self.counts.lost_samples += self._form.frames(gap.end_ms - gap.start_ms)

    def close(self) -> None:
        """Closes the files; more may come. Raises DiskFull, DiskFailed."""
        with self._door:
            (self._late or self._recording).close()
