"""asr.vad: the gate lets speech through and costs nothing in silence."""

import numpy as np
import pytest

from asr.vad import FRAME, Gated, Silero
from casefile.model import Mono16k
from tests.clips import mandarin


class Counting:
    def __init__(self) -> None:
        self.heard: list[Mono16k] = []

    def probability(self, frame: Mono16k) -> float:
        self.heard.append(frame)
        return 0.7


def frames(sound: Mono16k) -> list[Mono16k]:
    return [sound[i : i + FRAME] for i in range(0, len(sound) - FRAME + 1, FRAME)]


@pytest.mark.parametrize("level", [0.0, 1e-4])
def test_silence_never_reaches_the_judge(level: float) -> None:
    judge, noise = Counting(), np.random.default_rng(1).normal(0, 1, FRAME * 100).astype(np.float32)
    gate = Gated(judge)
    assert [gate.probability(frame) for frame in frames(noise * level)] == [0.0] * 100
    assert judge.heard == []


def test_the_judge_hears_what_came_before_the_gate_opened() -> None:
    judge = Counting()
    gate = Gated(judge, memory=10)
    for _ in range(50):
        gate.probability(np.zeros(FRAME, np.float32))
    speech = frames(mandarin(0))
    opened = next(i for i, frame in enumerate(speech) if gate.probability(frame) > 0)
    assert len(judge.heard) == 11
    assert np.array_equal(judge.heard[-1], speech[opened])


def test_gated_and_ungated_silero_agree_on_real_speech() -> None:
    sound = np.concatenate([np.zeros(16_000, np.float32), mandarin(0), np.zeros(16_000, np.float32)])
    plain, gated = Silero(), Gated()
    both = [(plain.probability(f) > 0.5, gated.probability(f) > 0.5) for f in frames(sound)]
    assert sum(one for one, _ in both) > 20
    assert sum(one != other for one, other in both) <= 3


def test_silero_is_sure_of_silence() -> None:
    judge = Silero()
    assert max(judge.probability(np.zeros(FRAME, np.float32)) for _ in range(30)) < 0.3


def test_reset_forgets() -> None:
    judge, speech = Silero(), frames(mandarin(0))
    first = [judge.probability(frame) for frame in speech[:20]]
    judge.reset()
    assert [judge.probability(frame) for frame in speech[:20]] == first
