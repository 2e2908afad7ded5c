"""A sound file as a microphone: wav, flac, mp3, m4a, whatever PyAV opens, at `speed` times real time.

Its clock starts with the first hearing, so that the file's first sample is the hearing's; after a restart of
the recorder it stands where it would have come to meanwhile. A spot that cannot be decoded is a `Gap`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from numpy.typing import NDArray

from casefile.errors import TingjiError, UnreadableSound
from casefile.model import AudioChunk, AudioFormat, Gap, GapReason, Pcm

BLOCK_MS = 100
JUMP_MS = 50
MOST_BREAKS = 100


class Replay:
    """`Iterable[AudioChunk | Gap]` of the file `path`; it ends with the file. `speed` 0: as fast as taken.

    Raises UnreadableSound when the file cannot be opened.
    """

    device = "replay"

    def __init__(self, path: Path, speed: float = 1.0) -> None:
        self.problem: TingjiError | None = None
        self.ended = False
        self._path, self._speed = path, speed
        self._begun, self._stop = threading.Event(), threading.Event()
        self._position_ms = self._missed_ms = self._length_ms = 0
        self._anchor_ns = 0
        with _opened(path) as container:
            stream = _sound_of(container)
            self.format = AudioFormat(int(stream.rate), int(stream.channels))
            self._length_ms = int((container.duration or 0) // 1000)

    @property
    def length_ms(self) -> int:
        """How long the file says it is; 0 where it does not say."""
        return self._length_ms

    def devices(self) -> list[str]:
        """No choice here."""
        return [self.device]

    def use(self, device: str) -> None:
        """A file is not changed for a device."""

    def begin(self, position_ms: int, since_ns: int | None) -> None:
        """The first hearing starts the file; after a restart it goes on where real time has brought it."""
        if self._begun.is_set():
            return
        now = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        missed_ms = int((now - since_ns) * self._speed) // 1_000_000 if since_ns is not None else 0
        self._missed_ms = max(0, min(missed_ms, self._length_ms - position_ms))
        self._position_ms = position_ms + self._missed_ms
        self._anchor_ns = now
        self._begun.set()

    def stop(self) -> None:
        """Ends the iteration at once."""
        self._stop.set()
        self._begun.set()

    def __iter__(self) -> Iterator[AudioChunk | Gap]:
        self._begun.wait()
        if self._missed_ms:
            from_ms = self._position_ms - self._missed_ms
            yield Gap(from_ms, self._position_ms, GapReason.RECORDER_STOPPED)
        for item in _from(self._position_ms, blocks(self._path)):
            if self._stop.is_set() or self._wait(item.end_ms):
                return
            yield item
        self.ended = True

    def _wait(self, end_ms: int) -> bool:
        """Until the moment at which a microphone would have this block. True when stopped."""
        if not self._speed:
            return False
        due_ns = self._anchor_ns + int((end_ms - self._position_ms) * 1_000_000 / self._speed)
        now_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        return due_ns > now_ns and self._stop.wait((due_ns - now_ns) / 1e9)


def _from(position_ms: int, items: Iterator[AudioChunk | Gap]) -> Iterator[AudioChunk | Gap]:
    for item in items:
        if item.start_ms >= position_ms:
            yield item
        elif item.end_ms > position_ms:
            yield _cut(item, position_ms)


def _cut(item: AudioChunk | Gap, position_ms: int) -> AudioChunk | Gap:
    if isinstance(item, Gap):
        return Gap(position_ms, item.end_ms, item.reason)
    return AudioChunk(item.format, position_ms, item.pcm[item.format.frames(position_ms - item.start_ms) :])


def blocks(path: Path, block_ms: int = BLOCK_MS) -> Iterator[AudioChunk | Gap]:
    """The file's sound in blocks, int16 at its own rate, all channels; gaps where it is damaged."""
    with _opened(path) as container:
        stream = _sound_of(container)
        cutter = _Cutter(AudioFormat(int(stream.rate), int(stream.channels)), block_ms)
        for frame in _frames(container, stream):
            yield from cutter.take(frame)
        yield from cutter.rest()


def _opened(path: Path) -> InputContainer:
    try:
        return av.open(str(path), metadata_errors="ignore")
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise UnreadableSound(why=type(error).__name__) from error


def _sound_of(container: InputContainer) -> AudioStream:
    if not container.streams.audio or not container.streams.audio[0].rate:
        raise UnreadableSound(why="no sound in it")
    return container.streams.audio[0]


def _frames(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """Every frame that can be decoded; what cannot shows as a jump of the frames' times."""
    for packet in _packets(container, stream):
        try:
            yield from packet.decode()
        except av.error.FFmpegError:
            continue


def _packets(container: InputContainer, stream: AudioStream) -> Iterator[Packet[AudioStream]]:
    """Every packet; behind a spot where the file itself is broken it goes on, if there is anything."""
    for _ in range(MOST_BREAKS):
        try:
            yield from container.demux(stream)
        except av.error.FFmpegError:
            continue
        return


class _Cutter:
    """Cuts frames of any size into blocks of one size, and finds what is missing between them."""

    def __init__(self, form: AudioFormat, block_ms: int) -> None:
        self._form, self._size = form, form.frames(block_ms)
        self._held: list[Pcm] = []
        self._taken = 0
        self._given = 0
        self._first: float | None = None

    def take(self, frame: AudioFrame) -> Iterator[AudioChunk | Gap]:
        pcm = samples(frame)
        if pcm.shape[1] != self._form.channels or not len(pcm):
            return
        jump = self._jump(frame)
        if jump > self._form.frames(JUMP_MS):
            yield from self.rest()
            yield Gap(self._form.ms(self._given), self._form.ms(self._given + jump), GapReason.SOURCE_DAMAGED)
            self._given += jump
            self._taken += jump
        self._held.append(pcm)
        self._taken += len(pcm)
        if sum(map(len, self._held)) >= self._size:
            yield from self._whole()

    def _jump(self, frame: AudioFrame) -> int:
        """Frames between what came and what this frame's time says, 0 without a time."""
        if frame.pts is None or frame.time_base is None:
            return 0
        at = float(frame.pts * frame.time_base)
        if self._first is None:
            self._first = at - self._taken / self._form.rate
        return round((at - self._first) * self._form.rate) - self._taken

    def _whole(self) -> Iterator[AudioChunk]:
        pcm = np.concatenate(self._held)
        whole = len(pcm) // self._size * self._size
        for start in range(0, whole, self._size):
            yield self._chunk(pcm[start : start + self._size])
        self._held = [pcm[whole:]]

    def _chunk(self, pcm: Pcm) -> AudioChunk:
        start_ms = self._form.ms(self._given)
        self._given += len(pcm)
        return AudioChunk(self._form, start_ms, pcm)

    def rest(self) -> Iterator[AudioChunk]:
        pcm = np.concatenate(self._held) if self._held else np.zeros((0, self._form.channels), np.int16)
        self._held = []
        if len(pcm):
            yield self._chunk(pcm)


def samples(frame: AudioFrame) -> Pcm:
    """The samples of a frame as int16, shape (frames, channels), whatever format the decoder gives."""
    raw: NDArray[Any] = frame.to_ndarray()
    channels = len(frame.layout.channels)
    table = raw.T if frame.format.is_planar else raw.reshape(-1, channels)
    if table.dtype == np.uint8:
        table = np.left_shift(table.astype(np.int16) - 128, 8)
    if table.dtype == np.int32:
        table = np.right_shift(table, 16)
    if table.dtype in (np.float32, np.float64):
        table = np.clip(np.rint(table * 32768), -32768, 32767)
    whole: Pcm = table.astype(np.int16)
    return whole
