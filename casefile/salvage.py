"""What a pair of files holds after a crash at any byte: its whole lines, and samples no line names yet.

Nothing here takes a sample away: what cannot be used is set aside under another name (`.lost`).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from casefile.entries import HEADER_BYTES, Block, Entry, Start, from_line, wav_header
from casefile.model import AudioFormat

LOST = ".lost"


@dataclass(frozen=True, slots=True)
class Salvaged:
    """`count` entries; `marks` those without (whole) sound; `tail_bytes`: whole frames behind `sound_bytes`."""

    index: Path
    count: int
    marks: tuple[Entry, ...]
    format: AudioFormat | None
    index_bytes: int
    sound_bytes: int
    tail_bytes: int = 0

    def tail(self) -> bytes:
        """The samples that no line names."""
        if not self.tail_bytes:
            return b""
        with self.index.with_suffix(".wav").open("rb") as file:
            file.seek(self.sound_bytes)
            return file.read(self.tail_bytes)

    def tidy(self) -> None:
        """Cuts the index behind its last whole line; the header names the samples that have a line."""
        _cut(self.index, self.index_bytes)
        if self.format:
            with suppress(FileNotFoundError):
                _complete(
                    self.index.with_suffix(".wav"),
                    wav_header(self.format, self.sound_bytes - HEADER_BYTES),
                )


def _cut(path: Path, size: int) -> None:
    with path.open("r+b") as file:
        if file.seek(0, 2) > size:
            file.truncate(size)


def _complete(sound: Path, header: bytes) -> None:
    with sound.open("r+b", buffering=0) as file:
        if file.read(HEADER_BYTES) != header:
            file.seek(0)
            write_all(file, header)


def set_aside(index: Path) -> None:
    """A pair without a single readable entry: removed if it holds no sample, else kept as `.lost`."""
    sound = index.with_suffix(".wav")
    held = sound.exists() and sound.stat().st_size > HEADER_BYTES
    for path in (index, sound):
        if path.exists() and held:
            path.rename(_free_name(path))
        path.unlink(missing_ok=True)


def _free_name(path: Path) -> Path:
    names = (path.with_name(f"{path.name}{LOST}{number or ''}") for number in range(10**6))
    return next(name for name in names if not name.exists())


def salvage(index: Path, form: AudioFormat | None, *, heard: bool) -> Salvaged:
    """Reads a pair of files as far as it is whole. `form`: the format in force before its first line.

    `heard`: entries count only as far as their samples are there, too. Unreadable lines in the middle stay
    and count: they are damage, not a crash. Nothing is changed yet. An index that is gone counts as empty.
    """
    scan = _Scan(index, form, heard)
    with suppress(FileNotFoundError), index.open("rb") as file:
        for line in iter(file.readline, b""):
            scan.read(line)
    return scan.result()


class _Scan:
    def __init__(self, index: Path, form: AudioFormat | None, heard: bool) -> None:
        self._index, self._sound, self._heard = index, index.with_suffix(".wav"), heard
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
        if not self._heard or self._offset <= max(self._size, HEADER_BYTES):
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
        if not count:
            self._form = _format_of(self._sound) or self._form
        offset = max(HEADER_BYTES, min(offset, self._size))
        return Salvaged(self._index, count, tuple(self._marks), self._form, place, offset, self._tail(offset))

    def _tail(self, offset: int) -> int:
        frame = self._form.frame_bytes if self._form else 0
        return max(0, self._size - offset) // frame * frame if frame else 0


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
