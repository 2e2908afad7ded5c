"""tingji.engine: final text is never refused, dropped or overtaken; tentative text thins out."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest

from asr.transcriber import Context
from casefile.model import Speech, Utterance
from tests.fakes import FakeTranscriber
from tingji.engine import Engine

FINAL, TENTATIVE = Context(), Context(tentative=True)


def speech(start_ms: int, channel: int = 0) -> Speech:
    return Speech(channel, start_ms, np.zeros(16_000, np.float32))


class Bench:
    """An engine whose transcriber stands still at a first job until `release`."""

    def __init__(self) -> None:
        self.transcriber = FakeTranscriber()
        self.transcriber.go_on.clear()
        self.engine = Engine(self.transcriber)
        self.first = self.engine.final("warm-up", speech(-1), FINAL)
        self.shown: list[Utterance] = []

    def release(self) -> list[tuple[int, int]]:
        """Let it work until nothing waits; (channel, start) in order of work, the first job left out."""
        idle = threading.Event()
        self.transcriber.go_on.set()
        self.engine.tentative("~last", speech(-2), TENTATIVE, lambda _: idle.set())
        assert idle.wait(30)
        return [(heard.channel, heard.start_ms) for heard, _ in self.transcriber.heard if heard.start_ms >= 0]


@pytest.fixture
def bench() -> Iterator[Bench]:
    bench = Bench()
    yield bench
    bench.transcriber.go_on.set()
    bench.engine.close()


def wait_until_busy(bench: Bench) -> None:
    while bench.engine.queues()["final"]:
        threading.Event().wait(0.001)


def test_final_jobs_go_before_tentative_ones(bench: Bench) -> None:
    wait_until_busy(bench)
    bench.engine.tentative("a", speech(10), TENTATIVE, bench.shown.append)
    bench.engine.final("a", speech(20), FINAL)
    bench.engine.final("a", speech(30), FINAL)
    assert bench.release() == [(0, 20), (0, 30), (0, 10)]


def test_of_a_channel_only_the_newest_tentative_job_is_kept(bench: Bench) -> None:
    wait_until_busy(bench)
    for start in (10, 20, 30):
        bench.engine.tentative("a", speech(start), TENTATIVE, bench.shown.append)
    bench.engine.tentative("a", speech(15, channel=1), TENTATIVE, bench.shown.append)
    assert bench.release() == [(0, 30), (1, 15)]
    assert bench.engine.skipped == 2


def test_rooms_take_turns(bench: Bench) -> None:
    wait_until_busy(bench)
    for start in (10, 20, 30):
        bench.engine.final("busy", speech(start), FINAL)
    bench.engine.final("quiet", speech(40), FINAL)
    assert bench.release() == [(0, 10), (0, 40), (0, 20), (0, 30)]


def test_a_withdrawn_tentative_job_is_not_done(bench: Bench) -> None:
    wait_until_busy(bench)
    bench.engine.tentative("a", speech(10), TENTATIVE, bench.shown.append)
    bench.engine.withdraw("a", 0)
    assert bench.release() == []


def test_a_failing_model_fails_the_job_and_not_the_engine() -> None:
    transcriber = FakeTranscriber(fail=True)
    engine = Engine(transcriber)
    with pytest.raises(RuntimeError, match="broke"):
        engine.final("a", speech(1), FINAL).result(30)
    engine.tentative("a", speech(2), TENTATIVE, lambda _: None)
    transcriber.fail = False
    assert engine.final("a", speech(3), FINAL).result(30).start_ms == 3
    engine.close()


def test_closing_cancels_what_waits(bench: Bench) -> None:
    wait_until_busy(bench)
    waiting = bench.engine.final("a", speech(10), FINAL)
    closing = threading.Thread(target=bench.engine.close)
    closing.start()
    while not waiting.cancelled():
        threading.Event().wait(0.001)
    bench.transcriber.go_on.set()
    closing.join(30)
    assert bench.first.result(0).start_ms == -1
    assert bench.engine.final("a", speech(20), FINAL).cancelled()


def test_a_final_job_that_is_cancelled_before_its_turn_is_not_done(bench: Bench) -> None:
    wait_until_busy(bench)
    bench.engine.final("a", speech(10), FINAL).cancel()
    bench.engine.final("a", speech(20), FINAL)
    assert bench.release() == [(0, 20)]
