"""asr.segmenter: when a passage begins, ends and is cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.segmenter import Segmenter, SegmenterOptions
from asr.vad import FRAME, FRAME_MS
from casefile.model import Mono16k, Speech, Voicing


def frame(value: float = 0.0) -> Mono16k:
    return np.full(FRAME, value, np.float32)


def cut(probabilities: list[float], segmenter: Segmenter | None = None) -> list[Speech]:
    """Push frames whose samples hold their own number."""
    segmenter = segmenter or Segmenter(0)
    closed = []
    for number, probability in enumerate(probabilities):
        closed += segmenter.push(frame(number), probability)
    return closed + segmenter.flush()


def numbers(speech: Speech) -> list[int]:
    return [int(value) for value in speech.audio[::FRAME]]


SILENCE = [0.05] * 30


@pytest.mark.parametrize("voiced", [4, 5, 7])
def test_a_word_of_200_ms_survives(voiced: int) -> None:
    passages = cut(SILENCE + [0.9] * voiced + SILENCE)
    assert len(passages) == 1
    assert passages[0].start_ms <= 30 * FRAME_MS
    assert passages[0].end_ms >= (30 + voiced) * FRAME_MS


def test_a_click_is_no_passage() -> None:
    assert cut([*SILENCE, 0.9, 0.9, *SILENCE]) == []


def test_sound_before_the_onset_and_after_the_end_is_kept() -> None:
    (passage,) = cut(SILENCE + [0.9] * 20 + SILENCE)
    assert numbers(passage) == list(range(22, 56))
    assert passage.start_ms == 22 * FRAME_MS


def test_a_breath_does_not_end_a_passage_and_a_pause_does() -> None:
    assert len(cut([0.9] * 20 + [0.1] * 10 + [0.9] * 20 + SILENCE)) == 1
    assert len(cut([0.9] * 20 + [0.1] * 25 + [0.9] * 20 + SILENCE)) == 2


def test_hysteresis_keeps_soft_endings() -> None:
    (passage,) = cut(SILENCE + [0.9] * 10 + [0.35] * 10 + SILENCE)
    assert passage.end_ms >= 50 * FRAME_MS


def test_nothing_is_lost_between_two_passages_that_touch() -> None:
    first, second = cut([0.9] * 20 + [0.1] * 21 + [0.9] * 20 + SILENCE)
    assert first.end_ms <= second.start_ms
    assert set(range(20)) <= set(numbers(first))
    assert set(range(41, 61)) <= set(numbers(second))


def test_a_long_passage_is_cut_at_its_weakest_moment() -> None:
    options = SegmenterOptions()
    speech = [0.9] * 300 + [0.4] * 5 + [0.9] * 200
    passages = cut(speech + SILENCE)
    assert len(passages) == 2
    assert 300 <= len(numbers(passages[0])) <= 306
    assert all(p.end_ms - p.start_ms <= options.max_ms for p in passages)
    assert passages[1].start_ms == passages[0].end_ms


def test_open_shows_what_is_heard_so_far() -> None:
    segmenter = Segmenter(3)
    for number in range(3):
        segmenter.push(frame(number), 0.9)
    assert segmenter.open is None
    segmenter.push(frame(3), 0.9)
    assert segmenter.open is not None
    assert segmenter.open.channel == 3


def test_a_fading_passage_is_what_it_will_be_when_it_closes() -> None:
    segmenter = Segmenter(0)
    for number in range(20):
        segmenter.push(frame(number), 0.9)
    assert segmenter.fading is None
    fading, closed = [], []
    for number in range(20, 50):
        closed += segmenter.push(frame(number), 0.1)
        fading += [segmenter.fading] if segmenter.fading else []
    assert len(fading) > 5
    for early in fading:
        assert (early.start_ms, early.end_ms) == (closed[0].start_ms, closed[0].end_ms)
        assert np.array_equal(early.audio, closed[0].audio)


def test_skipping_moves_the_clock() -> None:
    segmenter = Segmenter(0, 1000)
    segmenter.skip_to(5000)
    (passage,) = cut([0.9] * 20 + SILENCE, segmenter)
    assert passage.start_ms == 5000


def test_options_refuse_nonsense() -> None:
    with pytest.raises(ValueError, match="offset"):
        SegmenterOptions(onset=0.2, offset=0.4)
    with pytest.raises(ValueError, match="max_ms"):
        SegmenterOptions(max_ms=31_000)


@given(st.lists(st.sampled_from([0.0, 0.2, 0.4, 0.6, 0.95]), max_size=1500), st.integers(0, 10_000))
def test_every_loud_frame_run_is_in_exactly_one_passage(probabilities: list[float], start_ms: int) -> None:
    passages = cut(probabilities, Segmenter(0, start_ms))
    seen = [number for passage in passages for number in numbers(passage)]
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen)
    for passage in passages:
        assert passage.start_ms == start_ms + numbers(passage)[0] * FRAME_MS
        assert passage.end_ms - passage.start_ms <= 20_000


def test_a_passage_tells_how_much_of_it_is_voice_and_how_sure() -> None:
    (speech,) = cut([0.1] * 20 + [0.8] * 10 + [0.1] * 40)
    assert speech.voicing == Voicing(320, pytest.approx(0.8))
    assert speech.end_ms - speech.start_ms == 256 + 320 + 192
