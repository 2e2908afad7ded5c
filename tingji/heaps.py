"""What hours of recognition freed goes back to the system.

Arrays of all lengths leave holes in glibc's heaps: without this a server comes to hold what it needed at the worst
moment of each thread, all of it at once (`bench.memory`). See malloc_trim(3). With another libc nothing happens.
"""

import ctypes
import threading
import time

TIDY_S = 5.0
"""Between two rounds; each takes milliseconds."""


def tidy_heaps() -> bool:
    """Do it as long as the program lives; False: this libc has no such thing."""
    libc = _libc()
    if libc is None:
        return False
    threading.Thread(target=_tidy, args=(libc,), name="heaps", daemon=True).start()
    return True


def _libc() -> ctypes.CDLL | None:
    try:
        libc = ctypes.CDLL(None)
    except (OSError, TypeError):  # not a POSIX system
        return None
    return libc if hasattr(libc, "malloc_trim") else None


def _tidy(libc: ctypes.CDLL) -> None:
    while True:
        time.sleep(TIDY_S)
        libc.malloc_trim(0)
