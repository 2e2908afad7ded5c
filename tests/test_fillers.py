"""asr.fillers: marked with care, never an answer."""

from __future__ import annotations

from itertools import pairwise

import pytest

from asr.fillers import fillers


def marked(text: str) -> list[str]:
    return [text[filler.start : filler.end] for filler in fillers(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("呃，我不同意", ["呃"]),
        ("我呃没有收到", ["呃"]),
        ("嗯，这笔钱我还了", ["嗯"]),
        ("啊，那天我在家", ["啊"]),
        ("额，我记不清", ["额"]),
        ("那个那个合同是我签的", ["那个那个"]),
        ("这个这个，我想说", ["这个这个"]),
        ("呃那个，我想说", ["呃", "那个"]),
        ("就是说，我没有收到", ["就是说"]),
        ("然后呢，他就走了", ["然后呢"]),
        ("怎么说呢，我不认识他", ["怎么说呢"]),
    ],
)
def test_filler(text: str, found: list[str]) -> None:
    assert marked(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "嗯。", "嗯", "嗯嗯", "啊？", "呃", "是啊", "对啊，是这样", "嗯，是的", "嗯，不是", "嗯，没有异议", "嗯，对", "啊，不知道",
        "那个，我不同意", "这个合同是我签的", "那个人我不认识", "这个，没有", "然后呢？", "然后他就走了", "他就是说谎", "也就是说，没有付款",
        "额度是多少", "那天下着雨啊，路很滑", "没有", "不是", "我认罪",
    ],
)  # fmt: skip
def test_no_filler(text: str) -> None:
    assert marked(text) == []


def test_fillers_do_not_overlap_and_are_in_order() -> None:
    found = fillers("呃，那个那个，就是说，我呃呃不知道")
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert [filler.start for filler in found] == sorted(filler.start for filler in found)
    assert len(found) == 4
