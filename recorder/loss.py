"""An entry whose line in the journal can no longer be read: what its neighbours still say about it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from casefile.entries import Block, Ended, Entry, Piece, Start
from casefile.model import Gap, GapReason
from casefile.tape import entries


def lost_piece(folder: Path, n: int) -> Piece | None:
    """Entry `n` as a gap marked damaged, with the digest that entry `n + 1` names; None: no neighbours."""
    start: Start | None = None
    for before, after in pairwise(entries(folder)):
        start = before.fact if isinstance(before.fact, Start) else start
        if before.n == n - 1 and after.n == n + 1 and start:
            return Piece(_gap(n, before, after, start), b"")
    return None


def _gap(n: int, before: Entry, after: Entry, start: Start) -> Entry:
    from_ms = _moment(before, start, end=True)
    gap = Gap(from_ms, max(from_ms, _moment(after, start, end=False)), GapReason.DAMAGED)
    return Entry(n, gap, before.mono_ns, before.wall_ns, before.sha256, after.previous, damaged=True)


def _moment(entry: Entry, start: Start, *, end: bool) -> int:
    """Where the entry ends or begins on the timeline."""
    match entry.fact:
        case Block() as block:
            return start.origin_ms + start.format.ms(block.frame + (block.frames if end else 0))
        case Gap() as gap:
            return gap.end_ms if end else gap.start_ms
        case Start() as other:
            return other.origin_ms
        case Ended() as ended:
            return ended.length_ms
        case mark:
            return mark.at_ms
