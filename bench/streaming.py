"""A file streamed to a peer's server as a microphone would: 100 ms each 100 ms, and all that comes back."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bench.machine import Usage, watched
from bench.shown import Shown

RATE = 16_000
BLOCK = RATE // 10
START_S, END_S = 180.0, 180.0

Screen = tuple[str, str]
Message = dict[str, Any]


class PeerFailed(Exception):
    """A peer did not start, or went away."""


class Reader(Protocol):
    """Keeps the screen of one stream."""

    def take(self, message: Message) -> Screen | None:
        """Committed and tentative text after this message; None for a message without text."""


@dataclass(frozen=True)
class Peer:
    """How to install, start and speak to a peer.

    `command` takes the venv's python, the CTranslate2 folder and the port. Sound may be sent after a message
    that is `ready`; nothing comes after one that is `over`. `bye` ends the sound, said when nothing new has
    come for `patience_s`. `bare` packages are installed without their dependencies.
    """

    name: str
    folder: str
    requirements: tuple[str, ...]
    command: Callable[[Path, Path, int], list[str]]
    path: str
    ready: Callable[[Message], bool]
    over: Callable[[Message], bool]
    reader: Callable[[], Reader]
    bye: bytes
    bare: tuple[str, ...] = ()
    hello: Message | None = None
    patience_s: float = 0.0


class Listener:
    """Takes down every message with the moment of its arrival, in a thread of its own."""

    def __init__(self, peer: Peer, link: ClientConnection) -> None:
        self.series: list[Shown] = []
        self.ended = threading.Event()
        self._peer, self._link, self._reader = peer, link, peer.reader()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        try:
            for message in self._link:
                if self._take(time.time(), json.loads(message)):
                    break
        except ConnectionClosed:
            pass
        self.ended.set()

    def _take(self, at: float, message: Message) -> bool:
        screen = self._reader.take(message)
        if screen and (not self.series or screen != (self.series[-1].committed, self.series[-1].tentative)):
            self.series.append(Shown(at, *screen))
        return self._peer.over(message)

    def wait_quiet(self, quiet_s: float, limit_s: float) -> None:
        """Until nothing new came for `quiet_s`, or the peer has ended, or the limit is reached."""
        began = time.time()
        while time.time() - began < limit_s and not self.ended.wait(0.05):
            if time.time() - max(began, self.series[-1].at if self.series else 0.0) >= quiet_s:
                return


@dataclass(frozen=True)
class Streamed:
    """What came of one stream. `began` is the moment of the first sample (wall clock)."""

    series: list[Shown]
    began: float
    cpu_s: float
    peak_bytes: int
    ended: bool


@contextmanager
def server(command: list[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The peer's process, offline, with a home of its own and its log beside it."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HOME": str(home)}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **offline})
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_server(process: subprocess.Popen[bytes], port: int) -> None:
    """Until the server takes connections. Raises PeerFailed."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise PeerFailed(f"its server ended with {process.returncode}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise PeerFailed(f"its server took no connection within {START_S:.0f} s")


def greet(peer: Peer, link: ClientConnection) -> None:
    """Say who we are and wait until the peer is ready. Raises TimeoutError, ConnectionClosed."""
    if peer.hello is not None:
        link.send(json.dumps(peer.hello))
    while not peer.ready(json.loads(link.recv(timeout=START_S))):
        pass


def send(link: ClientConnection, samples: NDArray[np.int16], began: float, speed: float) -> None:
    """Each block goes out at the moment at which a microphone would have it whole."""
    for start in range(0, len(samples), BLOCK):
        block = samples[start : start + BLOCK]
        time.sleep(max(0.0, began + (start + len(block)) / RATE / speed - time.time()))
        link.send(block.tobytes())


def stream(peer: Peer, folder: Path, model: Path, samples: NDArray[np.int16], speed: float) -> Streamed:
    """Start the peer of this folder and stream int16 samples (mono, 16 kHz) to it.

    Raises PeerFailed, OSError, WebSocketException.
    """
    port = free_port()
    command = peer.command(folder / "venv" / "bin" / "python", model, port)
    with server(command, folder) as process, watched(process.pid) as usage:
        await_server(process, port)
        with connect(f"ws://127.0.0.1:{port}{peer.path}", ping_interval=None, max_size=None) as link:
            greet(peer, link)
            return _stream(peer, link, samples, speed, usage)


def _stream(
    peer: Peer, link: ClientConnection, samples: NDArray[np.int16], speed: float, usage: Usage
) -> Streamed:
    before, began = usage.cpu_s, time.time()
    listener = Listener(peer, link)
    send(link, samples, began, speed)
    listener.wait_quiet(peer.patience_s, END_S)
    link.send(peer.bye)
    ended = listener.ended.wait(END_S)
    return Streamed(listener.series, began, usage.cpu_s - before, usage.peak_bytes, ended)
