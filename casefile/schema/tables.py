"""The tables as SQLAlchemy Core knows them. `versions/` creates them; a test compares the two."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, Text

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
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
