"""What documents are made of: the record, and what is known beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from casefile.exhibits import Exhibit
from casefile.export.wording import channel, one_line, person_of
from casefile.manifest import Manifest
from casefile.model import CaseRecord, Seat, Turn


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader wants behind the record. Corrections that were asked for are there in any case (court.md E3)."""

    evidence: bool = True
    corrections: bool = True
    verbatim: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """`court`: its full name, "" unknown. `exhibits`: the evidence table. `manifest`: None before the seal."""

    record: CaseRecord
    court: str = ""
    exhibits: Sequence[Exhibit] = ()
    manifest: Manifest | None = None
    wanted: Wanted = field(default_factory=Wanted)


def full_name(seat: Seat) -> str:
    """`审判长 王某`."""
    return one_line(f"{seat.role} {seat.person}")


def short_names(record: CaseRecord) -> Mapping[str, str]:
    """By seat, the name in the text: the short one, with the person where two seats share it."""
    seats = record.hearing.seats
    shorts = {seat.id: one_line(seat.short or seat.role) for seat in seats}
    often = Counter(shorts.values())
    return {
        seat.id: f"{shorts[seat.id]}（{one_line(seat.person or seat.role)}）"
        if often[shorts[seat.id]] > 1
        else shorts[seat.id]
        for seat in seats
    }


def said_by(record: CaseRecord, turn: Turn, shorts: Mapping[str, str]) -> str:
    """Who said it, by the short name; a person without a seat by the whole one."""
    return shorts.get(turn.seat or "") or person_of(record, turn) or f"{channel(turn.channel)}发言人"
