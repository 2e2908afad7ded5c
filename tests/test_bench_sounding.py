"""bench.sounding: a turn begins and ends where it is heard, not where its clip was cut."""

import numpy as np

from bench.sounding import sounding

RATE = 16_000


def test_silence_at_both_ends_of_a_clip_is_not_speech() -> None:
    noise = np.random.default_rng(1).normal(0, 0.0005, 3 * RATE)
    noise[RATE : 2 * RATE] += 0.3 * np.sin(np.arange(RATE) * 0.1)
    [turn] = sounding([{"start_ms": 200, "end_ms": 2800, "text": "对"}], noise.astype(np.float32), RATE)
    assert abs(turn["start_ms"] - 1000) <= 20
    assert abs(turn["end_ms"] - 2000) <= 20
    assert turn["text"] == "对"


def test_a_click_does_not_begin_a_turn() -> None:
    sound = np.zeros(2 * RATE, np.float32)
    sound[1600] = 0.9
    sound[RATE:] = 0.2
    [turn] = sounding([{"start_ms": 0, "end_ms": 2000}], sound, RATE)
    assert turn["start_ms"] == 1000


def test_digital_silence_leaves_the_times_alone() -> None:
    turn = {"start_ms": 0, "end_ms": 30}
    assert sounding([turn], np.zeros(RATE, np.float32), RATE) == [turn]
