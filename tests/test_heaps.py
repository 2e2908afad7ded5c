"""tingji.heaps, in a program of its own: what many threads freed between things they kept goes back."""

import subprocess
import sys

import pytest

from tingji import heaps

BIG = """
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


SMALL = """
import sys, threading, time, psutil
from tingji import heaps
heaps.TIDY_S = 0.2
if sys.argv[1] == "small" and not heaps.keep_heaps_small():
    sys.exit(3)
kept = []
def work():
    blocks = [bytearray(50_000) for _ in range(2_000)]
    kept.append([bytes(600) for _ in range(100)])
    del blocks[::2], blocks[-1]
    kept.append(blocks[::50])
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
held = lambda: psutil.Process().memory_info().rss
before, deadline = held(), time.monotonic() + 20
while sys.argv[1] == "small" and held() > 0.7 * before and time.monotonic() < deadline:
    time.sleep(0.1)
time.sleep(0.5)
print(held() / before)
"""


def output(program: str, how: str) -> float:
    """What a program says of its memory."""
    done = subprocess.run([sys.executable, "-c", program, how], capture_output=True, text=True, check=False)
    if done.returncode == 3:
        pytest.skip("NOT RUN: this libc has no mallopt and malloc_trim")
    return float(done.stdout)


def test_big_blocks_go_back_at_once() -> None:
    assert output(BIG, "small") < output(BIG, "as it comes") - 10_000_000


def test_holes_between_what_is_kept_go_back() -> None:
    assert output(SMALL, "small") < 0.7 < output(SMALL, "as it comes")


def test_another_libc_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heaps, "_libc", lambda: None)
    assert heaps.keep_heaps_small() is False
