"""Who works on which hearing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Engine, delete, insert, select

from casefile.errors import LastPerson, NotFound
from casefile.model import HearingKind, HearingState
from casefile.people.accounts import account_of, account_row
from casefile.people.nouns import SECRET_KINDS, Account, Role
from casefile.schema.tables import ACCOUNTS, ASSIGNMENTS, HEARINGS
from casefile.schema.writing import writing


@dataclass(frozen=True, slots=True)
class Facts:
    """A hearing as far as it decides on rights; `assigned`: the account in question works on it."""

    kind: HearingKind
    state: HearingState
    assigned: bool


class Assignments:
    """The people of all hearings. Thread-safe."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, hearing_id: str) -> list[Account]:
        """Who works on a hearing, by name."""
        with self._engine.begin() as connection:
            return _people(connection, hearing_id)

    def facts(self, hearing_id: str, account_id: str | None) -> Facts | None:
        """What decides on rights in a hearing; None: there is no such hearing."""
        wanted = select(HEARINGS.c.kind, HEARINGS.c.state).where(HEARINGS.c.id == hearing_id)
        with self._engine.begin() as connection:
            row = connection.execute(wanted).one_or_none()
            if row is None:
                return None
            assigned = connection.execute(
                select(ASSIGNMENTS.c.hearing_id).where(_the(hearing_id, account_id))
            ).first()
        return Facts(HearingKind(row.kind), HearingState(row.state), assigned is not None)

    def hearings_of(self, account_id: str) -> frozenset[str]:
        """The ids of the hearings on which an account works."""
        mine = select(ASSIGNMENTS.c.hearing_id).where(ASSIGNMENTS.c.account_id == account_id)
        with self._engine.begin() as connection:
            return frozenset(connection.execute(mine).scalars())

    def add(self, hearing_id: str, account_id: str) -> Account:
        """From now on the account works on it; nothing happens when it does already. Raises NotFound, NoSuchAccount."""
        with writing(self._engine) as connection:
            if not connection.execute(select(HEARINGS.c.id).where(HEARINGS.c.id == hearing_id)).first():
                raise NotFound
            account = account_of(account_row(connection, account_id))
            if not connection.execute(select(ASSIGNMENTS).where(_the(hearing_id, account_id))).first():
                connection.execute(insert(ASSIGNMENTS).values(hearing_id=hearing_id, account_id=account_id))
            return account

    def remove(self, hearing_id: str, account_id: str) -> Account:
        """The account works on it no more. Raises NoSuchAccount, LastPerson: nobody could open it then."""
        with writing(self._engine) as connection:
            connection.execute(delete(ASSIGNMENTS).where(_the(hearing_id, account_id)))
            if all(account.disabled for account in _people(connection, hearing_id)):
                raise LastPerson
            return account_of(account_row(connection, account_id))

    def made_on_this_machine(self, hearing_id: str, kind: HearingKind) -> None:
        """A hearing that the command line made belongs to every clerk; a secret meeting to nobody until named."""
        if kind in SECRET_KINDS:
            return
        with self._engine.begin() as connection:
            rows = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.disabled == 0)).all()
        for account in map(account_of, rows):
            if Role.CLERK in account.roles:
                self.add(hearing_id, account.id)


def _people(connection: Connection, hearing_id: str) -> list[Account]:
    on_it = ACCOUNTS.join(ASSIGNMENTS, ASSIGNMENTS.c.account_id == ACCOUNTS.c.id)
    mine = select(ACCOUNTS).select_from(on_it).where(ASSIGNMENTS.c.hearing_id == hearing_id)
    return [account_of(row) for row in connection.execute(mine.order_by(ACCOUNTS.c.name))]


def _the(hearing_id: str, account_id: str | None) -> ColumnElement[bool]:
    """That this account works on this hearing."""
    return (ASSIGNMENTS.c.hearing_id == hearing_id) & (ASSIGNMENTS.c.account_id == account_id)
