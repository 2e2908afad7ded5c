"""The evidence table at the clerk's hand. Implements `web.evidence.Evidence`."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

from asr.numerals import value
from casefile.errors import CellChanged
from casefile.events import ExhibitWritten
from casefile.evidence import evidence
from casefile.exhibits import VIEWS, Exhibit, ExhibitEntry
from casefile.feed import Feed
from casefile.model import UNSEALED, CaseRecord
from tingji.states import expected

ACTION = "填写证据表"


class EvidenceTables:
    """The tables of all hearings. Thread-safe."""

    def __init__(self, feed: Feed) -> None:
        self._feed, self._lock = feed, threading.Lock()

    def table(self, hearing_id: str) -> tuple[int, Sequence[Exhibit]]:
        """See `Evidence`."""
        record = self._feed.record(hearing_id)
        return record.seq, evidence(record, value)

    def write(self, hearing_id: str, entry: ExhibitEntry, by: str) -> None:
        """See `Evidence`."""
        with self._lock:
            record = expected(self._feed, hearing_id, ACTION, *UNSEALED)
            if _standing(record, entry) != entry.before:
                raise CellChanged
            made = replace(entry, before=_by_hand(record, entry))
            if made.value != made.before:
                self._feed.append(hearing_id, [ExhibitWritten(made)], by)


def _standing(record: CaseRecord, entry: ExhibitEntry) -> str:
    """What a person sees in the cell now."""
    rows = {(row.party, row.number): row for row in evidence(record, value)}
    row = rows.get((entry.party, entry.number), Exhibit(entry.party, entry.number))
    cells = row.views.get(entry.of, {}) if entry.column in VIEWS else row.cells
    return cells[entry.column].value if entry.column in cells else ""


def _by_hand(record: CaseRecord, entry: ExhibitEntry) -> str:
    return next((one.value for one in record.exhibit_entries if one.place == entry.place), "")
