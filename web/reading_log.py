"""Who looked into, heard or took away a record is noted before it goes out (court.md F5)."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Send

from casefile.people.audit import Audit
from casefile.people.nouns import Act
from web.access import Caller
from web.rights import Right

ACTS: Mapping[Right, Act] = {
    Right.VIEW: Act.VIEW,
    Right.HEAR: Act.PLAY,
    Right.EXPORT: Act.EXPORT,
    Right.FOLLOW: Act.FOLLOW,
    Right.READ_PART: Act.READ_PART,
    Right.SIGN: Act.READ_PART,
    Right.HEAR_PART: Act.PLAY,
    Right.ARCHIVE: Act.ARCHIVED,
}
"""What a door with this right means. What changes a record is an event of it, by name."""
ONCE_IN_S = 600.0
"""A page that is open, or a player that jumps, is one look."""
MOST_KEPT = 10_000


class ReadingLog:
    """Thread-safe."""

    def __init__(self, audit: Audit, now: Callable[[], float] = time.monotonic) -> None:
        self._audit, self._now, self._lock = audit, now, Lock()
        self._noted: OrderedDict[tuple[Caller, Act, str, str], float] = OrderedDict()

    def noting(self, right: Right, caller: Caller, parameters: Mapping[str, str], send: Send) -> Send:
        """`send`, before whose first word of an answer that is no refusal a line stands in the log."""
        act = ACTS.get(right)
        hearing_id = caller.link.hearing_id if caller.link else parameters.get("hearing_id", "")
        if act is None:
            return send

        async def noted(message: Message) -> None:
            if _yields(message):
                await run_in_threadpool(self.note, caller, act, hearing_id, parameters.get("format", ""))
            await send(message)

        return noted

    def note(self, caller: Caller, act: Act, hearing_id: str, about: str = "") -> None:
        """One line in ten minutes for the same of the same."""
        key, now = (caller, act, hearing_id, about), self._now()
        with self._lock:
            if now - self._noted.get(key, -ONCE_IN_S) < ONCE_IN_S:
                return
            self._noted[key] = now
            self._noted.move_to_end(key)
            while len(self._noted) > MOST_KEPT:
                self._noted.popitem(last=False)
        self._audit.note(caller.name, act, about, hearing_id)


def _yields(message: Message) -> bool:
    """Whether something is shown by this: an answer that is no refusal, or a websocket that is let in."""
    start = message["type"] == "http.response.start" and message["status"] < 400
    return bool(start or message["type"] == "websocket.accept")
