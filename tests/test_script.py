"""What `tingji run` plays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from casefile.entries import Ended, Stamp, Start, make_entry, to_line
from casefile.errors import RealHearing, UnreadableSound
from casefile.events import Event, HearingClosed, RecordingStarted
from casefile.model import AudioFormat, Hearing, HearingKind
from casefile.store import Store
from recorder.state import Memory
from tingji import script
from tingji.console import Voice
from tingji.recording import record_forever
from tingji.script import Script, choose_sound
from tingji.settings import Settings, read_settings
from tingji.under_way import refuse_remembered


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


def remembers(settings: Settings, **what: str) -> None:
    Memory(settings.data / "recorder.json").keep(**what)


def on_file(settings: Settings, *events: Event) -> None:
    with Store(settings.data / "tingji.db") as store:
        store.create(Hearing("h1", HearingKind.TRIAL), "clerk")
        store.append("h1", events, "recorder")


def sound_of(folder: Path, device: str) -> None:
    folder.mkdir(parents=True)
    entry = make_entry(1, Start(8000, 1, device, 0, 0, "boot"), Stamp(1, 1), "")
    (folder / "0000000001.jsonl").write_bytes(to_line(entry))


STARTED = RecordingStarted(AudioFormat(8000, 1), "USB", 0)


@pytest.mark.parametrize("what", [{"device": "USB Audio"}, {"hearing": "h1"}])
def test_a_recorder_that_remembers_anything_never_gets_the_demonstration(
    settings: Settings, what: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """C9: after a power cut the USB card comes late."""
    microphones(monkeypatch)
    demonstration(monkeypatch, True)
    remembers(settings, **what)
    assert not choose_sound(settings, Script(), None, Voice("zh")).starts


@pytest.mark.parametrize("what", ["case file", "journal", "recordings", "forged case file"])
def test_a_folder_with_any_hearing_never_gets_the_demonstration(
    settings: Settings, what: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    microphones(monkeypatch)
    demonstration(monkeypatch, True)
    assert choose_sound(settings, Script(), None, Voice("zh")).starts
    if what == "case file":
        on_file(settings)
    elif what == "forged case file":
        (settings.data / "tingji.db").write_bytes(b"not a database" * 100)
    else:
        sound_of(settings.data / what / "h1", "USB")
    assert not choose_sound(settings, Script(), None, Voice("zh")).starts
    assert "录音机会一直等待" in capfd.readouterr().err


@pytest.mark.parametrize("copy", ["journal", "recordings"])
def test_a_file_is_refused_while_a_real_hearing_is_open(
    settings: Settings, copy: str, tmp_path: Path
) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(800, np.int16), 8000)
    on_file(settings, STARTED)
    sound_of(settings.data / copy / "h1", "USB")
    with pytest.raises(RealHearing):
        choose_sound(settings, Script(tmp_path / "a.wav"), None, Voice("zh"))


def test_a_file_goes_on_with_the_hearing_of_a_file(settings: Settings, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(800, np.int16), 8000)
    on_file(settings, STARTED)
    sound_of(settings.journal / "h1", "replay")
    remembers(settings, hearing="h1")
    chosen = choose_sound(settings, Script(tmp_path / "a.wav"), None, Voice("zh"))
    assert (chosen.starts, chosen.real) == (True, frozenset())


def test_a_real_hearing_that_is_being_closed_is_left_alone(settings: Settings, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(800, np.int16), 8000)
    on_file(settings, STARTED, HearingClosed(1000))
    sound_of(settings.journal / "h1", "USB")
    chosen = choose_sound(settings, Script(tmp_path / "a.wav"), None, Voice("zh"))
    assert chosen.real == {"h1"}


def test_the_recorder_itself_refuses_a_file_for_a_real_hearing(settings: Settings, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(800, np.int16), 8000)
    remembers(settings, hearing="h1")
    sound_of(settings.journal / "h1", "USB")
    with pytest.raises(RealHearing):
        record_forever(settings, tmp_path / "a.wav", 1.0)


def test_a_hearing_that_has_ended_is_not_under_way(settings: Settings) -> None:
    remembers(settings, hearing="h1")
    sound_of(settings.journal / "h1", "USB")
    with pytest.raises(RealHearing):
        refuse_remembered(settings)
    with (settings.journal / "h1" / "0000000001.jsonl").open("ab") as index:
        index.write(to_line(make_entry(2, Ended(0), Stamp(2, 2), "ab" * 32)))
    refuse_remembered(settings)


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


@pytest.mark.parametrize(("device", "told"), [("replay", True), ("USB", False)])
def test_that_a_hearing_played_from_a_file_is_closed_is_told(
    settings: Settings,
    device: str,
    told: bool,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    microphones(monkeypatch, "USB")
    remembers(settings, hearing="h1")
    sound_of(settings.journal / "h1", device)
    assert not choose_sound(settings, Script(), None, Voice("zh")).starts
    assert ("先把它结束并封存" in capfd.readouterr().err) is told
