"""Writing a recording: entries that come in any order are kept as runs, each run in files of its own.

Both copies are written here: the server's directly, the recorder's through `recorder.journal`. An entry
counts as kept (`flushed`) only after its samples and its line are forced to the disk.
"""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path

from casefile.entries import Block, Entry, Piece, Ranges, Start, to_line, whole
from casefile.errors import DamagedRecording, DiskFailed, DiskFull
from casefile.model import AudioFormat
from casefile.run import Run
from casefile.salvage import salvage, set_aside, write_all
from casefile.tape import Tape, file_of

FILE_MS = 300_000
SPARE_FORMAT = AudioFormat(8000, 1)


def disk_error(error: OSError, where: str) -> DiskFull | DiskFailed:
    """What a failed write means: no room, or a disk that fails."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return DiskFull(where=where) if full else DiskFailed(where=where, number=error.errno or 0)


class Recording:
    """One hearing's recording on one disk. Thread-safe. `where` names the copy in errors.

    Opening it brings whatever a crash left into order; no sample is ever taken away. Of a `second` copy,
    lines are written only after their samples are safe, so that nobody follows what may be lost again, and
    what a crash left half is cut from its index: the first copy has it and sends it again. Of a first copy
    every line stays, and samples behind the last one are handed out as `tail` (of `tail_format`) to be kept.
    `sealed`: nothing is changed at opening.
    """

    def __init__(
        self, folder: Path, where: str, file_ms: int = FILE_MS, *, second: bool = False, sealed: bool = False
    ) -> None:
        self.folder, self._where, self._file_ms, self._second = folder, where, file_ms, second
        self.flushed = Ranges()
        self.marks: list[Entry] = []
        self.tail, self.tail_format = b"", SPARE_FORMAT
        self.bytes_written = 0
        self._starts: dict[int, Start] = {}
        self._runs: list[Run] = []
        self._lock = threading.RLock()
        files = {path.with_suffix(".jsonl") for kind in ("wav", "jsonl") for path in folder.glob(f"*.{kind}")}
        pairs = sorted(index for index in files if index.stem.isdecimal())
        for index in pairs:
            self._recover(index, last=index == pairs[-1], sealed=sealed)

    def _recover(self, index: Path, *, last: bool, sealed: bool) -> None:
        first = int(index.stem)
        found = salvage(index, self.format_at(first), heard=self._second)
        if last and not self._second:
            self.tail, self.tail_format = found.tail(), found.format or SPARE_FORMAT
        if not found.count:
            if not sealed:
                set_aside(index)
            return
        self.flushed.add(first, first + found.count - 1)
        for entry in found.marks:
            self._note(entry)
        if (last or self._second) and not sealed:
            found.tidy()

    def _note(self, entry: Entry) -> None:
        if isinstance(entry.fact, Block) and not entry.damaged:
            return
        self.marks.append(entry)
        if isinstance(entry.fact, Start):
            self._starts[entry.n] = entry.fact

    def format_at(self, n: int) -> AudioFormat | None:
        """The format of entry `n`, None while no `Start` before it is here."""
        known = [number for number in self._starts if number <= n]
        return self._starts[max(known)].format if known else None

    def __contains__(self, n: int) -> bool:
        return n in self.flushed or any(run.first <= n <= run.last for run in self._runs)

    def keep(self, piece: Piece, *, sure: bool = False) -> bool:
        """Writes an entry; False if it is here already. `sure`: the digest was computed a moment ago.

        Raises DamagedRecording when it does not match its digest, DiskFull or DiskFailed when it cannot be
        written: then nothing of it is left on the disk and it may be tried again.
        """
        entry = piece.entry
        with self._lock:
            if entry.n in self:
                return False
            if not (sure or entry.damaged or whole(entry, piece.pcm)):
                raise DamagedRecording(where=self._where, number=entry.n)
            self._write(Piece(entry, self._fitted(piece)))
            self._note(entry)
            self.bytes_written += len(piece.pcm)
            return True

    def _fitted(self, piece: Piece) -> bytes:
        """The samples, as many as the entry names: one too few would move all that follow in its file."""
        form = self.format_at(piece.entry.n) or SPARE_FORMAT
        size = piece.entry.frames * form.frame_bytes
        if len(piece.pcm) != size and not piece.entry.damaged:
            raise DamagedRecording(where=self._where, number=piece.entry.n)
        return piece.pcm[:size].ljust(size, b"\0")

    def _write(self, piece: Piece) -> None:
        try:
            self._run_for(piece).append(piece)
        except OSError as error:
            self._abandon()
            raise disk_error(error, self._where) from error

    def _run_for(self, piece: Piece) -> Run:
        entry = piece.entry
        run = next((run for run in self._runs if run.last == entry.n - 1), None)
        if run and not isinstance(entry.fact, Start) and self._has_room(run, entry):
            return run
        if run:
            self._finish(run)
        fact = entry.fact
        form = fact.format if isinstance(fact, Start) else self.format_at(entry.n) or SPARE_FORMAT
        self.folder.mkdir(parents=True, exist_ok=True)
        self._runs.append(Run(self.folder, entry.n, form, lines_last=self._second))
        return self._runs[-1]

    def _has_room(self, run: Run, entry: Entry) -> bool:
        return not entry.frames or run.frames + entry.frames <= run.format.frames(self._file_ms)

    def flush(self) -> Ranges:
        """Forces all to the disk and returns what is safely there. Raises DiskFull or DiskFailed."""
        with self._lock:
            try:
                for run in self._runs:
                    run.flush()
                    if run.last >= run.first:
                        self.flushed.add(run.first, run.last)
            except OSError as error:
                self._abandon()
                raise disk_error(error, self._where) from error
            return self.flushed.copy()

    def repair(self, piece: Piece) -> bool:
        """Puts a whole entry, from the other copy, in the place of one that is damaged here; True if it was.

        Raises DamagedRecording when `piece` is not whole itself, DiskFull or DiskFailed.
        """
        if not whole(*piece):
            raise DamagedRecording(where=self._where, number=piece.entry.n)
        with self._lock:
            self.flush()
            index = file_of(self.folder, piece.entry.n)
            try:
                return index is not None and _mend(index, piece)
            except OSError as error:
                raise disk_error(error, self._where) from error

    def _finish(self, run: Run) -> None:
        run.flush()
        self.flushed.add(run.first, run.last)
        run.close()
        self._runs.remove(run)

    def _abandon(self) -> None:
        """After a failed write every open run goes back to what is known to be on the disk."""
        for run in self._runs:
            run.roll_back()
        self._runs.clear()
        self.marks = [entry for entry in self.marks if entry.n in self.flushed]

    def close(self) -> None:
        """Flushes and closes the files and completes their headers. May be called twice."""
        with self._lock:
            self.flush()
            for run in list(self._runs):
                self._finish(run)


def _mend(index: Path, piece: Piece) -> bool:
    """Overwrites line and samples in their place. False where they would not fit."""
    line = to_line(piece.entry)
    with Tape(index) as tape:
        tape.seek(piece.entry.n)
        offset, there = tape.offset, tape.n == piece.entry.n
        if not there or tape.step() is None or len(line) > tape.line_bytes:
            return False
        place, line = tape.place, line[:-1].ljust(tape.line_bytes - 1) + b"\n"
    _overwrite(index.with_suffix(".wav"), offset, piece.pcm)
    _overwrite(index, place, line)
    return True


def _overwrite(path: Path, place: int, data: bytes) -> None:
    with path.open("r+b", buffering=0) as file:
        file.seek(place)
        write_all(file, data)
        os.fdatasync(file.fileno())
