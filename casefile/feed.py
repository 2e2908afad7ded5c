"""Commit, then publish: every event of a hearing reaches every viewer once, in order, after it is stored."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

from casefile.audience import Audience, Viewer, as_text
from casefile.events import Event, Stored, stored_to_json, to_json
from casefile.model import CaseRecord, Hearing, Turn
from casefile.record import Fold
from casefile.store import Store

Marks = Callable[[Hearing, Turn], Mapping[str, Any] | None]
"""What is to be shown of a turn's text besides the text, as plain JSON; None: nothing."""
_KEPT_IN_MEMORY = 8
"""Hearings that nobody is using but that stay in memory, the last used ones."""


class _Open:
    """A hearing in memory: its fold, and its events as the text that viewers get."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks
        self.committing = Lock()  # one append at a time, so that the order of commits is the order of lines
        self.folding = Lock()  # held for moments only: a slow disk does not keep readers waiting
        self.fold = Fold()
        self.lines: list[bytes] = []
        self.loaded = False

    def take(self, stored: Stored) -> None:
        """Folds and publishes one event."""
        with self.folding:
            self.fold.add(stored)
            text = as_text({"type": "event", **stored_to_json(stored), **self._beside(stored.event)})
            self.lines.append(text.encode())

    def _beside(self, event: Event) -> dict[str, Any]:
        if turn := self.fold.turn_of(event):
            return self._marked(turn)
        turns = [{"turn": to_json(turn), **self._marked(turn)} for turn in self.fold.stand(event)]
        return {"turns": turns} if turns else {}

    def _marked(self, turn: Turn) -> dict[str, Any]:
        marks = self.marks(self.fold.hearing, turn)
        return {"marks": marks} if marks else {}

    def record(self) -> CaseRecord:
        """What is on the record now."""
        with self.folding:
            return self.fold.record


class Feed:
    """The case files of all hearings as something to write to and to watch.

    `append`, `create`, `record`, `heard_to_ms`, `tell` and `tell_room` may be called from any thread (those
    that read or write the database wait for it); `subscribe` and `subscribe_room` from an event loop.
    """

    def __init__(self, store: Store, marks: Marks = lambda _hearing, _turn: None) -> None:
        self.store, self._marks = store, marks
        self._lock = Lock()
        self._open: WeakValueDictionary[str, _Open] = WeakValueDictionary()
        self._recent: OrderedDict[str, _Open] = OrderedDict()
        self._audiences: dict[str, Audience] = {}
        self._room = Audience()

    def create(self, hearing: Hearing, by: str) -> Stored:
        """Puts a hearing on file. Raises HearingExists and what `append` raises."""
        return self.store.create(hearing, by)

    def append(self, hearing_id: str, events: Sequence[Event], by: str) -> list[Stored]:
        """Stores `events`, then tells the viewers. Raises what `Store.append` raises; then nobody is told."""
        hearing = self._hearing(hearing_id)
        with hearing.committing:
            stored = self.store.append(hearing_id, events, by)
            self._catch_up(hearing_id, hearing, stored)
        self._audience(hearing_id).wake()
        return stored

    def record(self, hearing_id: str) -> CaseRecord:
        """What is on the record now. Raises NotFound, ForgedEvent."""
        return self._hearing(hearing_id).record()

    def heard_to_ms(self, hearing_id: str) -> dict[int, int]:
        """By channel: all speech before this moment has been dealt with. Raises NotFound, ForgedEvent."""
        hearing = self._hearing(hearing_id)
        with hearing.folding:
            return dict(hearing.fold.heard_to_ms)

    def tell(self, hearing_id: str, message: Mapping[str, Any]) -> None:
        """Hands its viewers a message that is never stored; a newer one of its kind replaces it."""
        self._audience(hearing_id).tell(message)

    def tell_room(self, message: Mapping[str, Any]) -> None:
        """Hands viewers of the room a message."""
        self._room.tell(message)

    @property
    def viewers(self) -> int:
        """How many views are open."""
        with self._lock:
            return len(self._room) + sum(len(audience) for audience in self._audiences.values())

    def subscribe(self, hearing_id: str, after: int = 0) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """Messages of docs/protocol.md §2 as JSON text: what is stored after `after`, `caught_up`, then live.

        Entering raises NotFound or ForgedEvent; reading raises SlowViewer when the viewer fell behind.
        """
        return self._subscribe(hearing_id, after)

    def subscribe_room(self) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """Messages of `/ws/room` as JSON texts."""
        return self._subscribe_room()

    @asynccontextmanager
    async def _subscribe(self, hearing_id: str, after: int) -> AsyncIterator[AsyncIterator[str]]:
        hearing = await asyncio.to_thread(self._hearing, hearing_id)
        async with _joined(self._audience(hearing_id), Viewer(hearing.lines, after)) as viewer:
            yield viewer

    @asynccontextmanager
    async def _subscribe_room(self) -> AsyncIterator[AsyncIterator[str]]:
        async with _joined(self._room, Viewer([], 0, caught_up=True)) as viewer:
            yield viewer

    def _audience(self, hearing_id: str) -> Audience:
        with self._lock:
            return self._audiences.setdefault(hearing_id, Audience())

    def _hearing(self, hearing_id: str) -> _Open:
        """The hearing in memory, read from the store when it is not. Raises NotFound, ForgedEvent."""
        hearing = self._claim(hearing_id)
        if not hearing.loaded:
            with hearing.committing:
                self._catch_up(hearing_id, hearing, ())
                hearing.loaded = True
        self._keep(hearing_id, hearing)
        return hearing

    def _claim(self, hearing_id: str) -> _Open:
        """The one object of this hearing, for as long as anybody holds it."""
        with self._lock:
            hearing = self._open.get(hearing_id)
            if hearing is None:
                hearing = self._open[hearing_id] = _Open(self._marks)
            return hearing

    def _keep(self, hearing_id: str, hearing: _Open) -> None:
        with self._lock:
            self._recent[hearing_id] = hearing
            self._recent.move_to_end(hearing_id)
            if len(self._recent) > _KEPT_IN_MEMORY:
                self._recent.popitem(last=False)

    def _catch_up(self, hearing_id: str, hearing: _Open, stored: Sequence[Stored]) -> None:
        """Takes in `stored`, or, when something before it is not in memory, all that the store has more."""
        known = len(hearing.lines)
        if not stored or stored[0].seq != known + 1:
            stored = self.store.events(hearing_id, after=known)
        for one in stored:
            hearing.take(one)


@asynccontextmanager
async def _joined(audience: Audience, viewer: Viewer) -> AsyncIterator[Viewer]:
    audience.join(viewer)
    try:
        yield viewer
    finally:
        audience.leave(viewer)
