"""Sound as FLAC, one file per channel, and back. The only file of ours that says `soundfile` here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import soundfile

from casefile.model import Pcm
from casefile.packed import Place

LEVEL = 0.2
"""Of libsndfile's 0 to 1: decodes half as fast again as its default, for files 4 % bigger."""
_BUFFER = 4 << 20

Broken = soundfile.LibsndfileError
"""What reading a damaged file raises."""


class Compressor:
    """Takes interleaved 16-bit samples, writes one FLAC per path. `frames`, `sha256`: of what it took."""

    def __init__(self, paths: Sequence[Path], rate: int) -> None:
        self.frames = 0
        self._digest = hashlib.sha256()
        self._waiting: list[bytes] = []
        self._bytes = 0
        self._files = ExitStack()
        self._outs = [self._files.enter_context(_create(path, rate)) for path in paths]

    @property
    def sha256(self) -> str:
        """Of all samples so far, hex."""
        return self._digest.hexdigest()

    def write(self, pcm: bytes) -> None:
        """Takes whole frames."""
        self._digest.update(pcm)
        self._waiting.append(pcm)
        self._bytes += len(pcm)
        if self._bytes >= _BUFFER:
            self._flush()

    def _flush(self) -> None:
        samples = np.frombuffer(b"".join(self._waiting), "<i2").reshape(-1, len(self._outs))
        for channel, out in enumerate(self._outs):
            out.write(np.ascontiguousarray(samples[:, channel]))
        self.frames += len(samples)
        self._waiting, self._bytes = [], 0

    def close(self) -> None:
        """Writes what waits and completes the files."""
        with self._files:
            if self._waiting:
                self._flush()

    def __enter__(self) -> Compressor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _create(path: Path, rate: int) -> soundfile.SoundFile:
    kind = {"format": "FLAC", "subtype": "PCM_16", "compression_level": LEVEL}
    return soundfile.SoundFile(path, "w", samplerate=rate, channels=1, **kind)


def decoded(paths: Sequence[Place], counts: Iterable[int]) -> Iterator[Pcm]:
    """The samples of all channels interleaved, in runs of `counts` frames; shorter where a file is short.

    Raises `Broken` or RuntimeError when a file cannot be decoded.
    """
    with ExitStack() as files:
        opened = [files.enter_context(_opened(path, files)) for path in paths]
        for count in counts:
            parts = [file.read(count, dtype="int16", always_2d=True)[:, 0] for file in opened]
            frames = min(len(part) for part in parts)
            samples = np.empty((frames, len(parts)), "<i2")
            for channel, part in enumerate(parts):
                samples[:, channel] = part[:frames]
            yield samples


def _opened(path: Place, files: ExitStack) -> soundfile.SoundFile:
    return soundfile.SoundFile(path if isinstance(path, Path) else files.enter_context(path.open()))


def pcm_sha256(paths: Sequence[Path]) -> tuple[int, str]:
    """Frames and SHA-256 of the interleaved samples that the files decode to."""
    step = _BUFFER // (2 * len(paths))
    frames, digest = 0, hashlib.sha256()
    with soundfile.SoundFile(paths[0]) as first:
        counts = [step] * (first.frames // step + 1)
    for samples in decoded(paths, counts):
        frames += len(samples)
        digest.update(samples.data)
    return frames, digest.hexdigest()
