"""The wall clock of rights: whole seconds since 1970, UTC."""

from __future__ import annotations

import time
from collections.abc import Callable

Now = Callable[[], int]


def now_s() -> int:
    """This moment."""
    return int(time.time())
