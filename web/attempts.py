"""Wrong tries are slowed down: from one address, and for one account, each further one waits longer.

Who tries one account's password from one place waits soon; the account itself waits only when many places have tried,
so that nobody locks a clerk out of the courtroom by typing wrong passwords elsewhere (OWASP, account lockout).
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from threading import Lock

from starlette.requests import Request

from casefile.errors import TooManyTries
from casefile.people.accounts import plain_name

FREE = {"here": 5, "address": 20, "account": 100}
"""So many wrong tries cost nothing: of one account from one address, of one address, of one account from anywhere."""
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
        keys = keys_of(address, account)
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
        """The account starts anew; the address only loses this one try, for it may be a whole court's."""
        for key in keys:
            wrong = self._wrong.get(key)
            if wrong and (key[0] != "address" or wrong.count <= 1):
                del self._wrong[key]
            elif wrong:
                wrong.count, wrong.open_at = wrong.count - 1, self._now()


def address_of(request: Request) -> str:
    """Where a request comes from, as tries are counted."""
    return request.client.host if request.client else ""


def keys_of(address: str, account: str | None) -> list[Key]:
    """Under what a try is counted."""
    place = network_of(address)
    if account is None:
        return [("address", place)]
    name = plain_name(account).casefold()
    return [("address", place), ("here", f"{place} {name}"), ("account", name)]


def network_of(address: str) -> str:
    """The address; of IPv6 its /64, within which one machine can choose as it likes (RFC 4291)."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address) and not found.ipv4_mapped:
        return str(IPv6Network((int(found) >> 64 << 64, 64)))
    return address
