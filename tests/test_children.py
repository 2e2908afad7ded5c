"""The supervisor's children: started, started again with growing pauses, stopped gently."""

from __future__ import annotations

import itertools
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tingji import children
from tingji.children import Child

WAITS = "import signal, sys; open(sys.argv[1], 'a').write('up\\n'); signal.pause()"
GENTLE = (
    "import signal, sys\n"
    "def end(*_): open(sys.argv[1], 'a').write('flushed\\n'); sys.exit(0)\n"
    "signal.signal(signal.SIGTERM, end); open(sys.argv[1], 'a').write('up\\n'); signal.pause()"
)
DEAF = (
    "import signal, sys\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN); open(sys.argv[1], 'a').write('up\\n')\n"
    "while True: signal.pause()"
)


class Watched:
    """A child with its diary, and what the supervisor was told."""

    def __init__(self, folder: Path, script: str, now: Callable[[], float] = time.monotonic) -> None:
        self.diary = folder / "diary"
        self.told: list[tuple[str, int, float]] = []
        self.handle = os.open(os.devnull, os.O_RDONLY)
        command = [sys.executable, "-c", script, str(self.diary)]
        self.child = Child("record", command, os.environ, self.handle, self.tell, now)

    def tell(self, name: str, code: int, pause: float) -> None:
        self.told.append((name, code, pause))

    def close(self) -> None:
        self.child.stop(0)
        os.close(self.handle)

    def tend_until(self, *lines: str) -> None:
        deadline = time.monotonic() + 20
        while not self.diary.exists() or self.diary.read_text().split() != list(lines):
            assert time.monotonic() < deadline, f"{lines} never came"
            self.child.tend()
            time.sleep(0.01)


@pytest.fixture
def watched(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Watched]:
    watched = Watched(tmp_path, request.param)
    yield watched
    watched.close()


@pytest.mark.parametrize("watched", [WAITS], indirect=True)
def test_a_killed_child_is_started_again(watched: Watched) -> None:
    watched.tend_until("up")
    first = watched.child.pid
    assert first
    os.kill(first, signal.SIGKILL)
    watched.tend_until("up", "up")
    assert watched.child.pid != first
    assert watched.told == [("record", -9, children.FIRST_PAUSE_S)]


def deaths(watched: Watched, count: int) -> list[float]:
    """The pauses after this many deaths of a child that ends by itself."""
    while len(watched.told) < count:
        watched.child.tend()
        if watched.child.pid:
            os.waitid(os.P_PID, watched.child.pid, os.WEXITED | os.WNOWAIT)
    return [pause for _, _, pause in watched.told]


def test_pauses_grow_and_are_bounded(tmp_path: Path) -> None:
    clock = itertools.count(step=6)
    watched = Watched(tmp_path, "raise SystemExit(1)", lambda: next(clock))
    assert deaths(watched, 7) == [0.25, 0.5, 1.0, 2.0, 4.0, 5.0, 5.0]
    assert watched.told[0][:2] == ("record", 1)
    watched.close()


def test_killed_from_outside_it_is_back_at_once(tmp_path: Path) -> None:
    clock = itertools.count(step=6)
    watched = Watched(
        tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", lambda: next(clock)
    )
    assert deaths(watched, 4) == [0.25] * 4
    watched.close()


def test_a_death_after_a_healthy_life_is_answered_at_once(tmp_path: Path) -> None:
    clock = itertools.count(step=21)
    watched = Watched(tmp_path, "raise SystemExit(1)", lambda: next(clock))
    assert deaths(watched, 3) == [0.25, 0.25, 0.25]
    watched.close()


@pytest.mark.parametrize("watched", [GENTLE], indirect=True)
def test_stop_lets_it_flush(watched: Watched) -> None:
    watched.tend_until("up")
    watched.child.stop(20)
    assert watched.diary.read_text().split() == ["up", "flushed"]
    assert watched.child.pid is None


@pytest.mark.parametrize("watched", [DEAF], indirect=True)
def test_stop_does_not_wait_for_ever(watched: Watched) -> None:
    watched.tend_until("up")
    pid = watched.child.pid
    watched.child.stop(0.1)
    assert pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
