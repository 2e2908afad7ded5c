"""Live microphones by PortAudio. The only file that says `sounddevice`, and only when it is needed.

PortAudio's callback copies a block onto a bounded queue and does nothing else. An overflow or a full queue,
an unplugged device and a device that comes back are told as `Gap`s with the length that the boot clock gives.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from casefile.errors import NoDevice, NoPortAudio, TingjiError
from casefile.model import AudioChunk, AudioFormat, Gap, GapReason, Pcm

BLOCK_MS = 100
QUEUE_BLOCKS = 300
SILENT_S = 1.0
MOST_CHANNELS = 32


class _Arrival(NamedTuple):
    pcm: Pcm
    arrived_ns: int
    overflowed: bool


def load_portaudio() -> Any:
    """The `sounddevice` module. Raises NoPortAudio."""
    try:
        import sounddevice  # noqa: PLC0415 - its import fails where the shared library is missing
    except (OSError, ImportError) as error:
        raise NoPortAudio from error
    return sounddevice


def devices(sound: Any = None) -> list[str]:
    """The names of all input devices. Raises NoPortAudio."""
    found = (sound or load_portaudio()).query_devices()
    return list(dict.fromkeys(str(one["name"]) for one in found if one["max_input_channels"] > 0))


def _now_ns() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


class Microphone:
    """An endless `Iterable[AudioChunk | Gap]` from the input device called `device` (None: the default one).

    Blocks of 100 ms at the device's own rate. While the device is away it yields a `Gap` each second and
    tries to open it again. `problem` says why there is no sound. `sound` is PortAudio, or a stand-in of it.
    """

    def __init__(
        self, device: str | None = None, sound: Any = None, most_channels: int = MOST_CHANNELS
    ) -> None:
        self._sound = sound or load_portaudio()
        self.device = device or ""
        self.ended = False
        self.problem: TingjiError | None = None
        self._most_channels = min(most_channels, MOST_CHANNELS)
        self._known = devices(self._sound)
        self._arrivals: queue.Queue[_Arrival] = queue.Queue(QUEUE_BLOCKS)
        self._dropped = 0
        self._position_ms = 0
        self._until_ns: int | None = None
        self._reason: GapReason | None = None
        self._again = threading.Event()
        self._stop = threading.Event()

    def devices(self) -> list[str]:
        """The input devices as they were when the device was opened last."""
        return self._known

    def use(self, device: str) -> None:
        """Changes over to another device."""
        self.device = device
        self._again.set()

    def begin(self, position_ms: int, since_ns: int | None) -> None:
        """A hearing starts; with `since_ns` its sound is missing since that boot time."""
        if since_ns is not None:
            self._until_ns, self._reason = since_ns, GapReason.RECORDER_STOPPED

    def stop(self) -> None:
        """Ends the iteration within a second."""
        self._stop.set()

    def __iter__(self) -> Iterator[AudioChunk | Gap]:
        while not self._stop.is_set():
            self._again.clear()
            try:
                stream, form = self._open()
            except (TingjiError, self._sound.PortAudioError, ValueError) as error:
                self.problem = error if isinstance(error, TingjiError) else self._no_device()
                yield from self._absent()
                continue
            self.problem = None
            try:
                yield from self._hear(form)
            finally:
                _shut(stream)
            self._reason = self._reason or GapReason.UNPLUGGED

    def _open(self) -> tuple[Any, AudioFormat]:
        self._refresh()
        number, info = self._find()
        form = AudioFormat(
            int(info["default_samplerate"]), min(int(info["max_input_channels"]), self._most_channels)
        )
        arrivals: queue.Queue[_Arrival] = queue.Queue(QUEUE_BLOCKS)
        self._arrivals = arrivals
        self._dropped = 0

        def callback(block: Pcm, frames: int, _: object, status: Any) -> None:
            arrival = _Arrival(block.copy(), _now_ns(), bool(status.input_overflow))
            try:
                arrivals.put_nowait(arrival)
            except queue.Full:
                self._dropped += frames

        frames = form.frames(BLOCK_MS)
        stream = self._sound.InputStream(
            device=number, samplerate=form.rate, channels=form.channels, dtype="int16", blocksize=frames,
            callback=callback,
        )  # fmt: skip
        stream.start()
        return stream, form

    def _refresh(self) -> None:
        """PortAudio keeps the list of devices that it found first; only a new beginning shows changes."""
        self._sound._terminate()
        self._sound._initialize()
        self._known = devices(self._sound)

    def _find(self) -> tuple[int, dict[str, Any]]:
        found = list(enumerate(self._sound.query_devices()))
        if not self.device:
            self.device = str(self._sound.query_devices(kind="input")["name"])
        for number, info in found:
            if info["name"] == self.device and info["max_input_channels"] > 0:
                return number, info
        raise self._no_device()

    def _no_device(self) -> NoDevice:
        return NoDevice(name=self.device, known="、".join(self._known))

    def _hear(self, form: AudioFormat) -> Iterator[AudioChunk | Gap]:
        """What the open device gives, until it gives nothing for a second."""
        while not (self._stop.is_set() or self._again.is_set()):
            try:
                arrival = self._arrivals.get(timeout=SILENT_S)
            except queue.Empty:
                return
            yield from self._taken(arrival, form)

    def _taken(self, arrival: _Arrival, form: AudioFormat) -> Iterator[AudioChunk | Gap]:
        begun_ns = arrival.arrived_ns - len(arrival.pcm) * 1_000_000_000 // form.rate
        dropped, self._dropped = self._dropped, 0
        if self._reason:
            yield from self._gap(begun_ns, self._reason)
        elif arrival.overflowed or dropped:
            yield from self._gap(begun_ns, GapReason.OVERFLOW, max(1, form.ms(dropped)))
        self._reason, self._until_ns = None, arrival.arrived_ns
        yield AudioChunk(form, self._position_ms, np.ascontiguousarray(arrival.pcm, dtype=np.int16))
        self._position_ms += form.ms(len(arrival.pcm))

    def _gap(self, to_ns: int, reason: GapReason, least_ms: int = 0) -> Iterator[Gap]:
        """What is missing from where the sound stopped to `to_ns` on the boot clock."""
        from_ns = to_ns if self._until_ns is None else self._until_ns
        length_ms = max(least_ms, (to_ns - from_ns) // 1_000_000)
        if length_ms > 0:
            yield Gap(self._position_ms, self._position_ms + length_ms, reason)
            self._position_ms += length_ms
            self._until_ns = from_ns + length_ms * 1_000_000

    def _absent(self) -> Iterator[Gap]:
        """The device is away: a gap for the time since, then a second's pause."""
        yield from self._gap(_now_ns(), self._reason or GapReason.UNPLUGGED)
        self._reason = GapReason.UNPLUGGED
        self._again.wait(0 if self._stop.is_set() else SILENT_S)


def _shut(stream: Any) -> None:
    stream.abort(ignore_errors=True)
    stream.close(ignore_errors=True)
