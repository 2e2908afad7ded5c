"""The case file's database: events are added, numbered, chained, and never changed.

One thread writes; `append` returns after the commit. Reading happens in the caller's thread.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, insert, select, update
from sqlalchemy.exc import IntegrityError

from casefile.errors import (
    BadRequest,
    ForgedEvent,
    HearingExists,
    NotFound,
    StoreClosed,
)
from casefile.events import (
    GENESIS,
    Event,
    HearingCreated,
    Stored,
    canonical,
    chain,
    event_from_json,
    event_to_json,
    from_json,
    stored_to_json,
    to_json,
)
from casefile.model import Hearing
from casefile.schema.dialect import WRITES, open_engine
from casefile.schema.migrate import upgrade
from casefile.schema.tables import EVENTS, HEARINGS
from casefile.schema.writing import writing
from casefile.summary import HearingSummary, advance, begin

Clock = Callable[[], datetime]
Result = TypeVar("Result")
_SUMMARY = [HEARINGS.c[field.name] for field in fields(HearingSummary)]


def utc_now() -> datetime:
    """The wall clock, in UTC."""
    return datetime.now(UTC)


class Store:
    """The events of all hearings, in one database: a path (SQLite) or a SQLAlchemy URL.

    All methods may be called from any thread. Opening brings the schema up to date and raises
    UnknownFormat for a database that a newer version wrote.
    """

    def __init__(self, where: str | Path, now: Clock = utc_now) -> None:
        self.engine = open_engine(where)
        self._now = now
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="casefile")
        try:
            self._write(upgrade)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Writes what is waiting, then closes. May be called again."""
        self._writer.shutdown(wait=True)
        self.engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def create(self, hearing: Hearing, by: str) -> Stored:
        """Puts a hearing on file, with its first event. Raises HearingExists and what `append` raises."""
        events = [HearingCreated(hearing)]
        _refuse_unwritable(events, by)
        return self._write(lambda connection: self._file(connection, hearing.id, events, by))[0]

    def append(self, hearing_id: str, events: Sequence[Event], by: str) -> list[Stored]:
        """Stores `events` in one transaction, all or none, and returns them after the commit.

        Raises NotFound, BadRequest (what JSON cannot hold), DiskFull, StoreFailed, StoreClosed.
        """
        if not events:
            return []
        _refuse_unwritable(events, by)
        return self._write(lambda connection: self._add(connection, hearing_id, events, by))

    def events(self, hearing_id: str, after: int = 0) -> list[Stored]:
        """The events with a `seq` above `after`, in order. Raises NotFound, ForgedEvent."""
        with self.engine.begin() as connection:
            hearing = _hearing_row(connection, hearing_id)
            after = max(0, min(after, hearing.seq))
            rows = connection.execute(_from(hearing_id, after)).all()
        return _checked(hearing, rows, after)

    def hearings(self) -> list[HearingSummary]:
        """Every hearing in one line, newest first."""
        newest_first = (HEARINGS.c.created_at.desc(), HEARINGS.c.id)
        with self.engine.begin() as connection:
            rows = connection.execute(select(*_SUMMARY).order_by(*newest_first)).all()
        return [_summary(row) for row in rows]

    def _file(
        self, connection: Connection, hearing_id: str, events: Sequence[Event], by: str
    ) -> list[Stored]:
        row = {**to_json(begin(hearing_id, self._at())), "seq": 0, "head": GENESIS}
        try:
            connection.execute(insert(HEARINGS).values(row))
        except IntegrityError as error:
            raise HearingExists from error
        return self._add(connection, hearing_id, events, by)

    def _add(self, connection: Connection, hearing_id: str, events: Sequence[Event], by: str) -> list[Stored]:
        row = _hearing_row(connection, hearing_id)
        added = _chained(row, events, self._at(), by)
        connection.execute(insert(EVENTS), [_event_row(stored) for stored in added])
        connection.execute(update(HEARINGS).where(HEARINGS.c.id == hearing_id).values(_end(row, added)))
        return added

    def _at(self) -> str:
        return self._now().isoformat(timespec="milliseconds")

    def _write(self, work: Callable[[Connection], Result]) -> Result:
        """Runs `work` in one transaction of the writer thread and waits for the commit."""
        try:
            waiting = self._writer.submit(self._transaction, work)
        except RuntimeError as error:  # the writer is shut down
            raise StoreClosed from error
        return waiting.result()

    def _transaction(self, work: Callable[[Connection], Result]) -> Result:
        with writing(self.engine) as connection:
            return work(connection)


def _hearing_row(connection: Connection, hearing_id: str) -> Row[Any]:
    """The hearing's row, locked until the end of a writing transaction where the database can do that."""
    query = select(HEARINGS).where(HEARINGS.c.id == hearing_id)
    if connection.get_execution_options().get(WRITES):
        query = query.with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound
    return row


def _from(hearing_id: str, seq: int) -> Select[Any]:
    """The events from number `seq` on: the one before the first wanted holds the chain."""
    query = select(EVENTS).where(EVENTS.c.hearing_id == hearing_id, EVENTS.c.seq >= seq)
    return query.order_by(EVENTS.c.seq)


def _checked(hearing: Row[Any], rows: Sequence[Row[Any]], after: int) -> list[Stored]:
    """The rows after number `after` as events, every link checked, also the last. Raises ForgedEvent."""
    previous, seq, found = GENESIS, after, []
    if after:
        previous, rows = _anchor(rows, after), rows[1:]
    for row in rows:
        seq += 1
        found.append(_stored(row, seq, previous))
        previous = row.digest
    if (seq, previous) != (hearing.seq, hearing.head):
        raise ForgedEvent(seq=min(seq, hearing.seq) + 1)
    return found


def _anchor(rows: Sequence[Row[Any]], seq: int) -> str:
    if not rows or rows[0].seq != seq:
        raise ForgedEvent(seq=seq)
    digest: str = rows[0].digest
    return digest


def _stored(row: Row[Any], seq: int, previous: str) -> Stored:
    try:
        data = json.loads(row.event)
        digest = chain(previous, row.hearing_id, seq, row.at, row.by, data)
        event = event_from_json(data)
    except (ValueError, KeyError, TypeError) as error:
        raise ForgedEvent(seq=seq) from error
    if (row.seq, row.previous, row.digest) != (seq, previous, digest):
        raise ForgedEvent(seq=seq)
    said = data if data != event_to_json(event) else None
    return Stored(row.hearing_id, seq, row.at, row.by, event, previous, digest, said)


def _chained(hearing: Row[Any], events: Sequence[Event], at: str, by: str) -> list[Stored]:
    """`events` numbered and chained behind the last event of `hearing`."""
    previous, added = hearing.head, []
    for seq, event in enumerate(events, hearing.seq + 1):
        digest = chain(previous, hearing.id, seq, at, by, event_to_json(event))
        added.append(Stored(hearing.id, seq, at, by, event, previous, digest))
        previous = digest
    return added


def _event_row(stored: Stored) -> dict[str, Any]:
    event = canonical(event_to_json(stored.event)).decode()
    return {**stored_to_json(stored), "event": event}


def _end(hearing: Row[Any], added: Sequence[Stored]) -> dict[str, Any]:
    """The hearing's row after the events `added`."""
    summary = reduce(advance, added, _summary(hearing))
    return {**to_json(summary), "seq": added[-1].seq, "head": added[-1].digest}


def _summary(row: Row[Any]) -> HearingSummary:
    columns = {field.name: getattr(row, field.name) for field in fields(HearingSummary)}
    summary: HearingSummary = from_json(HearingSummary, columns)
    return summary


def _refuse_unwritable(events: Sequence[Event], by: str) -> None:
    """Finds beforehand what cannot be written as JSON: half characters, NaN. Raises BadRequest."""
    try:
        canonical([by, [event_to_json(event) for event in events]])
    except ValueError as error:
        raise BadRequest(
            zh_why="内容中有无法保存的字符或数值。请改正后重试。",
            en_why="The text has a character or number that cannot be stored. Correct it and try again.",
        ) from error
