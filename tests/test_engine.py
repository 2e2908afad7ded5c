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


def speech(start_ms: int, channel: int = 0, length_ms: int = 1000) -> Speech:
    return Speech(channel, start_ms, np.zeros(length_ms * 16, np.float32))


class Bench:
    """An engine whose transcriber stands still at a first job until `release`."""

    def __init__(self) -> None:
        self.transcriber = FakeTranscriber()
        self.transcriber.go_on.clear()
        self.engine = Engine(self.transcriber, tentative_share=1.0)
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


def test_what_was_begun_early_for_just_this_sound_is_taken_over(bench: Bench) -> None:
    wait_until_busy(bench)
    bench.engine.early("a", speech(10), FINAL)
    bench.engine.early("a", speech(10), FINAL)
    words = bench.engine.final("a", speech(10), FINAL)
    assert bench.release() == [(0, 10)]
    assert words.result(0).start_ms == 10


def test_early_words_are_the_final_ones_when_they_are_ready_at_the_close(bench: Bench) -> None:
    bench.engine.early("a", speech(10), FINAL)
    assert bench.release() == [(0, 10)]
    assert bench.engine.final("a", speech(10), FINAL).done()


def test_speech_that_went_on_is_recognized_whole(bench: Bench) -> None:
    wait_until_busy(bench)
    bench.engine.early("a", speech(10), FINAL)
    bench.engine.early("a", speech(20), FINAL)
    words = bench.engine.final("a", speech(30), FINAL)
    assert bench.release() == [(0, 30)]
    assert words.result(0).start_ms == 30


def test_early_jobs_go_after_final_ones_and_before_tentative_ones(bench: Bench) -> None:
    wait_until_busy(bench)
    bench.engine.tentative("a", speech(10), TENTATIVE, bench.shown.append)
    bench.engine.early("b", speech(20), FINAL)
    bench.engine.final("c", speech(30), FINAL)
    assert bench.release() == [(0, 30), (0, 20), (0, 10)]


def test_closing_cancels_what_was_begun_early(bench: Bench) -> None:
    wait_until_busy(bench)
    bench.engine.early("a", speech(10), FINAL)
    closing = threading.Thread(target=bench.engine.close)
    closing.start()
    while not bench.engine.final("a", speech(10), FINAL).cancelled():
        threading.Event().wait(0.001)
    bench.transcriber.go_on.set()
    closing.join(30)
    assert [heard.start_ms for heard, _ in bench.transcriber.heard] == [-1]


def test_a_busy_channel_keeps_its_place_and_no_room_starves(bench: Bench) -> None:
    wait_until_busy(bench)
    for start in (10, 20, 30):
        bench.engine.tentative("a", speech(start), TENTATIVE, bench.shown.append)
        bench.engine.tentative("b", speech(start + 1), TENTATIVE, bench.shown.append)
    assert bench.release() == [(0, 30), (0, 31)]


def test_tentative_jobs_that_waited_too_long_are_left_out_and_the_page_is_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_until_busy(bench)
    assert not bench.engine.thinned
    monkeypatch.setattr("tingji.engine.TENTATIVE_WITHIN_S", -1.0)
    bench.engine.tentative("a", speech(10), TENTATIVE, bench.shown.append)
    bench.transcriber.go_on.set()
    while bench.engine.queues()["tentative"]:
        threading.Event().wait(0.001)
    assert bench.engine.skipped == 1
    assert bench.engine.thinned
    assert not bench.shown


def test_late_final_jobs_are_counted_and_done(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tingji.engine.FINAL_WITHIN_S", -1.0)
    assert bench.release() == []
    assert bench.first.result(0).start_ms == -1
    assert bench.engine.late == 1
    assert bench.engine.thinned


def test_the_tentative_lane_takes_its_share_of_the_time_at_most() -> None:
    engine = Engine(FakeTranscriber(), tentative_share=0.001)
    engine._worked("tentative", 1.0)
    engine.tentative("a", speech(10, length_ms=3000), TENTATIVE, lambda _: None)
    assert engine.final("a", speech(20), FINAL).result(30).start_ms == 20
    assert engine.queues()["tentative"] == 1
    assert engine.busy_s["tentative"] == 1.0
    engine.close()


def test_a_young_passage_is_looked_at_without_rest() -> None:
    engine, looked = Engine(FakeTranscriber(), tentative_share=0.001), threading.Event()
    engine._worked("tentative", 1.0)
    engine.tentative("old", speech(10, length_ms=3000), TENTATIVE, lambda _: None)
    engine.tentative("young", speech(20, length_ms=600), TENTATIVE, lambda _: looked.set())
    assert looked.wait(30)
    assert engine.queues()["tentative"] == 1
    engine.close()


def test_with_two_transcribers_a_closed_passage_never_waits_for_an_open_one() -> None:
    transcriber = FakeTranscriber()
    transcriber.go_on.clear()
    engine = Engine(Splits(transcriber), Splits(transcriber))
    engine.tentative("a", speech(10), TENTATIVE, lambda _: None)
    while engine.queues()["tentative"]:
        threading.Event().wait(0.001)
    engine.tentative("b", speech(11), TENTATIVE, lambda _: None)
    assert engine.final("a", speech(20), FINAL).result(30).start_ms == 20
    transcriber.go_on.set()
    engine.close()


def test_of_two_transcribers_the_second_does_the_final_jobs_until_it_is_busy() -> None:
    first, second = FakeTranscriber(), FakeTranscriber()
    second.go_on.clear()
    engine = Engine(first, second)
    slow = engine.final("a", speech(10), FINAL)
    while not slow.running():
        threading.Event().wait(0.001)
    assert engine.final("a", speech(20), FINAL).result(30).start_ms == 20
    second.go_on.set()
    assert slow.result(30).start_ms == 10
    engine.close()
    assert [heard.start_ms for heard, _ in first.heard] == [20]
    assert [heard.start_ms for heard, _ in second.heard] == [10]


class Splits:
    """Holds tentative jobs up, as the fake does, and not the final ones."""

    def __init__(self, slow: FakeTranscriber) -> None:
        self.slow = slow

    def warm_up(self) -> None:
        pass

    def transcribe(self, speech: Speech, context: Context) -> Utterance:
        return (
            self.slow.transcribe(speech, context)
            if context.tentative
            else Utterance(0, speech.start_ms, 0, ())
        )


@pytest.mark.parametrize("fail", [False, True], ids=["well", "broken"])
def test_each_model_is_warmed_up_once_before_its_first_job_and_never_in_the_way(fail: bool) -> None:
    first, second = FakeTranscriber(fail), FakeTranscriber(fail)
    engine = Engine(first, second)
    jobs = [engine.final("a", speech(n), FINAL) for n in range(4)]
    assert [isinstance(job.exception(30), RuntimeError) for job in jobs] == [fail] * 4
    engine.close()
    assert (first.warmed, second.warmed) == (1, 1)


def test_the_rest_of_a_passage_goes_before_its_rooms_others(bench: Bench) -> None:
    wait_until_busy(bench)
    bench.engine.final("a", speech(20), FINAL)
    rest = bench.engine.rest("a", speech(10), FINAL)
    assert bench.release() == [(0, 10), (0, 20)]
    assert rest.result(30).start_ms == 10
    bench.engine.close()
    assert bench.engine.rest("a", speech(40), FINAL).cancelled()
