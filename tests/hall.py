"""A real server that takes recorders in, and a clerk that writes down what it is told."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from fastapi import FastAPI, WebSocket

from casefile.model import AudioFormat, ClockStep, Gap, PauseReason
from casefile.soundcheck import Checked
from web.ingest import Ingest


def until(done: Callable[[], object], within_s: float = 20, what: str = "it") -> None:
    """Polls until `done`; fails when it takes too long."""
    end = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < end, f"{what} did not happen within {within_s} s"
        time.sleep(0.01)


@dataclass
class Clerk:
    """A `Listener` that writes everything down as it comes."""

    told: list[tuple[object, ...]] = field(default_factory=list)
    healths: list[dict[str, object]] = field(default_factory=list)

    def started(self, hearing_id: str, format: AudioFormat, device: str, pre_roll_ms: int) -> None:
        self.told.append(("started", hearing_id, format, device, pre_roll_ms))

    def paused(self, hearing_id: str, at_ms: int, reason: PauseReason) -> None:
        self.told.append(("paused", hearing_id, at_ms, reason))

    def resumed(self, hearing_id: str, pause: Gap) -> None:
        self.told.append(("resumed", hearing_id, pause.end_ms))

    def gap_found(self, hearing_id: str, gap: Gap) -> None:
        self.told.append(("gap", hearing_id, gap))

    def clock_changed(self, hearing_id: str, step: ClockStep) -> None:
        self.told.append(("clock", hearing_id, step))

    def ended(self, hearing_id: str, length_ms: int) -> None:
        self.told.append(("ended", hearing_id, length_ms))

    def checked(self, hearing_id: str, checked: Checked) -> None:
        self.told.append(("checked", hearing_id, checked))

    def health(self, recorder: str, hearing_id: str | None, message: dict[str, object]) -> None:
        self.healths.append(message)

    def recorders_changed(self) -> None:
        pass

    def refused(self, hearing_id: str | None, error: dict[str, str]) -> None:
        self.told.append(("refused", hearing_id, error["code"]))

    def problem(self, hearing_id: str, error: dict[str, str] | None) -> None:
        self.told.append(("problem", hearing_id, error and error["code"]))

    def source_ended(self, recorder: str) -> None:
        self.told.append(("source_ended", recorder))

    def kinds(self) -> list[object]:
        """Only what was told, in order."""
        return [one[0] for one in self.told]


class Hall:
    """Ingest over a folder behind uvicorn, on one port over any number of restarts."""

    def __init__(self, folder: Path) -> None:
        self.recordings = folder / "recordings"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"ws://127.0.0.1:{self.port}/ws/recorder"
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None
        self.clerk = Clerk()
        self.ingest = Ingest(self.recordings, self.clerk)

    def open(self) -> None:
        """A server process starts: nothing is known but what is on the disk."""
        self.ingest.close_files()
        self.clerk = Clerk()
        self.ingest = Ingest(self.recordings, self.clerk)
        app = FastAPI()

        @app.websocket("/ws/recorder")
        async def recorder(websocket: WebSocket) -> None:
            await self.ingest.serve(websocket)

        config = uvicorn.Config(
            app, port=self.port, log_level="error", ws="websockets-sansio", ws_max_size=16 << 20,
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        until(lambda: self._server and self._server.started)

    def close(self) -> None:
        """The server goes away."""
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(20)
            assert not self._thread.is_alive()
        self._server = None
        self.ingest.close_files()
