"""Sound of all microphones to passages of speech: resample, gate and judge, crosstalk, segments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import soxr
from numpy.typing import NDArray

from asr.segmenter import Segmenter
from asr.vad import FRAME, FRAME_MS, DetectorFactory, Gated
from casefile.model import AudioChunk, AudioFormat, Speech
from diarization.channels import Crosstalk

RATE = 16_000
SOFT = 0.03
"""How much of a neighbour's voice is left in what the recognizer hears (-30 dB); the recording keeps all."""


class Passages:
    """Hears a recording chunk by chunk and hands out the passages that close.

    `heard_to`: by channel, all speech before this moment has been dealt with (in ms); it is listened to,
    so that the detectors know the room, but not handed out again.
    """

    def __init__(self, heard_to: Mapping[int, int] | None = None, detector: DetectorFactory = Gated) -> None:
        self._heard_to = heard_to or {}
        self._detector = detector
        self._format: AudioFormat | None = None
        self._ears: list[_Ear] = []
        self._waiting: NDArray[np.float32] = np.zeros((0, 0), np.float32)

    def hear(self, chunk: AudioChunk) -> list[Speech]:
        """Take the next sound; a hole before it closes what is open."""
        closed: list[Speech] = []
        if chunk.format != self._format or abs(chunk.start_ms - self._expected_ms) > 2:
            closed = self.end()
            self._begin(chunk)
        self._frames += len(chunk.pcm)
        self._push(chunk.pcm, last=False)
        return closed + self._listen()

    def end(self) -> list[Speech]:
        """The sound has a hole or has ended: close what is open."""
        if self._format is None:
            return []
        self._push(np.zeros((0, self._format.channels), np.int16), last=True)
        missing = -len(self._waiting) % FRAME
        self._waiting = np.concatenate([self._waiting, np.zeros((missing, len(self._ears)), np.float32)])
        closed = self._listen()
        self._format = None
        return closed + [speech for ear in self._ears for speech in ear.segmenter.flush()]

    @property
    def open(self) -> list[Speech]:
        """What is heard so far of the passages that are still open, one per channel at most."""
        speaking = (ear.segmenter.open for ear in self._ears)
        return [speech for speech in speaking if speech is not None]

    @property
    def fading(self) -> list[Speech]:
        """Open passages as they will be if nothing more is said."""
        fading = (ear.segmenter.fading for ear in self._ears)
        return [speech for speech in fading if speech is not None]

    @property
    def _expected_ms(self) -> int:
        assert self._format is not None
        return self._start_ms + self._format.ms(self._frames)

    def _begin(self, chunk: AudioChunk) -> None:
        """Listen afresh from the start of `chunk`."""
        self._format, self._start_ms, self._frames = chunk.format, chunk.start_ms, 0
        channels = chunk.format.channels
        self._resampler = soxr.ResampleStream(chunk.format.rate, RATE, channels, dtype="float32")
        self._waiting = np.zeros((0, channels), np.float32)
        self._crosstalk = Crosstalk(channels)
        self._ears = [
            _Ear(channel, chunk.start_ms, self._heard_to.get(channel, 0), self._detector)
            for channel in range(channels)
        ]

    def _push(self, pcm: NDArray[np.int16], *, last: bool) -> None:
        sound = pcm.astype(np.float32) / 32768
        at_16k = self._resampler.resample_chunk(sound, last=last).reshape(-1, len(self._ears))
        self._waiting = np.concatenate([self._waiting, at_16k])

    def _listen(self) -> list[Speech]:
        closed = []
        for frame in self._whole_frames():
            owners = self._crosstalk.owners(frame)
            for ear, own, foreign in zip(self._ears, owners, self._crosstalk.foreign, strict=True):
                closed += ear.listen(np.ascontiguousarray(frame[:, ear.channel]), bool(own), bool(foreign))
        return closed

    def _whole_frames(self) -> Iterator[NDArray[np.float32]]:
        whole = len(self._waiting) // FRAME * FRAME
        frames, self._waiting = self._waiting[:whole], self._waiting[whole:].copy()
        yield from frames.reshape(-1, FRAME, len(self._ears))


class _Ear:
    """One channel: its detector and its segmenter."""

    def __init__(self, channel: int, start_ms: int, heard_to_ms: int, detector: DetectorFactory) -> None:
        self.channel = channel
        self.segmenter = Segmenter(channel, start_ms)
        self._detector = detector()
        self._heard_to_ms = heard_to_ms
        self._gain = 1.0

    def listen(self, frame: NDArray[np.float32], own: bool, foreign: bool) -> list[Speech]:
        probability = self._detector.probability(frame)
        frame = self._softened(frame, SOFT if foreign else 1.0)
        end_ms = self.segmenter.now_ms + FRAME_MS
        if end_ms <= self._heard_to_ms:
            self.segmenter.skip_to(end_ms)
            return []
        return self.segmenter.push(frame, probability if own else 0.0)

    def _softened(self, frame: NDArray[np.float32], gain: float) -> NDArray[np.float32]:
        """A neighbour's words inside a passage or at its ends are not to be written twice."""
        before, self._gain = self._gain, gain
        if before == gain == 1.0:
            return frame
        return frame * np.linspace(before, gain, len(frame), dtype=np.float32)
