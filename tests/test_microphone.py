"""Microphones: PortAudio faked by hand, and the real one over a private PulseAudio."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import recorder.microphone
from casefile.errors import NoDevice, NoPortAudio
from casefile.model import AudioChunk, AudioFormat, Gap, GapReason
from recorder.microphone import Microphone, devices
from tests.pulse import PulseServer
from tests.sounds import pcm_of

STATUS = SimpleNamespace(input_overflow=False)
OVERFLOW = SimpleNamespace(input_overflow=True)


class FakeStream:
    def __init__(self, sound: FakeSound, **options: Any) -> None:
        self.options, self._sound = options, sound
        self.closed = False

    def start(self) -> None:
        self._sound.streams.append(self)

    def abort(self, ignore_errors: bool = True) -> None:
        self.closed = True

    def close(self, ignore_errors: bool = True) -> None:
        self.closed = True

    def give(self, number: int, status: Any = STATUS) -> None:
        """PortAudio calls back with a block, in a buffer that it uses again."""
        frames, channels = self.options["blocksize"], self.options["channels"]
        buffer = pcm_of(number, frames, channels).copy()
        self.options["callback"](buffer, frames, None, status)
        buffer[:] = 0


class FakeSound:
    """What we use of `sounddevice`; the device list is read at `_initialize` only, as PortAudio's."""

    class PortAudioError(Exception):
        pass

    def __init__(self) -> None:
        self.plugged = [
            {"name": "speaker", "max_input_channels": 0, "default_samplerate": 44100.0},
            {"name": "desk", "max_input_channels": 2, "default_samplerate": 8000.0},
            {"name": "ceiling", "max_input_channels": 64, "default_samplerate": 48000.0},
        ]
        self.streams: list[FakeStream] = []
        self.broken = False
        self._initialize()

    def _initialize(self) -> None:
        self.listed = list(self.plugged)

    def _terminate(self) -> None:
        self.listed = []

    def query_devices(self, kind: str | None = None) -> Any:
        return self.listed[1] if kind else self.listed

    def InputStream(self, **options: Any) -> FakeStream:  # noqa: N802 - sounddevice's name
        if self.broken:
            raise self.PortAudioError("busy")
        return FakeStream(self, **options)


class Booted:
    """The boot clock, moved by hand."""

    def __init__(self) -> None:
        self.ns = 10**12

    def __call__(self) -> int:
        return self.ns


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Booted:
    booted = Booted()
    monkeypatch.setattr(recorder.microphone, "_now_ns", booted)
    monkeypatch.setattr(recorder.microphone, "SILENT_S", 0.05)
    return booted


class Listener:
    """Takes from a microphone on a thread of its own."""

    def __init__(self, microphone: Microphone) -> None:
        self.items: list[AudioChunk | Gap] = []
        self._microphone = microphone
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        for item in self._microphone:
            self.items.append(item)

    def until(self, done: Callable[[], bool], within_s: float = 20) -> None:
        """Polls. Fails when it takes too long."""
        end = time.monotonic() + within_s
        while not done():
            assert time.monotonic() < end, f"only {len(self.items)} items"
            time.sleep(0.005)

    def stop(self) -> None:
        self._microphone.stop()
        self._thread.join(10)
        assert not self._thread.is_alive()


@pytest.fixture
def listen() -> Iterator[Callable[[Microphone], Listener]]:
    listeners: list[Listener] = []

    def begin(microphone: Microphone) -> Listener:
        listeners.append(Listener(microphone))
        return listeners[-1]

    yield begin
    for listener in listeners:
        listener.stop()


def test_devices_are_inputs_by_name() -> None:
    assert devices(FakeSound()) == ["desk", "ceiling"]


def test_without_portaudio_the_package_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(NoPortAudio, match="libportaudio2"):
        Microphone("desk")


def test_blocks_come_at_the_devices_own_rate(clock: Booted, listen: Callable[..., Listener]) -> None:
    sound = FakeSound()
    heard = listen(Microphone("desk", sound))
    heard.until(lambda: bool(sound.streams))
    for number in range(3):
        clock.ns += 100_000_000
        sound.streams[0].give(number)
    heard.until(lambda: len(heard.items) >= 3)
    for number, item in enumerate(heard.items[:3]):
        assert isinstance(item, AudioChunk)
        assert item.format == AudioFormat(8000, 2)
        assert item.start_ms == number * 100
        assert np.array_equal(item.pcm, pcm_of(number))


def test_at_most_32_channels_are_taken(clock: Booted, listen: Callable[..., Listener]) -> None:
    sound = FakeSound()
    heard = listen(Microphone("ceiling", sound))
    heard.until(lambda: bool(sound.streams))
    assert sound.streams[0].options["channels"] == 32
    assert sound.streams[0].options["samplerate"] == 48000


def test_an_overflow_is_a_gap_as_long_as_the_clock_says(
    clock: Booted, listen: Callable[..., Listener]
) -> None:
    sound = FakeSound()
    heard = listen(Microphone("desk", sound))
    heard.until(lambda: bool(sound.streams))
    sound.streams[0].give(0)
    clock.ns += 350_000_000
    sound.streams[0].give(1, OVERFLOW)
    heard.until(lambda: len(heard.items) >= 3)
    assert heard.items[1] == Gap(100, 350, GapReason.OVERFLOW)
    assert heard.items[2].start_ms == 350


def test_a_full_queue_is_a_gap_of_what_did_not_fit(
    clock: Booted, monkeypatch: pytest.MonkeyPatch, listen: Callable[..., Listener]
) -> None:
    monkeypatch.setattr(recorder.microphone, "QUEUE_BLOCKS", 4)
    sound = FakeSound()
    microphone = Microphone("desk", sound)
    items = iter(microphone)
    first: list[AudioChunk | Gap] = []
    taking = threading.Thread(target=lambda: first.append(next(items)))
    taking.start()
    end = time.monotonic() + 10
    while not sound.streams and time.monotonic() < end:
        time.sleep(0.005)
    sound.streams[0].give(0)
    taking.join(10)
    for number in range(1, 8):
        clock.ns += 100_000_000
        sound.streams[0].give(number)
    rest = [next(items) for _ in range(5)]
    gaps = [item for item in rest if isinstance(item, Gap)]
    assert [gap.reason for gap in gaps] == [GapReason.OVERFLOW]
    assert gaps[0].end_ms - gaps[0].start_ms == 300
    microphone.stop()
    assert list(items) == []


def test_unplugged_and_back(clock: Booted, listen: Callable[..., Listener]) -> None:
    sound = FakeSound()
    heard = listen(Microphone("desk", sound))
    heard.until(lambda: bool(sound.streams))
    sound.streams[0].give(0)
    desk = sound.plugged.pop(1)
    heard.until(lambda: sound.streams[0].closed)
    clock.ns += 1_000_000_000
    heard.until(lambda: any(isinstance(item, Gap) for item in heard.items))
    clock.ns += 4_000_000_000
    sound.plugged.append(desk)
    heard.until(lambda: len(sound.streams) == 2)
    clock.ns += 100_000_000
    sound.streams[1].give(7)
    heard.until(lambda: isinstance(heard.items[-1], AudioChunk) and len(heard.items) > 2)
    gaps = [item for item in heard.items if isinstance(item, Gap)]
    assert {gap.reason for gap in gaps} == {GapReason.UNPLUGGED}
    assert (gaps[0].start_ms, gaps[-1].end_ms) == (100, 5100)
    assert sum(gap.end_ms - gap.start_ms for gap in gaps) == 5000
    last = heard.items[-1]
    assert isinstance(last, AudioChunk)
    assert last.start_ms == 5100
    assert np.array_equal(last.pcm, pcm_of(7))


def test_a_device_that_cannot_be_opened_is_told_and_tried_again(
    clock: Booted, listen: Callable[..., Listener]
) -> None:
    sound = FakeSound()
    sound.broken = True
    microphone = Microphone("desk", sound)
    heard = listen(microphone)
    heard.until(lambda: microphone.problem is not None)
    assert isinstance(microphone.problem, NoDevice)
    assert "ceiling" in microphone.problem.zh
    sound.broken = False
    heard.until(lambda: bool(sound.streams))
    assert microphone.problem is None


def test_sound_missing_since_a_restart_is_told_first(clock: Booted, listen: Callable[..., Listener]) -> None:
    sound = FakeSound()
    microphone = Microphone("desk", sound)
    microphone.begin(5000, clock.ns - 3_000_000_000)
    heard = listen(microphone)
    heard.until(lambda: bool(sound.streams))
    clock.ns += 600_000_000
    sound.streams[0].give(0)
    heard.until(lambda: len(heard.items) >= 2)
    assert isinstance(heard.items[0], Gap)
    assert heard.items[0].reason is GapReason.RECORDER_STOPPED
    assert heard.items[0].end_ms - heard.items[0].start_ms == 3500


def test_another_device_is_used(clock: Booted, listen: Callable[..., Listener]) -> None:
    sound = FakeSound()
    microphone = Microphone("desk", sound)
    heard = listen(microphone)
    heard.until(lambda: bool(sound.streams))
    microphone.use("ceiling")
    heard.until(lambda: len(sound.streams) == 2)
    assert sound.streams[1].options["channels"] == 32
    assert sound.streams[0].closed


def loudest_hz(chunk: AudioChunk, channel: int) -> float:
    """The strongest frequency of a channel."""
    spectrum = np.abs(np.fft.rfft(chunk.pcm[:, channel] * np.hanning(len(chunk.pcm))))
    return float(np.argmax(spectrum) * chunk.format.rate / len(chunk.pcm))


def joined(items: list[AudioChunk | Gap]) -> AudioChunk:
    """All sound of the items."""
    chunks = [item for item in items if isinstance(item, AudioChunk)]
    return AudioChunk(chunks[0].format, 0, np.concatenate([chunk.pcm for chunk in chunks]))


@pytest.mark.microphone
def test_four_channels_through_pulseaudio(pulse: PulseServer, listen: Callable[..., Listener]) -> None:
    heard = listen(Microphone(pulse.device, most_channels=4))
    heard.until(lambda: bool(heard.items))
    pulse.play_tones([400, 700, 1100, 1600], seconds=3)
    heard.until(lambda: len(heard.items) > 10)
    sound = joined(heard.items)
    assert sound.format == AudioFormat(44100, 4)
    loud = np.flatnonzero(np.abs(sound.pcm).max(axis=1) > 1000)
    middle = AudioChunk(sound.format, 0, sound.pcm[loud[0] + 22050 : loud[-1] - 22050])
    assert len(middle.pcm) > 44100
    for channel, frequency in enumerate((400, 700, 1100, 1600)):
        assert loudest_hz(middle, channel) == pytest.approx(frequency, abs=3)
    assert [item for item in heard.items if isinstance(item, Gap)] == []


@pytest.mark.microphone
def test_a_device_that_goes_and_comes_back(pulse: PulseServer, listen: Callable[..., Listener]) -> None:
    heard = listen(Microphone(pulse.device, most_channels=4))
    heard.until(lambda: len(heard.items) > 5)
    pulse.unplug()
    heard.until(lambda: any(isinstance(item, Gap) for item in heard.items), 30)
    pulse.plug_in()
    gone = len(heard.items)
    heard.until(lambda: sum(isinstance(item, AudioChunk) for item in heard.items[gone:]) > 5, 30)
    assert {item.reason for item in heard.items if isinstance(item, Gap)} == {GapReason.UNPLUGGED}
    pulse.play_tones([400, 700, 1100, 1600], seconds=1)
