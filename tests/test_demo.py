"""The demonstration sound of a machine without a microphone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tingji import demo


@pytest.fixture
def clips(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two clips of half a second: a tone each."""
    paths = []
    for name in ("one.wav", "two.wav"):
        tone = np.sin(np.arange(8000) * 0.3).astype(np.float32) * 0.5
        soundfile.write(tmp_path / name, tone, demo.RATE, subtype="FLOAT")
        paths.append(tmp_path / name)
    monkeypatch.setattr(demo, "_clips", lambda: paths)


def test_each_clip_stands_on_its_own_channel(clips: None, tmp_path: Path) -> None:
    path = demo.demo_sound(tmp_path / "new" / "demo.wav")
    assert path
    samples, rate = soundfile.read(path, dtype="int16")
    assert rate == demo.RATE
    turn = int((0.5 + demo.PAUSE_S) * demo.RATE)
    assert samples.shape == (turn * 2 * demo.ROUNDS, 3)
    loudest = [
        int(np.argmax(np.abs(samples[at : at + 8000].astype(int)).mean(axis=0)))
        for at in range(0, turn * 4, turn)
    ]
    assert loudest == [0, 1, 2, 0]


def test_no_channel_is_digital_zero(clips: None, tmp_path: Path) -> None:
    path = demo.demo_sound(tmp_path / "demo.wav")
    assert path
    samples, _ = soundfile.read(path, dtype="int16")
    assert (samples[-8000:] != 0).any(axis=0).all()


def test_without_clips_there_is_no_demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_clips", list)
    assert demo.demo_sound(tmp_path / "demo.wav") is None
    assert not (tmp_path / "demo.wav").exists()


def test_the_seats_have_one_channel_each() -> None:
    assert [seat.channels for seat in demo.demo_hearing().seats] == [(0,), (1,), (2,)]
