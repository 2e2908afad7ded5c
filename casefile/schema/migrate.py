"""Brings a database to the newest schema when it is opened, and refuses one that is newer than we are."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from casefile.errors import UnknownFormat


def upgrade(connection: Connection) -> None:
    """Runs the migrations that are missing, inside the transaction of `connection`. Raises UnknownFormat."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    script = ScriptDirectory.from_config(config)
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in _known(script):
        raise UnknownFormat(version=current)
    if current != script.get_current_head():
        command.upgrade(config, "head")


def _known(script: ScriptDirectory) -> set[str]:
    return {revision.revision for revision in script.walk_revisions()}
