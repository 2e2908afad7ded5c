"""asr.numerals: characters and the whole numbers they say."""

from __future__ import annotations

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.numerals import digits, digits_said, said, short_value, value


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        (0, "零"), (10, "十"), (15, "十五"), (20, "二十"), (105, "一百零五"), (110, "一百一十"), (115, "一百一十五"),
        (200, "二百"), (1005, "一千零五"), (2000, "两千"), (2200, "两千二百"), (10_500, "一万零五百"),
        (30_005, "三万零五"), (35_000, "三万五千"), (100_000, "十万"), (105_000, "十万五千"), (110_000, "十一万"),
        (20_020_000, "两千零二万"), (100_000_010, "一亿零一十"), (150_000_000, "一亿五千万"), (10**12, "一万亿"),
    ],
)  # fmt: skip
def test_said(number: int, spoken: str) -> None:
    assert said(number) == spoken
    assert value(spoken) == number


@pytest.mark.parametrize(
    ("spoken", "number"),
    [
        ("两百", 200),
        ("一十五", 15),
        ("一百十五", 115),
        ("十万零五千", 105_000),
        ("三万〇五", 30_005),
        ("两", 2),
        ("二千", 2000),
    ],
)
def test_other_ways_of_saying_it(spoken: str, number: int) -> None:
    assert value(spoken) == number


@pytest.mark.parametrize(
    "spoken",
    [
        "",
        "百",
        "万一",
        "五零二",
        "二十七八",
        "三四百",
        "三万五",
        "三千五十",
        "两十",
        "十两",
        "一百百",
        "三五",
        "零零",
        "亿万",
        "幺百",
    ],
)
def test_no_number(spoken: str) -> None:
    assert value(spoken) is None


@pytest.mark.parametrize(
    ("spoken", "number"),
    [
        ("三万五", 35_000),
        ("两千三", 2300),
        ("一百二", 120),
        ("二十五万三", 253_000),
        ("两亿五", 250_000_000),
        ("三万零五", 30_005),
    ],
)
def test_the_short_way(spoken: str, number: int) -> None:
    assert short_value(spoken) == number


@pytest.mark.parametrize("spoken", ["三百万五", "五零二", "万五", "二十七八"])
def test_no_short_way(spoken: str) -> None:
    assert short_value(spoken) is None


@given(st.integers(0, 10**12))
def test_what_is_said_has_its_value(number: int) -> None:
    assert value(said(number)) == number


@given(st.integers(0, 10**12 - 1))
def test_another_reader_agrees(number: int) -> None:
    assert cn2an.cn2an(said(number), "smart") == number


@given(st.text("零一二三四五六七八九十百千万亿两", min_size=1, max_size=9))
def test_a_value_is_said_once_only(spoken: str) -> None:
    number = value(spoken)
    assert number is None or value(said(number)) == number


@given(st.text("0123456789", min_size=1))
def test_digits_come_back(number: str) -> None:
    assert digits(digits_said(number)) == number


def test_digits_take_telephone_and_paper_forms() -> None:
    assert digits("幺三八〇零") == "13800"
    with pytest.raises(KeyError):
        digits("十")
