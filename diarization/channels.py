"""Which microphones hear their own seat, and which only hear a neighbour: by level, delay and correlation.

A joint decision over all channels, frame by frame. While one seat speaks alone (it is heard there first),
`Leakage` learns how loud its voice is in every other microphone. From then on each channel's sound is split
into what leaks in from the others and what is its own; a channel with a share of its own hears its seat, so
that true overlap is two speakers, and a hot microphone takes no words from anybody.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diarization.bands import BANDS, NoiseFloor, Power, Spectra, power, sends
from diarization.leads import Leads, repeated
from diarization.leakage import Leakage, alone

FAINT_DB = 15.0
"""A channel so much softer than the loudest hears no seat of its own, wherever the voice is heard first:
what a mixer or a cable lets through has no delay."""


class Crosstalk:
    """One per run of sound; `owners` takes frames in order.

    `begin`, `stay`: the share of a channel's sound that must be its own before it counts as its seat's, and
    as long as it does. `margin`: leakage may be stronger than learned by this factor of power.
    `release`: what leaked in fades like a room's reverberation, by this factor a frame (30 dB/s).
    """

    def __init__(
        self,
        channels: int,
        begin: float = 0.2,
        stay: float = 0.1,
        margin: float = 1.6,
        release: float = 0.8,
    ) -> None:
        self._begin, self._stay, self._margin, self._release = begin, stay, margin, release
        self._spectra, self._floor = Spectra(channels), NoiseFloor(channels)
        self._leads, self._leakage = Leads(channels), Leakage(channels)
        self._level: Power | None = None
        self._leak: Power = np.zeros((channels, BANDS))
        self._own = np.ones(channels, np.bool_)
        self.foreign = np.zeros(channels, np.bool_)
        """After `owners`: the channels in which hardly anything but others' voices is heard in this frame."""

    def owners(self, frame: NDArray[np.float32]) -> NDArray[np.bool_]:
        """True for each channel that may hear its own seat. `frame` has shape (512, channels)."""
        if len(self._own) == 1:
            return self._own.copy()
        spectrum = self._spectra.of(frame)
        heard = power(spectrum)
        self._level = heard if self._level is None else self._level + 0.4 * (heard - self._level)
        noise = self._floor.under(self._level, sends(frame))
        sound = np.maximum(self._level - noise, 0)
        ratio = sound.sum(axis=1) / noise.sum(axis=1)
        leak = self._leakage.split(sound, noise)
        self._leak = np.maximum(leak, self._release * self._leak)
        lead = self._leads.hear(spectrum, ratio > 1)
        self._decide(sound, noise, repeated(ratio, lead))
        speaker = alone(ratio, lead)
        if speaker is not None:
            self._leakage.learn(speaker, sound, noise)
        return self._own.copy()

    def _decide(self, sound: Power, noise: Power, repeats: NDArray[np.bool_]) -> None:
        """A channel into which nothing leaks hears its seat, if anything: that is the detector's business."""
        room, whole, leak = noise.sum(axis=1), sound.sum(axis=1), self._leak.sum(axis=1)
        excess = np.maximum(sound - self._margin * self._leak, 0)
        share = _share(excess, sound + 0.2 * noise)
        free = leak < 0.1 * whole + 0.5 * room
        begins = (share > self._begin) & (excess.sum(axis=1) > room)
        faint = whole < whole.max() * 10 ** (-FAINT_DB / 10)
        own = np.where(self._own, (share > self._stay) | free, begins | (free & (whole > room)))
        self._own = own & ~(faint | repeats)
        self.foreign = ((share <= self._stay) & ~free) | faint


def _share(part: Power, whole: Power) -> NDArray[np.float64]:
    """How much of each channel's sound `part` is, its loudest band left out: a tone in the room is no voice."""
    loudest = part.argmax(axis=1)[:, None]
    rest, of = (np.take_along_axis(all_, loudest, axis=1)[:, 0] for all_ in (part, whole))
    share: NDArray[np.float64] = (part.sum(axis=1) - rest) / (whole.sum(axis=1) - of)
    return share
