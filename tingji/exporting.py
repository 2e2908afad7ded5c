"""`tingji export`: texts and documents of a sealed record, or of the hearings of a data folder, sealed or not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from casefile.documents.material import Wanted
from casefile.errors import ForgedEvent, NotFound, NothingToExport
from casefile.events import GENESIS, Stored, chain, event_from_json
from casefile.export.reading import VERBATIM, Reading
from casefile.model import CaseRecord
from casefile.record import fold
from casefile.store import Store
from tingji.console import Tell
from tingji.documents import RECORD, Office
from tingji.typesetting import typeset
from tingji.writers import WRITERS

EVENTS = "events.jsonl"
DATABASE = "tingji.db"
ALL = "all"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written: texts in `formats`, and `documents` by name (`all`: every one) in the typeset ones."""

    formats: Sequence[str]
    reading: Reading = VERBATIM
    documents: Sequence[str] = ()
    wanted: Wanted = Wanted()  # noqa: RUF009 - frozen

    @property
    def typeset(self) -> list[str]:
        """The formats that a document is typeset in."""
        chosen = [name for name in self.formats if name not in WRITERS]
        return chosen or (["pdf"] if self.documents else [])


def export_all(
    folder: Path,
    hearing_id: str | None,
    out: Path,
    order: Order,
    office: Office,
    tell: Tell = lambda done: None,
) -> Iterator[Path]:
    """Writes `out/HEARING.FORMAT` and `out/HEARING.DOCUMENT.FORMAT`, and yields each path when it is written.

    `tell` is told 0 to 1. Raises NothingToExport, NotFound for a `hearing_id` that is not there, NoSuchDocument,
    NoChineseFont, NotTypeset, ForgedEvent.
    """
    out.mkdir(parents=True, exist_ok=True)
    records = list(_records(folder, hearing_id))
    for number, record in enumerate(records):
        made = list(_jobs(record, order, office))
        for done, (path, write) in enumerate(made, 1):
            (out / path).write_bytes(write())
            tell((number + done / len(made)) / len(records))
            yield out / path


def _jobs(record: CaseRecord, order: Order, office: Office) -> Iterator[tuple[str, Callable[[], bytes]]]:
    for form in order.formats:
        if form in WRITERS:
            yield f"{record.hearing.id}.{form}", partial(_text, form, record, order.reading)
    every = office.names(record) if ALL in order.documents else order.documents or [RECORD]
    for name in every if order.typeset else ():
        for form in order.typeset:
            path = f"{record.hearing.id}.{form}" if name == RECORD else f"{record.hearing.id}.{name}.{form}"
            yield path, partial(_document, record, office, name, form, order.wanted)


def _text(form: str, record: CaseRecord, reading: Reading) -> bytes:
    return WRITERS[form](record, reading).encode()


def _document(record: CaseRecord, office: Office, name: str, form: str, wanted: Wanted) -> bytes:
    return typeset(office.document(record, name, wanted), form, record.closed_at)


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


def home_of(folder: Path) -> Path:
    """The data folder of a record, or the folder itself: where the court's settings stand."""
    inside = (folder / EVENTS).is_file() and folder.parent.name == "records"
    return folder.parent.parent if inside else folder
