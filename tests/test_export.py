"""The record in other forms: what is in it, and that nothing said in court can break a format."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.export import SEALED, WRITERS
from casefile.export.cues import WIDTH, cues, width
from casefile.export.wording import GAPS, NOTICE, one_line
from casefile.model import (
    CaseRecord,
    ClockStep,
    Gap,
    GapReason,
    Hearing,
    HearingKind,
    HearingState,
    Missed,
    Pause,
    PauseReason,
    Seat,
    Stage,
    Turn,
    Word,
)

HEARING = Hearing(
    "h1",
    HearingKind.TRIAL,
    "（2024）京0105民初12345号",
    "第三法庭",
    seats=(Seat("s1", "审判长", "审", "王某", (0,)), Seat("s2", "原告", "原", "", (1,))),
)


def turn(
    number: int, start_ms: int, *texts: str, seat: str | None = "s1", suppressed: str | None = None
) -> Turn:
    words = tuple(
        Word(text, start_ms + 500 * i, start_ms + 500 * (i + 1), 0.9) for i, text in enumerate(texts)
    )
    end_ms = start_ms + 500 * len(texts)
    return Turn(f"t{number}", seat, "声音甲", 0, start_ms, end_ms, words, suppressed=suppressed)


RECORD = CaseRecord(
    HEARING,
    HearingState.CLOSING,
    9,
    opened_at="2024-05-01T01:00:12.000+00:00",
    closed_at="2024-05-01T02:02:03.000+00:00",
    length_ms=3_711_000,
    turns=(
        turn(1, 1_000, "现在", "开庭。"),
        turn(2, 65_000, "听清", "了。", seat="s2"),
        turn(3, 70_000, "谢谢", "观看", suppressed="boilerplate"),
        turn(4, 80_000, "是。", seat=None),
    ),
    stages=(Stage("法庭调查", 60_000),),
    pauses=(Pause(90_000, 95_000, PauseReason.RECESS),),
    gaps=(Gap(85_000, 86_500, GapReason.UNPLUGGED, 1),),
    missed=(Missed(0, 82_000, 83_000, "failed"),),
    clock_steps=(ClockStep(84_000, -3_600_000),),
)

TXT = f"""\
庭审（语音识别文本）
{NOTICE}

案号：（2024）京0105民初12345号
法庭：第三法庭
公开情况：公开
开始：2024年05月01日 09:00:12
结束：2024年05月01日 10:02:03
时长：01:01:51
席位：审判长 王某；原告
时间为录音时间，时刻为北京时间。

[00:00:01] 审判长 王某：现在开庭。

—— 法庭调查 ——
[00:01:05] 原告 声音甲：听清了。
[00:01:20] 声音甲：是。
[00:01:22—00:01:23] （第1声道此处有发言，识别失败，请听录音）
[00:01:24] （录音机时钟被调整 -3600.0 秒，录音时间不受影响）
[00:01:25—00:01:26] （话筒断开，声音缺失，第2声道，1.5 秒）
[00:01:30—00:01:35] （录音依法中断：休庭）

附：未列入正文的识别结果（按规则保留，可恢复）
[00:01:10] 第1声道（boilerplate）：谢谢观看
"""

SRT = f"""\
1
00:00:00,000 --> 00:00:03,000
{NOTICE}

2
00:00:01,000 --> 00:00:02,000
审判长 王某：现在开庭。

3
00:01:05,000 --> 00:01:06,000
原告 声音甲：听清了。

4
00:01:20,000 --> 00:01:20,500
声音甲：是。
"""

VTT = f"""\
WEBVTT

NOTE {NOTICE}

00:00:00.000 --> 00:00:03.000
{NOTICE}

00:00:01.000 --> 00:00:02.000
<v 审判长 王某>现在开庭。</v>

00:01:05.000 --> 00:01:06.000
<v 原告 声音甲>听清了。</v>

00:01:20.000 --> 00:01:20.500
<v 声音甲>是。</v>
"""

RTTM = """\
SPEAKER h1 1 1.000 1.000 <NA> <NA> 王某 <NA> <NA>
SPEAKER h1 1 65.000 1.000 <NA> <NA> 声音甲 <NA> <NA>
SPEAKER h1 1 80.000 0.500 <NA> <NA> 声音甲 <NA> <NA>
"""


@pytest.mark.parametrize(("name", "text"), [("txt", TXT), ("srt", SRT), ("vtt", VTT), ("rttm", RTTM)])
def test_the_record_in_this_form(name: str, text: str) -> None:
    assert WRITERS[name](RECORD) == text


def test_the_record_as_json() -> None:
    found = json.loads(WRITERS["json"](RECORD))
    assert found["hearing"]["case_number"] == HEARING.case_number
    assert (found["hearing"]["opened_at"], found["hearing"]["length_ms"]) == (RECORD.opened_at, 3_711_000)
    assert [(t["seat"], t["speaker"], t["text"]) for t in found["turns"]] == [
        ("审判长", "王某", "现在开庭。"),
        ("原告", "声音甲", "听清了。"),
        (None, "声音甲", "是。"),
    ]
    assert found["turns"][0]["words"][1] == {
        "text": "开庭。",
        "start_ms": 1500,
        "end_ms": 2000,
        "confidence": 0.9,
    }
    held = {"channel": 0, "start_ms": 70_000, "end_ms": 71_000, "text": "谢谢观看", "reason": "boilerplate"}
    assert found["suppressed"] == [held]
    assert found["gaps"] == [{"start_ms": 85_000, "end_ms": 86_500, "reason": "unplugged", "channel": 1}]
    assert found["pauses"] == [{"start_ms": 90_000, "end_ms": 95_000, "reason": "休庭"}]


@pytest.mark.parametrize("name", ["json", "txt", "srt", "vtt"])
def test_d1_every_unsigned_form_says_so(name: str) -> None:
    assert NOTICE in WRITERS[name](RECORD)
    assert NOTICE in WRITERS[name](CaseRecord(HEARING))


def test_a_sealed_record_holds_four_forms() -> None:
    assert set(SEALED) == {"record.json", "record.txt", "record.srt", "record.vtt"}


def test_every_gap_has_its_words() -> None:
    assert set(GAPS) == set(GapReason)


def test_a_person_named_later_is_the_name_of_all_turns() -> None:
    seats = (HEARING.seats[0], replace(HEARING.seats[1], person="李某"))
    assert "[00:01:05] 原告 李某：听清了。" in WRITERS["txt"](
        replace(RECORD, hearing=replace(HEARING, seats=seats))
    )


def test_a_long_turn_is_cut_at_words_into_cues_of_twenty_characters() -> None:
    texts = ["原告", "主张", "被告", "应当", "支付", "违约金", "三万", "五千元", "，", "理由", "如下。"] * 4
    record = replace(RECORD, turns=(turn(1, 0, *texts),))
    said = cues(record)[1:]
    assert "".join(cue.text for cue in said) == "".join(texts)
    assert all(width(cue.text) <= WIDTH for cue in said)
    assert len(said) <= 8
    assert [cue.first for cue in said] == [True] + [False] * (len(said) - 1)
    assert all(cue.start_ms % 500 == 0 and cue.start_ms < cue.end_ms for cue in said)
    assert all(one.end_ms <= other.start_ms for one, other in pairwise(said))


def test_a_word_wider_than_a_cue_is_cut_too() -> None:
    record = replace(RECORD, turns=(turn(1, 0, "长" * 50),))
    said = cues(record)[1:]
    assert [len(cue.text) for cue in said] == [20, 20, 10]
    assert [(cue.start_ms, cue.end_ms) for cue in said] == [(0, 200), (200, 400), (400, 500)]


NASTY = [
    "\n\n",
    "-->",
    "<i>",
    "</v>",
    "&amp;",
    "NOTE",
    "\r",
    "\u2028",
    "00:00:01,000 --> 00:00:02,000",
    "1\n",
    "\x00",
    " ",
]
nasty = st.lists(st.one_of(st.sampled_from(NASTY), st.text(st.characters(codec="utf-8"), max_size=5))).map(
    "".join
)


@given(texts=st.lists(nasty, min_size=1, max_size=4), role=nasty, person=nasty)
def test_nothing_that_is_said_or_named_breaks_a_format(texts: list[str], role: str, person: str) -> None:
    hearing = replace(
        HEARING, case_number=person, courtroom=role, seats=(Seat("s1", role, "", person, (0,)),)
    )
    record = replace(RECORD, hearing=hearing, turns=(turn(1, 1_000, *texts), turn(2, 9_000, "完。")))
    said = cues(record)
    _check_srt(WRITERS["srt"](record), len(said))
    _check_vtt(WRITERS["vtt"](record), [cue.text for cue in said])
    assert json.loads(WRITERS["json"](record))["turns"][0]["text"] == "".join(texts)
    assert len([line for line in WRITERS["txt"](record).split("\n") if line.startswith("[")]) == 6
    assert all(len(line.split()) == 10 for line in WRITERS["rttm"](record).splitlines())


def _check_srt(text: str, count: int) -> None:
    blocks = text.removesuffix("\n").split("\n\n")
    assert len(blocks) == count
    for number, block in enumerate(blocks, 1):
        name, times, said = block.split("\n")
        assert name == str(number)
        assert re.fullmatch(r"\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}", times)
        assert "-->" not in said and "<" not in said


def _check_vtt(text: str, texts: list[str]) -> None:
    header, note, *blocks = text.removesuffix("\n").split("\n\n")
    assert (header, note) == ("WEBVTT", f"NOTE {NOTICE}")
    assert len(blocks) == len(texts)
    for block, said in zip(blocks, texts, strict=True):
        times, line = block.split("\n")
        assert re.fullmatch(r"\d\d:\d\d:\d\d\.\d{3} --> \d\d:\d\d:\d\d\.\d{3}", times)
        found = re.fullmatch(r"(?:<v [^<>]+>)?([^<>]*)(?:</v>)?", line)
        assert found is not None and "-->" not in line
        assert found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == said


@given(nasty)
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
