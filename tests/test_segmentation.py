"""diarization.segmentation: windows that speak for every sample once; who speaks when (the shipped model)."""

from itertools import pairwise

import numpy as np
import pytest

from diarization.segmentation import WINDOW, SegmentationModel, windows
from tests.clips import spoken


@pytest.fixture(scope="module")
def model() -> SegmentationModel:
    return SegmentationModel()


@pytest.mark.parametrize("samples", [1, WINDOW, WINDOW + 1, 2 * WINDOW, 320_007])
def test_every_sample_is_spoken_for_once_by_a_window_that_holds_it(samples: int) -> None:
    cut = windows(samples)
    assert cut[0][2] == 0
    assert cut[-1][3] == samples
    assert all(a[3] == b[2] for a, b in pairwise(cut))
    assert all(start <= since < until <= end <= samples for start, end, since, until in cut)
    assert all(end - start <= WINDOW for start, end, _, _ in cut)


def test_speech_is_told_from_silence(model: SegmentationModel) -> None:
    sound = spoken(2.0)  # two seconds of silence, a clip of 2.6 s, one second of silence
    speaks = model.activity(sound).any(axis=1)
    seconds = np.arange(len(speaks)) * 270 / 16_000
    assert not speaks[(seconds < 1.7) | (seconds > 4.9)].any()
    assert speaks[(seconds > 2.3) & (seconds < 4.2)].mean() > 0.9


def test_one_voice_is_one_local_speaker(model: SegmentationModel) -> None:
    assert model.activity(spoken(0.2, 0.4)).any(axis=0).sum() == 1


def test_more_than_ten_seconds_are_refused(model: SegmentationModel) -> None:
    with pytest.raises(ValueError, match="160000"):
        model.activity(np.zeros(WINDOW + 1, np.float32))


def test_less_than_one_frame_is_nobody(model: SegmentationModel) -> None:
    assert model.activity(np.zeros(990, np.float32)).shape == (0, 3)
