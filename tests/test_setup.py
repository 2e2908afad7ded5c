"""The set-up of a hearing: the page and a FILE.toml are held to the same."""

from __future__ import annotations

import pytest

from casefile.errors import BadSetting, UnknownKey
from casefile.model import Hearing, HearingKind, Seat, Secrecy
from casefile.setup import hearing_of


def test_only_the_kind_is_needed() -> None:
    assert hearing_of({"kind": "庭审"}, "f") == Hearing("", HearingKind.TRIAL)


def test_everything_is_taken_as_written() -> None:
    seat = {
        "id": "x",
        "role": "证人",
        "short": "甲",
        "person": " 王某 ",
        "channels": [3, 4],
        "pseudonym": "乙",
    }
    table = {"kind": "合议", "case_number": "1", "courtroom": "二", "language": "bo", "secrecy": "不公开"}
    assert hearing_of({**table, "seats": [seat]}, "f") == Hearing(
        *("", HearingKind.DELIBERATION, "1", "二", "bo", Secrecy.CLOSED),
        seats=(Seat("x", "证人", "甲", "王某", (3, 4), "乙"),),
    )


def test_what_is_left_out_of_a_seat_is_filled_in() -> None:
    (seat,) = hearing_of({"kind": "庭审", "seats": [{"role": "审判长"}]}, "f").seats
    assert seat == Seat("s1", "审判长", "审")


@pytest.mark.parametrize(
    ("language", "near"),
    [
        ("zh-CN", "zh"),
        ("ZH", "zh"),
        ("普通话", "zh"),
        ("Cantonese", "yue"),
        ("chinse", "zh"),
        ("xx", "zh"),
        ("藏语", "bo"),
    ],
)
def test_a_language_that_is_not_known_is_refused_with_the_nearest(language: str, near: str) -> None:
    with pytest.raises(BadSetting, match=f"Did you mean {near}"):
        hearing_of({"kind": "庭审", "language": language}, "f")


def test_a_refusal_says_which_seat() -> None:
    with pytest.raises(BadSetting) as caught:
        hearing_of({"kind": "庭审", "seats": [{"role": "审判长"}, {"role": ""}]}, "f.toml")
    assert (caught.value.facts["seat"], caught.value.facts["file"]) == (2, "f.toml [[seats]] 2")


def test_a_key_that_is_no_text_is_not_repeated() -> None:
    with pytest.raises(UnknownKey) as caught:
        hearing_of({"kind": "庭审", "a\nb" + "c" * 50: 1}, "f")
    assert caught.value.facts["key"] == "a?b" + "c" * 37
