"""Wrong tries are slowed down: by account and by address, each further one waits longer."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from casefile.errors import TooManyTries

FREE = {"account": 5, "address": 20}
"""So many wrong tries cost nothing. A whole court may stand behind one address."""
LONGEST_WAIT_S = 300.0
FORGOTTEN_S = 3600.0
MOST_KEYS = 10_000

Key = tuple[str, str]


@dataclass(slots=True)
class _Wrong:
    count: int = 0
    last: float = 0.0
    open_at: float = 0.0


class Attempts:
    """Kept in memory: nobody outside can restart the server. Thread-safe."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._lock = now, Lock()
        self._wrong: OrderedDict[Key, _Wrong] = OrderedDict()

    @contextmanager
    def counted(self, address: str, account: str | None = None) -> Iterator[None]:
        """One try, counted as wrong before it is looked at: many at once gain nothing. Raises TooManyTries."""
        keys: list[Key] = [("address", address)]
        if account is not None:
            keys.append(("account", account.strip().casefold()))
        with self._lock:
            self._refuse(keys)
            for key in keys:
                self._count(key)
        yield
        with self._lock:
            self._right(keys)

    def _refuse(self, keys: list[Key]) -> None:
        wait = max(self._wrong[key].open_at - self._now() if key in self._wrong else 0.0 for key in keys)
        if wait > 0:
            raise TooManyTries(seconds=int(wait) + 1)

    def _count(self, key: Key) -> None:
        now = self._now()
        wrong = self._wrong.setdefault(key, _Wrong())
        if now - wrong.last > FORGOTTEN_S:
            wrong.count = 0
        wrong.count, wrong.last = wrong.count + 1, now
        over = wrong.count - FREE[key[0]]
        wrong.open_at = now + min(2.0 ** min(over, 20), LONGEST_WAIT_S) if over >= 0 else now
        self._wrong.move_to_end(key)
        while len(self._wrong) > MOST_KEYS:
            self._wrong.popitem(last=False)

    def _right(self, keys: list[Key]) -> None:
        """The account starts anew; the address only loses this one try."""
        for key in keys:
            wrong = self._wrong.get(key)
            if wrong and (key[0] == "account" or wrong.count <= 1):
                del self._wrong[key]
            elif wrong:
                wrong.count, wrong.open_at = wrong.count - 1, self._now()
