"""Settings: three places in order, no key unknown, no host beyond this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from casefile.errors import BadSetting, NotLoopback, UnknownKey, UnreadableFile
from tingji.run import as_environment
from tingji.settings import preferred_language, read_settings


def write(folder: Path, text: str) -> Path:
    (folder / "tingji.toml").write_text(text, encoding="utf-8")
    return folder


def test_defaults_put_everything_in_the_data_folder(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, environ={})
    assert (settings.host, settings.port, settings.model, settings.asr) == (
        "127.0.0.1",
        8420,
        "whisper-base",
        True,
    )
    assert settings.journal == tmp_path / "journal"
    assert settings.records == tmp_path / "records"
    assert settings.url == "http://127.0.0.1:8420"


def test_file_then_environment_then_command_line(tmp_path: Path) -> None:
    write(tmp_path, 'port = 1\nmodel = "file"\nrecorder = "file"\ndevice = "file"')
    environ = {"TINGJI_PORT": "2", "TINGJI_MODEL": "environ", "PATH": "/bin"}
    settings = read_settings(tmp_path, {"port": 3, "model": None}, environ)
    assert (settings.port, settings.model, settings.recorder) == (3, "environ", "file")


def test_unknown_key_in_the_file_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownKey) as caught:
        read_settings(write(tmp_path, "prot = 8000"), environ={})
    assert "port" in caught.value.en
    assert "port" in caught.value.zh


def test_unknown_variable_of_ours_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownKey, match="model"):
        read_settings(tmp_path, environ={"TINGJI_MODLE": "x"})


@pytest.mark.parametrize(
    "line",
    [
        "port = 65536",
        'port = "eighty"',
        "port = true",
        "asr = 7",
        "model = 3",
        'language = "fr"',
        "cpu_threads = -1",
        "device = ''",
    ],
)
def test_a_value_that_does_not_fit_is_refused(tmp_path: Path, line: str) -> None:
    with pytest.raises(BadSetting, match=line.split(maxsplit=1)[0]):
        read_settings(write(tmp_path, line), environ={})


def test_paths_in_the_file_are_relative_to_it(tmp_path: Path) -> None:
    assert (
        read_settings(write(tmp_path, 'journal = "../second"'), environ={}).journal == tmp_path / "../second"
    )


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "court.example", ""])
def test_only_loopback(tmp_path: Path, host: str) -> None:
    with pytest.raises(NotLoopback):
        read_settings(tmp_path, {"host": host}, {})


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_every_loopback_name_is_taken(tmp_path: Path, host: str) -> None:
    assert read_settings(tmp_path, {"host": host}, {}).host == host


def test_a_broken_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"tingji\.toml"):
        read_settings(write(tmp_path, "port = "), environ={})


def test_a_child_sees_the_same_settings(tmp_path: Path) -> None:
    write(tmp_path, 'device = "USB"\nport = 1')
    given = {"asr": False, "port": 9, "journal": tmp_path / "two", "cpu_threads": 3}
    settings = read_settings(tmp_path, given, {})
    assert read_settings(None, {}, as_environment(settings, {"PATH": "/bin"})) == settings


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"TINGJI_LANGUAGE": "zh", "LC_ALL": "en_US.UTF-8"}, "zh"),
        ({}, "en"),
    ],
)
def test_language_follows_the_locale(environ: dict[str, str], language: str) -> None:
    assert preferred_language(environ) == language
