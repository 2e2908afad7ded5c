"""One writing transaction: locked from its first statement, and its failures told as errors of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from casefile.errors import CaseFileDiskFull, StoreFailed
from casefile.schema.dialect import WRITES, disk_name, is_disk_full


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Commits at the end of the block, or leaves nothing. Raises CaseFileDiskFull, StoreFailed."""
    try:
        with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            yield connection
    except DBAPIError as error:
        if is_disk_full(error, engine.url):
            raise CaseFileDiskFull(where=disk_name(engine.url)) from error
        raise StoreFailed(why=type(error.orig).__name__) from error
