"""What the copies of a recording say at closing: how long it is, what is missing, what differs."""

from __future__ import annotations

from pathlib import Path

from casefile.entries import Ended
from casefile.model import CaseRecord, Gap, GapReason
from casefile.soundcheck import Checked
from casefile.stretches import sound_ranges
from casefile.tape import entries

HOLE_MS = 50
"""A shorter hole is the rounding of clocks."""


def compared(ours: Checked, theirs: Checked | None) -> str:
    """What is not the same in the two copies, "" when nothing; for `CopiesCompared.note`."""
    if theirs is None:
        return "recorder_away"
    if ours.broken or theirs.broken:
        return f"server broken {list(ours.broken)[:20]}, recorder broken {list(theirs.broken)[:20]}"
    if (ours.blocks, ours.digest) != (theirs.blocks, theirs.digest):
        return f"server {ours.blocks} entries, recorder {theirs.blocks}"
    return ""


def end_of(recording: Path) -> int:
    """Where the timeline of a recording ends: as its end entry says, or behind its last sound or gap."""
    end_ms = 0
    for entry in entries(recording):
        if isinstance(entry.fact, Ended):
            return entry.fact.length_ms
        if isinstance(entry.fact, Gap):
            end_ms = max(end_ms, entry.fact.end_ms)
    sound = sound_ranges(recording, bridge_ms=1)
    return max(end_ms, sound[-1][1] if sound else 0)


def has_ended(recording: Path) -> bool:
    """The recorder has written the end of this hearing, and it is here."""
    return any(isinstance(entry.fact, Ended) for entry in entries(recording))


def undeclared(record: CaseRecord, recording: Path, length_ms: int) -> list[Gap]:
    """Holes in the sound that neither a gap nor a pause on record explains (court.md A4)."""
    known = [(gap.start_ms, gap.end_ms) for gap in record.gaps if gap.channel is None]
    known += [(pause.start_ms, pause.end_ms or length_ms) for pause in record.pauses]
    known += sound_ranges(recording, bridge_ms=1)
    holes, here = list[Gap](), 0
    for start_ms, end_ms in [*sorted(known), (length_ms, length_ms)]:
        if start_ms - here > HOLE_MS:
            holes.append(Gap(here, start_ms, GapReason.NOT_RECEIVED))
        here = max(here, end_ms)
    return holes
