"""What `tingji run` plays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from casefile.errors import UnreadableSound
from casefile.model import HearingKind
from tingji import script
from tingji.console import Voice
from tingji.script import Script, choose_sound
from tingji.settings import Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(tmp_path, {}, {})


@pytest.fixture
def hearing_file(tmp_path: Path) -> Path:
    path = tmp_path / "hearing.toml"
    path.write_text('kind = "调解"', encoding="utf-8")
    return path


def microphones(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    monkeypatch.setattr(script, "microphones", lambda: list(names))


def demonstration(monkeypatch: pytest.MonkeyPatch, there: bool) -> None:
    monkeypatch.setattr(script, "demo_sound", lambda target: target if there else None)


def test_a_file_is_played_at_once(settings: Settings, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(800, np.int16), 8000)
    chosen = choose_sound(settings, Script(tmp_path / "a.wav", 2.0, None, True, False), None, Voice("zh"))
    assert chosen.starts
    assert chosen.hearing
    assert (chosen.hearing.kind, chosen.hearing.seats) == (HearingKind.TRIAL, ())
    assert (chosen.speed, chosen.exit_when_done, chosen.browser) == (2.0, True, False)


def test_a_file_that_is_no_sound_is_told_before_anything_starts(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("no sound")
    with pytest.raises(UnreadableSound):
        choose_sound(settings, Script(tmp_path / "a.wav"), None, Voice("zh"))


def test_with_a_microphone_the_clerk_starts(
    settings: Settings, hearing_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    microphones(monkeypatch, "USB Audio")
    assert choose_sound(settings, Script(), None, Voice("zh")) == Script()
    chosen = choose_sound(settings, Script(), hearing_file, Voice("zh"))
    assert chosen.hearing
    assert chosen.hearing.kind is HearingKind.MEDIATION
    assert not chosen.starts


def test_without_a_microphone_the_demonstration_says_what_it_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    microphones(monkeypatch)
    demonstration(monkeypatch, True)
    chosen = choose_sound(settings, Script(), None, Voice("zh"))
    assert chosen.starts
    assert chosen.replay == settings.data / "demo.wav"
    out, err = capfd.readouterr()
    assert "演示" in out
    assert "--device" in err


def test_a_set_up_hearing_never_gets_demonstration_sound(
    settings: Settings, hearing_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    microphones(monkeypatch)
    demonstration(monkeypatch, True)
    assert not choose_sound(settings, Script(), hearing_file, Voice("en")).starts


def test_without_clips_the_page_opens_all_the_same(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    microphones(monkeypatch)
    demonstration(monkeypatch, False)
    assert choose_sound(settings, Script(), None, Voice("en")) == Script()
