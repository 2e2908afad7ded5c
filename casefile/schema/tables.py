"""The tables as SQLAlchemy Core knows them. `versions/` creates them; a test compares the two."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, String, Table, Text

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

HEARINGS = Table(
    "hearings",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("case_number", Text, nullable=False),
    Column("courtroom", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", String(40), nullable=False, index=True),
    Column("opened_at", String(40)),
    Column("closed_at", String(40)),
    Column("length_ms", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("head", String(64), nullable=False),
)
"""The summary of each hearing, and the end of its chain: number and digest of its last event."""

EVENTS = Table(
    "events",
    METADATA,
    Column("hearing_id", ForeignKey("hearings.id", ondelete="RESTRICT"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("by", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
)
"""The events: canonical JSON, chained. A trigger refuses to change or delete one."""

ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("roles", Text, nullable=False),
    Column("password", Text),
    Column("disabled", Integer, nullable=False),
)
"""Who may sign in. `roles`: their names with commas; `password`: argon2id, null until the person has chosen one."""

ASSIGNMENTS = Table(
    "assignments",
    METADATA,
    Column("hearing_id", ForeignKey("hearings.id", ondelete="RESTRICT"), primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="RESTRICT"), primary_key=True),
)
"""Who works on which hearing. A meeting held in secret is seen by nobody else."""

LINKS = Table(
    "links",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("hearing_id", ForeignKey("hearings.id", ondelete="RESTRICT"), nullable=False, index=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("label", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_s", BigInteger, nullable=False),
    Column("expires_s", BigInteger, nullable=False),
    Column("withdrawn", Integer, nullable=False),
    Column("subject", String(64), nullable=False, server_default=""),
)
"""Links for parties, witnesses, the gallery, screens and signatories (`subject`: whose desk). Moments here and below: seconds since 1970, UTC."""

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("account_id", ForeignKey("accounts.id", ondelete="RESTRICT")),
    Column("link_id", ForeignKey("links.id", ondelete="RESTRICT")),
    Column("from_seq", Integer, nullable=False),
    Column("opened_s", BigInteger, nullable=False),
    Column("seen_s", BigInteger, nullable=False),
    Column("ends_s", BigInteger, nullable=False),
    Column("from_ms", BigInteger),
)
"""Browsers that are signed in: of an account, or of a link.

Of a link, `from_seq`: the last event before it came; `from_ms`: where the hearing was on its own timeline, null
where no recorder had told.
"""

NOTES = Table(
    "notes",
    METADATA,
    Column("account_id", ForeignKey("accounts.id", ondelete="RESTRICT"), primary_key=True),
    Column("hearing_id", ForeignKey("hearings.id", ondelete="RESTRICT"), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("turn_id", Text),
    Column("at_ms", BigInteger),
    Column("text", Text, nullable=False),
    Column("changed_s", BigInteger, nullable=False),
)
"""Private notes: each its account's alone, and no part of any record."""

TICKETS = Table(
    "tickets",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("purpose", String(16), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("expires_s", BigInteger, nullable=False),
)
"""What is valid once: the first link, a link to choose a password, a recorder's code."""

AUDIT = Table(
    "audit",
    METADATA,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at_s", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("act", String(32), nullable=False),
    Column("hearing_id", String(64)),
    Column("about", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
)
"""Who looked, exported, managed: chained, and kept from change by a trigger, like the events."""

RECORDER_KEYS = Table(
    "recorder_keys",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("enrolled_s", BigInteger, nullable=False),
)
"""The recorders that were enrolled, each with the digest of its own key."""
