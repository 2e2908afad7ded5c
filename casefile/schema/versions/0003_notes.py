"""Private notes of accounts on hearings; where a hearing was when a link was opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table and the column."""
    op.create_table(
        "notes",
        sa.Column("account_id", sa.String(32), nullable=False),
        sa.Column("hearing_id", sa.String(64), nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("turn_id", sa.Text),
        sa.Column("at_ms", sa.BigInteger),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("changed_s", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "hearing_id", "id", name="pk_notes"),
        _reference("account_id", "accounts"),
        _reference("hearing_id", "hearings"),
    )
    op.add_column("sessions", sa.Column("from_ms", sa.BigInteger))


def _reference(column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=f"fk_notes_{column}", ondelete="RESTRICT")


def downgrade() -> None:
    """A court's records are not taken back."""
    raise NotImplementedError
