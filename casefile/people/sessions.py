"""Browsers that are signed in. A session ends after 12 hours without use, after a court day, or when it is withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from casefile.errors import TingjiError
from casefile.people.accounts import account_of
from casefile.people.clock import Now
from casefile.people.links import link_of, valid_link
from casefile.people.nouns import Session
from casefile.people.tokens import digest_of, new_token
from casefile.schema.tables import ACCOUNTS, HEARINGS, LINKS, SESSIONS
from casefile.schema.writing import writing

IDLE_S = 12 * 3600
COURT_DAY_S = 18 * 3600
"""A session of the morning is over at the next one."""
NOTED_S = 300
"""Use is written down at most so often."""


class Sessions:
    """All sessions. Thread-safe."""

    def __init__(self, engine: Engine, now: Now) -> None:
        self._engine, self._now = engine, now

    def open(self, account_id: str) -> str:
        """The token of a new session."""
        with writing(self._engine) as connection:
            return self._open(connection, self._now() + COURT_DAY_S, account_id=account_id)

    def open_link(self, token: str, place: Callable[[str], int | None] = lambda _hearing_id: None) -> str:
        """The token of a new session of a link, until the link expires. Raises TicketGone.

        `place`: where a hearing is on its own timeline (ms), None: no recorder has told.
        """
        with self._engine.begin() as connection:
            link = valid_link(connection, token, self._now())
        from_ms = place(link.hearing_id)  # before the lock: it may have to read the case file
        with writing(self._engine) as connection:
            link = valid_link(connection, token, self._now())
            seq = select(HEARINGS.c.seq).where(HEARINGS.c.id == link.hearing_id)
            from_seq = connection.execute(seq).scalar_one()
            return self._open(connection, link.expires_s, from_seq, from_ms, link_id=link.id)

    def _open(
        self,
        connection: Connection,
        ends_s: int,
        from_seq: int = 0,
        from_ms: int | None = None,
        **whose: str,
    ) -> str:
        now = self._now()
        over = (SESSIONS.c.ends_s <= now) | (SESSIONS.c.seen_s <= now - IDLE_S)
        connection.execute(delete(SESSIONS).where(over))
        token = new_token()
        row = {
            "digest": digest_of(token),
            "from_seq": from_seq,
            "from_ms": from_ms,
            "opened_s": now,
            "seen_s": now,
            "ends_s": ends_s,
            **whose,
        }
        connection.execute(insert(SESSIONS).values(row))
        return token

    def of(self, token: str) -> Session | None:
        """Whom this cookie stands for now, None: nobody."""
        now, digest = self._now(), digest_of(token)
        with self._engine.begin() as connection:
            row = connection.execute(select(SESSIONS).where(SESSIONS.c.digest == digest)).one_or_none()
            if row is None or row.ends_s <= now or row.seen_s <= now - IDLE_S:
                return None
            found = _whose(connection, row)
        if found and row.seen_s <= now - NOTED_S:
            with suppress(TingjiError):  # a full disk keeps nobody from closing the hearing
                self._note(digest, now)
        return found

    def _note(self, digest: str, now: int) -> None:
        with writing(self._engine) as connection:
            connection.execute(update(SESSIONS).where(SESSIONS.c.digest == digest).values(seen_s=now))

    def close(self, token: str) -> None:
        """Signs out."""
        with writing(self._engine) as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.digest == digest_of(token)))


def _whose(connection: Connection, row: Row[Any]) -> Session | None:
    if row.account_id:
        mine = select(ACCOUNTS).where(ACCOUNTS.c.id == row.account_id)
        account = account_of(connection.execute(mine).one())
        return None if account.disabled else Session(account, None)
    link = link_of(connection.execute(select(LINKS).where(LINKS.c.id == row.link_id)).one())
    return None if link.withdrawn else Session(None, link, row.from_seq, row.opened_s, row.from_ms)
