"""The two clocks of the recording machine: one that only goes forward, and one that people set."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from casefile.entries import Stamp

Clock = Callable[[], Stamp]
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
CLOCK_STEP_MS = 2000


def read_clocks() -> Stamp:
    """Now, on CLOCK_BOOTTIME (it goes on while the machine sleeps) and on the wall clock."""
    return Stamp(time.clock_gettime_ns(time.CLOCK_BOOTTIME), time.time_ns())


def boot_id() -> str:
    """Which start of the machine this is; CLOCK_BOOTTIME of another one cannot be compared."""
    return BOOT_ID.read_text().strip() if BOOT_ID.exists() else ""


def since_ns(then: Stamp, now: Stamp, *, same_boot: bool) -> int:
    """The moment `then` on the present boot clock. A wall clock that was set back makes no time negative."""
    if same_boot:
        return min(then.mono_ns, now.mono_ns)
    return now.mono_ns - max(0, now.wall_ns - then.wall_ns)


def step_ms(then: Stamp, now: Stamp) -> int:
    """By how much the wall clock was moved between two moments of one boot; 0 for a small step."""
    moved = (now.wall_ns - now.mono_ns) - (then.wall_ns - then.mono_ns)
    whole = round(moved / 1_000_000)
    return whole if abs(whole) > CLOCK_STEP_MS else 0
