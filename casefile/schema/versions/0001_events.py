"""Hearings and their events; events can be added, never changed or deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEEP = {
    "sqlite": [
        "CREATE TRIGGER events_keep_{verb} BEFORE {verb} ON events "
        "BEGIN SELECT RAISE(ABORT, 'events are never changed'); END"
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION events_keep() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'events are never changed'; END $$",
        "CREATE TRIGGER events_keep_{verb} BEFORE {verb} ON events "
        "FOR EACH ROW EXECUTE FUNCTION events_keep()",
    ],
}


def upgrade() -> None:
    """Creates both tables and the triggers."""
    _hearings()
    _events()
    for statement in KEEP.get(op.get_bind().dialect.name, []):
        for verb in ("UPDATE", "DELETE"):
            op.execute(statement.format(verb=verb))


def _hearings() -> None:
    op.create_table(
        "hearings",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("case_number", sa.Text, nullable=False),
        sa.Column("courtroom", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("opened_at", sa.String(40)),
        sa.Column("closed_at", sa.String(40)),
        sa.Column("length_ms", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("head", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hearings"),
    )
    op.create_index("ix_hearings_created_at", "hearings", ["created_at"])


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("hearing_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("hearing_id", "seq", name="pk_events"),
        sa.ForeignKeyConstraint(
            ["hearing_id"], ["hearings.id"], name="fk_events_hearing_id", ondelete="RESTRICT"
        ),
    )


def downgrade() -> None:
    """A court's records are not taken back."""
    raise NotImplementedError
