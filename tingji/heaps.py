"""What hours of recognition free goes back to the system.

glibc raises its limit for blocks of their own to the size of whatever was freed last, up to 32 MB (mallopt(3),
M_MMAP_THRESHOLD): arrays of all lengths then share heaps with what is kept. With a limit that stays, big ones are
given back at once; the holes of smaller ones are, when the heaps are trimmed (malloc_trim(3)). A limit that stays
also stops glibc from raising the one above which every free shrinks its heap (M_TRIM_THRESHOLD, 128 KiB): the pages
were made anew for every array, for 30 % more CPU in a decode. So that one is set as well. Figures: `bench.memory`.
With another libc nothing happens.
"""

import ctypes
import threading
import time

BIG_BLOCK = 1 << 20
"""Bytes from which on a block is mapped by itself."""
SPARE = 64 << 20
"""Bytes that a heap keeps at its end between two trims."""
TIDY_S = 5.0
"""Between two trims; each takes milliseconds."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3


def keep_heaps_small() -> bool:
    """For as long as the program lives; False: this libc has no such thing."""
    libc = _libc()
    if libc is None:
        return False
    libc.mallopt(_MMAP_THRESHOLD, BIG_BLOCK)
    libc.mallopt(_TRIM_THRESHOLD, SPARE)
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
