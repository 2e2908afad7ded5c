"""FILE.toml -> Hearing."""

from __future__ import annotations

from pathlib import Path

import pytest

from casefile.errors import BadSetting, UnknownKey, UnreadableFile
from casefile.model import HearingKind, Seat, Secrecy
from tingji.hearing_file import papers_named, read_hearing

DOCUMENTED = """
kind = "庭审"
case_number = "（2024）京0105民初12345号"
courtroom = "第三法庭"
language = "zh"
[[seats]]
role = "审判长"
short = "审"
person = "王某"
channels = [0]
[[seats]]
role = "原告"
channels = [1, 2]
"""


def file(folder: Path, text: str) -> Path:
    path = folder / "hearing.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_documented_example(tmp_path: Path) -> None:
    hearing = read_hearing(file(tmp_path, DOCUMENTED))
    assert (hearing.kind, hearing.courtroom, hearing.language) == (HearingKind.TRIAL, "第三法庭", "zh")
    assert hearing.case_number == "（2024）京0105民初12345号"
    assert hearing.seats == (Seat("s1", "审判长", "审", "王某", (0,)), Seat("s2", "原告", "原", "", (1, 2)))
    assert hearing.secrecy is Secrecy.PUBLIC


@pytest.mark.parametrize("kind", list(HearingKind))
def test_a8_every_kind_is_taken(tmp_path: Path, kind: HearingKind) -> None:
    assert read_hearing(file(tmp_path, f'kind = "{kind.value}"')).kind is kind


def test_a_file_saved_by_notepad_with_a_mark_is_read(tmp_path: Path) -> None:
    assert read_hearing(file(tmp_path, '\ufeffkind = "合议"')).kind is HearingKind.DELIBERATION


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ('kind = "庭审"\ncase_numbr = "1"', "case_number"),
        ('kind = "庭审"\n[[seat]]\nrole = "审判长"', "seats"),
        ('kind = "庭审"\n[[seats]]\nrole = "审判长"\nchannel = [0]', "channels"),
    ],
)
def test_unknown_key_names_the_nearest(tmp_path: Path, text: str, nearest: str) -> None:
    with pytest.raises(UnknownKey, match=f"Did you mean {nearest}"):
        read_hearing(file(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('courtroom = "一"', "kind"),
        ('kind = "开会"', "kind"),
        ("kind = 3", "kind"),
        ('kind = "庭审"\ncase_number = 12', "case_number"),
        ('kind = "庭审"\nsecrecy = "机密"', "secrecy"),
        ('kind = "庭审"\nlanguage = "chinese"', "language"),
        ('kind = "庭审"\nlanguage = "ZH"', "language"),
        ('kind = "庭审"\nseats = "审判长"', "seats"),
        ('kind = "庭审"\nseats = ["审判长"]', "seats"),
        ('kind = "庭审"\n[[seats]]\nshort = "审"', "role"),
        ('kind = "庭审"\n[[seats]]\nrole = "审判长"\nchannels = 0', "channels"),
        ('kind = "庭审"\n[[seats]]\nrole = "审判长"\nchannels = [-1]', "channels"),
        ('kind = "庭审"\n[[seats]]\nrole = "审判长"\nchannels = [32]', "channels"),
        ('kind = "庭审"\n[[seats]]\nrole = "审判长"\nchannels = [true]', "channels"),
        (
            'kind = "庭审"\n[[seats]]\nrole = "甲"\nchannels = [0]\n[[seats]]\nrole = "乙"\nchannels = [0]',
            "channels",
        ),
        ('kind = "庭审"\n[[seats]]\nrole = "甲"\nchannels = [0, 0]', "channels"),
        ('kind = "庭审"\n[[seats]]\nrole = "甲"\nid = "x"\n[[seats]]\nrole = "乙"\nid = "x"', "id"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_its_key(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_hearing(file(tmp_path, text))
    assert caught.value.facts["key"] == key
    assert caught.value.zh != caught.value.en


def test_an_unreadable_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read_hearing(tmp_path / "absent.toml")
    (tmp_path / "gbk.toml").write_bytes('kind = "庭审"'.encode("gbk"))
    with pytest.raises(UnreadableFile, match="UTF-8"):
        read_hearing(tmp_path / "gbk.toml")


def test_papers_are_found_from_the_files_own_folder(tmp_path: Path) -> None:
    path = file(tmp_path, 'kind = "庭审"\npapers = ["起诉状.docx", "材料"]')
    assert papers_named(path) == (tmp_path / "起诉状.docx", tmp_path / "材料")
    assert read_hearing(path).kind is HearingKind.TRIAL
    assert papers_named(file(tmp_path, 'kind = "庭审"')) == ()


@pytest.mark.parametrize("value", ['"起诉状.docx"', "[1]", '[""]'])
def test_papers_that_are_no_list_of_files_are_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(BadSetting) as caught:
        papers_named(file(tmp_path, f'kind = "庭审"\npapers = {value}'))
    assert caught.value.facts["key"] == "papers"
