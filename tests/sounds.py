"""Sound to record in tests: chunks, clocks, and entries as a recorder would make them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from casefile.entries import Block, Ended, Fact, Piece, Stamp, Start, make_entry
from casefile.model import AudioChunk, AudioFormat, Gap, Pcm
from casefile.recording import Recording

FORMAT = AudioFormat(8000, 2)
SECOND_NS = 1_000_000_000


@lru_cache(500)
def pcm_of(seed: int, frames: int = 800, channels: int = 2) -> Pcm:
    """Noise that is the same for the same seed."""
    return np.random.default_rng(seed).integers(-9000, 9000, (frames, channels), dtype=np.int16)


def chunk(number: int, form: AudioFormat = FORMAT) -> AudioChunk:
    """The 100 ms chunk number `number` (from 0)."""
    return AudioChunk(form, number * 100, pcm_of(number, form.frames(100), form.channels))


@dataclass
class FakeClock:
    """Both clocks, moved by hand."""

    mono_ns: int = 1000 * SECOND_NS
    wall_ns: int = 1_700_000_000 * SECOND_NS

    def __call__(self) -> Stamp:
        return Stamp(self.mono_ns, self.wall_ns)

    def pass_ms(self, ms: int) -> None:
        """Time goes by on both."""
        self.mono_ns += ms * 1_000_000
        self.wall_ns += ms * 1_000_000


@dataclass
class Chain:
    """Makes pieces of a hearing in order."""

    pieces: list[Piece] = field(default_factory=list)

    def add(self, fact: Fact, pcm: bytes = b"") -> Piece:
        """The next piece."""
        n = len(self.pieces) + 1
        previous = self.pieces[-1].entry.sha256 if self.pieces else ""
        self.pieces.append(Piece(make_entry(n, fact, Stamp(n, n), previous, pcm), pcm))
        return self.pieces[-1]


def hearing(blocks: int = 30, form: AudioFormat = FORMAT, *, end: bool = True) -> list[Piece]:
    """A start, so many blocks of 100 ms, and an end."""
    chain = Chain()
    chain.add(Start(form.rate, form.channels, "desk", 0, 0, "boot"))
    frames = form.frames(100)
    for number in range(blocks):
        chain.add(Block(number * frames, frames), pcm_of(number, frames, form.channels).tobytes())
    if end:
        chain.add(Ended(blocks * 100))
    return chain.pieces


def recorded(folder: Path, pieces: list[Piece], file_ms: int = 1000) -> Recording:
    """The pieces in a closed recording."""
    recording = Recording(folder, "server", file_ms)
    for piece in pieces:
        recording.keep(piece)
    recording.close()
    return recording


def sound_of(items: list[AudioChunk | Gap]) -> Pcm:
    """All sound of what was read, joined."""
    return np.concatenate([item.pcm for item in items if isinstance(item, AudioChunk)])


def whole_sound(blocks: int) -> Pcm:
    """The sound of `hearing(blocks)`."""
    return np.concatenate([pcm_of(number) for number in range(blocks)])
