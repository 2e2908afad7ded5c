"""Which microphone hears a sound first, whatever its gain: a voice reaches its own seat before the others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diarization.bands import EDGES, WINDOW, Spectrum

NEAREST, FARTHEST = 3, 240
"""Delays that count, in samples at 16 kHz: 6 cm to 5 m of way. Sound that comes at once tells nothing."""
SAME = 0.5
"""Correlation from which a microphone hears little else than the other one does."""
AS_LOUD = 1.6
"""Factor of power by which a microphone may be softer than another one and still hear a sound as loud."""
Lead = NDArray[np.float32]
"""[a, b]: how clearly a hears what b hears later, 0 to about 1; shape (channels, channels)."""


class Leads:
    """Smoothed cross-correlation of each pair of channels, whitened by both (SCOT, a kind of GCC).

    Source: Knapp and Carter, "The generalized correlation method for estimation of time delay", 1976.
    """

    def __init__(self, channels: int, rate: float = 0.3) -> None:
        self._a, self._b = np.triu_indices(channels, 1)
        self._channels, self._rate = channels, rate
        self._cross = np.zeros((len(self._a), WINDOW // 2 + 1), np.complex64)
        self._auto = np.full((channels, WINDOW // 2 + 1), 1e-12, np.float32)

    def hear(self, spectrum: Spectrum, active: NDArray[np.bool_]) -> Lead:
        """Takes each frame; pairs of which one is not `active` are 0."""
        self._auto += self._rate * (spectrum.real**2 + spectrum.imag**2 - self._auto)
        self._cross += self._rate * (spectrum[self._a] * spectrum[self._b].conj() - self._cross)
        lead = np.zeros((self._channels, self._channels), np.float32)
        pairs = np.flatnonzero(active[self._a] & active[self._b])
        if len(pairs):
            a, b, correlation = self._a[pairs], self._b[pairs], self._correlation(pairs)
            lead[b, a] = correlation[:, NEAREST:FARTHEST].max(axis=1)
            lead[a, b] = correlation[:, -FARTHEST:-NEAREST].max(axis=1)
        return lead

    def _correlation(self, pairs: NDArray[np.intp]) -> NDArray[np.float32]:
        """By delay of a behind b (from the end: of b behind a); a mere delay gives a peak of 1."""
        a, b = self._a[pairs], self._b[pairs]
        white = self._cross[pairs] / np.sqrt(self._auto[a] * self._auto[b] + 1e-14)
        white[:, : EDGES[0]] = white[:, EDGES[-1] :] = 0
        share = (EDGES[-1] - EDGES[0]) / white.shape[1]
        correlation: NDArray[np.float32] = np.fft.irfft(white, axis=1) / share
        return correlation


def repeated(ratio: NDArray[np.float64], lead: Lead) -> NDArray[np.bool_]:
    """The channels that hear later what another one hears no louder: a sound of the room, or a hot microphone.

    No voice at that seat: of two who speak at once each hears the own voice first, and it is louder there.
    `ratio`: sound over noise.
    """
    as_loud = ratio[:, None] < AS_LOUD * ratio
    later = as_loud & (lead > SAME) & (lead > 4 * lead.T)
    return np.asarray(later.any(axis=0))
