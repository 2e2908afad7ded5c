"""Stored sound as a WAV stream: one channel or all mixed, what is missing as silence, any byte range."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from casefile.model import AudioChunk, Gap, Pcm

HEADER_BYTES = 44
KNEE = 0.7
"""Up to here the mix is the plain sum of the channels; above it is bent so that it never clips."""

Mono = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a hearing to be heard: 16-bit mono at `rate`; `channel` None is the mix of all."""

    rate: int
    from_ms: int
    to_ms: int
    channel: int | None = None

    @property
    def frames(self) -> int:
        """Samples in the WAV."""
        return (self.to_ms - self.from_ms) * self.rate // 1000

    @property
    def total_bytes(self) -> int:
        """Bytes of the whole WAV file."""
        return HEADER_BYTES + 2 * self.frames

    def header(self) -> bytes:
        """The RIFF header, with the right sizes."""
        return struct.pack(
            "<4sI4s4sIHHIIHH4sI",
            *(b"RIFF", self.total_bytes - 8, b"WAVE", b"fmt ", 16),
            *(1, 1, self.rate, self.rate * 2, 2, 16, b"data", 2 * self.frames),
        )

    def moment(self, first_byte: int) -> int:
        """The place on the timeline (ms) of this byte of the file."""
        return self.from_ms + self._frame(first_byte) * 1000 // self.rate

    def stream(self, sound: Iterable[AudioChunk | Gap], first_byte: int, end_byte: int) -> Iterator[bytes]:
        """Bytes `first_byte` to `end_byte` of the file; `sound`: what lies from `moment(first_byte)` on."""
        left = end_byte - first_byte
        for piece in self._from(sound, first_byte):
            yield piece[:left]
            left -= len(piece)
            if left <= 0:
                return

    def _from(self, sound: Iterable[AudioChunk | Gap], first_byte: int) -> Iterator[bytes]:
        if first_byte < HEADER_BYTES:
            yield self.header()[first_byte:]
        skip = max(0, first_byte - HEADER_BYTES) % 2
        for samples in self._samples(sound, self._frame(first_byte)):
            yield samples.astype("<i2", copy=False).tobytes()[skip:]
            skip = 0

    def _frame(self, byte: int) -> int:
        return max(0, byte - HEADER_BYTES) // 2

    def _samples(self, sound: Iterable[AudioChunk | Gap], at: int) -> Iterator[Mono]:
        joins = False
        for chunk in sound:
            if isinstance(chunk, Gap):
                continue
            start = self._place(chunk, at, joins)
            yield from _silence(min(start, self.frames) - at, self.rate)
            at = max(at, min(start, self.frames))
            samples = mono(chunk, self.rate, self.channel)[at - start :][: self.frames - at]
            if len(samples):
                yield samples
                at += len(samples)
                joins = True
        yield from _silence(self.frames - at, self.rate)

    def _place(self, chunk: AudioChunk, at: int, joins: bool) -> int:
        """Frame of the chunk's start. Whole milliseconds are too coarse: what nearly joins, joins."""
        start = (chunk.start_ms - self.from_ms) * self.rate // 1000
        return at if joins and abs(start - at) <= 2 * self.rate // 1000 else start


def mono(chunk: AudioChunk, rate: int, channel: int | None) -> Mono:
    """One channel of the chunk or the mix of all, at `rate`; silence for a channel that is not there."""
    if channel is None:
        samples = mix(chunk.pcm)
    elif channel < chunk.format.channels:
        samples = np.ascontiguousarray(chunk.pcm[:, channel])
    else:
        samples = np.zeros(len(chunk.pcm), np.int16)
    if chunk.format.rate == rate:
        return samples
    return np.asarray(soxr.resample(samples, chunk.format.rate, rate), np.int16)


def mix(pcm: Pcm) -> Mono:
    """The channels' sum, bent softly above `KNEE` of full scale: never clips, one voice stays as loud."""
    total = pcm.sum(axis=1, dtype=np.float32) / 32768
    loud = np.abs(total)
    bent = KNEE + (1 - KNEE) * np.tanh((loud - KNEE) / (1 - KNEE))
    return np.asarray(np.where(loud <= KNEE, total, np.sign(total) * bent) * 32767, np.int16)


def _silence(frames: int, rate: int) -> Iterator[Mono]:
    while frames > 0:
        yield np.zeros(min(frames, rate), np.int16)
        frames -= rate


def byte_range(header: str | None, total: int) -> tuple[int, int] | None:
    """First byte and end of a one-range `Range` header; None: send all. Raises ValueError: outside."""
    if header is None or not header.startswith("bytes=") or "," in header:
        return None
    first, dash, last = header.removeprefix("bytes=").strip().partition("-")
    if not dash or not (first + last).isdecimal():
        return None
    if not first:
        return max(0, total - int(last)), total
    end = min(int(last) + 1, total) if last else total
    if int(first) >= end:
        raise ValueError("the range lies outside of the file")
    return int(first), end
