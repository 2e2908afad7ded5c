"""All that differs between SQLite and other databases: how to connect, to begin, and to see a full disk."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

WRITES = "tingji_writes"
"""The execution option of a connection that is going to write."""
_NO_ROOM_BYTES = 1 << 20
_FULL = (sqlite3.SQLITE_FULL,)
_IO_ERROR = sqlite3.SQLITE_IOERR
_POSTGRES_FULL = "53100"


def open_engine(where: str | Path) -> Engine:
    """An engine for a database URL, or for a path: the file of a SQLite database, made if missing.

    What is written never shows in the text of its errors (`hide_parameters`).
    """
    url = as_url(where)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, hide_parameters=True)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 30})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def as_url(where: str | Path) -> URL:
    """`where` as a URL; a string with `://` in it is one already."""
    if isinstance(where, str) and "://" in where:
        return make_url(where)
    Path(where).parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # another's file
        _keep_private(Path(where))
    return URL.create("sqlite", database=str(where))


def _keep_private(path: Path) -> None:
    """Nobody else on the machine reads the database; SQLite gives its journals the same mode."""
    path.touch(mode=0o600)
    path.chmod(path.stat().st_mode & ~0o007)


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: Python's driver would leave out DDL
    # secure_delete: a private note that is gone leaves nothing in the file
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def is_disk_full(error: DBAPIError, url: URL) -> bool:
    """Whether a write failed because the disk has no room."""
    cause: Any = error.orig
    if getattr(cause, "sqlstate", None) == _POSTGRES_FULL:
        return True
    code = getattr(cause, "sqlite_errorcode", 0)
    return code in _FULL or (code & 0xFF == _IO_ERROR and _room(url) < _NO_ROOM_BYTES)


def disk_name(url: URL) -> str:
    """What to call the disk of this database in a sentence: the folder, or the server."""
    if url.get_backend_name() != "sqlite":
        return url.host or "localhost"
    return str(Path(url.database or ".").absolute().parent)


def _room(url: URL) -> int:
    return shutil.disk_usage(Path(url.database or ".").absolute().parent).free
