"""Orders of the clerk that were accepted and are not yet known to be carried out.

What is on its way when either side dies is given again at the recorder's next hello; the recorder carries each
out once (`recorder.state`). An order that has grown old is not given again: a pause that nobody wants any
more would cost sound. Kept in a file, so that a server that is killed still owes what it accepted.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import uuid4

from casefile.disk import write_whole
from casefile.model import PauseReason

LAPSE_S = 120
"""A start, pause or resume that could not be carried out for so long needs a new word of the clerk."""
LASTING = ("close",)
"""What stays wanted, however long it takes."""
Clock = Callable[[], int]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Order:
    """One command to one recorder. `reason` is that of a pause; `given_ns`: UTC since 1970."""

    id: str
    recorder: str
    hearing_id: str
    command: str
    reason: PauseReason | None
    given_ns: int

    def lapsed(self, now_ns: int) -> bool:
        """Too old to be carried out; also when the clock was moved back and its age is not known."""
        return self.command not in LASTING and not 0 <= now_ns - self.given_ns <= LAPSE_S * 1_000_000_000

    def message(self) -> dict[str, object]:
        """As it goes over the wire (docs/protocol.md §3)."""
        reason = {"reason": self.reason.value} if self.reason else {}
        return {"type": self.command, "id": self.id, "hearing_id": self.hearing_id, **reason}


class Orders:
    """The orders that wait, oldest first. Thread-safe. A file that cannot be read counts as empty."""

    def __init__(self, path: Path, clock: Clock = time.time_ns) -> None:
        self._path, self._clock = path, clock
        self._lock = threading.Lock()
        self._waiting = _read(path)

    def give(self, recorder: str, hearing_id: str, command: str, reason: PauseReason | None = None) -> Order:
        """Keeps a new order; it takes the place of an earlier one of the same kind for the same hearing."""
        order = Order(uuid4().hex, recorder, hearing_id, command, reason, self._clock())
        with self._lock:
            kind = (hearing_id, command)
            self._keep([*(one for one in self._waiting if (one.hearing_id, one.command) != kind), order])
        return order

    def done(self, ids: Collection[str]) -> None:
        """These were carried out, or refused with the clerk told."""
        self._drop(lambda order: order.id in ids)

    def forget(self, hearing_id: str) -> None:
        """Nothing more is wanted of this hearing."""
        self._drop(lambda order: order.hearing_id == hearing_id)

    def lapse(self, recorder: str) -> list[Order]:
        """Takes away, and returns, what this recorder must not carry out any more."""
        now_ns = self._clock()
        lapsed = [order for order in self.to_give(recorder) if order.lapsed(now_ns)]
        self._drop(lambda order: order in lapsed)
        return lapsed

    def to_give(self, recorder: str) -> list[Order]:
        """What this recorder still has to be told."""
        return [order for order in self._waiting if order.recorder == recorder]

    def waiting(self, hearing_id: str) -> list[str]:
        """The commands of a hearing that are not yet known to be carried out."""
        return [order.command for order in self._waiting if order.hearing_id == hearing_id]

    def _drop(self, over: Callable[[Order], bool]) -> None:
        with self._lock:
            left = [order for order in self._waiting if not over(order)]
            if len(left) < len(self._waiting):
                self._keep(left)

    def _keep(self, orders: list[Order]) -> None:
        """A full disk is logged: it must not keep the clerk from pausing."""
        self._waiting = orders
        try:
            write_whole(self._path, json.dumps([asdict(order) for order in orders]))
        except OSError as error:
            log.error("the orders cannot be written: error %s", error.errno)


def _read(path: Path) -> list[Order]:
    try:
        return [_order(**told) for told in json.loads(path.read_text(encoding="utf-8"))]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        log.error("the orders cannot be read: %s", type(error).__name__)
        return []


def _order(
    *, id: str, recorder: str, hearing_id: str, command: str, reason: str | None, given_ns: int
) -> Order:
    return Order(id, recorder, hearing_id, command, PauseReason(reason) if reason else None, given_ns)
