"""Levels of channels."""

from __future__ import annotations

import numpy as np

from casefile.model import AudioChunk, AudioFormat
from recorder.health import Levels, LevelState

FORMAT = AudioFormat(8000, 4)


def second(*channels: float) -> AudioChunk:
    """A second with a square wave of this amplitude in each channel."""
    sign = np.where(np.arange(8000) % 20 < 10, 1, -1)
    pcm = np.stack([np.clip(sign * level, -32768, 32767) for level in channels], axis=1).astype(np.int16)
    return AudioChunk(FORMAT, 0, pcm)


def test_every_state_has_its_channel() -> None:
    levels = Levels()
    for _ in range(3):
        levels.take()
        levels.add(second(8000, 5, 0, 40000))
    assert [level.state for level in levels.take()] == [
        LevelState.OK, LevelState.SILENT, LevelState.DEAD, LevelState.CLIPPING
    ]  # fmt: skip


def test_digital_zero_is_dead_only_after_two_seconds() -> None:
    levels, states = Levels(), []
    for _ in range(3):
        levels.add(second(0, 0, 0, 0))
        states.append(levels.take()[0].state)
    assert states == [LevelState.SILENT, LevelState.SILENT, LevelState.DEAD]
    levels.add(second(100, 0, 0, 0))
    assert levels.take()[0].state is LevelState.OK


def test_decibels_are_of_full_scale() -> None:
    levels = Levels()
    levels.add(second(32767 / 2, 0, 0, 0))
    level, dead, *_ = levels.take()
    assert (level.rms_db, level.peak_db, level.clipped) == (-6.0, -6.0, 0)
    assert (dead.rms_db, dead.peak_db) == (-120.0, -120.0)


def test_nothing_heard_is_no_level() -> None:
    assert Levels().take() == ()
