"""The entries of a sound index: what a recording says happened, and the digest that binds it.

A recording is a series of numbered entries (docs/formats.md §2). Both copies, the recorder's journal and the
server's recording, hold the same entries; the wire carries the same lines. Nothing here touches a disk.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from casefile.errors import UnknownFormat
from casefile.events import GENESIS, canonical, from_json, to_json
from casefile.model import AudioFormat, ClockStep, Gap, PauseReason

VERSION = 1
HEADER_BYTES = 44
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Start:
    """Recording began, or went on after a restart or with another format. Frame 0 lies at `origin_ms`."""

    rate: int
    channels: int
    device: str
    pre_roll_ms: int
    origin_ms: int
    boot: str
    sample_width: int = 2
    version: int = VERSION

    @property
    def format(self) -> AudioFormat:
        """The format of the blocks that follow."""
        return AudioFormat(self.rate, self.channels, self.sample_width)


@dataclass(frozen=True, slots=True)
class Block:
    """`frames` frames of sound; the first is number `frame`, counted from the origin of the last `Start`."""

    frame: int
    frames: int
    recovered: bool = False


@dataclass(frozen=True, slots=True)
class PauseBegun:
    """A lawful interruption began; a `Gap` with reason PAUSE ends it."""

    at_ms: int
    reason: PauseReason


@dataclass(frozen=True, slots=True)
class Ended:
    """The hearing was closed; nothing follows."""

    length_ms: int


Fact = Start | Block | Gap | PauseBegun | ClockStep | Ended
KINDS: dict[str, type[Fact]] = {
    "start": Start,
    "block": Block,
    "gap": Gap,
    "pause": PauseBegun,
    "clock": ClockStep,
    "end": Ended,
}
_NAMES = {kind: name for name, kind in KINDS.items()}


class Stamp(NamedTuple):
    """A moment on both clocks, in nanoseconds: CLOCK_BOOTTIME and UTC since 1970."""

    mono_ns: int
    wall_ns: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an index. `damaged`: its samples no longer match `sha256`, in either copy."""

    n: int
    fact: Fact
    mono_ns: int
    wall_ns: int
    previous: str
    sha256: str
    damaged: bool = False

    @property
    def frames(self) -> int:
        """Frames of sound that belong to this entry (0 for all but blocks)."""
        return self.fact.frames if isinstance(self.fact, Block) else 0


class Piece(NamedTuple):
    """An entry and its samples as bytes (empty for all but blocks): one message of the uplink."""

    entry: Entry
    pcm: bytes


def make_entry(n: int, fact: Fact, stamp: Stamp, previous: str, pcm: bytes = b"") -> Entry:
    """The entry number `n`, chained to the digest `previous`."""
    blank = Entry(n, fact, stamp.mono_ns, stamp.wall_ns, previous or GENESIS, "")
    return Entry(n, fact, stamp.mono_ns, stamp.wall_ns, blank.previous, digest(blank, pcm))


def digest(entry: Entry, pcm: bytes) -> str:
    """SHA-256 over the previous digest, the entry and its samples, hex. ValueError: a bad `previous`."""
    running = hashlib.sha256(bytes.fromhex(entry.previous))
    running.update(canonical(_body(entry)))
    running.update(pcm)
    return running.hexdigest()


def whole(entry: Entry, pcm: bytes) -> bool:
    """Whether entry and samples match the entry's digest."""
    return digest(entry, pcm) == entry.sha256


def to_line(entry: Entry, hearing_id: str | None = None) -> bytes:
    """The entry as a line of JSON with its newline; the wire adds the hearing."""
    body = _body(entry) | {"sha256": entry.sha256}
    if entry.damaged:
        body["damaged"] = True
    if hearing_id is not None:
        body["hearing"] = hearing_id
    return canonical(body) + b"\n"


def from_line(line: bytes) -> Entry:
    """The inverse of `to_line`; a field `hearing` is passed over. Raises ValueError, UnknownFormat."""
    try:
        data: Json = json.loads(line)
        if data.get("kind") == "start" and data.get("version") != VERSION:
            raise _unknown(data)
        return _from_body(data)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not an entry: {type(error).__name__}") from error


def _from_body(data: Json) -> Entry:
    data.pop("hearing", None)
    damaged = data.pop("damaged", False) is True
    n, mono_ns, wall_ns = (_whole_number(data.pop(name)) for name in ("n", "mono_ns", "wall_ns"))
    previous, sha256 = _hex(data.pop("previous")), _hex(data.pop("sha256"))
    return Entry(n, _fact(str(data.pop("kind")), data), mono_ns, wall_ns, previous, sha256, damaged)


def _unknown(data: Json) -> Exception:
    """A start of another version: of a newer Tingji if its digest is right, else damaged."""
    body = {name: value for name, value in data.items() if name not in ("sha256", "hearing", "damaged")}
    running = hashlib.sha256(bytes.fromhex(_hex(data.get("previous"))))
    running.update(canonical(body))
    newer = running.hexdigest() == data.get("sha256")
    return UnknownFormat(version=data.get("version")) if newer else ValueError("damaged")


def _fact(kind: str, data: Json) -> Fact:
    if kind == "block":
        return Block(_count(data.pop("frame")), _count(data.pop("frames")), _no_more(data, "recovered"))
    fact: Fact = from_json(KINDS[kind], data)
    if isinstance(fact, Start):
        _ = fact.format
    return fact


def _no_more(data: Json, flag: str) -> bool:
    value = data.pop(flag, False)
    if data:
        raise ValueError("unknown field in a block")
    return value is True


def _body(entry: Entry) -> Json:
    facts: Json = to_json(entry.fact)
    if isinstance(entry.fact, Block) and not entry.fact.recovered:
        del facts["recovered"]
    head: Json = {"n": entry.n, "kind": _NAMES[type(entry.fact)], "previous": entry.previous}
    return head | {"mono_ns": entry.mono_ns, "wall_ns": entry.wall_ns} | facts


def _whole_number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("not a whole number")
    return value


def _count(value: object) -> int:
    if (number := _whole_number(value)) < 0:
        raise ValueError("negative")
    return number


def _hex(value: object) -> str:
    if not isinstance(value, str) or len(bytes.fromhex(value)) != 32:
        raise ValueError("not a digest")
    return value


def wav_header(form: AudioFormat, data_bytes: int = 0) -> bytes:
    """A RIFF/WAVE header of 44 bytes; sizes 0 while the file is open."""
    riff = data_bytes + 36 if data_bytes else 0
    rate, frame = form.rate, form.frame_bytes
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", riff, b"WAVE", b"fmt ", 16, 1, form.channels, rate, rate * frame, frame, 16),
        *(b"data", data_bytes),
    )


class Ranges:
    """A set of entry numbers, kept as ranges `[first, last]` in order."""

    def __init__(self, pairs: Iterable[Iterable[int]] = ()) -> None:
        self._pairs: list[tuple[int, int]] = []
        for first, last in pairs:
            self.add(first, last)

    def add(self, first: int, last: int | None = None) -> None:
        """Adds the numbers from `first` to `last` (or `first` alone)."""
        last = first if last is None else last
        apart = [pair for pair in self._pairs if pair[1] < first - 1 or pair[0] > last + 1]
        joined = [pair for pair in self._pairs if pair[1] >= first - 1 and pair[0] <= last + 1]
        ends = [*joined, (first, last)]
        self._pairs = sorted([*apart, (min(a for a, _ in ends), max(b for _, b in ends))])

    def __contains__(self, n: int) -> bool:
        return any(first <= n <= last for first, last in self._pairs)

    def next_missing(self, n: int = 1) -> int:
        """The smallest number from `n` on that is not in the set."""
        return next((last + 1 for first, last in self._pairs if first <= n <= last), n)

    def count(self, last: int) -> int:
        """How many of the numbers up to `last` are in the set."""
        return sum(max(0, min(b, last) - a + 1) for a, b in self._pairs)

    def pairs(self) -> list[tuple[int, int]]:
        """`[(first, last), ...]` in order, as the wire's `have`."""
        return list(self._pairs)

    def copy(self) -> Ranges:
        """Another set of the same numbers."""
        return Ranges(self._pairs)
