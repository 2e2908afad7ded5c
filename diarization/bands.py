"""What each microphone hears, band by band: power, and the floor of noise beneath it."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

FRAME = 512
"""Samples of a frame at 16 kHz (32 ms)."""
WINDOW = 1024
EDGES_HZ = (200, 300, 400, 520, 660, 840, 1060, 1340, 1700, 2150, 2700, 3400, 4300, 5400, 7000)
EDGES = np.array(EDGES_HZ) * WINDOW // 16_000
"""Borders of the bands, in bins of the spectrum."""
BANDS = len(EDGES) - 1

Spectrum = NDArray[np.complex64]
"""Shape (channels, WINDOW // 2 + 1)."""
Power = NDArray[np.float64]
"""Shape (channels, BANDS)."""


class Spectra:
    """The last two frames of each channel as a spectrum."""

    def __init__(self, channels: int) -> None:
        self._before = np.zeros((FRAME, channels), np.float32)
        self._window = np.hanning(WINDOW).astype(np.float32)[:, None]

    def of(self, frame: NDArray[np.float32]) -> Spectrum:
        """`frame` has shape (FRAME, channels)."""
        both, self._before = np.concatenate([self._before, frame]), frame
        spectrum: Spectrum = np.fft.rfft(both * self._window, axis=0).T.astype(np.complex64)
        return spectrum


def power(spectrum: Spectrum) -> Power:
    """The power in each band; never 0, so that digital silence has a level too."""
    bins = spectrum.real.astype(np.float64) ** 2 + spectrum.imag.astype(np.float64) ** 2
    return np.add.reduceat(bins[:, : EDGES[-1]], EDGES[:-1], axis=1) + 1e-9


class NoiseFloor:
    """The least power of the last sixteen seconds, as the mean power of the noise.

    Minima lie below the mean, `above_least` makes good for that. A channel far below the others (one whose
    gate is shut sends digital silence) has a floor of at most 12 dB below theirs.
    """

    def __init__(self, block: int = 64, blocks: int = 8, above_least: float = 2.5) -> None:
        self._least: deque[Power] = deque(maxlen=blocks)
        self._block, self._frames, self._above = block, 0, above_least

    def under(self, level: Power) -> Power:
        """The floor under smoothed power; frames in order."""
        if self._frames % self._block == 0:
            self._least.append(level)
        self._frames += 1
        self._least[-1] = np.minimum(self._least[-1], level)
        floor: Power = np.minimum.reduce(list(self._least))
        return self._above * np.maximum(floor, 0.06 * np.median(floor, axis=0))
