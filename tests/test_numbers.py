"""asr.numbers: a written form with the same value, and nothing where it is in doubt."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.numbers import pieces, written_form
from asr.numerals import digits_said, said
from asr.reading import spoken_form
from asr.rules import Kind
from tests.forms import forms, traps


@pytest.mark.parametrize(("spoken", "written"), [(a, b) for a, way, b in forms() if way in "=>"])
def test_written(spoken: str, written: str) -> None:
    assert written_form(spoken) == written


@pytest.mark.parametrize(("spoken", "written"), [(a, b) for a, way, b in forms() if way in "=<"])
def test_spoken(spoken: str, written: str) -> None:
    assert spoken_form(written) == spoken


@pytest.mark.parametrize(("spoken", "written"), [(a, b) for a, way, b in forms() if way == ">"])
def test_what_is_written_one_way_keeps_its_value_when_said_again(spoken: str, written: str) -> None:
    assert written_form(spoken_form(written)) == written_form(spoken)


@pytest.mark.parametrize("text", traps())
def test_no_number(text: str) -> None:
    assert written_form(text) == text


@pytest.mark.parametrize("text", traps())
def test_no_number_in_the_middle_of_a_sentence(text: str) -> None:
    assert written_form(f"原告说，{text}，请法庭注意。") == f"原告说，{text}，请法庭注意。"


def test_the_tables_are_as_large_as_promised() -> None:
    assert len(forms()) >= 200
    assert len(set(traps())) >= 80


def test_digits_never_become_a_time() -> None:
    for spoken in ("五零二", "三零五", "九三零", "一二零零"):
        assert ":" not in written_form(spoken)
        assert "时" not in written_form(spoken)


def test_every_piece_names_its_place() -> None:
    text = "原告称，二零二三年六月五日借款三万五千元，见证据三第二页，年利率百分之十五。"
    found = pieces(text)
    assert [text[piece.start : piece.end] for piece in found] == [piece.spoken for piece in found]
    assert [piece.kind for piece in found] == [
        Kind.DATE, Kind.MONEY, Kind.EVIDENCE, Kind.ARTICLE, Kind.SHARE,
    ]  # fmt: skip


def test_a_text_without_numbers_has_no_pieces() -> None:
    assert pieces("请原告陈述诉讼请求。") == ()


@given(st.integers(0, 10**12))
def test_money_comes_back_to_the_yuan(number: int) -> None:
    assert _value(written_form(f"支付{said(number)}元。")) == number


@given(st.integers(0, 10**10), st.integers(1, 99))
def test_money_comes_back_to_the_fen(yuan: int, fen: int) -> None:
    written = f"{yuan:,}.{fen:02d}元"
    assert written_form(spoken_form(written)) == written


@given(st.integers(1, 10**12))
def test_a_cardinal_comes_back(number: int) -> None:
    written = written_form(f"共计{said(number)}。")
    assert _value(written) == number or written == f"共计{said(number)}。"


@given(st.integers(23, 10**12).filter(lambda n: len(said(n)) > 2))
def test_a_long_cardinal_is_written(number: int) -> None:
    assert _value(written_form(f"共计{said(number)}。")) == number


@given(st.integers(0, 10**6), st.text("0123456789", min_size=1, max_size=4))
def test_a_decimal_comes_back(whole: int, fraction: str) -> None:
    spoken = f"面积{said(whole)}点{digits_said(fraction)}平方米"
    assert written_form(spoken) == f"面积{whole:,}.{fraction}平方米"
    assert written_form(spoken_form(written_form(spoken))) == written_form(spoken)


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_date_comes_back(day: date) -> None:
    written = f"于{day.year}年{day.month}月{day.day}日签订"
    assert written_form(spoken_form(written)) == written


@given(st.integers(0, 24 * 60 - 1))
def test_a_time_of_day_comes_back(minute: int) -> None:
    time = timedelta(minutes=minute)
    hour, rest = divmod(time.seconds // 60, 60)
    written = f"当天{hour}时{rest:02d}分" if rest else f"上午{hour}时"
    assert written_form(spoken_form(written)) == written


@given(st.integers(2000, 2099), st.text("0123456789", min_size=4, max_size=4), st.integers(1, 99999))
def test_a_case_number_comes_back(year: int, court: str, number: int) -> None:
    written = f"（{year}）京{court}民初{number}号"
    assert written_form(spoken_form(written)) == written


@given(
    st.text(
        "零〇一二三四五六七八九十百千万亿两幺点半几多元块角分年月日号时个第条款项证据百分之民初京至到，。0123456789.,%",
        max_size=20,
    )
)
def test_any_text_keeps_all_that_is_no_piece(text: str) -> None:
    found = pieces(text)
    ends = [0, *(piece.end for piece in found)]
    assert all(piece.start >= end for piece, end in zip(found, ends, strict=False))
    assert all(piece.spoken == text[piece.start : piece.end] != piece.written for piece in found)
    assert spoken_form(written_form(text)) is not None


def _value(written: str) -> int:
    match = re.search(r"([\d,]+)([万亿]?)", written)
    return int(match[1].replace(",", "")) * {"": 1, "万": 10**4, "亿": 10**8}[match[2]] if match else -1
