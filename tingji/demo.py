"""A demonstration sound for a machine without a microphone: a few spoken Mandarin clips on three channels."""

from __future__ import annotations

import wave
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from casefile.model import Hearing, HearingKind, Seat

RATE = 16_000
PAUSE_S = 1.5
ROUNDS = 5
LEAK = 0.05
"""What the neighbours' microphones hear of a speaker."""
NOISE = 30.0
"""Noise of the room, as the standard deviation of 16-bit samples."""

Signal = NDArray[np.float32]


def demo_hearing() -> Hearing:
    """The set-up that goes with the demonstration sound."""
    roles = ("审判长", "原告", "被告")
    seats = tuple(Seat(f"s{n + 1}", role, role[0], "", (n,)) for n, role in enumerate(roles))
    return Hearing(id="", kind=HearingKind.TRIAL, courtroom="演示法庭", seats=seats)


def demo_sound(target: Path) -> Path | None:
    """Writes the sound (16 kHz, 3 channels, about a minute) to `target`; None when no clips are installed."""
    clips = [_read(path) for path in _clips()]
    if not clips:
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(target), "wb") as out:
        out.setparams((3, 2, RATE, 0, "NONE", ""))
        for number, clip in enumerate(clips * ROUNDS):
            out.writeframes(_spoken(clip, number % 3).tobytes())
    return target


def _clips() -> list[Path]:
    """The Mandarin clips of the installed package pytest-audioeval (MIT), if it is there."""
    spec = find_spec("pytest_audioeval")
    roots = spec.submodule_search_locations if spec else None
    return [path for root in roots or () for path in sorted(Path(root).glob("samples/audio/zh/*.wav"))]


def _read(path: Path) -> Signal:
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    if rate != RATE:
        raise ValueError(f"{path.name}: {rate} Hz")
    mono: Signal = samples[:, 0]
    return np.concatenate([mono, np.zeros(int(PAUSE_S * RATE), np.float32)])


def _spoken(clip: Signal, channel: int) -> NDArray[np.int16]:
    """The clip on its own channel, faintly on the others, with the room's noise on all."""
    gains = np.full(3, LEAK, np.float32)
    gains[channel] = 0.8
    noise = np.random.default_rng(channel).normal(0.0, NOISE, (len(clip), 3))
    return np.clip(np.outer(clip, gains) * 32767 + noise, -32768, 32767).astype("<i2")
