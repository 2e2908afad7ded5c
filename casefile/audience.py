"""Who watches a hearing: viewers that each read at their own pace, and never cost each other anything.

Stored messages live once, in a list that only grows; a viewer is a place in that list. Unstored messages
(tentative words, health, ...) wait per viewer, and only the newest of each kind does.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from threading import Lock
from typing import Any

from casefile.errors import SlowViewer

LIMIT = 1_000
"""Stored messages that a viewer may be behind once it has caught up."""
BATCH = 200_000
"""Bytes of stored events after which an `events` message ends: under 1 MiB, which clients take by default."""
_KEPT = ("status", "recorders", "tentative", "progress")
"""Unstored messages that describe a state: who comes later is told the newest."""

Kind = tuple[str, object]


def kind_of(message: Mapping[str, Any]) -> Kind:
    """What a newer message replaces: the same type, for tentative text and health of the same source."""
    return message["type"], message.get("channel", message.get("recorder"))


def as_text(message: Mapping[str, Any]) -> str:
    """The message as JSON text."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


class Viewer:
    """One reader of `lines` (UTF-8: half of what Chinese takes as text) from place `after` on: an asynchronous iterator of JSON texts.

    It lives on the event loop that it was made on. Its `pending` belongs to the audience's lock.
    """

    def __init__(self, lines: list[bytes], after: int, caught_up: bool = False) -> None:
        self._lines = lines
        self._at = min(max(after, 0), len(lines))
        self._goal = len(lines)
        self._caught_up = caught_up
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._lock = Lock()
        self._pending: dict[Kind, tuple[int, str]] = {}

    def offer(self, kind: Kind, text: str) -> None:
        """An unstored message; it replaces what waits of its kind. From any thread."""
        with self._lock:
            self._pending.pop(kind, None)
            self._pending[kind] = (len(self._lines), text)
        self.wake()

    def wake(self) -> None:
        """There is something new. From any thread; a loop that is gone is no viewer any more."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._woken.set)

    def __aiter__(self) -> AsyncIterator[str]:
        return self

    async def __anext__(self) -> str:
        """The next message. Raises SlowViewer when too much has piled up since the last one."""
        await asyncio.sleep(0)  # other tasks of the loop get their turn
        while (text := self._next()) is None:
            await self._woken.wait()
        return text

    def _next(self) -> str | None:
        self._woken.clear()  # before looking: what comes while we look wakes us again
        if not self._caught_up:
            return self._past()
        return self._unstored() or self._stored()

    def _past(self) -> str:
        """What was stored when the viewer came, many events in one message; then that this was all."""
        if self._at >= self._goal:
            self._caught_up = True
            return as_text({"type": "caught_up", "seq": self._at})
        end, size = self._at, 0
        while end < self._goal and (end == self._at or size + len(self._lines[end]) <= BATCH):
            size += len(self._lines[end])
            end += 1
        events, self._at = b",".join(self._lines[self._at : end]).decode(), end
        return f'{{"type":"events","events":[{events}]}}'

    def _unstored(self) -> str | None:
        """The oldest unstored message that no waiting stored one goes before."""
        with self._lock:
            kind = next(iter(self._pending), None)
            if kind is None or self._pending[kind][0] > self._at:
                return None
            return self._pending.pop(kind)[1]

    def _stored(self) -> str | None:
        waiting = len(self._lines) - self._at
        if waiting == 0:
            return None
        if waiting > LIMIT:
            raise SlowViewer
        self._at += 1
        return self._lines[self._at - 1].decode()


class Audience:
    """The viewers of one hearing, or of the room. All methods may be called from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._viewers: set[Viewer] = set()
        self._newest: dict[Kind, str] = {}

    def __len__(self) -> int:
        return len(self._viewers)

    def tell(self, message: Mapping[str, Any]) -> None:
        """Hands an unstored message to every viewer; it is made into text once."""
        kind, text = kind_of(message), as_text(message)
        with self._lock:
            self._keep(kind, message, text)
            for viewer in self._viewers:
                viewer.offer(kind, text)

    def wake(self) -> None:
        """The list of stored messages has grown."""
        with self._lock:
            for viewer in self._viewers:
                viewer.wake()

    def join(self, viewer: Viewer) -> None:
        """From now on `viewer` is told; first of all the newest state of things."""
        with self._lock:
            for kind, text in self._newest.items():
                viewer.offer(kind, text)
            self._viewers.add(viewer)

    def leave(self, viewer: Viewer) -> None:
        """`viewer` is not told any more."""
        with self._lock:
            self._viewers.discard(viewer)

    def _keep(self, kind: Kind, message: Mapping[str, Any], text: str) -> None:
        self._newest.pop(kind, None)
        if kind[0] in _KEPT and message.get("text") != "":
            self._newest[kind] = text
