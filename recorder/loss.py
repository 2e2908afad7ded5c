"""Entries whose lines in the journal can no longer be read: what their neighbours still say about them.

The last resort: an entry that can never be sent would keep the server waiting for it, and the hearing from
being closed, for good. So its loss is declared: an entry marked damaged stands in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from casefile.entries import (
    HEADER_BYTES,
    Block,
    Ended,
    Entry,
    Fact,
    Piece,
    Stamp,
    Start,
    from_line,
    make_entry,
)
from casefile.errors import TingjiError
from casefile.events import GENESIS
from casefile.model import AudioFormat, Gap, GapReason
from casefile.tape import file_of, index_files


@dataclass(frozen=True, slots=True)
class Hole:
    """The entries between `before` and `after` (None: there are none). `start`: the last one before."""

    folder: Path
    before: Entry | None
    after: Entry | None
    start: Start | None

    @property
    def first(self) -> int:
        """The first number of the hole."""
        return self.before.n + 1 if self.before else 1


def lost_pieces(folder: Path, n: int) -> dict[int, Piece]:
    """The hole in which entry `n` lies as declared losses, by number; or `n` alone if only its sound is lost."""
    files = index_files(folder)
    here = [entry for index in files if index == file_of(folder, n) for entry in _readable(index)]
    if there := next((entry for entry in here if entry.n == n), None):
        return {n: Piece(replace(there, damaged=True), b"")}
    before = next((entry for entry in _backward(files, n) if entry.n < n), None)
    after = next((entry for entry in _forward(files, n) if entry.n > n), None)
    return _declared(Hole(folder, before, after, _start_before(files, before)), n)


def _readable(index: Path, most: int | None = None) -> list[Entry]:
    """Entries of an index whose sound file may be lost; all that can be read of it."""
    found: list[Entry] = []
    with suppress(OSError, TingjiError), index.open("rb") as lines:
        for line in islice(lines, most):
            with suppress(ValueError):
                found.append(from_line(line))
    return found


def _backward(files: list[Path], n: int) -> Iterator[Entry]:
    for index in reversed([index for index in files if int(index.stem) <= n]):
        yield from reversed(_readable(index))


def _forward(files: list[Path], n: int) -> Iterator[Entry]:
    holding = max((int(index.stem) for index in files if int(index.stem) <= n), default=0)
    for index in (index for index in files if int(index.stem) >= holding):
        yield from _readable(index)


def _start_before(files: list[Path], before: Entry | None) -> Start | None:
    """The start in force after `before`: it is the first line of its file."""
    earlier = [index for index in files if before and int(index.stem) <= before.n]
    firsts = (entry.fact for index in reversed(earlier) for entry in _readable(index, 1))
    return next((fact for fact in firsts if isinstance(fact, Start)), None)


def _declared(hole: Hole, n: int) -> dict[int, Piece]:
    """A start if one is missing, a gap for the time that is lost, and for the other entries nothing."""
    last = hole.after.n - 1 if hole.after else n
    near = hole.before or hole.after
    stamp = Stamp(near.mono_ns, near.wall_ns) if near else Stamp(0, 0)
    previous = hole.before.sha256 if hole.before else GENESIS
    found: dict[int, Piece] = {}
    for number, fact in zip(range(hole.first, last + 1), _facts(hole), strict=False):
        entry = replace(make_entry(number, fact, stamp, previous), damaged=True)
        if hole.after and number == last:
            entry = replace(entry, sha256=hole.after.previous)
        found[number], previous = Piece(entry, b""), entry.sha256
    return found


def _facts(hole: Hole) -> Iterator[Fact]:
    start = _lost_start(hole) or hole.start
    from_ms = _moment(hole.before, hole.start, end=True) if hole.before and hole.start else 0
    to_ms = max(from_ms, _moment(hole.after, start, end=False)) if hole.after and start else from_ms
    if start is not None and start is not hole.start:
        yield start
    yield Gap(from_ms, to_ms, GapReason.DAMAGED)
    while True:
        yield Gap(to_ms, to_ms, GapReason.DAMAGED)


def _lost_start(hole: Hole) -> Start | None:
    """The start that was the first line of the hole, as far as the sound file tells."""
    form = _header(hole.folder / f"{hole.first:010d}.wav")
    if form is None or not _began_anew(hole, form):
        return None
    origin_ms = _moment(hole.before, hole.start, end=True) if hole.before and hole.start else 0
    return Start(form.rate, form.channels, "", 0, origin_ms, "")


def _began_anew(hole: Hole, form: AudioFormat) -> bool:
    """Whether frames are counted afresh in the file that begins with the hole."""
    if hole.before is None or hole.start is None or form != hole.start.format:
        return True
    last = hole.before.fact
    follows = (e.fact for e in _readable(hole.folder / f"{hole.first:010d}.jsonl"))
    block = next((fact for fact in follows if isinstance(fact, Block)), None)
    return block is not None and isinstance(last, Block) and block.frame < last.frame + last.frames


def _header(sound: Path) -> AudioFormat | None:
    try:
        with sound.open("rb") as file:
            header = file.read(HEADER_BYTES)
        return AudioFormat(int.from_bytes(header[24:28], "little"), int.from_bytes(header[22:24], "little"))
    except (OSError, ValueError):
        return None


def _moment(entry: Entry, start: Start | None, *, end: bool) -> int:
    """Where the entry ends or begins on the timeline."""
    match entry.fact:
        case Block() as block if start:
            return start.origin_ms + start.format.ms(block.frame + (block.frames if end else 0))
        case Gap() as gap:
            return gap.end_ms if end else gap.start_ms
        case Start() as other:
            return other.origin_ms
        case Ended() as ended:
            return ended.length_ms
        case Block():
            return 0
        case mark:
            return mark.at_ms
