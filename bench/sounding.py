"""When a turn is really heard: the reference's times hold the silence at both ends of each recorded clip.

A turn sounds from the first to the last stretch of 60 ms whose level is less than 20 dB below the turn's own loud
level (the 95th percentile of its frames of 20 ms). No detector of ours has a say in it. (The clips' own noise
lies 25 to 40 dB below their speech: a wider range takes it for speech.)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

FRAME_MS = 20
STRETCH = 3
BELOW_LOUD_DB = 20.0


def sounding(turns: Sequence[dict[str, Any]], sound: NDArray[np.float32], rate: int) -> list[dict[str, Any]]:
    """The turns with `start_ms` and `end_ms` where they begin and cease to sound. `sound` has shape (frames,)."""
    return [_trimmed(turn, sound, rate) for turn in turns]


def _trimmed(turn: dict[str, Any], sound: NDArray[np.float32], rate: int) -> dict[str, Any]:
    heard = sound[turn["start_ms"] * rate // 1000 : turn["end_ms"] * rate // 1000]
    size = rate * FRAME_MS // 1000
    frames = heard[: len(heard) // size * size].reshape(-1, size)
    if len(frames) < STRETCH:
        return turn
    level = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    loud = (level > np.percentile(level, 95) - BELOW_LOUD_DB).astype(int)
    whole = np.flatnonzero(np.convolve(loud, np.ones(STRETCH, int), "valid") == STRETCH)
    if not len(whole):
        return turn
    start, end = int(whole[0]), int(whole[-1]) + STRETCH
    return {
        **turn,
        "start_ms": turn["start_ms"] + start * FRAME_MS,
        "end_ms": turn["start_ms"] + end * FRAME_MS,
    }
