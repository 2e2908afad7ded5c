"""Links for parties, witnesses, the gallery, screens and signatories: on one hearing, for a time, withdrawable."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from casefile.errors import NoSuchLink, TicketGone
from casefile.people.clock import Now
from casefile.people.nouns import Link, LinkKind
from casefile.people.tokens import digest_of, new_token
from casefile.schema.tables import LINKS, SESSIONS
from casefile.schema.writing import writing


class Links:
    """The links of all hearings. Thread-safe."""

    def __init__(self, engine: Engine, now: Now) -> None:
        self._engine, self._now = engine, now

    def make(
        self, hearing_id: str, kind: LinkKind, label: str, hours: int, by: str, subject: str = ""
    ) -> str:
        """The token of a new link, to be shown once."""
        token, now = new_token(), self._now()
        row = {
            "id": uuid4().hex, "hearing_id": hearing_id, "digest": digest_of(token), "kind": kind.value,
            "label": label, "made_by": by, "made_s": now, "expires_s": now + hours * 3600, "withdrawn": 0,
            "subject": subject,
        }  # fmt: skip
        with writing(self._engine) as connection:
            connection.execute(insert(LINKS).values(row))
        return token

    def of(self, hearing_id: str) -> list[Link]:
        """Every link of a hearing, the newest first, also those that are over."""
        mine = select(LINKS).where(LINKS.c.hearing_id == hearing_id)
        with self._engine.begin() as connection:
            rows = connection.execute(mine.order_by(LINKS.c.made_s.desc(), LINKS.c.id)).all()
        return [link_of(row) for row in rows]

    def opened(self, hearing_id: str) -> set[str]:
        """The subjects whose link a browser holds open."""
        mine = select(LINKS.c.subject).join(SESSIONS, SESSIONS.c.link_id == LINKS.c.id)
        with self._engine.begin() as connection:
            return set(connection.execute(mine.where(LINKS.c.hearing_id == hearing_id)).scalars())

    def withdraw_of(self, hearing_id: str, subject: str) -> None:
        """Every link of this signatory is over; what came by it sees nothing more."""
        mine = (LINKS.c.hearing_id == hearing_id) & (LINKS.c.subject == subject)
        with writing(self._engine) as connection:
            connection.execute(update(LINKS).where(mine).values(withdrawn=1))
            ids = select(LINKS.c.id).where(mine)
            connection.execute(delete(SESSIONS).where(SESSIONS.c.link_id.in_(ids)))

    def withdraw(self, hearing_id: str, link_id: str) -> Link:
        """Every screen that came by it goes dark. Raises NoSuchLink."""
        mine = (LINKS.c.id == link_id) & (LINKS.c.hearing_id == hearing_id)
        with writing(self._engine) as connection:
            if not connection.execute(update(LINKS).where(mine).values(withdrawn=1)).rowcount:
                raise NoSuchLink
            connection.execute(delete(SESSIONS).where(SESSIONS.c.link_id == link_id))
            return link_of(connection.execute(select(LINKS).where(mine)).one())


def link_of(row: Row[Any]) -> Link:
    """The row of a link."""
    return Link(
        row.id, row.hearing_id, LinkKind(row.kind), row.label, row.made_by, row.made_s, row.expires_s,
        bool(row.withdrawn), row.subject,
    )  # fmt: skip


def valid_link(connection: Connection, token: str, now: int) -> Link:
    """The link that this token opens. Raises TicketGone."""
    row = connection.execute(select(LINKS).where(LINKS.c.digest == digest_of(token))).one_or_none()
    if row is None or row.withdrawn or row.expires_s <= now:
        raise TicketGone
    return link_of(row)
