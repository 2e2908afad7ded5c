"""A pair of files that is being written: samples in the `.wav`, a line for each entry in the `.jsonl`."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from casefile.disk import flush
from casefile.entries import HEADER_BYTES, Piece, to_line, wav_header
from casefile.model import AudioFormat
from casefile.salvage import write_all


class Run:
    """Entries `first` to `last` without a hole. With `lines_last` lines wait until their samples are safe."""

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
        flush(folder)

    def append(self, piece: Piece) -> None:
        """Writes an entry behind the last one. Raises OSError."""
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
        """Forces samples and lines to the disk. Raises OSError."""
        if self._sizes != self._safe:
            os.fdatasync(self._wav.fileno())
            self._write_lines()
            os.fdatasync(self._index.fileno())
            self._safe, self._safe_last = self._sizes, self.last

    def roll_back(self) -> None:
        """After a failed write: back to what is known to be on the disk, and closed."""
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
        """Completes the header and closes both files. Raises OSError."""
        try:
            self._wav.seek(0)
            write_all(self._wav, wav_header(self.format, self._safe[0] - HEADER_BYTES))
        finally:
            self._wav.close()
            self._index.close()
