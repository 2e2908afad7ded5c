"""Alembic's entry: the connection comes from `casefile.schema.migrate`, never from a file of settings."""

from __future__ import annotations

from alembic import context

from casefile.schema.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
