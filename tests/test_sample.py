"""diarization.sample: whose voice a clip holds."""

import numpy as np

from casefile.model import Speech
from diarization.sample import sample
from diarization.stretches import Ear, Stretch
from tests.test_clustering import stretch


def test_the_voice_that_says_most_is_the_sample() -> None:
    heard = sample([stretch(0, 1, 1_600), stretch(0, 2, 1_500), stretch(1, 3, 900)])
    assert (heard.ms, heard.several, heard.enough) == (3_100, False, True)
    likeness = stretch(0, 9).embedding
    assert heard.embedding is not None
    assert likeness is not None
    assert float(heard.embedding @ likeness) > 0.7


def test_under_three_seconds_is_not_enough() -> None:
    assert not sample([stretch(0, 1, 2_900)]).enough


def test_two_people_are_not_taken_for_one() -> None:
    heard = sample([stretch(0, 1, 3_000), stretch(1, 2, 1_600)])
    assert (heard.several, heard.enough) == (True, False)


def test_where_nobody_is_alone_there_is_no_sample() -> None:
    assert sample([]).ms == sample([Stretch(((0, 900),), 0, None)]).ms == 0
    assert not sample([]).enough


def test_noise_is_nobody() -> None:
    hiss = np.random.default_rng(0).normal(0, 0.05, 80_000).astype(np.float32)
    assert not sample(Ear().stretches(Speech(0, 0, hiss))).enough
