"""What hours of recognition free goes back to the system at once.

glibc raises its limit for blocks of their own to the size of whatever was freed last, up to 32 MB (mallopt(3),
M_MMAP_THRESHOLD): arrays of all lengths then share heaps with what is kept, and leave holes that are never given
back. With a limit that stays, a server holds what it uses (`bench.memory`). With another libc nothing happens.
"""

import ctypes

BIG_BLOCK = 1 << 20
"""Bytes from which on a block is mapped by itself. At 128 KiB decoding costs half as much CPU again (pages are made
anew for every array), here 8 % more, at 4 MiB 5 %."""
_MMAP_THRESHOLD = -3


def keep_heaps_small() -> bool:
    """For as long as the program lives; False: this libc has no such thing."""
    libc = _libc()
    return libc is not None and bool(libc.mallopt(_MMAP_THRESHOLD, BIG_BLOCK))


def _libc() -> ctypes.CDLL | None:
    try:
        libc = ctypes.CDLL(None)
    except (OSError, TypeError):  # not a POSIX system
        return None
    return libc if hasattr(libc, "mallopt") else None
