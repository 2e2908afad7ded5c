"""Recorders: enrolled by a one-time code, then known by a key of their own, until the technician withdraws it."""

from __future__ import annotations

from sqlalchemy import Engine, delete, insert, select

from casefile.errors import NoSuchRecorder
from casefile.people import tickets
from casefile.people.accounts import fit_name
from casefile.people.clock import Now
from casefile.people.nouns import EnrolledRecorder
from casefile.people.tokens import digest_of, new_token
from casefile.schema.tables import RECORDER_KEYS
from casefile.schema.writing import writing


class RecorderKeys:
    """The keys of all recorders. Thread-safe."""

    def __init__(self, engine: Engine, now: Now) -> None:
        self._engine, self._now = engine, now

    def code(self, name: str) -> str:
        """A one-time code for the recorder of this name. Raises UnfitName."""
        with writing(self._engine) as connection:
            return tickets.give(connection, tickets.RECORDER, fit_name(name), self._now())

    def enrol(self, code: str) -> tuple[str, str]:
        """Name and key of the recorder; a key that it had before is void. Raises TicketGone."""
        key, now = new_token(), self._now()
        with writing(self._engine) as connection:
            name = tickets.take(connection, tickets.RECORDER, code, now)
            connection.execute(delete(RECORDER_KEYS).where(RECORDER_KEYS.c.name == name))
            row = {"name": name, "digest": digest_of(key), "enrolled_s": now}
            connection.execute(insert(RECORDER_KEYS).values(row))
        return name, key

    def name_of(self, key: str) -> str | None:
        """Which recorder has this key, None: nobody."""
        mine = select(RECORDER_KEYS.c.name).where(RECORDER_KEYS.c.digest == digest_of(key))
        with self._engine.begin() as connection:
            return connection.execute(mine).scalar_one_or_none()

    def all(self) -> list[EnrolledRecorder]:
        """Every enrolled recorder, by name."""
        with self._engine.begin() as connection:
            rows = connection.execute(select(RECORDER_KEYS).order_by(RECORDER_KEYS.c.name)).all()
        return [EnrolledRecorder(row.name, row.enrolled_s) for row in rows]

    def withdraw(self, name: str) -> None:
        """From now on its key opens nothing. Raises NoSuchRecorder."""
        with writing(self._engine) as connection:
            gone = connection.execute(delete(RECORDER_KEYS).where(RECORDER_KEYS.c.name == name)).rowcount
        if not gone:
            raise NoSuchRecorder
