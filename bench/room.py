"""Sound of an empty courtroom, made here: pink noise, mains hum, a click now and then."""

from __future__ import annotations

import numpy as np

from casefile.model import Mono16k


def pink(samples: int, rng: np.random.Generator) -> Mono16k:
    """Noise whose power falls with 1/f, RMS 1."""
    spectrum = np.fft.rfft(rng.normal(size=samples))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    spectrum[0] = 0
    return scaled(np.fft.irfft(spectrum, samples).astype(np.float32), 0)


def hum(samples: int, rate: int, rng: np.random.Generator) -> Mono16k:
    """Mains hum: 50 Hz and its overtones, each weaker, RMS 1."""
    times = np.arange(samples) / rate
    waves = [
        np.sin(2 * np.pi * (50 * n * times + rng.random())) / n ** rng.uniform(0.5, 2) for n in range(1, 9)
    ]
    return scaled(np.sum(waves, axis=0).astype(np.float32), 0)


def clicks(samples: int, rate: int, rng: np.random.Generator, every_s: float = 5.0) -> Mono16k:
    """A knock of 20 ms about every `every_s` seconds, peak 1."""
    sound = np.zeros(samples, np.float32)
    fading = np.exp(-np.arange(rate // 50) / (rate / 250))
    for at in rng.integers(0, max(1, samples - len(fading)), int(samples / rate / every_s)):
        sound[at : at + len(fading)] += fading * rng.normal(size=len(fading))
    return sound


def room_noise(samples: int, rate: int, level_db: float, rng: np.random.Generator) -> Mono16k:
    """A quiet room at this RMS level (dB full scale), clicks 10 dB above it."""
    steady = scaled(pink(samples, rng) + 0.5 * hum(samples, rate, rng), level_db)
    return steady + clicks(samples, rate, rng) * np.float32(10 ** ((level_db + 10) / 20))


def scaled(sound: Mono16k, level_db: float) -> Mono16k:
    """The same sound at this RMS level (dB full scale)."""
    rms = float(np.sqrt(np.mean(sound.astype(np.float64) ** 2)))
    return (sound * (10 ** (level_db / 20) / max(rms, 1e-9))).astype(np.float32)


def music(samples: int, rate: int, rng: np.random.Generator) -> Mono16k:
    """Plucked chords of a few harmonics, a new one every 400 ms, RMS 1."""
    sound, note = np.zeros(samples, np.float32), rate * 2 // 5
    times = np.arange(note * 3) / rate
    for at in range(0, max(1, samples - len(times)), note):
        root = 110 * 2 ** (rng.integers(0, 24) / 12)
        for third in (1, 5 / 4, 3 / 2):
            for overtone in (1, 2, 3, 4):
                wave = np.sin(2 * np.pi * root * third * overtone * times) / overtone * np.exp(-times * 4)
                sound[at : at + len(times)] += wave.astype(np.float32)
    return scaled(sound, 0)


def keyboard(samples: int, rate: int, rng: np.random.Generator) -> Mono16k:
    """Typing: two short knocks a key, six keys a second in bursts, RMS 1."""
    sound, at = np.zeros(samples, np.float32), 0
    while at < samples:
        for delay, strength in ((0, 1.0), (rate // 12, 0.4)):
            knock = rng.normal(size=rate // 100) * np.exp(-np.arange(rate // 100) / (rate / 700))
            part = sound[at + delay : at + delay + len(knock)]
            part += (strength * rng.uniform(0.5, 1) * knock[: len(part)]).astype(np.float32)
        at += int(rate * (rng.uniform(0.08, 0.25) if rng.random() < 0.9 else rng.uniform(0.5, 2)))
    return scaled(sound, 0)
