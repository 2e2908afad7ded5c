"""`tingji export`: the text of a sealed record, or of the hearings of a data folder, sealed or not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from casefile.errors import ForgedEvent, NotFound, NothingToExport
from casefile.events import GENESIS, Stored, chain, event_from_json
from casefile.export.reading import VERBATIM, Reading
from casefile.model import CaseRecord
from casefile.record import fold
from casefile.store import Store
from tingji.writers import WRITERS

EVENTS = "events.jsonl"
DATABASE = "tingji.db"


def export_all(
    folder: Path, hearing_id: str | None, out: Path, formats: Sequence[str], reading: Reading = VERBATIM
) -> Iterator[Path]:
    """Writes `out/HEARING.FORMAT` for each hearing and format, and yields each path when it is written.

    Raises NothingToExport, NotFound for a `hearing_id` that is not there, ForgedEvent.
    """
    out.mkdir(parents=True, exist_ok=True)
    for record in _records(folder, hearing_id):
        for name in formats:
            path = out / f"{record.hearing.id}.{name}"
            path.write_text(WRITERS[name](record, reading), encoding="utf-8")
            yield path


def _records(folder: Path, hearing_id: str | None) -> Iterator[CaseRecord]:
    if (folder / EVENTS).is_file():
        yield fold(sealed_events(folder / EVENTS))
    elif (folder / DATABASE).is_file():
        yield from _kept(folder / DATABASE, hearing_id)
    else:
        raise NothingToExport


def _kept(database: Path, hearing_id: str | None) -> Iterator[CaseRecord]:
    with Store(database) as store:
        ids = [summary.id for summary in store.hearings() if hearing_id in (None, summary.id)]
        if not ids:
            raise NotFound
        for found in ids:
            yield fold(store.events(found))


def sealed_events(path: Path) -> Iterator[Stored]:
    """The events of a sealed record, their chain checked. Raises ForgedEvent."""
    previous = GENESIS
    with path.open(encoding="utf-8") as lines:
        for seq, line in enumerate(lines, start=1):
            stored = _stored(line, seq, previous)
            previous = stored.digest
            yield stored


def _stored(line: str, seq: int, previous: str) -> Stored:
    try:
        data = json.loads(line)
        facts = {key: data[key] for key in ("hearing_id", "seq", "at", "by")}
        digest = chain(previous, **facts, event=data["event"])
        event = event_from_json(data["event"])
    except (ValueError, KeyError, TypeError):
        raise ForgedEvent(seq=seq) from None
    if (data.get("previous"), data.get("digest"), facts["seq"]) != (previous, digest, seq):
        raise ForgedEvent(seq=seq)
    return Stored(**facts, event=event, previous=previous, digest=digest)
