"""diarization.embedding: the same voice is like itself, another one is not (the shipped model)."""

import numpy as np
import pytest
import soxr

from casefile.model import Mono16k
from diarization.embedding import VoiceModel, filter_bank
from tests.clips import mandarin


def other_voice(number: int) -> Mono16k:
    """A clip as by a bigger person: slower, and all resonances lower."""
    return soxr.resample(mandarin(number), 16_000, 21_000).astype(np.float32)


@pytest.fixture(scope="module")
def voice() -> VoiceModel:
    return VoiceModel()


def test_filter_bank_is_eighty_bands_every_ten_milliseconds() -> None:
    bank = filter_bank(mandarin(0))
    assert bank.shape == ((len(mandarin(0)) - 400) // 160 + 1, 80)
    assert bank.dtype == np.float32


def test_too_little_sound_gives_no_frames() -> None:
    assert filter_bank(np.zeros(399, np.float32)).shape == (0, 80)


def test_a_voice_is_like_itself_and_unlike_another(voice: VoiceModel) -> None:
    one, again, other = (voice.embed(sound) for sound in (mandarin(0), mandarin(2), other_voice(2)))
    assert one.shape == (192,)
    assert np.linalg.norm(one) == pytest.approx(1)
    assert one @ again > 0.6
    assert one @ other < 0.5


def test_loudness_says_nothing_about_a_voice(voice: VoiceModel) -> None:
    assert voice.embed(mandarin(2)) @ voice.embed(mandarin(2) * 0.1) > 0.98


def test_too_short_is_refused(voice: VoiceModel) -> None:
    with pytest.raises(ValueError, match="20 frames"):
        voice.embed(mandarin(0)[:2_000])
