"""A disk that has no room when the test says so."""

from __future__ import annotations

import errno
import os
from io import FileIO

import pytest

import casefile.recording
import casefile.run


class FullDisk:
    """Stands in for the one function by which sound and index lines are written."""

    def __init__(self, error: int = errno.ENOSPC) -> None:
        self.full = False
        self.room: int | None = None
        self.error = error

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Puts it in place for the test."""
        for module in (casefile.recording, casefile.run):
            monkeypatch.setattr(module, "write_all", self.write_all)

    def write_all(self, file: FileIO, data: bytes) -> None:
        """Writes as much as there is room for, then raises."""
        fits = 0 if self.full else len(data) if self.room is None else min(self.room, len(data))
        if self.room is not None:
            self.room -= fits
        file.write(data[:fits])
        if fits < len(data):
            raise OSError(self.error, os.strerror(self.error))
