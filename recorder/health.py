"""How every channel does, once a second: loud enough, silent, dead, clipping."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from casefile.model import AudioChunk, Pcm

SILENT_DB = -60.0
FLOOR_DB = -120.0
DEAD_MS = 2000
CLIPPED_SAMPLES = 3


class LevelState(StrEnum):
    """What a channel's level says about its microphone."""

    OK = "ok"
    SILENT = "silent"
    DEAD = "dead"
    CLIPPING = "clipping"


@dataclass(frozen=True, slots=True)
class Level:
    """One channel since the last look: RMS and peak in dB of full scale, samples at full scale."""

    rms_db: float
    peak_db: float
    clipped: int
    state: LevelState


class Levels:
    """Gathers the levels of the chunks it is given; `take` returns them by channel and begins anew."""

    def __init__(self) -> None:
        self._channels = 0
        self._clear()
        self._zero_ms: list[int] = []

    def _clear(self) -> None:
        self._frames = 0
        self._squares = np.zeros(self._channels)
        self._peak = np.zeros(self._channels)
        self._clipped = np.zeros(self._channels, dtype=np.int64)

    def add(self, chunk: AudioChunk) -> None:
        """Counts a chunk in. Another number of channels begins anew."""
        if chunk.format.channels != self._channels:
            self._channels = chunk.format.channels
            self._zero_ms = [0] * self._channels
            self._clear()
        if len(chunk.pcm):
            self._count(chunk.pcm, chunk.format.ms(len(chunk.pcm)))

    def _count(self, pcm: Pcm, length_ms: int) -> None:
        loud = np.abs(pcm.astype(np.float64))
        self._frames += len(pcm)
        self._squares += np.square(loud).sum(axis=0)
        self._peak = np.maximum(self._peak, loud.max(axis=0))
        self._clipped += (loud >= 32767).sum(axis=0)
        quiet = loud.max(axis=0) == 0
        self._zero_ms = [ms + length_ms if zero else 0 for ms, zero in zip(self._zero_ms, quiet, strict=True)]

    def take(self) -> tuple[Level, ...]:
        """The levels since the last call, by channel; () when nothing was heard."""
        levels = tuple(self._level(channel) for channel in range(self._channels)) if self._frames else ()
        self._clear()
        return levels

    def _level(self, channel: int) -> Level:
        rms_db = decibels(math.sqrt(self._squares[channel] / self._frames))
        clipped = int(self._clipped[channel])
        state = self._state(rms_db, clipped, self._zero_ms[channel])
        return Level(rms_db, decibels(float(self._peak[channel])), clipped, state)

    @staticmethod
    def _state(rms_db: float, clipped: int, zero_ms: int) -> LevelState:
        if clipped >= CLIPPED_SAMPLES:
            return LevelState.CLIPPING
        if zero_ms > DEAD_MS:
            return LevelState.DEAD
        return LevelState.SILENT if rms_db < SILENT_DB else LevelState.OK


def decibels(amplitude: float) -> float:
    """dB of full scale of an int16 amplitude, rounded to a tenth; -120 at the least."""
    return round(max(FLOOR_DB, 20 * math.log10(max(amplitude, 1e-9) / 32768)), 1)
