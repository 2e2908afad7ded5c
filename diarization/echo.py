"""Is what one microphone heard in a stretch only what another one heard first, or louder? By delay, else by level.

Over the whole stretch at once, so that the answer is surer than that of `Leads` frame by frame.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from casefile.model import Mono16k

LOWEST_HZ, HIGHEST_HZ = 200, 7000
SMOOTH_HZ = 30
"""Spectra are whitened by their mean over so many Hz: a voice's pitch gives no peaks of its own."""
WHITE = 0.7
"""How far they are whitened, 0 to 1: fully, the bands in which only the room's noise is heard would outweigh the voice."""
NEAREST = 3
"""Delay in samples (6 cm) below which a sound comes at once: through a cable or a mixer."""
FARTHEST = 8_000
"""0.5 s: a remote voice that a loudspeaker repeats in the room comes so late, at most."""
CLEAR = 0.5
"""Correlation from which two microphones hear one sound: 19 of 20 words leaked at -15 dB give more."""
BEYOND_DOUBT = 3.0
"""Of two who speak at once either is heard first somewhere: correlations nearer than this factor are two voices."""
SOFTER_DB = 6.0


class Delays(NamedTuple):
    """The highest correlation (0 to 1) where the first sound is the earlier one, at once, or the later one."""

    earlier: float
    at_once: float
    later: float


def delays(one: Mono16k, other: Mono16k) -> Delays:
    """How clearly `one` hears a sound before, with and after `other`; both of the same stretch of time.

    Source: the smoothed coherence transform of Knapp and Carter, "The generalized correlation method for
    estimation of time delay", 1976, with each spectrum smoothed over frequency and whitened in part (rho-PHAT:
    Rabinkin and others, "A DSP implementation of source location using microphone arrays", 1996).
    """
    size = 2 * max(len(one), len(other), FARTHEST)
    first, second = _white(one, size), _white(other, size)
    whole = np.sqrt((abs(first) ** 2).sum() * (abs(second) ** 2).sum()) + 1e-12
    at = np.fft.irfft(first * second.conj()) * size / (2 * whole)
    return Delays(
        float(at[-FARTHEST : 1 - NEAREST].max()),
        float(max(at[:NEAREST].max(), at[1 - NEAREST :].max())),
        float(at[NEAREST:FARTHEST].max()),
    )


def _white(sound: Mono16k, size: int) -> NDArray[np.complex128]:
    spectrum = np.fft.rfft(sound, size)
    hz = np.fft.rfftfreq(size, 1 / 16_000)
    smooth = uniform_filter1d(abs(spectrum) ** 2, max(1, round(SMOOTH_HZ * size / 16_000)))
    white: NDArray[np.complex128] = spectrum / (smooth + 1e-12) ** (WHITE / 2)
    white[(hz < LOWEST_HZ) | (hz > HIGHEST_HZ)] = 0
    return white


def echoes(sound: Mono16k, other: Mono16k, *, same_seat: bool = False) -> bool:
    """`sound` is what `other` hears, and was said there: it comes later, or at once and softer by 6 dB or more.

    Both of the same stretch of time. Two voices, each first in its own microphone, are no echo of each other.
    Of two microphones of the same seat the softer one repeats, whichever hears the voice first.
    """
    softer_db = _level_db(other) - _level_db(sound)
    found = delays(sound, other)
    if same_seat:
        return max(found) > CLEAR and softer_db >= 0
    if found.at_once >= max(found):
        return found.at_once > CLEAR and softer_db > SOFTER_DB
    return found.later > CLEAR and found.later > BEYOND_DOUBT * found.earlier


def _level_db(sound: Mono16k) -> float:
    return float(10 * np.log10((sound.astype(np.float64) ** 2).mean() + 1e-12))
