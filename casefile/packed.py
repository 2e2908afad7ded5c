"""An archive as one ZIP file (PKWARE APPNOTE 6.3): stored, ZIP64 throughout, no byte of it left to chance.

Every header follows from the names, sizes and CRCs of the files, so that a changed byte is found wherever it is. What is
inside is read in place, like a folder. Standard library alone.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

_UTF8, _ZIP64, _DATE, _FULL = 0x800, 45, 0x21, 0xFFFFFFFF
_REGULAR = 0o100644 << 16
_CHUNK = 1 << 20
UNREADABLE = (
    zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, OverflowError, OSError, IndexError, RuntimeError,
)  # fmt: skip
"""What reading a file raises that is no such ZIP."""


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    size: int
    crc: int

    @property
    def encoded(self) -> bytes:
        return self.name.encode()

    def head(self) -> bytes:
        """What stands before its bytes."""
        extra = struct.pack("<HHQQ", 1, 16, self.size, self.size)
        fixed = struct.pack(
            "<4s5H3I2H",
            b"PK\3\4",
            _ZIP64,
            _UTF8,
            0,
            0,
            _DATE,
            self.crc,
            _FULL,
            _FULL,
            len(self.encoded),
            len(extra),
        )
        return fixed + self.encoded + extra

    def entry(self, offset: int) -> bytes:
        """What stands in the directory at the end."""
        extra = struct.pack("<HHQQQ", 1, 24, self.size, self.size, offset)
        made = (b"PK\1\2", _ZIP64 | 3 << 8, _ZIP64, _UTF8, 0, 0, _DATE, self.crc, _FULL, _FULL)
        lengths = (len(self.encoded), len(extra), 0, 0, 0, _REGULAR, _FULL)
        return struct.pack("<4s6H3I5H2I", *made, *lengths) + self.encoded + extra


def _tail(members: Iterable[tuple[_Member, int]], start: int) -> bytes:
    """The directory and the three records behind it."""
    entries = [member.entry(offset) for member, offset in members]
    size, count = sum(map(len, entries)), len(entries)
    end = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, _ZIP64, _ZIP64, 0, 0, count, count, size, start)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, start + size, 1)
    last = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, _FULL, _FULL, 0)
    return b"".join((*entries, end, locator, last))


def write_zip(folder: Path, to: Path, wrote: Callable[[int], None] = lambda size: None) -> None:
    """Packs the files of `folder` under the folder's name, in the order of their names. Raises OSError.

    `wrote` is told the bytes of each file that is done.
    """
    members: list[tuple[_Member, int]] = []
    with to.open("wb") as out:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            members.append(_add(out, path, f"{folder.name}/{path.relative_to(folder).as_posix()}"))
            wrote(members[-1][0].size)
        out.write(_tail(members, out.tell()))


def _add(out: BinaryIO, path: Path, name: str) -> tuple[_Member, int]:
    offset, crc = out.tell(), 0
    member = _Member(name, path.stat().st_size, 0)
    out.write(member.head())
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            crc = zlib.crc32(chunk, crc)
            out.write(chunk)
    member = _Member(name, member.size, crc)
    end = out.tell()
    out.seek(offset)
    out.write(member.head())
    out.seek(end)
    return member, offset


class Packed:
    """A place inside a ZIP: as much of `pathlib.Path` as verification needs. Thread-safe."""

    __slots__ = ("_at", "_file", "_members")

    def __init__(self, file: Path, members: Mapping[str, tuple[int, int]], at: str = "") -> None:
        self._file, self._members, self._at = file, members, at

    def __truediv__(self, name: str) -> Packed:
        return Packed(self._file, self._members, f"{self._at}/{name}" if self._at else name)

    @property
    def parent(self) -> Packed:
        """The folder that it lies in."""
        return Packed(self._file, self._members, self._at.rpartition("/")[0])

    def exists(self) -> bool:
        """Whether it is a file in the ZIP."""
        return self._at in self._members

    def open(self, mode: str = "rb") -> BinaryIO:
        """The file's bytes. Raises FileNotFoundError."""
        del mode  # nothing else is ever asked for
        if not self.exists():
            raise FileNotFoundError(self._at)
        return io.BufferedReader(_Slice(self._file.open("rb"), *self._members[self._at]), _CHUNK)

    def read_bytes(self) -> bytes:
        """All of it. Raises FileNotFoundError."""
        with self.open() as file:
            return file.read()

    def names(self) -> Iterator[str]:
        """Every file below, by its path from here."""
        below = f"{self._at}/"
        return (name[len(below) :] for name in self._members if name.startswith(below))


class _Slice(io.RawIOBase):
    """Some bytes of a file, as a file."""

    def __init__(self, file: BinaryIO, offset: int, size: int) -> None:
        self._whole, self._offset, self._size, self._at = file, offset, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = (0, self._at, self._size)[whence] + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        room = max(0, min(len(buffer), self._size - self._at))
        self._whole.seek(self._offset + self._at)
        read = self._whole.readinto(memoryview(buffer)[:room])  # type: ignore[attr-defined]
        self._at += read
        return int(read)

    def close(self) -> None:
        self._whole.close()
        super().close()


def read_zip(file: Path) -> Packed | None:
    """The folder in the ZIP; None when a byte between its files is not what we write, or it is none of ours."""
    try:
        with zipfile.ZipFile(file) as found:
            members = [_Member(info.filename, info.file_size, info.CRC) for info in found.infolist()]
        with file.open("rb") as data:
            places = _places(data, members)
    except UNREADABLE:
        return None
    roots = {member.name.split("/")[0] for member in members}
    known = {member.name: (place, member.size) for member, place in zip(members, places or (), strict=False)}
    if places is None or len(roots) != 1 or len(known) != len(members):
        return None
    return Packed(file, known, roots.pop())


def _places(data: BinaryIO, members: Iterable[_Member]) -> list[int] | None:
    """Where the bytes of each file begin; None when something else than we write stands between them."""
    places, entries = [], []
    for member in members:
        entries.append((member, data.tell()))
        if data.read(len(member.head())) != member.head():
            return None
        places.append(data.tell())
        data.seek(member.size, io.SEEK_CUR)
    start = data.tell()
    return places if data.read() == _tail(entries, start) else None


Place = Path | Packed
"""A folder, or a ZIP that is read like one."""
