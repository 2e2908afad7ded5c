"""Private notes: of one account on one hearing, and of nobody else's concern.

They are no part of the record: no event, no export, no seal and no log knows of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Engine, delete, func, insert, select

from casefile.errors import TooManyNotes
from casefile.people.clock import Now
from casefile.schema.tables import NOTES
from casefile.schema.writing import writing

MOST = 1_000
"""Notes of one account on one hearing."""


@dataclass(frozen=True, slots=True)
class Note:
    """`turn_id` and `at_ms`: the place on the record that it is about; None: it is about the whole."""

    id: str
    turn_id: str | None
    at_ms: int | None
    text: str


class Notes:
    """The notes of all accounts. Thread-safe. An account reaches its own only: every method asks whose they are."""

    def __init__(self, engine: Engine, now: Now) -> None:
        self._engine, self._now = engine, now

    def of(self, account_id: str, hearing_id: str) -> list[Note]:
        """In the order of their places, those about the whole first."""
        place = (NOTES.c.at_ms.is_not(None), NOTES.c.at_ms, NOTES.c.changed_s, NOTES.c.id)
        mine = select(NOTES).where(_own(account_id, hearing_id)).order_by(*place)
        with self._engine.begin() as connection:
            return [Note(row.id, row.turn_id, row.at_ms, row.text) for row in connection.execute(mine)]

    def keep(self, account_id: str, hearing_id: str, note: Note) -> None:
        """Writes a note, new or changed. Raises TooManyNotes."""
        with writing(self._engine) as connection:
            connection.execute(delete(NOTES).where(_own(account_id, hearing_id) & (NOTES.c.id == note.id)))
            if _count(connection, account_id, hearing_id) >= MOST:
                raise TooManyNotes(most=MOST)
            connection.execute(insert(NOTES).values(_row(account_id, hearing_id, note, self._now())))

    def delete(self, account_id: str, hearing_id: str, note_id: str | None = None) -> None:
        """Deletes one note, or (None) all of this account on this hearing; what is not there is no error."""
        which = _own(account_id, hearing_id)
        if note_id is not None:
            which &= NOTES.c.id == note_id
        with writing(self._engine) as connection:
            connection.execute(delete(NOTES).where(which))


def _own(account_id: str, hearing_id: str) -> ColumnElement[bool]:
    return (NOTES.c.account_id == account_id) & (NOTES.c.hearing_id == hearing_id)


def _count(connection: Connection, account_id: str, hearing_id: str) -> int:
    mine = select(func.count()).select_from(NOTES).where(_own(account_id, hearing_id))
    return int(connection.execute(mine).scalar_one())


def _row(account_id: str, hearing_id: str, note: Note, now_s: int) -> dict[str, object]:
    return {
        "account_id": account_id,
        "hearing_id": hearing_id,
        "id": note.id,
        "turn_id": note.turn_id,
        "at_ms": note.at_ms,
        "text": note.text,
        "changed_s": now_s,
    }
