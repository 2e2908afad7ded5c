"""Writing a recording: entries that come in any order are kept as runs, each run in files of its own.

Both copies are written here: the server's directly, the recorder's through `recorder.journal`. An entry
counts as kept (`flushed`) only after its samples and its line are forced to the disk.
"""

from __future__ import annotations

import errno
import os
import threading
from contextlib import suppress
from pathlib import Path

from casefile.entries import HEADER_BYTES, Block, Entry, Piece, Ranges, Start, to_line, wav_header, whole
from casefile.errors import DamagedRecording, DiskFailed, DiskFull
from casefile.model import AudioFormat
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
        self._runs: list[_Run] = []
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

    def _run_for(self, piece: Piece) -> _Run:
        entry = piece.entry
        run = next((run for run in self._runs if run.last == entry.n - 1), None)
        if run and not isinstance(entry.fact, Start) and self._has_room(run, entry):
            return run
        if run:
            self._finish(run)
        fact = entry.fact
        form = fact.format if isinstance(fact, Start) else self.format_at(entry.n) or SPARE_FORMAT
        self.folder.mkdir(parents=True, exist_ok=True)
        self._runs.append(_Run(self.folder, entry.n, form, lines_last=self._second))
        return self._runs[-1]

    def _has_room(self, run: _Run, entry: Entry) -> bool:
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

    def _finish(self, run: _Run) -> None:
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


class _Run:
    """A pair of files that is being written: entries `first` to `last` without a hole."""

    def __init__(self, folder: Path, first: int, form: AudioFormat, *, lines_last: bool) -> None:
        self.first, self.last, self.format, self.frames = first, first - 1, form, 0
        self._lines_last, self._lines = lines_last, b""
        self._wav = (folder / f"{first:010d}.wav").open("x+b", buffering=0)
        try:
            write_all(self._wav, wav_header(form))
            self._index = (folder / f"{first:010d}.jsonl").open("x+b", buffering=0)
        except OSError:
            self._wav.close()
            Path(self._wav.name).unlink()
            raise
        self._sizes, self._safe = (HEADER_BYTES, 0), (HEADER_BYTES, 0)
        self._safe_last = self.last
        _sync_folder(folder)

    def append(self, piece: Piece) -> None:
        line = to_line(piece.entry)
        write_all(self._wav, piece.pcm)
        self._lines += line
        if not self._lines_last:
            self._write_lines()
        self._sizes = (self._sizes[0] + len(piece.pcm), self._sizes[1] + len(line))
        self.last = piece.entry.n
        self.frames += piece.entry.frames

    def _write_lines(self) -> None:
        write_all(self._index, self._lines)
        self._lines = b""

    def flush(self) -> None:
        if self._sizes != self._safe:
            os.fdatasync(self._wav.fileno())
            self._write_lines()
            os.fdatasync(self._index.fileno())
            self._safe, self._safe_last = self._sizes, self.last

    def roll_back(self) -> None:
        for file, size in zip((self._index, self._wav), reversed(self._safe), strict=True):
            with suppress(OSError):
                file.truncate(size)
        self.last = self._safe_last
        with suppress(OSError):
            self.close()
        if self.last < self.first:
            Path(self._index.name).unlink(missing_ok=True)
            Path(self._wav.name).unlink(missing_ok=True)

    def close(self) -> None:
        try:
            self._wav.seek(0)
            write_all(self._wav, wav_header(self.format, self._safe[0] - HEADER_BYTES))
        finally:
            self._wav.close()
            self._index.close()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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
