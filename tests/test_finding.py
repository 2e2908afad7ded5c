"""What a query finds in a record: characters, initials, filters, excerpts; and what is kept of many hearings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.sound import initials
from casefile.events import HearingClosed, RecordSealed, TurnAdded
from casefile.finding import BEFORE, LONGEST, Hit, Query, Searchable, folded
from casefile.model import CaseRecord, Stage, Tag
from tests.courthouse import HEARING, Courthouse, turn
from tingji.finding import Finder

STAGES = (Stage("法庭调查", 0), Stage("法庭辩论", 20_000), Stage("法庭调查", 40_000))
SAID = (
    turn("t1", "请原告宣读起诉状。", 1_000),
    turn("t2", "合同，真意是：不。可抗力！", 5_000, 1),
    turn("t3", "ＡＢＣ公司违约，ABC没有答辩。", 21_000, 2),
    turn("t4", "重新计算银行的利息。", 41_000, 1),
    turn("t5", "请点赞订阅。", 45_000, 3, suppressed="phrase"),
    replace(turn("t6", "我认识张三。", 50_000), seat=None, speaker="未识别 1"),
)
RECORD = CaseRecord(HEARING, seq=6, turns=SAID, stages=STAGES)


def hits(query: Query, record: CaseRecord = RECORD) -> list[Hit]:
    return list(Searchable(record, initials).find(query, 100).hits)


def found(words: str = "", **filters: object) -> list[str]:
    return [hit.turn_id for hit in hits(Query(words, **filters))]  # type: ignore[arg-type]


def marked(hit: Hit) -> list[str]:
    return [piece.text for piece in hit.excerpt if piece.match]


def text_of(hit: Hit) -> str:
    return "".join(piece.text for piece in hit.excerpt)


@pytest.mark.parametrize(
    ("words", "turns"),
    [
        ("合同", ["t2"]),
        ("不可抗力", ["t2"]),  # split by punctuation
        ("不", ["t2"]),
        ("合同，真意", ["t2"]),
        ("不可抗力 合同", ["t2"]),  # both, in any order
        ("合同 违约", []),
        ("abc", ["t3"]),
        ("ａｂｃ公司", ["t3"]),
        ("没有异议", []),
        ("状合同", []),  # nothing stands over the border of two turns
        ("点赞", ["t5"]),
    ],
)
def test_words_are_found_whatever_stands_between_their_characters(words: str, turns: list[str]) -> None:
    assert found(words) == turns


@pytest.mark.parametrize(
    ("letters", "turns"),
    [
        ("htzy", ["t2"]),
        ("bkkl", ["t2"]),
        ("HT", ["t2"]),
        ("合tzy", ["t2"]),
        ("cxjs", ["t4"]),  # 重: chóng
        ("zxjs", ["t4"]),  # 重: zhòng
        ("yh", ["t4"]),  # 银行
        ("yx", ["t4"]),
        ("h", []),  # one letter is a letter
        ("b", ["t3"]),
        ("abcgs", ["t3"]),
    ],
)
def test_initials_of_any_reading_are_found(letters: str, turns: list[str]) -> None:
    assert found(letters) == turns


@pytest.mark.parametrize("nothing", ["，。", "()", "…… ——"])
def test_what_has_no_character_finds_nothing(nothing: str) -> None:
    assert found(nothing) == []
    assert not Query(nothing).empty


def test_pattern_signs_are_no_pattern() -> None:
    assert found(".*") == found("[^") == found("合.*力") == []


def test_filters_by_speaker_stage_and_time() -> None:
    assert found(speaker="s1") == found(speaker="审判长") == found(speaker="王某") == ["t1"]
    assert found(speaker="未识别 1") == ["t6"]
    assert found(stage="法庭调查") == ["t1", "t2", "t4", "t5", "t6"]
    assert found("ht", stage="法庭辩论") == []
    assert found(from_ms=SAID[1].end_ms - 1, to_ms=21_001) == ["t2", "t3"]
    assert found(from_ms=SAID[1].end_ms, to_ms=21_000) == []


def test_a_tag_is_read_where_turns_have_them() -> None:
    tagged = replace(SAID[0], id="t7", tags=(Tag.ADMISSION,))
    record = replace(RECORD, turns=(*SAID, tagged))
    assert [hit.turn_id for hit in hits(Query(tag="自认"), record)] == ["t7"]
    assert found(tag="自认") == []


def test_a_hit_says_where_and_who_and_whether_it_is_held_back() -> None:
    (hit,) = hits(Query("不可抗力"))
    assert (hit.start_ms, hit.seat, hit.who, hit.stage, hit.held) == (
        5_000,
        "s2",
        "原告代理人",
        "法庭调查",
        False,
    )
    assert SAID[1].text[hit.at :].startswith("不。可抗力")
    assert marked(hit) == ["不。可抗力"]
    assert [one.held for one in hits(Query("点赞"))] == [True]
    assert hits(Query("认识"))[0].who == "未识别 1"


def test_a_long_turn_is_cut_around_the_first_match() -> None:
    long = turn("long", "甲" * 100 + "违约金" + "乙" * 100 + "违约", 0)
    (hit,) = hits(Query("违约"), replace(RECORD, turns=(long,)))
    assert text_of(hit) == "…" + "甲" * BEFORE + "违约金" + "乙" * (LONGEST - BEFORE - 3) + "…"
    assert (hit.at, marked(hit)) == (100, ["违约"])


def test_matches_that_touch_are_one() -> None:
    (hit,) = hits(Query("起诉 诉状"))
    assert marked(hit) == ["起诉状"]


def test_the_first_are_given_and_all_are_counted() -> None:
    some = Searchable(RECORD, initials).find(Query(stage="法庭调查"), 2)
    assert ([hit.turn_id for hit in some.hits], some.total, some.seq) == (["t1", "t2"], 5, 6)


TEXT = st.text("合同违约不可抗力，。 AaＡß①", min_size=1, max_size=30)


@given(st.lists(TEXT, max_size=6), st.text("合同违约不可抗力Aß", min_size=1, max_size=3))
def test_exactly_those_turns_are_found_whose_characters_hold_the_words(texts: list[str], words: str) -> None:
    turns = tuple(turn(str(at), text, at * 10_000) for at, text in enumerate(texts))
    searchable = Searchable(replace(RECORD, turns=turns), lambda _character: "")
    hits = searchable.find(Query(words), 100).hits
    assert [hit.turn_id for hit in hits] == [
        str(at) for at, text in enumerate(texts) if folded(words) in folded(text)
    ]
    for hit in hits:
        text = texts[int(hit.turn_id)]
        assert text_of(hit) == text
        assert all(folded(words) in folded(one) for one in marked(hit))


@given(st.lists(TEXT, min_size=1, max_size=6), st.integers(0, 6))
def test_what_has_grown_finds_the_same_as_what_is_new(texts: list[str], cut: int) -> None:
    turns = tuple(turn(str(at), text, at * 10_000) for at, text in enumerate(texts))
    earlier = Searchable(replace(RECORD, turns=turns[:cut]), initials)
    grown, fresh = (Searchable(replace(RECORD, turns=turns), initials, one) for one in (earlier, None))
    for query in (Query("不可"), Query("wy"), Query(speaker="s1")):
        assert grown.find(query, 100) == fresh.find(query, 100)


def test_a_growing_hearing_is_found_as_it_stands(court: Courthouse) -> None:
    hearing_id, finder = court.hearing(), Finder(court.feed)
    court.say(hearing_id, "合同有效。", 0)
    assert finder.find(hearing_id, Query("ht"), 10).total == 1
    court.say(hearing_id, "合同无效。", 5_000)
    assert finder.find(hearing_id, Query("ht"), 10).total == 2


def test_a_sealed_hearing_is_read_once_and_not_through_the_feed(
    court: Courthouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    hearing_id, finder = court.hearing(), Finder(court.feed)
    court.say(hearing_id, "合同有效。", 0)
    court.feed.append(hearing_id, [HearingClosed(1_000), RecordSealed("ab" * 32, "cd" * 32)], "tingji")
    (summary,) = court.store.hearings()
    asked: list[str] = []
    events = court.store.events
    monkeypatch.setattr(court.feed, "record", lambda *_: pytest.fail("the feed was asked"))
    monkeypatch.setattr(court.store, "events", lambda one: asked.append(one) or events(one))
    assert [finder.find_in(summary, Query("ht"), 10).total for _ in range(3)] == [1, 1, 1]
    assert asked == [hearing_id]


def test_what_is_kept_is_bounded_and_the_last_used_stays(court: Courthouse) -> None:
    finder = Finder(court.feed, most_characters=20)
    ids = [court.hearing() for _ in range(3)]
    for hearing_id in ids:
        made = turn("t", "合同有效没有异议", 0)
        court.feed.append(hearing_id, [TurnAdded(made, made.end_ms)], "tingji")
        finder.find(hearing_id, Query("合同"), 10)
        finder.find(ids[0], Query("合同"), 10)
    assert list(finder._kept) == [ids[2], ids[0]]
    assert sum(one.characters for one in finder._kept.values()) <= 20
    assert finder.find(ids[1], Query("合同"), 10).total == 1
