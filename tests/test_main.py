"""The command line as a person meets it: one clear sentence, exit codes 0, 1 and 2."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from casefile.errors import DecisionsOpen, TingjiError
from casefile.events import GENESIS, HearingCreated, Stored, chain, event_to_json, stored_to_json
from casefile.model import Hearing, HearingKind
from casefile.store import Store
from tingji import verifying
from tingji.__main__ import UNDECIDED, main

SECRET = "王某"


def tingji(*arguments: str | Path) -> int:
    """Runs a command in this process; its exit code."""
    with pytest.raises(SystemExit) as caught:
        main([str(argument) for argument in arguments])
    return int(caught.value.code or 0)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["run"],
        ["serve"],
        ["record"],
        ["transcribe"],
        ["diarize"],
        ["verify"],
        ["archive"],
        ["extract"],
        ["key", "make"],
        ["laws", "add"],
        ["key", "show"],
        ["export"],
        ["models"],
        ["models", "add"],
        ["models", "install"],
    ],
)
def test_help_teaches(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert tingji(*command, "--help") == 0
    out = capsys.readouterr().out
    assert "Most used: tingji" in out or f"Example: tingji {' '.join(command)}" in out


def test_the_whole_program_in_chinese_where_the_locale_is() -> None:
    environ = {
        "LANG": "zh_CN.UTF-8",
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    command = [sys.executable, "-m", "tingji", "serve", "--host", "0.0.0.0"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "只能监听本机地址" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["run", "--prot", "1"],
        ["run", "--port", "65536"],
        ["run", "--exit-when-done"],
        ["run", "--replay", "absent.wav"],
        ["serve", "--host", "0.0.0.0"],
        ["transcribe"],
        ["export", ".", "--format", "odt"],
        ["models", "install", "larg-v3"],
        ["fly"],
    ],
)
def test_wrong_usage_is_2(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert tingji(*command) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_key_with_a_typing_error_is_2_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tingji.toml").write_text("prot = 8000")
    assert tingji("models", "list", "--data", tmp_path) == 2
    err = capsys.readouterr().err
    assert "prot" in err
    assert "port" in err


def test_a_model_that_is_not_there_is_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TINGJI_MODELS", str(tmp_path / "models"))
    assert tingji("models", "verify", "whisper-base") == 1


def test_the_settings_language_is_spoken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TINGJI_MODELS", str(tmp_path / "models"))
    (tmp_path / "tingji.toml").write_text('language = "zh"')
    tingji("models", "verify", "--data", tmp_path)
    assert "未安装" in capsys.readouterr().err


def test_a_fault_of_ours_tells_its_kind_and_nothing_that_was_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr(verifying, "verify_all", broken)
    assert tingji("verify", tmp_path) == 1
    err = capsys.readouterr().err
    assert "ZeroDivisionError" in err
    assert SECRET not in err
    with pytest.raises(ZeroDivisionError):
        main(["verify", str(tmp_path), "--debug"])


def test_debug_shows_where_an_error_came_from(tmp_path: Path) -> None:
    with pytest.raises(TingjiError):
        main(["--debug", "verify", str(tmp_path)])


def test_verify_of_a_folder_without_records_is_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tingji("verify", tmp_path) == 1
    assert "manifest.json" in capsys.readouterr().err


def test_verify_names_what_is_broken_in_every_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one", "two"):
        (tmp_path / "records" / name).mkdir(parents=True)
        (tmp_path / "records" / name / "manifest.json").write_text("{}")
    assert tingji("verify", tmp_path) == 1
    assert capsys.readouterr().err.count("manifest") >= 2


def hearing() -> Hearing:
    return Hearing("h1", HearingKind.TRIAL, "（2024）京0105民初12345号", "第三法庭")


def test_export_of_a_data_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store(tmp_path / "tingji.db") as store:
        store.create(hearing(), "clerk")
    assert tingji("export", tmp_path, "--out", tmp_path / "out", "--format", "txt,json") == 0
    assert (tmp_path / "out" / "h1.txt").is_file()
    assert json.loads((tmp_path / "out" / "h1.json").read_text())["hearing"]["courtroom"] == "第三法庭"
    assert tingji("export", tmp_path, "--id", "absent") == 1


def sealed(folder: Path, courtroom: str = "第三法庭") -> Path:
    """A record's events.jsonl with one event; `courtroom` may be changed after the digest was made."""
    event = HearingCreated(hearing())
    digest = chain(GENESIS, "h1", 1, "2024-05-01T01:00:00Z", "clerk", event_to_json(event))
    stored = Stored("h1", 1, "2024-05-01T01:00:00Z", "clerk", event, GENESIS, digest)
    line = json.dumps(stored_to_json(stored), ensure_ascii=False).replace("第三法庭", courtroom)
    (folder / "events.jsonl").write_text(line + "\n", encoding="utf-8")
    return folder


def test_export_of_a_sealed_record(tmp_path: Path) -> None:
    assert tingji("export", sealed(tmp_path), "--out", tmp_path / "out") == 0
    assert "第三法庭" in (tmp_path / "out" / "h1.txt").read_text(encoding="utf-8")


def test_export_refuses_a_forged_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tingji("export", sealed(tmp_path, "第四法庭"), "--out", tmp_path / "out") == 1
    assert list((tmp_path / "out").iterdir()) == []
    assert "第四法庭" not in capsys.readouterr().err


def test_export_does_not_make_a_case_file(tmp_path: Path) -> None:
    assert tingji("export", tmp_path, "--out", tmp_path / "out") == 1
    assert not (tmp_path / "tingji.db").exists()


def test_what_a_person_is_to_decide_has_an_exit_code_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def undecided(*_: object) -> None:
        raise DecisionsOpen(count=2, data=tmp_path)

    sound = tmp_path / "sound.wav"
    sound.touch()
    monkeypatch.setattr("tingji.script.choose_sound", lambda *_: None)
    monkeypatch.setattr("tingji.run.run", undecided)
    assert tingji("run", "--data", tmp_path, "--replay", sound, "--exit-when-done") == UNDECIDED == 3
    assert str(tmp_path) in capsys.readouterr().err
