"""asr.reading: how figures are said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.numbers import written_form
from asr.reading import spoken_form


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("共35000元", "共三万五千元"),
        ("3台", "三台"),
        ("2台", "两台"),
        ("2月2日", "二月二日"),
        ("上午10:30", "上午十点三十分"),
        ("比例是1:2", "比例是一:二"),
        ("《2020年司法解释》第2条", "《2020年司法解释》第二条"),
        ("第三人", "第三人"),
        ("没有数字", "没有数字"),
        ("13800138000", "一三八零零一三八零零零"),
        ("502室", "五零二室"),
        ("007", "零零七"),
        ("3.5", "三点五"),
        ("0元", "零元"),
        ("2009年", "二零零九年"),
        ("25:61", "二十五:六十一"),
    ],
)
def test_said(written: str, spoken: str) -> None:
    assert spoken_form(written) == spoken


@pytest.mark.parametrize(
    "written",
    [
        "借款35,000元，年利率15.4%，自2021年1月1日起计算至2023年6月5日",
        "见证据3第2页，位于6号楼502室，共120平方米",
        "（2024）京0105民初12345号案件于上午9时30分开庭",
        "判处有期徒刑3年6个月，并处罚金5,000元",
        "原告占1/3，被告占2/3，违约金按日万分之5，滞纳金3‰",
    ],
)
def test_a_sentence_comes_back(written: str) -> None:
    assert written_form(spoken_form(written)) == written


@given(st.text("0123456789.,:/%年月日时分元万第条号室（）京民初", max_size=24))
def test_no_digit_is_left_and_nothing_fails(text: str) -> None:
    assert not any("0" <= character <= "9" for character in spoken_form(text))
