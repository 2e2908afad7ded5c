"""Who works on which hearing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, delete, insert, select

from casefile.errors import NoSuchAccount, NotFound
from casefile.model import HearingKind, HearingState
from casefile.people.accounts import account_of
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
        mine = (
            select(ACCOUNTS)
            .join(ASSIGNMENTS, ASSIGNMENTS.c.account_id == ACCOUNTS.c.id)
            .where(ASSIGNMENTS.c.hearing_id == hearing_id)
            .order_by(ACCOUNTS.c.name)
        )
        with self._engine.begin() as connection:
            return [account_of(row) for row in connection.execute(mine)]

    def facts(self, hearing_id: str, account_id: str | None) -> Facts | None:
        """What decides on rights in a hearing; None: there is no such hearing."""
        wanted = select(HEARINGS.c.kind, HEARINGS.c.state).where(HEARINGS.c.id == hearing_id)
        mine = (ASSIGNMENTS.c.hearing_id == hearing_id) & (ASSIGNMENTS.c.account_id == account_id)
        with self._engine.begin() as connection:
            row = connection.execute(wanted).one_or_none()
            if row is None:
                return None
            assigned = connection.execute(select(ASSIGNMENTS.c.hearing_id).where(mine)).first()
        return Facts(HearingKind(row.kind), HearingState(row.state), assigned is not None)

    def hearings_of(self, account_id: str) -> frozenset[str]:
        """The ids of the hearings on which an account works."""
        mine = select(ASSIGNMENTS.c.hearing_id).where(ASSIGNMENTS.c.account_id == account_id)
        with self._engine.begin() as connection:
            return frozenset(connection.execute(mine).scalars())

    def add(self, hearing_id: str, account_id: str) -> None:
        """From now on the account works on it; nothing happens when it does already. Raises NotFound, NoSuchAccount."""
        if account_id in {account.id for account in self.of(hearing_id)}:
            return
        with writing(self._engine) as connection:
            if not connection.execute(select(HEARINGS.c.id).where(HEARINGS.c.id == hearing_id)).first():
                raise NotFound
            if not connection.execute(select(ACCOUNTS.c.id).where(ACCOUNTS.c.id == account_id)).first():
                raise NoSuchAccount
            connection.execute(insert(ASSIGNMENTS).values(hearing_id=hearing_id, account_id=account_id))

    def remove(self, hearing_id: str, account_id: str) -> None:
        """The account works on it no more."""
        same = (ASSIGNMENTS.c.hearing_id == hearing_id) & (ASSIGNMENTS.c.account_id == account_id)
        with writing(self._engine) as connection:
            connection.execute(delete(ASSIGNMENTS).where(same))

    def made_on_this_machine(self, hearing_id: str, kind: HearingKind) -> None:
        """A hearing that the command line made belongs to every clerk; a secret meeting to nobody until named."""
        if kind in SECRET_KINDS:
            return
        with self._engine.begin() as connection:
            rows = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.disabled == 0)).all()
        for account in map(account_of, rows):
            if Role.CLERK in account.roles:
                self.add(hearing_id, account.id)
