"""One-time tickets: the first link, a link to choose a password, a recorder's code. Each is taken once."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert

from casefile.errors import TicketGone
from casefile.people.tokens import digest_of, new_token
from casefile.schema.tables import TICKETS

FIRST, PASSWORD, RECORDER = "first", "password", "recorder"
VALID_S = {FIRST: 30 * 60, PASSWORD: 24 * 3600, RECORDER: 30 * 60}


def give(connection: Connection, purpose: str, subject: str, now_s: int) -> str:
    """A new ticket, shown once; an older one for the same is void from here on."""
    void(connection, purpose, subject)
    connection.execute(delete(TICKETS).where(TICKETS.c.expires_s <= now_s))
    token = new_token()
    row = {
        "digest": digest_of(token),
        "purpose": purpose,
        "subject": subject,
        "expires_s": now_s + VALID_S[purpose],
    }
    connection.execute(insert(TICKETS).values(row))
    return token


def take(connection: Connection, purpose: str, token: str, now_s: int) -> str:
    """The subject of a valid ticket, which is used up by this. Raises TicketGone."""
    mine = (TICKETS.c.digest == digest_of(token)) & (TICKETS.c.purpose == purpose)
    taken = delete(TICKETS).where(mine & (TICKETS.c.expires_s > now_s)).returning(TICKETS.c.subject)
    subject = connection.execute(taken).scalar_one_or_none()
    if subject is None:
        raise TicketGone
    return str(subject)


def void(connection: Connection, purpose: str, subject: str) -> None:
    """Takes back what was given and not used."""
    same = (TICKETS.c.purpose == purpose) & (TICKETS.c.subject == subject)
    connection.execute(delete(TICKETS).where(same))
