"""casefile.disk: a file is written whole or left as it was."""

import os
from pathlib import Path

import pytest

from casefile.disk import flush, write_whole


def test_a_file_is_written_and_written_again(tmp_path: Path) -> None:
    path = tmp_path / "orders.json"
    for text in ("一", "二"):
        write_whole(path, text)
        assert path.read_text(encoding="utf-8") == text
    assert [file.name for file in tmp_path.iterdir()] == ["orders.json"]


def test_what_was_there_stays_when_the_disk_takes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "orders.json"
    write_whole(path, "一")

    def full(_handle: int) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_whole(path, "二")
    assert path.read_text(encoding="utf-8") == "一"


def test_a_folder_and_a_file_can_be_forced_to_the_disk(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    flush(tmp_path)
    flush(tmp_path / "a")
    with pytest.raises(FileNotFoundError):
        flush(tmp_path / "b")
