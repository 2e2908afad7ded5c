"""diarization.echo: what a microphone heard in a stretch is another one's voice, or its own seat's."""

import numpy as np
import pytest

from casefile.model import Mono16k
from diarization.echo import echoes
from tests.clips import mandarin

DELAY = 60


def stretch(number: int, seconds: float = 1.5, at: float = 0.5) -> Mono16k:
    """A piece of a clip, RMS 0.1."""
    sound = mandarin(number)[int(at * 16_000) : int((at + seconds) * 16_000)]
    scaled: Mono16k = (sound * (0.1 / np.sqrt((sound**2).mean()))).astype(np.float32)
    return scaled


def later(sound: Mono16k, samples: int) -> Mono16k:
    return np.concatenate([np.zeros(samples, np.float32), sound[: len(sound) - samples]])


def noise(like: Mono16k, seed: int) -> Mono16k:
    return np.random.default_rng(seed).normal(0, 0.003, len(like)).astype(np.float32)


@pytest.mark.parametrize("gain", [0.18, 0.5, 3.0])
def test_what_comes_later_is_an_echo_however_loud_the_microphone_is(gain: float) -> None:
    voice = stretch(0)
    own, leaked = voice + noise(voice, 1), gain * later(voice, DELAY) + noise(voice, 2)
    assert echoes(leaked, own)
    assert not echoes(own, leaked)


def test_what_a_mixer_lets_through_at_once_is_an_echo_where_it_is_softer() -> None:
    voice = stretch(0)
    own, leaked = voice + noise(voice, 1), 0.18 * voice + noise(voice, 2)
    assert echoes(leaked, own)
    assert not echoes(own, leaked)
    assert not echoes(0.8 * voice + noise(voice, 2), own)


@pytest.mark.parametrize("leak", [0.18, 0.5])
def test_two_voices_at_once_are_no_echo_of_each_other(leak: float) -> None:
    one, other = stretch(0), stretch(2)
    first, second = one + leak * later(other, DELAY), other + leak * later(one, DELAY)
    assert not echoes(first, second)
    assert not echoes(second, first)


def test_sounds_that_have_nothing_in_common_are_no_echo_however_soft() -> None:
    one, other = stretch(0), stretch(2)
    assert not echoes(0.1 * one, other)


def test_a_remote_voice_that_a_loudspeaker_repeats_late_is_an_echo() -> None:
    voice = stretch(0, 2.5)
    assert echoes(0.3 * later(voice, 3_200) + noise(voice, 2), voice + noise(voice, 1))


def test_of_two_microphones_of_a_seat_the_softer_one_repeats() -> None:
    voice = stretch(0)
    near, far = later(voice, DELAY) + noise(voice, 1), 0.7 * voice + noise(voice, 2)
    assert echoes(far, near, same_seat=True)
    assert not echoes(near, far, same_seat=True)


def test_silence_is_no_echo_and_no_trouble() -> None:
    silence = np.zeros(8_000, np.float32)
    assert not echoes(silence, silence)
    assert not echoes(silence, stretch(0, 0.5))
