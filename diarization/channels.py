"""Which microphones hear their own seat, and which only hear a neighbour: by level.

The first form of the joint decision: frame by frame, a channel that is much weaker than the strongest one
hears crosstalk. It counts on microphones of about equal gain: a much hotter one may show a neighbour's words
twice, but takes no words from anybody.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Dominance:
    """One per hearing; `owners` takes frames in order.

    `margin_db`: a channel this much weaker than the strongest hears crosstalk. A second speaker who is
    softer than that on the own microphone would be lost, so the margin is wide. `release_db`: how fast a
    level falls, per frame, so that breaks between syllables, equal in all microphones, decide nothing.
    """

    def __init__(self, channels: int, margin_db: float = 9.0, release_db: float = 0.64) -> None:
        self._margin, self._release = margin_db, release_db
        self._level = np.full(channels, -120.0)

    def owners(self, frame: NDArray[np.float32]) -> NDArray[np.bool_]:
        """True for each channel that may hear its own seat. `frame` has shape (samples, channels)."""
        level = 10 * np.log10((frame**2).mean(axis=0) + 1e-12)
        self._level = np.maximum(level, self._level - self._release)
        owners: NDArray[np.bool_] = self._level.max() - self._level <= self._margin
        return owners
