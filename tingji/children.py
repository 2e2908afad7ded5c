"""The supervisor's two children: started, watched, started again when they die, stopped gently."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 5.0
KILLED = (-signal.SIGKILL, -signal.SIGTERM)
"""Ended from outside: no fault of its own."""
SETTLED_S = 20.0
"""A child that lived this long was healthy: its next death is answered at once."""


class Child:
    """One process, given as its whole command line.

    `held`: a file handle that it inherits. `told`: called with name, exit code and pause when it died.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environ: Mapping[str, str],
        held: int,
        told: Callable[[str, int, float], None],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.environ = dict(environ)
        self.held = held
        self.told = told
        self.now = now
        self.failures = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._since = 0.0
        self._again_at = 0.0

    @property
    def pid(self) -> int | None:
        """The process's number while it runs."""
        return self._process.pid if self._process else None

    def tend(self) -> bool:
        """Starts it when it is due, notes its death; True when a process was started."""
        if self._process is not None and self._process.poll() is not None:
            self._bury(self._process.returncode)
        if self._process is None and self.now() >= self._again_at:
            self._start()
            return True
        return False

    def _start(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            self.command, env=self.environ, pass_fds=(self.held,), stdin=subprocess.DEVNULL
        )
        self._since = self.now()

    def _bury(self, code: int) -> None:
        fresh = code in KILLED or self.now() - self._since >= SETTLED_S
        self.failures = 1 if fresh else self.failures + 1
        pause = min(FIRST_PAUSE_S * 2 ** (self.failures - 1), LONGEST_PAUSE_S)
        self._process, self._again_at = None, self.now() + pause
        self.told(self.name, code, pause)

    def stop(self, patience_s: float) -> None:
        """SIGTERM, and SIGKILL when it has not ended after `patience_s` seconds."""
        if self._process is None:
            return
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(patience_s)
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._process = None
