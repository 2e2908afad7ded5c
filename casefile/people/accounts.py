"""Accounts: made by the technician, named and opened by a one-time link, never deleted, only disabled."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from casefile.errors import (
    AdministratorThere,
    LastTechnician,
    NameTaken,
    NoSuchAccount,
    UnfitName,
    WrongPassword,
)
from casefile.people import tickets
from casefile.people.clock import Now
from casefile.people.nouns import MACHINE, SECRET_KINDS, Account, Role
from casefile.people.passwords import Passwords, refuse_unfit
from casefile.schema.tables import ACCOUNTS, ASSIGNMENTS, HEARINGS, SESSIONS
from casefile.schema.writing import writing

FIRST_ROLES = (Role.TECHNICIAN, Role.CLERK)
"""The first account must be able to work alone; at /accounts it can give the clerk's role up."""
LONGEST_NAME = 40
RESERVED = frozenset({MACHINE, "tingji"})
"""Who stands on the record for the machine's own commands and for the program."""


class Accounts:
    """All accounts. Thread-safe, and safe beside a second program on the same database."""

    def __init__(self, engine: Engine, now: Now, passwords: Passwords) -> None:
        self._engine, self._now, self._passwords = engine, now, passwords

    def all(self) -> list[Account]:
        """Every account, by name."""
        with self._engine.begin() as connection:
            rows = connection.execute(select(ACCOUNTS).order_by(ACCOUNTS.c.name)).all()
        return [account_of(row) for row in rows]

    def named(self, name: str) -> Account:
        """The account of this name. Raises NoSuchAccount."""
        row = self._named(name)
        if row is None:
            raise NoSuchAccount
        return account_of(row)

    def _named(self, name: str) -> Row[Any] | None:
        mine = select(ACCOUNTS).where(ACCOUNTS.c.name == plain_name(name))
        with self._engine.begin() as connection:
            return connection.execute(mine).one_or_none()

    def has_administrator(self) -> bool:
        """Whether somebody can sign in and manage accounts."""
        with self._engine.begin() as connection:
            return bool(_technicians(connection, ready=True))

    def first_link(self) -> str:
        """The token of the first link; an older one is void. Raises AdministratorThere."""
        with writing(self._engine) as connection:
            _refuse_second_first(connection)
            return tickets.give(connection, tickets.FIRST, "", self._now())

    def make_first(self, token: str, name: str, password: str) -> Account:
        """The administrator, who also works on every hearing that was made so far and is not secret.

        Raises TicketGone, AdministratorThere, NameTaken, UnfitName, UnfitPassword.
        """
        stored = self._passwords.stored(password, name := fit_name(name))
        with writing(self._engine) as connection:
            _refuse_second_first(connection)
            tickets.take(connection, tickets.FIRST, token, self._now())
            account = _insert(connection, name, FIRST_ROLES, stored)
            open_kinds = HEARINGS.c.kind.not_in([kind.value for kind in SECRET_KINDS])
            there = connection.execute(select(HEARINGS.c.id).where(open_kinds)).scalars().all()
            rows = [{"hearing_id": hearing_id, "account_id": account.id} for hearing_id in there]
            if rows:
                connection.execute(insert(ASSIGNMENTS), rows)
        return account

    def add(self, name: str, roles: Iterable[Role]) -> tuple[Account, str]:
        """A new account, and the token by which its person chooses a password. Raises NameTaken, UnfitName."""
        with writing(self._engine) as connection:
            account = _insert(connection, fit_name(name), tuple(roles), None)
            return account, tickets.give(connection, tickets.PASSWORD, account.id, self._now())

    def reset(self, account_id: str) -> tuple[Account, str]:
        """Voids password and sessions; the account, and the token to choose a new password. Raises NoSuchAccount."""
        with writing(self._engine) as connection:
            account = _change(connection, account_id, password=None)
            return account, tickets.give(connection, tickets.PASSWORD, account_id, self._now())

    def choose_password(self, token: str, password: str) -> Account:
        """By a one-time link. Raises TicketGone, UnfitPassword."""
        stored = self._passwords.stored(password, "")
        with writing(self._engine) as connection:
            account_id = tickets.take(connection, tickets.PASSWORD, token, self._now())
            refuse_unfit(password, account_row(connection, account_id).name)
            return _change(connection, account_id, password=stored)

    def change_password(self, account_id: str, old: str, new: str) -> None:
        """Ends every session of the account. Raises WrongPassword, UnfitPassword."""
        with self._engine.begin() as connection:
            row = account_row(connection, account_id)
        if not self._passwords.fits(row.password, old):
            raise WrongPassword
        stored = self._passwords.stored(new, row.name)
        with writing(self._engine) as connection:
            _change(connection, account_id, password=stored)

    def signed_in(self, name: str, password: str) -> Account:
        """Whose name and password these are. Raises WrongPassword, in the same time for all reasons."""
        row = self._named(name)
        fits = self._passwords.fits(row.password if row else None, password)
        if row is None or not fits or row.disabled:
            raise WrongPassword
        return account_of(row)

    def set_roles(self, account_id: str, roles: Iterable[Role]) -> Account:
        """Counts from the next request on. Raises NoSuchAccount, LastTechnician."""
        with writing(self._engine) as connection:
            return _change(connection, account_id, roles=_joined(roles))

    def disable(self, account_id: str, disabled: bool) -> Account:
        """Disabling ends every session. Raises NoSuchAccount, LastTechnician."""
        with writing(self._engine) as connection:
            return _change(connection, account_id, disabled=int(disabled))


def account_of(row: Row[Any]) -> Account:
    """The row of an account."""
    roles = tuple(Role(name) for name in row.roles.split(",") if name)
    return Account(row.id, row.name, roles, bool(row.disabled), row.password is not None)


def fit_name(name: str) -> str:
    """A name as it is stored. Raises UnfitName."""
    plain = plain_name(name)
    unseen = any(unicodedata.category(character).startswith("C") for character in plain)
    if not 1 <= len(plain) <= LONGEST_NAME or unseen or plain.casefold() in RESERVED:
        raise UnfitName()
    return plain


def plain_name(name: str) -> str:
    """However it was typed, one name is one account (Unicode NFKC: full-width letters are letters)."""
    return unicodedata.normalize("NFKC", name).strip()


def _joined(roles: Iterable[Role]) -> str:
    return ",".join(role.value for role in Role if role in set(roles))


def _insert(connection: Connection, name: str, roles: Sequence[Role], password: str | None) -> Account:
    row = {
        "id": uuid4().hex,
        "name": name,
        "roles": _joined(roles),
        "password": password,
        "disabled": 0,
    }
    try:
        connection.execute(insert(ACCOUNTS).values(row))
    except IntegrityError:
        raise NameTaken from None
    return account_of(account_row(connection, row["id"]))


def account_row(connection: Connection, account_id: object) -> Row[Any]:
    """The row with this id. Raises NoSuchAccount."""
    row = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.id == account_id)).one_or_none()
    if row is None:
        raise NoSuchAccount
    return row


def _change(connection: Connection, account_id: str, **values: object) -> Account:
    """Sessions do not outlive a password or a right to sign in. Raises NoSuchAccount, LastTechnician."""
    account_row(connection, account_id)
    technicians = _technicians(connection)
    connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account_id).values(values))
    if technicians and not _technicians(connection):
        raise LastTechnician
    if "password" in values or values.get("disabled"):
        connection.execute(delete(SESSIONS).where(SESSIONS.c.account_id == account_id))
        tickets.void(connection, tickets.PASSWORD, account_id)
    return account_of(account_row(connection, account_id))


def _technicians(connection: Connection, ready: bool = False) -> int:
    """How many accounts can manage accounts; `ready`: have a password."""
    rows = connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.disabled == 0)).all()
    accounts = [account_of(row) for row in rows]
    return sum(Role.TECHNICIAN in one.roles and (one.ready or not ready) for one in accounts)


def _refuse_second_first(connection: Connection) -> None:
    if _technicians(connection, ready=True):
        raise AdministratorThere
