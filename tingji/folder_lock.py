"""One `tingji run` per data folder.

The lock is held by the supervisor and, through the inherited file, by its two children. So when the
supervisor alone is killed, its recorder goes on recording, and the next `tingji run` finds the lock held by
children without a supervisor, stops them gently and goes on with the hearing.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casefile.errors import AlreadyRunning

WAIT_S = 20.0


@dataclass(frozen=True, slots=True)
class FolderLock:
    """The held lock; `handle` is the file that children inherit."""

    path: Path
    handle: int

    def note(self, url: str, children: Iterable[int]) -> None:
        """Writes who runs here, for a later `tingji run` that finds the lock held."""
        text = json.dumps({"pid": os.getpid(), "url": url, "children": list(children)}).encode()
        os.ftruncate(self.handle, 0)
        os.pwrite(self.handle, text, 0)

    def release(self) -> None:
        """Gives the folder free (as soon as no child holds it)."""
        os.close(self.handle)


def lock_folder(data: Path, wait_s: float = WAIT_S) -> FolderLock:
    """Takes the lock of a data folder. Raises AlreadyRunning when a living supervisor holds it."""
    data.mkdir(parents=True, exist_ok=True)
    path = data / "run.lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + wait_s
    while not _taken(handle):
        holder = _read(path)
        if is_ours(holder.get("pid")) or time.monotonic() > deadline:
            os.close(handle)
            raise AlreadyRunning(url=holder.get("url", ""))
        _stop_orphans(holder)
        time.sleep(0.1)
    return FolderLock(path, handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(path: Path) -> dict[str, Any]:
    try:
        holder = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return holder if isinstance(holder, dict) else {}


def _stop_orphans(holder: dict[str, Any]) -> None:
    for pid in holder.get("children", []):
        if is_ours(pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)


def is_ours(pid: object) -> bool:
    """True when this process lives and is a Tingji (a number may have been given to another program).

    That is one of its arguments, `-m tingji` or `.../bin/tingji`; a folder of that name on the way makes no Tingji.
    """
    try:
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"tingji" in (argument.rpartition(b"/")[2] for argument in arguments)
