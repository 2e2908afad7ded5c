"""glibc's heaps over hours of recognition: two for all threads, and what was freed goes back to the system.

Every thread has a heap of its own by default, and arrays of all lengths leave holes in each: without this a
server comes to hold what it needed at the worst moment of each kind, all of them at once (`bench.memory`). See
mallopt(3), malloc_trim(3). With another libc nothing happens.
"""

import ctypes
import threading
import time

M_ARENA_MAX = -8
HEAPS = 2
TIDY_S = 20.0
"""Between two rounds; each takes milliseconds."""


def tidy_heaps() -> bool:
    """Do it as long as the program lives; False: this libc has no such thing. Call it before threads are made."""
    libc = _libc()
    if libc is None:
        return False
    libc.mallopt(M_ARENA_MAX, HEAPS)
    threading.Thread(target=_tidy, args=(libc,), name="heaps", daemon=True).start()
    return True


def _libc() -> ctypes.CDLL | None:
    try:
        libc = ctypes.CDLL(None)
    except (OSError, TypeError):  # not a POSIX system
        return None
    return libc if hasattr(libc, "mallopt") and hasattr(libc, "malloc_trim") else None


def _tidy(libc: ctypes.CDLL) -> None:
    while True:
        time.sleep(TIDY_S)
        libc.malloc_trim(0)
