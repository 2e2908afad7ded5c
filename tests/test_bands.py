"""diarization.bands: the floor of noise, where a channel sends sound and where its gate is shut."""

import numpy as np

from diarization.bands import FRAME, NoiseFloor, Power, Spectra, power, sends


def floor_db(sound: np.ndarray) -> list[float]:
    """The floor under each channel (all bands) at the end of the sound. `sound` has shape (samples, channels)."""
    channels = sound.shape[1]
    spectra, floor, under = Spectra(channels), NoiseFloor(channels), np.ones((channels, 1))
    level: Power | None = None
    for frame in sound[: len(sound) // FRAME * FRAME].astype(np.float32).reshape(-1, FRAME, channels):
        heard = power(spectra.of(frame))
        level = heard if level is None else level + 0.4 * (heard - level)
        under = floor.under(level, sends(frame))
    return [float(10 * np.log10(one.sum())) for one in under]


def noise(seconds: float, rms: float = 0.001, channels: int = 1) -> np.ndarray:
    return np.random.default_rng(3).normal(0, rms, (int(seconds * 16_000), channels))


def test_digital_silence_says_nothing_of_the_room() -> None:
    steady = noise(6)
    gated = steady.copy()
    gated[32_100:40_700] = 0
    assert abs(floor_db(gated)[0] - floor_db(steady)[0]) < 1.0


def test_the_floor_follows_a_room_that_falls_silent() -> None:
    (before,), (after,) = floor_db(noise(4)), floor_db(np.concatenate([noise(4), noise(1, 0.0001)]))
    assert 17 < before - after < 23


def test_a_channel_that_has_sent_nothing_has_the_floor_of_the_others() -> None:
    sound = noise(4, channels=3)
    sound[:, 2] = 0
    one, other, unheard = floor_db(sound)
    assert min(one, other) - 1 <= unheard <= max(one, other) + 1


def test_where_no_channel_has_sent_anything_there_is_a_floor() -> None:
    assert np.isfinite(floor_db(np.zeros((16_000, 2)))).all()
