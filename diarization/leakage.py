"""How loud each seat's voice is in every other microphone: learned while somebody speaks alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diarization.bands import BANDS, Power
from diarization.leads import Lead

UNLEARNED = 0.06
"""Before a seat has spoken: -12 dB, once the channels are brought to one floor of noise."""
CLEAR = 0.25
"""Correlation from which two microphones hear the same sound."""


class Leakage:
    """One factor of power for each band, microphone and seat; gains of microphones are part of them."""

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._factors = np.full((BANDS, channels, channels), np.nan)
        self._heard = np.zeros(channels)

    def split(self, sound: Power, noise: Power) -> Power:
        """What of `sound` (above the noise) comes into each channel from the others, by shape alike."""
        factors = self._known(noise)
        own = np.linalg.solve(factors + 1e-6 * np.eye(self._channels), sound.T[:, :, None])
        factors[:, range(self._channels), range(self._channels)] = 0
        leak: Power = (factors @ np.maximum(own, 0))[:, :, 0].T
        return leak

    def learn(self, speaker: int, sound: Power, noise: Power) -> None:
        """Nobody but `speaker` (a channel) is heard: the first frames teach much, later ones little."""
        self._heard[speaker] += 1
        rate = max(0.05, self._heard[speaker] ** -0.7)
        clear = sound[speaker] > 10 * noise[speaker]
        new = np.log(np.maximum(sound[:, clear] / sound[speaker, clear], 1e-4)).T
        old = np.log(self._factors[clear, :, speaker])
        learned = np.where(np.isnan(old), new, old + rate * np.clip(new - old, -2.0, 1.5))
        self._factors[clear, :, speaker] = np.exp(learned)

    def _known(self, noise: Power) -> NDArray[np.float64]:
        assumed = UNLEARNED * noise.T[:, :, None] / noise.T[:, None, :]
        known: NDArray[np.float64] = np.where(np.isnan(self._factors), assumed, self._factors)
        known[:, range(self._channels), range(self._channels)] = 1
        return known


def alone(ratio: NDArray[np.float64], lead: Lead) -> int | None:
    """The channel whose seat speaks alone and clearly, or None. `ratio`: sound over noise, by channel.

    It stands out of the noise most, by 2 dB or more, and nobody else hears it first; nearer than 6 dB to
    another one, delay must say so.
    """
    top = int(ratio.argmax())
    others = np.delete(ratio, top).max(initial=0.0)
    if ratio[top] < 30 or ratio[top] < 1.6 * others:
        return None
    first, later = np.delete(lead[top], top), np.delete(lead[:, top], top)
    heard = np.delete(ratio, top) > 1
    by_delay = bool(((first > CLEAR) & (first > 1.5 * later))[heard].all())
    by_level = ratio[top] > 4 * others and bool(((later < CLEAR) | (first > later))[heard].all())
    return top if by_delay or by_level else None
