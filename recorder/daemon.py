"""The recorder as a program: one thread hears, the event loop talks to the server.

It records whether or not a server is there. Killed at any moment it goes on with its hearing when it is
started again, and the time between is a gap on the record.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from casefile.errors import JournalUnreadable, TingjiError
from casefile.events import to_json
from casefile.hold import Hold
from casefile.model import AudioChunk, Gap
from recorder.capture import Capture
from recorder.commands import Commands, refusal
from recorder.health import Levels
from recorder.replay import Replay
from recorder.shelf import Shelf
from recorder.state import Memory
from recorder.uplink import Json, Uplink

FLUSH_S = 0.1
HEALTH_S = 1.0
PROTOCOL = 1
log = logging.getLogger(__name__)


class Ear(Protocol):
    """A source as the daemon uses it: `recorder.microphone.Microphone` or `recorder.replay.Replay`."""

    device: str
    ended: bool
    problem: TingjiError | None

    def __iter__(self) -> Iterator[AudioChunk | Gap]: ...
    def begin(self, position_ms: int, since_ns: int | None) -> None: ...
    def devices(self) -> list[str]: ...
    def use(self, device: str) -> None: ...
    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class RecorderSettings:
    """`server`: the websocket's address (ws://127.0.0.1:8000/ws/recorder); `device` None: the remembered.

    `key`: this recorder's own; `trust`: whom it believes by TLS, None: the system's choice.
    With `replay` a sound file stands for the microphones, at `speed` times real time (0: as fast as it goes).
    """

    name: str
    server: str
    journal: Path
    state: Path
    device: str | None = None
    replay: Path | None = None
    speed: float = 1.0
    most_channels: int = 32
    key: str = field(default="", repr=False)
    trust: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        if self.speed < 0 or not 1 <= self.most_channels <= 32:
            raise ValueError("speed is 0 or more, channels are 1 to 32")


def run(settings: RecorderSettings, stop: threading.Event | None = None, ear: Ear | None = None) -> None:
    """Records until SIGTERM, SIGINT or `stop`. Raises NoPortAudio, UnreadableSound, FolderInUse.

    The hearing that is open then stays open: the next run goes on with it.
    """
    hold = Hold(settings.journal)
    try:
        _run(settings, stop or threading.Event(), ear)
    finally:
        hold.release()


def _run(settings: RecorderSettings, stop: threading.Event, ear: Ear | None) -> None:
    memory = Memory(settings.state)
    if settings.device and settings.device != memory.now.device:
        memory.keep(device=settings.device)
    ear = ear or _ear(settings, memory)
    asyncio.run(Daemon(settings, memory, ear).main(stop))


def _ear(settings: RecorderSettings, memory: Memory) -> Ear:
    if settings.replay:
        return Replay(settings.replay, settings.speed)
    from recorder.microphone import Microphone  # noqa: PLC0415 - a replay needs no PortAudio

    return Microphone(memory.now.device, most_channels=settings.most_channels)


class Daemon:
    """One recorder. `main` runs it."""

    def __init__(self, settings: RecorderSettings, memory: Memory, ear: Ear) -> None:
        self._settings, self._memory, self._ear = settings, memory, ear
        self._shelf = Shelf(settings.journal, self._deliver)
        self._capture = Capture(self._shelf, ear, ear.device)
        self._capture.format = ear.format if isinstance(ear, Replay) else None
        self._commands = Commands(self._capture, memory, ear)
        self._uplink = Uplink(
            settings.server, self._shelf, self._commands.obey, self._hello, settings.key, settings.trust
        )
        self._levels, self._levels_lock = Levels(), threading.Lock()
        self._broken: BaseException | None = None
        self._introduced: Json = {}
        self._untold: Json | None = None

    def _deliver(self, *delivery: object) -> None:
        self._uplink.deliver(*delivery)  # type: ignore[arg-type]

    async def main(self, stop: threading.Event) -> None:
        """Until stopped. Raises what broke the thread that hears: a deaf recorder must not look alive."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            with suppress(ValueError, RuntimeError):  # not in the main thread: the caller has `stop`
                loop.add_signal_handler(number, stop.set)
        talking = asyncio.create_task(self._uplink.run())
        await asyncio.sleep(0)  # from here on it hears of every entry
        if self._memory.now.hearing:
            await asyncio.to_thread(self._take_up, self._memory.now.hearing)
        if self._capture.hearing_id is None:
            self._commands.ready.set()
        hearing = threading.Thread(target=self._hear, args=(stop,), name="hearing")
        hearing.start()
        try:
            await self._tend(stop)
        finally:
            talking.cancel()
            self._ear.stop()
            await asyncio.to_thread(hearing.join)
            await asyncio.to_thread(self._capture.stop)
            await asyncio.wait({talking})  # a second cancelling would leave its socket open
        if self._broken:
            raise self._broken

    def _take_up(self, hearing_id: str) -> None:
        """Goes on with the hearing that was being recorded. One whose journal cannot be opened is told."""
        try:
            self._capture.take_up(hearing_id)
            self._memory.keep(hearing=self._capture.hearing_id)
        except (OSError, TingjiError, ValueError) as error:
            log.error("the unfinished journal cannot be opened: %s", type(error).__name__)
            unreadable = JournalUnreadable(why=type(error).__name__)
            self._untold = refusal({"type": "start", "hearing_id": hearing_id}, unreadable)
            self._memory.keep(hearing=None)
            with suppress(OSError, TingjiError):
                self._shelf.set_aside(hearing_id)

    def _hear(self, stop: threading.Event) -> None:
        try:
            for item in self._ear:
                self._capture.feed(item)
                self._commands.ready.set()
                if isinstance(item, AudioChunk):
                    with self._levels_lock:
                        self._levels.add(item)
            self._shelf.flush()
        except BaseException as error:  # told by `main`
            log.critical("hearing broke off: %s", type(error).__name__)
            self._broken = error
            stop.set()
        finally:
            self._commands.ready.set()

    async def _tend(self, stop: threading.Event) -> None:
        ticks, told = 0, False
        while not stop.is_set():
            await asyncio.sleep(FLUSH_S)
            await asyncio.to_thread(self._shelf.flush)
            ticks += 1
            if ticks % round(HEALTH_S / FLUSH_S) == 0:
                self._uplink.tell(self._health())
                self._introduce_again()
            if self._ear.ended and not told and self._uplink.connected:
                told = True
                self._uplink.tell({"type": "source_ended"})
            if self._untold and self._uplink.connected:
                self._uplink.tell(self._untold)
                self._untold = None

    def _introduce_again(self) -> None:
        if self._uplink.connected and (now := self._hello()) != self._introduced:
            self._introduced = now
            self._uplink.greet()

    def _hello(self) -> Json:
        form = self._capture.format
        return {
            "type": "hello",
            "protocol": PROTOCOL,
            "name": self._settings.name,
            "device": self._ear.device,
            "devices": self._ear.devices(),
            "rate": form.rate if form else 0,
            "channels": form.channels if form else 0,
            "hearing": self._capture.hearing_id,
            "state": self._capture.state,
            "source_ended": self._ear.ended,
            "obeyed": list(self._memory.now.obeyed),
        }

    def _health(self) -> Json:
        with self._levels_lock:
            levels = self._levels.take()
        problem = self._capture.problem or self._ear.problem
        return {
            "type": "health",
            "recorder": self._settings.name,
            "hearing": self._capture.hearing_id,
            "at_ms": self._capture.position_ms,
            "state": self._capture.state,
            "disk_free_bytes": _free(self._settings.journal),
            "backlog_ms": self._uplink.backlog_ms,
            "missing": to_json(self._capture.missing),
            "problem": problem.as_json() if problem else None,
            "channels": to_json(levels),
        }


def _free(folder: Path) -> int:
    near = next((path for path in (folder, *folder.parents) if path.exists()), Path("/"))
    return shutil.disk_usage(near).free
