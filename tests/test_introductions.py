"""tingji.introductions: who says who he is."""

from dataclasses import replace

import pytest

from casefile.model import (
    Attribution,
    CaseRecord,
    CaseWord,
    Hearing,
    HearingKind,
    Seat,
    Turn,
    WordKind,
    WordSource,
)
from tests.courthouse import turn
from tingji.introductions import introductions
from web.enrolment import Offer

SEATS = (
    Seat("s1", "审判长", "审", "王芳"),
    Seat("s2", "原告", "原", "张三"),
    Seat("s3", "原告代理人", "代", "欧阳振华"),
    Seat("s4", "被告", "被", "赵某"),
    Seat("s5", "第三人", "三", "赵某"),
)
HEARING = Hearing("h1", HearingKind.TRIAL, seats=SEATS)
WORDS = (
    CaseWord("李四", WordKind.PERSON, WordSource.TYPED),
    CaseWord("华信公司", WordKind.FIRM, WordSource.TYPED),
)


def said(text: str, at_ms: int = 0, label: str = "未识别 1") -> Turn:
    return replace(turn(f"t{at_ms}", text, at_ms), seat=None, speaker=label, how=Attribution.CLUSTER)


def offered(*turns: Turn) -> list[Offer]:
    return list(introductions(CaseRecord(HEARING, turns=turns, case_words=WORDS)))


@pytest.mark.parametrize(
    ("text", "seat", "name"),
    [
        ("我是原告张三。", "s2", "张三"),
        ("审判长好，我叫张三，今年三十五岁。", "s2", "张三"),
        ("我叫张三今年三十五岁", "s2", "张三"),
        ("我是原告的委托代理人欧阳振华。", "s3", "欧阳振华"),
        ("姓名张三，男，汉族。", "s2", "张三"),
        ("本人张三。", "s2", "张三"),
        ("我是证人李四。", None, "李四"),
    ],
)
def test_who_says_his_name_is_offered(text: str, seat: str | None, name: str) -> None:
    assert offered(said(text)) == [Offer("t0", "未识别 1", seat, name)]


@pytest.mark.parametrize(
    "text",
    [
        "我是原告张三的代理律师。",
        "我是张三的儿子。",
        "我不是张三。",
        "他说我是张三。我是李四。",
        "我是受张三委托来的。",
        "我是问张三。",
        "张三是原告。",
        "我是原告。",
        "我是被告赵某。",
        "我是华信公司。",
        "我认识张三。",
    ],
)
def test_who_says_something_else_is_not(text: str) -> None:
    assert offered(said(text)) == []


def test_only_a_voice_without_a_name_is_asked_after() -> None:
    known = replace(said("我是原告张三。"), seat="s1", how=Attribution.ENROLLED)
    nobody = said("我是原告张三。", label="未识别")
    suppressed = replace(said("我是原告张三。"), suppressed="loop")
    assert offered(known, nobody, suppressed) == []


def test_the_last_word_of_a_voice_counts() -> None:
    assert offered(said("我是李四。"), said("我是张三。", 9_000)) == [
        Offer("t9000", "未识别 1", "s2", "张三")
    ]
