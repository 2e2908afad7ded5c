"""What a pair of files holds after a crash at any byte: its whole lines, and samples no line names yet."""

from __future__ import annotations

from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from casefile.entries import HEADER_BYTES, Block, Entry, Start, from_line, wav_header
from casefile.model import AudioFormat


@dataclass(frozen=True, slots=True)
class Salvaged:
    """`count` entries; `marks` those without (whole) sound; `tail` the whole frames behind the last line."""

    index: Path
    count: int
    marks: tuple[Entry, ...]
    format: AudioFormat | None
    index_bytes: int
    sound_bytes: int
    tail: bytes = b""

    def trim(self) -> None:
        """Cuts both files behind the last whole entry and completes the header; an empty pair is removed."""
        sound = self.index.with_suffix(".wav")
        if not self.count:
            self.index.unlink(missing_ok=True)
            sound.unlink(missing_ok=True)
            return
        _cut(self.index, self.index_bytes)
        _cut(sound, self.sound_bytes)
        if self.format:
            _complete(sound, wav_header(self.format, self.sound_bytes - HEADER_BYTES))


def _cut(path: Path, size: int) -> None:
    with path.open("r+b") as file:
        if file.seek(0, 2) > size:
            file.truncate(size)


def _complete(sound: Path, header: bytes) -> None:
    with sound.open("r+b", buffering=0) as file:
        if file.read(HEADER_BYTES) != header:
            file.seek(0)
            write_all(file, header)


def salvage(index: Path, form: AudioFormat | None) -> Salvaged:
    """Reads a pair of files as far as it is whole. `form`: the format in force before its first line.

    Unreadable lines in the middle stay and count: they are damage, not a crash. Nothing is changed yet.
    """
    scan = _Scan(index, form)
    with index.open("rb") as file:
        for line in iter(file.readline, b""):
            scan.read(line)
    return scan.result()


class _Scan:
    def __init__(self, index: Path, form: AudioFormat | None) -> None:
        self._index, self._sound = index, index.with_suffix(".wav")
        self._size = self._sound.stat().st_size if self._sound.exists() else 0
        self._form = form or _format_of(self._sound)
        self._read, self._place, self._offset, self._usual = 0, 0, HEADER_BYTES, 0
        self._good = (0, 0, HEADER_BYTES)
        self._marks: list[Entry] = []
        self._certain = True

    def read(self, line: bytes) -> None:
        self._read += 1
        self._place += len(line)
        entry = self._entry(line)
        if entry is None:
            self._offset += self._usual
            return
        self._certain &= self._read == self._good[0] + 1
        self._offset += self._bytes(entry)
        if self._offset <= max(self._size, HEADER_BYTES):
            self._good = (self._read, self._place, self._offset)
            self._marks += [] if isinstance(entry.fact, Block) and not entry.damaged else [entry]

    def _entry(self, line: bytes) -> Entry | None:
        try:
            return from_line(line) if line.endswith(b"\n") else None
        except ValueError:
            return None

    def _bytes(self, entry: Entry) -> int:
        if isinstance(entry.fact, Start):
            self._form = entry.fact.format
        size = entry.frames * (self._form.frame_bytes if self._form else 2)
        self._usual = size or self._usual
        return size

    def result(self) -> Salvaged:
        count, place, offset = self._good
        if not self._certain:  # a line is damaged, its length a guess: keep every sample
            offset = max(offset, self._size)
        return Salvaged(self._index, count, tuple(self._marks), self._form, place, offset, self._tail(offset))

    def _tail(self, offset: int) -> bytes:
        whole = (self._size - offset) // self._form.frame_bytes * self._form.frame_bytes if self._form else 0
        if whole <= 0:
            return b""
        with self._sound.open("rb") as file:
            file.seek(offset)
            return file.read(whole)


def _format_of(sound: Path) -> AudioFormat | None:
    try:
        with sound.open("rb") as file:
            header = file.read(HEADER_BYTES)
        return AudioFormat(int.from_bytes(header[24:28], "little"), int.from_bytes(header[22:24], "little"))
    except (OSError, ValueError):
        return None


def write_all(file: FileIO, data: bytes) -> None:
    """Writes all of `data` to an unbuffered file. Raises OSError; part of it may be written then."""
    view = memoryview(data)
    while view:
        view = view[file.write(view) :]
