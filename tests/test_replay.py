"""A sound file as a microphone: every format, at its pace, over damage and restarts."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from casefile.errors import UnreadableSound
from casefile.model import AudioChunk, AudioFormat, Gap, GapReason
from recorder.replay import Replay, blocks
from tests.sounds import sound_of


def tone(rate: int, channels: int, seconds: float = 2.0) -> np.ndarray:
    """A different tone in every channel, int16."""
    time_s = np.arange(int(rate * seconds)) / rate
    waves = [np.sin(2 * np.pi * 100 * (number + 2) * time_s) for number in range(channels)]
    return (np.stack(waves, axis=1) * 8000).astype(np.int16)


def compressed(path: Path, pcm: np.ndarray, rate: int, codec: str) -> Path:
    """The sound in a lossy file, made by PyAV."""
    layout = "mono" if pcm.shape[1] == 1 else "stereo"
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm.reshape(1, -1)), "s16", layout)
        frame.sample_rate = rate
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            out.mux(packet)
    return path


def played(path: Path, position_ms: int = 0, since_ns: int | None = None) -> list[AudioChunk | Gap]:
    """All that a replay gives, as fast as it goes."""
    replay = Replay(path, 0)
    replay.begin(position_ms, since_ns)
    items = list(replay)
    assert replay.ended
    return items


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
@pytest.mark.parametrize(("rate", "channels"), [(8000, 1), (44100, 2), (11025, 3), (48000, 8), (16000, 32)])
def test_wav_of_any_kind_is_what_is_in_it(tmp_path: Path, subtype: str, rate: int, channels: int) -> None:
    pcm, path = tone(rate, channels), tmp_path / "a.wav"
    soundfile.write(path, pcm / 32768 if subtype in ("FLOAT", "DOUBLE") else pcm, rate, subtype=subtype)
    items = played(path)
    assert isinstance(items[0], AudioChunk)
    assert items[0].format == AudioFormat(rate, channels)
    heard = sound_of(items)
    assert heard.shape == pcm.shape
    assert np.abs(heard.astype(int) - pcm).max() <= 1


def test_eight_bit_wav(tmp_path: Path) -> None:
    pcm, path = tone(8000, 1), tmp_path / "a.wav"
    soundfile.write(path, pcm, 8000, subtype="PCM_U8")
    assert np.abs(sound_of(played(path)).astype(int) - pcm).max() <= 256


def test_flac_is_exact(tmp_path: Path) -> None:
    pcm, path = tone(44100, 6), tmp_path / "a.flac"
    soundfile.write(path, pcm, 44100, subtype="PCM_16")
    assert np.array_equal(sound_of(played(path)), pcm)


@pytest.mark.parametrize(("name", "codec"), [("a.mp3", "libmp3lame"), ("a.m4a", "aac")])
def test_lossy_files_have_their_length_and_no_gap(tmp_path: Path, name: str, codec: str) -> None:
    pcm = tone(44100, 2, 3.0)
    items = played(compressed(tmp_path / name, pcm, 44100, codec))
    assert all(isinstance(item, AudioChunk) for item in items)
    heard = sound_of(items)
    assert abs(len(heard) - len(pcm)) < 44100 // 10
    assert np.sqrt(np.mean(heard.astype(float) ** 2)) == pytest.approx(8000 / np.sqrt(2), rel=0.1)


def test_blocks_are_100_ms(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(16000, 2, 0.55), 16000)
    assert [len(item.pcm) for item in blocks(path) if isinstance(item, AudioChunk)] == [1600] * 5 + [800]


def test_a_corrupt_spot_is_a_gap_and_the_rest_is_in_its_place(tmp_path: Path) -> None:
    pcm, path = tone(16000, 1, 20.0), tmp_path / "a.flac"
    noise = np.random.default_rng(1).integers(-2000, 2000, pcm.shape)
    pcm = (pcm + noise).astype(np.int16)
    soundfile.write(path, pcm, 16000, subtype="PCM_16")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 60_000] = b"\x00" * 60_000
    path.write_bytes(data)
    items = played(path)
    gaps = [item for item in items if isinstance(item, Gap)]
    assert gaps
    assert {gap.reason for gap in gaps} == {GapReason.SOURCE_DAMAGED}
    last = items[-1]
    assert isinstance(last, AudioChunk)
    assert last.end_ms == 20_000
    assert np.array_equal(last.pcm, pcm[-len(last.pcm) :])
    assert 500 < sum(gap.end_ms - gap.start_ms for gap in gaps) < 6000


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"this is no sound" * 100)
    with pytest.raises(UnreadableSound):
        Replay(path)
    with pytest.raises(UnreadableSound):
        Replay(tmp_path / "missing.wav")


def test_it_waits_for_the_first_hearing(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(16000, 1), 16000)
    replay, heard = Replay(path, 0), list[AudioChunk | Gap]()
    thread = threading.Thread(target=lambda: heard.extend(replay))
    thread.start()
    assert heard == []
    replay.begin(0, None)
    replay.begin(0, None)
    thread.join(10)
    assert heard[0].start_ms == 0
    assert len(sound_of(heard)) == 32000


def test_stopped_before_it_began(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(16000, 1), 16000)
    replay = Replay(path, 1)
    replay.stop()
    assert list(replay) == []
    assert not replay.ended


def test_it_keeps_pace_without_drift(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(16000, 1), 16000)
    replay = Replay(path, 10)
    begun_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    replay.begin(0, None)
    early = [
        item
        for item in replay
        if (time.clock_gettime_ns(time.CLOCK_BOOTTIME) - begun_ns) * 10 < item.end_ms * 1_000_000
    ]
    assert early == []


def test_after_a_restart_it_stands_where_real_time_is(tmp_path: Path) -> None:
    pcm, path = tone(16000, 1), tmp_path / "a.wav"
    soundfile.write(path, pcm, 16000)
    replay = Replay(path, 1000)
    replay.begin(500, time.clock_gettime_ns(time.CLOCK_BOOTTIME) - 500_000)
    gap, first, *_ = list(replay)
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.RECORDER_STOPPED
    assert gap.start_ms == 500
    assert gap.end_ms >= 1000
    assert isinstance(first, AudioChunk)
    assert first.start_ms == gap.end_ms
    assert np.array_equal(first.pcm, pcm[first.start_ms * 16 :][: len(first.pcm)])


def test_after_a_restart_as_fast_as_it_goes_nothing_is_missed(tmp_path: Path) -> None:
    pcm, path = tone(16000, 1), tmp_path / "a.wav"
    soundfile.write(path, pcm, 16000)
    items = played(path, 750, 0)
    assert items[0].start_ms == 750
    assert np.array_equal(sound_of(items), pcm[750 * 16 :])


def test_away_longer_than_the_file_it_ends_at_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(16000, 1), 16000)
    replay = Replay(path, 1)
    replay.begin(500, time.clock_gettime_ns(time.CLOCK_BOOTTIME) - 3600 * 10**9)
    assert list(replay) == [Gap(500, 2000, GapReason.RECORDER_STOPPED)]
    assert replay.ended
