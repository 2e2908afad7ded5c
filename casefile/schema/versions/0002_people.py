"""Accounts, who works on which hearing, sessions, links, one-time tickets, keys of recorders, the audit log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


KEEP = {
    "sqlite": [
        "CREATE TRIGGER audit_keep_{verb} BEFORE {verb} ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the log is never changed'); END"
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION audit_keep() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the log is never changed'; END $$",
        "CREATE TRIGGER audit_keep_{verb} BEFORE {verb} ON audit FOR EACH ROW EXECUTE FUNCTION audit_keep()",
    ],
}


def upgrade() -> None:
    """Creates the tables."""
    _accounts()
    _links()
    _sessions()
    _one_time()
    _audit()


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("password", sa.Text),
        sa.Column("disabled", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("name", name="uq_accounts_name"),
    )
    op.create_table(
        "assignments",
        sa.Column("hearing_id", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("hearing_id", "account_id", name="pk_assignments"),
        _reference("assignments", "hearing_id", "hearings"),
        _reference("assignments", "account_id", "accounts"),
    )


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("hearing_id", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_s", sa.BigInteger, nullable=False),
        sa.Column("expires_s", sa.BigInteger, nullable=False),
        sa.Column("withdrawn", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.UniqueConstraint("digest", name="uq_links_digest"),
        _reference("links", "hearing_id", "hearings"),
    )
    op.create_index("ix_links_hearing_id", "links", ["hearing_id"])


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(32)),
        sa.Column("link_id", sa.String(32)),
        sa.Column("from_seq", sa.Integer, nullable=False),
        sa.Column("opened_s", sa.BigInteger, nullable=False),
        sa.Column("seen_s", sa.BigInteger, nullable=False),
        sa.Column("ends_s", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_sessions"),
        _reference("sessions", "account_id", "accounts"),
        _reference("sessions", "link_id", "links"),
    )


def _one_time() -> None:
    op.create_table(
        "tickets",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("expires_s", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_tickets"),
    )
    op.create_table(
        "recorder_keys",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("enrolled_s", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_recorder_keys"),
        sa.UniqueConstraint("digest", name="uq_recorder_keys_digest"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("n", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at_s", sa.BigInteger, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("hearing_id", sa.String(64)),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("n", name="pk_audit"),
    )
    for statement in KEEP.get(op.get_bind().dialect.name, []):
        for verb in ("UPDATE", "DELETE"):
            op.execute(statement.format(verb=verb))


def _reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, ondelete="RESTRICT")


def downgrade() -> None:
    """A court's records are not taken back."""
    raise NotImplementedError
