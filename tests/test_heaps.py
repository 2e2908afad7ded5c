"""tingji.heaps, in a program of its own: what many threads freed between things they kept goes back."""

import subprocess
import sys

import pytest

from tingji import heaps

PROGRAM = """
import sys, threading, psutil
from tingji import heaps
if sys.argv[1] == "small" and not heaps.keep_heaps_small():
    sys.exit(3)
first = bytearray(30_000_000)
del first  # the size of what is freed becomes the limit for blocks of their own
kept = []
def work():
    for _ in range(20):
        blocks = [bytearray(1_400_000) for _ in range(10)]
        kept.append(bytes(60_000))
        blocks.append(bytearray(1_400_000))
        kept.append(bytes(60_000))
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(psutil.Process().memory_info().rss)
"""


def holds(how: str) -> int:
    """Bytes that a program holds after its threads' work."""
    done = subprocess.run([sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=False)
    if done.returncode == 3:
        pytest.skip("NOT RUN: this libc has no mallopt")
    return int(done.stdout)


def test_what_was_freed_goes_back_to_the_system() -> None:
    assert holds("small") < holds("as it comes") - 10_000_000


def test_another_libc_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heaps, "_libc", lambda: None)
    assert heaps.keep_heaps_small() is False
