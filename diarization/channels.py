"""Which microphones hear their own seat, and which only hear a neighbour: by level above each one's floor.

The first form of the joint decision: frame by frame, a channel that is much weaker than the strongest one
hears crosstalk. Levels count above each microphone's own noise floor, so that gains need not be equal.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LOWEST_FLOOR_DB = -75.0


class Dominance:
    """One per hearing; `owners` takes frames in order.

    `margin_db`: a channel this much weaker than the strongest hears crosstalk. A second speaker who is
    softer than that on the own microphone would be lost, so the margin is wide.
    """

    def __init__(self, channels: int, margin_db: float = 9.0, inertia: float = 0.6) -> None:
        self._margin, self._inertia = margin_db, inertia
        self._power = np.full(channels, 1e-9)
        self._floor = np.full(channels, 0.0)

    def owners(self, frame: NDArray[np.float32]) -> NDArray[np.bool_]:
        """True for each channel that may hear its own seat. `frame` has shape (samples, channels)."""
        self._power = self._inertia * self._power + (1 - self._inertia) * (frame**2).mean(axis=0)
        level = 10 * np.log10(self._power + 1e-12)
        self._floor = np.minimum(level, self._floor + 0.02)
        above = np.maximum(level - np.maximum(self._floor, LOWEST_FLOOR_DB), 0.0)
        owners: NDArray[np.bool_] = above.max() - above <= self._margin
        return owners
