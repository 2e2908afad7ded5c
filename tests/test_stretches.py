"""diarization.stretches: who speaks when inside a passage, and how each sounds (the shipped models)."""

from itertools import pairwise

import numpy as np
import pytest
import soxr

from casefile.model import Speech
from diarization.stretches import Ear, tidy
from tests.clips import mandarin, spoken


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear()


def columns(*rows: str) -> np.ndarray:
    """Activity of three speakers, a string of . and # for each."""
    return np.array([[mark == "#" for mark in row] for row in rows], np.bool_).T


def test_breaths_are_closed_and_specks_are_dropped() -> None:
    found = tidy(
        columns("#" * 20 + "." * 10 + "#" * 20, "." * 40 + "#" * 5 + "." * 5, "#" * 12 + "." * 30 + "#" * 8)
    )
    assert (found == columns("#" * 50, "." * 50, "#" * 12 + "." * 38)).all()


def test_a_silence_in_which_another_speaks_is_no_breath() -> None:
    found = tidy(columns("#" * 20 + "." * 14 + "#" * 20, "." * 20 + "#" * 13 + "." * 21))
    assert not found[20:34, 0].any()
    assert found[20:33, 1].all()


def test_times_are_those_of_the_hearing(ear: Ear) -> None:
    (stretch,) = ear.stretches(Speech(0, 60_000, spoken(1.0)))
    start_ms, end_ms = stretch.spans[0][0], stretch.spans[-1][1]
    assert start_ms == pytest.approx(61_000, abs=200)
    assert end_ms == pytest.approx(63_589, abs=500)
    assert stretch.solo_ms == pytest.approx(stretch.ms, abs=100)


def test_two_voices_at_once_are_two_stretches_that_overlap(ear: Ear) -> None:
    other = soxr.resample(mandarin(2), 16_000, 11_500).astype(np.float32)
    both = mandarin(2)[: len(other)] + other
    one, two = ear.stretches(Speech(0, 0, (np.concatenate([mandarin(2), both]) / 2).astype(np.float32)))
    assert two.spans[0][0] < one.spans[-1][1]
    assert two.spans[0][0] == pytest.approx(len(mandarin(2)) / 16, abs=400)


def test_a_passage_of_more_than_ten_seconds_is_covered_once(ear: Ear) -> None:
    speech = Speech(0, 0, spoken(0.1, 0.1, 0.1, 0.1, 0.1, 0.1))
    spans = sorted(span for stretch in ear.stretches(speech) for span in stretch.spans)
    assert len(speech.audio) > 160_000
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert sum(end - start for start, end in spans) > 0.8 * (len(speech.audio) / 16 - 1_600)


def test_silence_is_nobody(ear: Ear) -> None:
    assert ear.stretches(Speech(0, 0, np.zeros(32_000, np.float32))) == []
