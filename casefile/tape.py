"""Reading the files of a recording: a pair of files line by line, or any one entry with its samples.

Files that are being written end where their last whole line ends; nothing here waits.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from casefile.entries import HEADER_BYTES, Entry, Piece, Start, from_line
from casefile.errors import DamagedRecording


class Unreadable(NamedTuple):
    """A line of an index that is no entry any more, and the number that it must have had."""

    n: int


def index_files(folder: Path) -> list[Path]:
    """The index files of a recording, in order of their entries."""
    return sorted(path for path in folder.glob("*.jsonl") if path.stem.isdecimal())


def file_of(folder: Path, n: int) -> Path | None:
    """The index file in which entry `n` lies if it is written: the last one that begins at `n` or before."""
    wanted = f"{n:010d}.jsonl"
    try:
        names = os.listdir(folder)  # noqa: PTH208 - asked 25 times a second
    except FileNotFoundError:
        return None
    fitting = (name for name in names if name.endswith(".jsonl") and name <= wanted)
    found = max((name for name in fitting if name[:-6].isdecimal()), default=None)
    return folder / found if found else None


class Tape:
    """One pair of files, read line by line as far as it is written. `offset`: where the next samples lie;
    `place`, `line_bytes`: where the line read last begins, its length."""

    def __init__(self, index: Path) -> None:
        self.first = self.n = int(index.stem)
        self.offset = HEADER_BYTES
        self.place, self.line_bytes = 0, 0
        self.frame_bytes = 0
        self._usual = 0
        self._lines = index.open("rb")
        try:
            self._sound = _opened(index.with_suffix(".wav"))
            self._measure()
        except OSError:
            self._lines.close()
            raise

    def _measure(self) -> None:
        header = self._sound.read(HEADER_BYTES)
        if len(header) == HEADER_BYTES:
            self.frame_bytes = 2 * int.from_bytes(header[22:24], "little")

    def step(self) -> Entry | Unreadable | None:
        """The next entry; None at the end of what is written. The caller takes or skips its samples then."""
        place = self._lines.tell()
        line = self._lines.readline()
        if not line.endswith(b"\n"):
            self._lines.seek(place)
            return None
        self.place, self.line_bytes = place, len(line)
        self.n += 1
        return self._entry(line)

    def _entry(self, line: bytes) -> Entry | Unreadable:
        try:
            entry = from_line(line)
        except ValueError:
            self.offset += self._usual
            return Unreadable(self.n - 1)
        if isinstance(entry.fact, Start):
            self.frame_bytes = entry.fact.format.frame_bytes
        return entry

    def take(self, entry: Entry) -> bytes:
        """The samples of the entry just read; short where the file is short."""
        size = self.size(entry)
        self._sound.seek(self.offset)
        self.skip(entry)
        return self._sound.read(size) if size else b""

    def at(self, offset: int, size: int) -> bytes:
        """`size` bytes of the sound file at `offset`."""
        self._sound.seek(offset)
        return self._sound.read(size)

    def size(self, entry: Entry) -> int:
        """Bytes of the entry's samples."""
        return entry.frames * self.frame_bytes

    def replaced(self, index: Path) -> bool:
        """Whether `index` is another file than the one read here, or was cut before what was read."""
        try:
            there, here = index.stat(), os.fstat(self._lines.fileno())
        except FileNotFoundError:
            return True
        return there.st_ino != here.st_ino or there.st_size < self.place + self.line_bytes

    def seek(self, n: int) -> None:
        """Passes over all entries before number `n`."""
        while self.n < n and (entry := self.step()) is not None:
            if isinstance(entry, Entry):
                self.skip(entry)

    def skip(self, entry: Entry) -> None:
        """Passes over the samples of the entry just read."""
        if size := self.size(entry):
            self.offset += size
            self._usual = size

    def close(self) -> None:
        """Closes both files."""
        self._lines.close()
        self._sound.close()

    def __del__(self) -> None:
        if hasattr(self, "_sound"):  # a reader that is let go closes its files
            self.close()

    def __enter__(self) -> Tape:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _opened(sound: Path) -> BinaryIO:
    """The sound file; nothing where it is lost: its entries are damaged then, and the others are not."""
    try:
        return sound.open("rb")
    except FileNotFoundError:
        return io.BytesIO()


def entries(folder: Path) -> Iterator[Entry]:
    """Every readable entry of a recording in order of its number, without its samples."""
    for index in index_files(folder):
        with Tape(index) as tape:
            while (entry := tape.step()) is not None:
                if isinstance(entry, Entry):
                    yield entry


class Pieces:
    """Any entry of a recording with its samples, quick when they are asked for in order."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tape: Tape | None = None

    def read(self, n: int) -> Piece | None:
        """Entry `n` as it is on disk, unchecked; None if there is none. DamagedRecording, OSError."""
        tape = self._tape_at(n)
        while tape is not None and tape.n <= n and (entry := tape.step()) is not None:
            if isinstance(entry, Unreadable) and entry.n == n:
                raise DamagedRecording(where="journal", number=n)
            if isinstance(entry, Entry) and tape.n == n + 1:
                return Piece(entry, tape.take(entry))
            if isinstance(entry, Entry):
                tape.skip(entry)
        return None

    def _tape_at(self, n: int) -> Tape | None:
        index = file_of(self._folder, n)
        if index is None:
            return None
        tape = self._tape
        if tape is None or tape.n > n or tape.first != int(index.stem) or tape.replaced(index):
            self.close()
            self._tape = Tape(index)
        return self._tape

    def close(self) -> None:
        """Closes the files; the next `read` opens them again."""
        if self._tape:
            self._tape.close()
        self._tape = None
