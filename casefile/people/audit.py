"""The log of looking and of managing (court.md F5): who, when, what. Only added to, and chained like the events.

What is said and done in a hearing stands in its events already, with the name of who did it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Engine, Row, insert, select

from casefile.chain import GENESIS, canonical
from casefile.errors import ForgedEvent, TingjiError
from casefile.people.clock import Now
from casefile.people.nouns import Act
from casefile.schema.tables import AUDIT
from casefile.schema.writing import writing

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Noted:
    """A line of the log. `by`: the name then; `about`: an account, a link's label, a recorder, a format; never a secret."""

    n: int
    at_s: int
    by: str
    act: Act
    hearing_id: str | None
    about: str


class Audit:
    """The whole log. Thread-safe."""

    def __init__(self, engine: Engine, now: Now) -> None:
        self._engine, self._now = engine, now

    def note(self, by: str, act: Act, about: str = "", hearing_id: str | None = None) -> None:
        """Adds a line. A full disk keeps nobody from conducting a hearing: it is told to the program's log."""
        made = Noted(0, self._now(), by, act, hearing_id, about)
        newest = select(AUDIT.c.n, AUDIT.c.digest).order_by(AUDIT.c.n.desc()).limit(1)
        try:
            with writing(self._engine) as connection:
                last = connection.execute(newest).first()
                noted = replace(made, n=last.n + 1 if last else 1)
                previous = last.digest if last else GENESIS
                row = {**asdict(noted), "previous": previous, "digest": _digest(previous, noted)}
                connection.execute(insert(AUDIT).values(row))
        except TingjiError as error:
            log.error("a line of the audit log was not written: %s", error.code)

    def of(self, hearing_id: str | None) -> list[Noted]:
        """The lines of a hearing, or those of none, newest first. Raises ForgedEvent when any line was changed."""
        with self._engine.begin() as connection:
            lines = list(_checked(connection.execute(select(AUDIT).order_by(AUDIT.c.n))))
        return [line for line in reversed(lines) if line.hearing_id == hearing_id]


def _digest(previous: str, line: Noted) -> str:
    return hashlib.sha256(canonical({**asdict(line), "previous": previous})).hexdigest()


def _checked(rows: Iterable[Row[Any]]) -> Iterable[Noted]:
    previous = GENESIS
    for n, row in enumerate(rows, 1):
        line = Noted(row.n, row.at_s, row.by, Act(row.act), row.hearing_id, row.about)
        if (row.n, row.previous, row.digest) != (n, previous, _digest(previous, line)):
            raise ForgedEvent(seq=n)
        previous = row.digest
        yield line
