"""What each microphone hears, band by band: power, and the floor of noise beneath it."""

from __future__ import annotations

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


def sends(frame: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which channels send sound: not one whose gate is shut or opens or shuts here (2 ms of digital silence).

    `frame` has shape (FRAME, channels).
    """
    loudest = np.abs(frame).reshape(-1, 32, frame.shape[1]).max(axis=1)
    sending: NDArray[np.bool_] = (loudest > 1e-5).all(axis=0)
    return sending


class NoiseFloor:
    """The least power of the last sixteen seconds in which a channel sent sound, as the mean power of the noise.

    Minima lie below the mean, `above_least` makes good for that. What a gate or a noise suppressor sends while
    it is shut says nothing of the room: such frames are not counted. A channel far below the others has a
    floor of at most 12 dB below theirs, one that has sent nothing yet has theirs.
    """

    def __init__(self, channels: int, block: int = 64, blocks: int = 8, above_least: float = 2.5) -> None:
        self._least = np.full((blocks, channels, BANDS), np.inf)
        self._block, self._above = block, above_least
        self._frames = np.zeros(channels, np.int64)
        self._sending = np.zeros(channels, np.bool_)

    def under(self, level: Power, sending: NDArray[np.bool_]) -> Power:
        """The floor under smoothed power; frames in order. A spectrum is that of two frames: both must count."""
        counts, self._sending = sending & self._sending, sending
        begins = counts & (self._frames % self._block == 0)
        self._least[1:, begins] = self._least[:-1, begins]
        self._least[0, begins] = np.inf
        self._least[0, counts] = np.minimum(self._least[0, counts], level[counts])
        self._frames += counts
        return self._above * _completed(self._least.min(axis=0))


def _completed(floor: Power) -> Power:
    known = np.isfinite(floor[:, 0])
    typical = np.median(floor[known], axis=0) if known.any() else np.ones(BANDS)
    completed: Power = np.maximum(np.where(known[:, None], floor, typical), 0.06 * typical)
    return completed
