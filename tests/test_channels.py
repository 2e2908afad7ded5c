"""diarization.channels: a neighbour's voice in a seat's microphone is crosstalk."""

import numpy as np
import pytest

from diarization.channels import Dominance


def sound(levels_db: list[float], seed: int = 0) -> np.ndarray:
    """A frame of noise with so many dB full scale per channel."""
    noise = np.random.default_rng(seed).normal(0, 1, (512, len(levels_db)))
    return (noise * 10 ** (np.array(levels_db) / 20)).astype(np.float32)


def settled(dominance: Dominance, levels_db: list[float]) -> list[bool]:
    """What is said of the channels after two seconds at these levels."""
    for seed in range(64):
        owners = dominance.owners(sound(levels_db, seed))
    return [bool(own) for own in owners]


@pytest.mark.parametrize("leak_db", [-12.0, -15.0, -20.0])
def test_leakage_is_not_owned(leak_db: float) -> None:
    dominance = Dominance(3)
    settled(dominance, [-70, -70, -70])
    assert settled(dominance, [-20, -20 + leak_db, -20 + leak_db]) == [True, False, False]


def test_two_people_at_once_both_own_theirs() -> None:
    dominance = Dominance(2)
    settled(dominance, [-70, -70])
    assert settled(dominance, [-20, -26]) == [True, True]


def test_a_hot_microphone_takes_no_words_from_others() -> None:
    dominance = Dominance(2)
    settled(dominance, [-50, -60])
    assert settled(dominance, [-35, -30])[1]
    assert settled(dominance, [-10, -35]) == [True, False]


def test_one_channel_owns_all_it_hears() -> None:
    assert settled(Dominance(1), [-50]) == [True]


def test_a_break_between_syllables_changes_nothing() -> None:
    dominance = Dominance(2)
    settled(dominance, [-60, -60])
    settled(dominance, [-20, -35])
    for seed in range(6):
        owners = dominance.owners(sound([-60, -60], seed))
    assert [bool(own) for own in owners] == [True, False]
