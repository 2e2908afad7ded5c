"""One program writes a folder: two recorders on one journal, or two servers on one folder of recordings, would
write two stories under the same numbers."""

from __future__ import annotations

import fcntl
import logging
import os
from pathlib import Path

from casefile.errors import FolderInUse

log = logging.getLogger(__name__)


class Hold:
    """A folder that this program alone writes, until `release` or its end, however it ends.

    Raises FolderInUse when another program holds it, OSError when it cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._handle)
            raise FolderInUse(folder=folder) from error
        except OSError as error:  # a disk that knows no locks: better recorded than refused
            log.warning("a folder cannot be locked: error %s", error.errno)

    def release(self) -> None:
        """Lets others write. May be called twice."""
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = -1
