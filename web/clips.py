"""Pieces of sound from before a hearing, asked of recorders to enrol voices by (docs/protocol.md §3); never stored."""

from __future__ import annotations

import threading
from base64 import b64decode
from collections.abc import Callable
from concurrent.futures import Future
from uuid import uuid4

import numpy as np

from casefile.errors import NoClip
from casefile.model import AudioChunk, AudioFormat

Json = dict[str, object]


class Clips:
    """What was asked and not answered yet. Thread-safe."""

    def __init__(self) -> None:
        self._asked: dict[str, Future[AudioChunk]] = {}
        self._lock = threading.Lock()

    def ask(self, send: Callable[[Json], None], channel: int, ms: int, within_s: float) -> AudioChunk:
        """One channel of the last `ms`, of shape (frames, 1). Raises NoClip when it does not come."""
        clip, answer = uuid4().hex, Future[AudioChunk]()
        with self._lock:
            self._asked[clip] = answer
        try:
            send({"type": "clip", "clip": clip, "channel": channel, "ms": ms})
            return answer.result(within_s)
        except TimeoutError as error:
            raise NoClip from error
        finally:
            with self._lock:
                del self._asked[clip]

    def answered(self, message: Json) -> None:
        """A clip came, or (without sound) was refused. Raises KeyError, ValueError for one that cannot be read."""
        with self._lock:
            answer = self._asked.get(str(message["clip"]))
        if answer is None or answer.done():
            return
        if "pcm" not in message:
            return answer.set_exception(NoClip())
        pcm = np.frombuffer(b64decode(str(message["pcm"]), validate=True), "<i2").astype(np.int16)
        answer.set_result(AudioChunk(AudioFormat(int(str(message["rate"])), 1), 0, pcm[:, None]))
