"""Links of signatories: whose desk a link opens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the column."""
    op.add_column("links", sa.Column("subject", sa.String(64), nullable=False, server_default=""))


def downgrade() -> None:
    """A court's records are not taken back."""
    raise NotImplementedError
