"""asr.vad: the gate lets speech through and costs nothing in silence."""

import numpy as np
import pytest

from asr.vad import FRAME, Gain, Gated, Silero, level_db
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


def noise(level_db: float, count: int = 150) -> Mono16k:
    sound = np.random.default_rng(1).normal(0, 10 ** (level_db / 20), FRAME * count)
    return sound.astype(np.float32)


@pytest.mark.parametrize("level_db", [-120, -70, -60, -50])
def test_a_quiet_room_does_not_reach_the_judge(level_db: float) -> None:
    judge = Counting()
    gate = Gated(judge)
    assert [gate.probability(frame) for frame in frames(noise(level_db))] == [0.0] * 150
    assert judge.heard == []


def test_mains_hum_does_not_reach_the_judge() -> None:
    judge, times = Counting(), np.arange(FRAME * 150) / 16_000
    hum = (0.003 * np.sin(2 * np.pi * 50.3 * times)).astype(np.float32) + noise(-70)
    gate = Gated(judge)
    for frame in frames(hum):
        gate.probability(frame)
    assert judge.heard == []


def test_the_judge_hears_what_came_before_the_gate_opened() -> None:
    judge = Counting()
    gate = Gated(judge, memory=10)
    for _ in range(50):
        gate.probability(np.zeros(FRAME, np.float32))
    speech = frames(mandarin(0))
    opened = next(i for i, frame in enumerate(speech) if gate.probability(frame) > 0)
    assert len(judge.heard) == 11
    assert np.corrcoef(judge.heard[-1], speech[opened])[0, 1] == pytest.approx(1)


def test_gated_and_plain_silero_agree_on_real_speech() -> None:
    sound = np.concatenate([np.zeros(16_000, np.float32), mandarin(0), np.zeros(16_000, np.float32)])
    plain, gated = Silero(), Gated()
    both = [(plain.probability(f) > 0.5, gated.probability(f) > 0.5) for f in frames(sound)]
    assert sum(one for one, _ in both) > 20
    assert sum(one != other for one, other in both) <= 3


def test_a_soft_voice_is_heard_where_silero_alone_hears_nothing() -> None:
    loud = np.concatenate([np.zeros(16_000, np.float32), mandarin(0), np.zeros(16_000, np.float32)])
    soft = loud * np.float32(10 ** (-55 / 20)) + noise(-85, len(loud) // FRAME + 1)[: len(loud)]
    wanted = sum(p > 0.5 for p in map(Gated().probability, frames(loud)))
    assert sum(p > 0.5 for p in map(Gated().probability, frames(soft))) > 0.5 * wanted
    assert sum(p > 0.5 for p in map(Silero().probability, frames(soft))) == 0


def test_the_gate_opens_again_for_speech_after_a_long_loud_noise() -> None:
    judge = Counting()
    gate = Gated(judge)
    for frame in frames(noise(-20, 600)):
        gate.probability(frame)
    for frame in frames(noise(-60, 60)):
        gate.probability(frame)
    before = len(judge.heard)
    for frame in frames(mandarin(0) * np.float32(0.1)):
        gate.probability(frame)
    assert len(judge.heard) - before > 20


def test_the_gain_never_makes_softer_and_has_an_end() -> None:
    gain, loud, silent = Gain(), noise(-10, 1), noise(-90, 1)
    assert level_db(Gain().applied(silent)) == pytest.approx(level_db(silent) + 40, abs=0.1)
    assert np.array_equal(gain.applied(loud), loud)
    assert np.array_equal(gain.applied(silent), silent), "a moment after a loud one nothing is raised"


def test_silero_is_sure_of_silence() -> None:
    judge = Silero()
    assert max(judge.probability(np.zeros(FRAME, np.float32)) for _ in range(30)) < 0.3


def test_reset_forgets() -> None:
    judge, speech = Silero(), frames(mandarin(0))
    first = [judge.probability(frame) for frame in speech[:20]]
    judge.reset()
    assert [judge.probability(frame) for frame in speech[:20]] == first
