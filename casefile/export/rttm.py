"""Who spoke when, as RTTM (NIST): one line per turn, times in seconds, channels from 1."""

from __future__ import annotations

from casefile.export.wording import name_of, person_of, spoken
from casefile.model import CaseRecord, Turn


def write(record: CaseRecord) -> str:
    """The lines, each ending with a newline; the file's name in them is the hearing's id."""
    return "".join(_line(record, turn) for turn in spoken(record) if turn.end_ms > turn.start_ms)


def _line(record: CaseRecord, turn: Turn) -> str:
    start, length = turn.start_ms / 1000, (turn.end_ms - turn.start_ms) / 1000
    file, speaker = _field(record.hearing.id), _field(person_of(record, turn) or name_of(record, turn))
    return f"SPEAKER {file} {turn.channel + 1} {start:.3f} {length:.3f} <NA> <NA> {speaker} <NA> <NA>\n"


def _field(text: str) -> str:
    """RTTM's fields are separated by spaces."""
    return "_".join(text.split()) or "<NA>"
