"""The pages in a real Chromium against a real server: what the clerk sees and does."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from casefile.errors import ModelMissing, NoRecorder
from casefile.events import (
    ClockChanged,
    GapFound,
    HearingClosed,
    PassageMissed,
    PauseStarted,
    RecorderGivenUp,
    RecordSealed,
    StageEntered,
    TurnAdded,
)
from casefile.model import ClockStep, Gap, GapReason, Missed, PauseReason
from tests.courthouse import HEARING, Courthouse, Server, level, tone, turn
from web.late import LATE

pytestmark = pytest.mark.browser

MARK = "语音识别自动生成，未经核对签字，不作为法庭笔录"
PLAYER = "document.querySelector('hearing-page').player"


COUNT_DRAWN = """
window.drawn = []; window.nodes = 0;
new MutationObserver((changes) => {
  for (const change of changes) nodes += change.addedNodes.length;
  const turns = document.querySelectorAll("article.turn");
  if (turns.length && turns.length !== drawn.at(-1)?.turns) drawn.push(
    {turns: turns.length, first: turns[0].dataset.key, last: turns[turns.length - 1].dataset.key});
}).observe(document, {subtree: true, childList: true});
"""
"""Counts the turns in the page after every drawing, and the nodes that drawings have added."""


LEARNED = """async () => {
  const hearing = document.querySelector("hearing-page");
  await hearing.learned;
  await hearing.updateComplete;
}"""
"""Keys and drops count once the page knows what this person may do."""


def open_hearing(page: Page, hearing_id: str) -> None:
    page.goto(f"/hearings/{hearing_id}")
    expect(page.locator(".connection.open")).to_be_visible()
    expect(page.locator(".title")).to_be_attached()
    page.evaluate(LEARNED)


def said(page: Page) -> list[str]:
    """The text of every final turn, from the top."""
    return page.locator("article.turn .said").all_inner_texts()


def until(page: Page, condition: str) -> None:
    """Waits for a condition in the page (its policy forbids playwright's own way, by eval)."""
    deadline = time.monotonic() + 30
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(20)


def listening(page: Page, court: Courthouse) -> None:
    """Waits until the page listens to the server."""
    deadline = time.monotonic() + 30
    while court.feed.viewers == 0:
        assert time.monotonic() < deadline
        page.wait_for_timeout(20)


def test_the_empty_list_tells_what_to_do(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="还没有庭审")).to_be_visible()
    page.get_by_role("link", name="新建庭审").last.click()
    expect(page).to_have_url(re.compile("/new$"))


def test_from_the_list_to_a_running_hearing(page: Page, court: Courthouse) -> None:
    court.hearing(replace(HEARING, case_number="（2023）京01民终1号"))
    page.goto("/")
    expect(page.get_by_role("link", name="（2023）京01民终1号")).to_be_visible()
    page.get_by_role("link", name="新建庭审").click()
    page.locator("[name=case_number]").fill("（2024）京0105民初1号")
    page.locator("[name=kind]").select_option("调解")
    expect(page.locator(".seats li")).to_have_count(4)
    page.get_by_role("textbox", name="姓名").first.fill("王某")
    page.get_by_role("button", name="开始录音").click()
    expect(page.locator(".rec")).to_be_visible()
    expect(page.locator("h1")).to_have_text("（2024）京0105民初1号")
    hearing = court.feed.record(page.url.rsplit("/", 1)[1]).hearing
    assert [(seat.role, seat.channels) for seat in hearing.seats][:2] == [("调解员", (0,)), ("原告", (1,))]
    assert (hearing.kind, hearing.seats[0].person) == ("调解", "王某")


def test_a_microphone_is_taken_from_the_seat_that_had_it(page: Page, court: Courthouse) -> None:
    page.goto("/new")
    microphones = page.locator(".seats select")
    microphones.nth(0).select_option("1")
    page.locator(".seats li").nth(4).get_by_label("删除席位").click()
    page.locator(".seats li").nth(1).get_by_label("上移").click()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("尚未开始录音")).to_be_visible()
    seats = court.feed.record(page.url.rsplit("/", 1)[1]).hearing.seats
    assert [(seat.role, seat.channels) for seat in seats] == [
        ("原告代理人", ()), ("审判长", (1,)), ("被告代理人", (2,)), ("证人", (3,))
    ]  # fmt: skip


def test_the_device_is_chosen_by_name(page: Page, court: Courthouse) -> None:
    page.goto("/new")
    page.get_by_label("录音设备").select_option("内置话筒")
    expect(page.get_by_label("录音设备")).to_have_value("内置话筒")
    expect(page.get_by_role("button", name="保存")).to_be_enabled()
    assert court.recorders.chosen == [("法庭录音机", "内置话筒")]


def test_the_sound_check_says_what_was_heard(page: Page, court: Courthouse) -> None:
    page.clock.install()
    page.goto("/new")
    expect(page.locator(".seats li")).to_have_count(5)
    listening(page, court)
    page.get_by_role("button", name="开始 10 秒试音").click()
    levels = [level(-12), level(-42), level(-1, "clipping", 40), level(-200, "dead")]
    court.health(None, levels)
    expect(page.locator(".mic .meter.dead")).to_have_count(1)
    for _ in range(10):
        page.clock.run_for(1000)
    expect(page.locator("[data-verdict]")).to_have_count(5)
    found = [one.get_attribute("data-verdict") for one in page.locator("[data-verdict]").all()]
    assert found == ["heard", "quiet", "clipping", "dead", "nomic"]
    expect(page.get_by_text("没有信号，请检查话筒是否打开")).to_be_visible()


def test_the_seat_whose_microphone_is_tapped_lights_up(page: Page, court: Courthouse) -> None:
    page.goto("/new")
    expect(page.locator(".seats li")).to_have_count(5)
    listening(page, court)
    court.health(None, [level(-60), level(-60), level(-3), level(-60)])
    expect(page.locator(".seats li.hot")).to_have_count(1)
    expect(page.locator(".seats li.hot .chip")).to_have_text("被代")


def test_words_arrive_tentative_and_then_final(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    open_hearing(page, hearing_id)
    court.tentative(hearing_id, "对真实性没有", 5000, channel=2)
    line = page.locator(".tentative")
    expect(line.locator(".said")).to_contain_text("对真实性没有")
    expect(line).to_contain_text("识别中")
    court.say(hearing_id, "对真实性没有异议。", 5000, channel=2)
    expect(page.locator("article.turn .said")).to_have_text("对真实性没有异议。")
    expect(page.locator(".tentative")).to_have_count(0)
    expect(page.locator("article.turn .who")).to_contain_text("被代")


def test_d1_the_mark_is_on_the_live_view_and_on_paper(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "现在开庭。", 0)
    open_hearing(page, hearing_id)
    expect(page.locator(".mark")).to_have_text(MARK)
    page.emulate_media(media="print")
    expect(page.locator(".mark")).to_be_visible()
    expect(page.locator(".said")).to_be_visible()
    expect(page.locator(".title")).to_contain_text("（2024）京0105民初12345号")
    for hidden in (".foot", "aside", ".head"):
        expect(page.locator(hidden)).to_be_hidden()


def test_a2_the_pause_menu_has_exactly_the_three_lawful_reasons(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    open_hearing(page, hearing_id)
    page.locator(".menu.pause summary").click()
    assert page.locator(".menu.pause .item").all_inner_texts() == [reason.value for reason in PauseReason]
    page.get_by_role("button", name="休庭").click()
    expect(page.get_by_text("已暂停：休庭")).to_be_visible()
    expect(page.locator(".note")).to_contain_text("暂停录音：休庭")
    page.get_by_role("button", name="继续录音").click()
    expect(page.locator(".rec")).to_be_visible()


def test_h5_stages_are_entered_and_may_go_back(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    open_hearing(page, hearing_id)
    for name in ("法庭调查", "法庭辩论", "法庭调查"):
        page.locator(".menu.stages summary").click()
        page.locator(".menu.stages .item", has_text=re.compile(f"^{name}$")).click()
        expect(page.locator(".menu.stages summary")).to_contain_text(name)
    expect(page.locator(".stage-row")).to_have_count(3)


def test_closing_is_asked_and_leads_to_the_sealed_record(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "现在开庭。", 0)
    open_hearing(page, hearing_id)
    page.get_by_role("button", name="闭庭").first.click()
    page.get_by_role("button", name="取消").click()
    expect(page.locator(".rec")).to_be_visible()
    page.get_by_role("button", name="闭庭").first.click()
    page.locator("dialog[data-ask=close]").get_by_role("button", name="闭庭").click()
    expect(page.get_by_text("已封存")).to_be_visible()
    expect(page.locator(".digest").first).to_contain_text("ab" * 32)
    expect(page.get_by_text("两份录音逐块核对一致（共 120 块）")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="txt").click()
    assert download.value.suggested_filename == f"{hearing_id}.txt"


def test_a_hearing_that_is_being_closed_shows_how_far_it_is_and_what_holds_it_up(
    page: Page, court: Courthouse
) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "现在开庭。", 0)
    court.feed.append(hearing_id, [HearingClosed(60_000)], "closing")
    court.feed.tell(hearing_id, {"type": "progress", "step": "comparing", "done": 0.4})
    court.conduct.problem = NoRecorder()
    open_hearing(page, hearing_id)
    expect(page.locator("[data-problem=closing]")).to_contain_text("正在核对两份录音 40%")
    expect(page.locator("[data-problem=problem]")).to_have_text(NoRecorder().zh)
    expect(page.locator("[data-problem=recorder]")).to_have_count(0)
    court.feed.tell(hearing_id, court.conduct.status(hearing_id) | {"problem": None})
    expect(page.locator("[data-problem=problem]")).to_have_count(0)


def test_a_closing_hearing_can_be_sealed_without_the_recorder_after_a_question(
    page: Page, court: Courthouse
) -> None:
    hearing_id = court.hearing()
    court.feed.append(hearing_id, [HearingClosed(60_000)], "closing")
    open_hearing(page, hearing_id)
    alone = page.locator("[data-problem=closing]").get_by_role("button", name="不等录音机，直接封存")
    alone.click()
    question = page.locator("dialog[data-ask=alone]")
    expect(question).to_contain_text("还没有传来的声音不会进入案卷")
    question.get_by_role("button", name="取消").click()
    assert not court.conduct.without_recorder
    court.conduct.deaf = True
    alone.click()
    question.get_by_role("button", name="不等录音机，直接封存").click()
    expect(page.locator("[data-problem=command]")).to_contain_text("录音和文字都已保存")
    assert court.conduct.without_recorder
    court.feed.append(hearing_id, [RecorderGivenUp()], "书记员")
    expect(page.locator("[data-problem=closing]")).to_contain_text("已决定不等录音机")
    expect(page.locator("[data-problem=command]")).to_have_count(0)
    expect(alone).to_have_count(0)


def test_a_hearing_that_is_finishing_has_no_false_alarm_of_its_recorder(
    page: Page, court: Courthouse
) -> None:
    hearing_id = court.hearing()
    open_hearing(page, hearing_id)
    away = court.conduct.status(hearing_id) | {"recorder_connected": False}
    court.feed.tell(hearing_id, away)
    expect(page.locator("[data-problem=recorder]")).to_be_visible()
    court.feed.tell(hearing_id, away | {"closing": True})
    expect(page.locator("[data-problem=closing]")).to_contain_text("正在处理最后的声音")
    expect(page.locator("[data-problem=recorder]")).to_have_count(0)
    expect(page.locator(".state.closing")).to_be_visible()
    for gone in ("闭庭", "暂停"):
        expect(page.locator(".head").get_by_text(gone, exact=True)).to_have_count(0)


def test_a2_a_pause_that_waits_for_the_recorder_is_told_and_told_again_when_it_took_effect(
    page: Page, court: Courthouse
) -> None:
    hearing_id = court.hearing()
    open_hearing(page, hearing_id)
    here = court.conduct.status(hearing_id)
    court.feed.tell(hearing_id, here | {"recorder_connected": False, "waiting": ["pause"]})
    expect(page.locator("[data-problem=kept-pause]")).to_contain_text("录到的声音全部保留")
    court.feed.tell(hearing_id, here | {"waiting": []})
    expect(page.locator("[data-problem=kept-pause]")).to_have_count(0)
    after = page.locator("[data-problem=after]")
    expect(after).to_have_count(0)
    court.conduct.pause(hearing_id, PauseReason.RECESS, "书记员")
    expect(after).to_contain_text("“暂停”到此时才生效")
    after.get_by_role("button").click()
    expect(after).to_have_count(0)


def test_sound_that_came_late_stands_in_the_list_with_its_export(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.record(hearing_id + LATE, [(60_000, tone(440, 5_000))])
    page.goto("/")
    late = page.locator("p.late")
    expect(late).to_contain_text("00:00:05")
    expect(late.get_by_role("link", name="导出这段录音")).to_have_attribute(
        "href", f"/api/hearings/{hearing_id}/late"
    )


def test_a_command_without_effect_is_told_and_what_to_do(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing(started=False)
    court.conduct.deaf = True
    open_hearing(page, hearing_id)
    late = page.locator("[data-problem=command]")
    page.get_by_role("button", name="开始录音").click()
    expect(late).to_contain_text("还没有开始录音")
    court.conduct.deaf = False
    page.get_by_role("button", name="开始录音", exact=True).click()
    expect(page.locator(".rec")).to_be_visible()
    expect(late).to_have_count(0)
    court.conduct.deaf = True
    page.locator(".menu.pause summary").click()
    page.get_by_role("button", name="休庭").click()
    expect(late).to_contain_text("仍在录音")
    late.get_by_role("button", name="知道了").click()
    expect(late).to_have_count(0)
    court.feed.append(hearing_id, [PauseStarted(1000, PauseReason.RECESS)], "recorder")
    page.get_by_role("button", name="继续录音").click()
    expect(late).to_contain_text("还没有恢复录音")
    page.locator(".head").get_by_role("button", name="闭庭").click()
    page.locator("dialog[data-ask=close]").get_by_role("button", name="闭庭").click()
    expect(late).to_contain_text("“闭庭”已发出")
    court.feed.tell(hearing_id, court.conduct.status(hearing_id) | {"closing": True})
    expect(late).to_have_count(0)


def test_a_start_from_the_set_up_page_without_effect_is_told_too(page: Page, court: Courthouse) -> None:
    court.conduct.deaf = True
    page.goto("/new")
    expect(page.locator(".seats li")).to_have_count(5)
    page.get_by_role("button", name="开始录音").click()
    expect(page.locator("[data-problem=command]")).to_contain_text("还没有开始录音")
    assert "#" not in page.url


def test_a_language_that_was_set_by_a_file_is_kept(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing(replace(HEARING, language="bo"), started=False)
    page.goto(f"/hearings/{hearing_id}/setup")
    expect(page.locator("[name=language]")).to_have_value("bo")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".title")).to_be_attached()
    assert court.feed.record(hearing_id).hearing.language == "bo"


def test_microphones_without_a_seat_are_watched_too(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing(replace(HEARING, seats=()))
    court.feed.append(
        hearing_id, [TurnAdded(replace(turn("t9", "是。", 0, 1), seat=None, speaker=""), 400)], "tingji"
    )
    open_hearing(page, hearing_id)
    court.health(hearing_id, [level(), level(-200, "dead")], 1000)
    expect(page.locator("[data-seat=mic-1]")).to_contain_text("无信号")
    expect(page.locator("[data-problem=dead-1]")).to_contain_text("话筒 2 没有信号")
    expect(page.locator("article.turn .who")).to_contain_text("话筒 2")


def test_what_is_wrong_is_said_in_a_sentence(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    open_hearing(page, hearing_id)
    court.health(hearing_id, [level(), level(-200, "dead"), level(), level()], 1000)
    expect(page.locator("[data-problem=dead-1]")).to_contain_text("原告代理人 · 话筒 2 没有信号")
    expect(page.locator("[data-seat=s2]")).to_contain_text("无信号")
    status = court.conduct.status(hearing_id)
    for asr, text in (("behind", "文字落后"), ("missing", "没有语音识别"), ("failed", "识别程序出错")):
        court.feed.tell(hearing_id, status | {"asr": asr})
        expect(page.locator("[data-problem=asr]")).to_contain_text(text)
    missing = ModelMissing(name="whisper-base").as_json()
    court.feed.tell(hearing_id, status | {"asr": "missing", "problem": missing})
    expect(page.locator("[data-problem=asr]")).to_have_text(missing["zh"])
    expect(page.locator("[data-problem=problem]")).to_have_count(0)
    problem = {"code": "disk_full", "zh": "服务器磁盘已满。", "en": "The disk is full."}
    court.feed.tell(hearing_id, status | {"problem": problem, "recorder_connected": False})
    expect(page.locator("[data-problem=problem]")).to_have_text("服务器磁盘已满。")
    expect(page.locator("[data-problem=recorder]")).to_contain_text("录音机未连接")
    court.feed.append(hearing_id, [ClockChanged(ClockStep(60_000, -3_600_000))], "tingji")
    expect(page.locator("[data-problem=clock]")).to_contain_text("00:01:00 系统时钟被改动 -3600 秒")
    page.locator("[data-problem=clock]").get_by_role("button", name="知道了").click()
    expect(page.locator("[data-problem=clock]")).to_have_count(0)


def test_a4_gaps_pauses_and_missed_passages_stand_in_their_place(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "第一句。", 0)
    court.say(hearing_id, "第二句。", 60_000)
    facts = [
        GapFound(Gap(10_000, 12_000, GapReason.RECORDER_STOPPED)),
        PassageMissed(Missed(1, 20_000, 21_000, "x")),
        StageEntered("法庭调查", 30_000),
    ]
    court.feed.append(hearing_id, facts, "tingji")
    court.say(hearing_id, "谢谢观看", 40_000, suppressed="silence")
    open_hearing(page, hearing_id)
    rows = page.locator("[data-key]").all_inner_texts()
    expected_rows = ["第一句", "停止运行，需写情况说明", "识别失败", "法庭调查", "已隐去", "第二句"]
    for text, expected in zip(rows, expected_rows, strict=True):
        assert expected in text
    page.get_by_role("button", name="恢复").click()
    expect(page.locator("article.turn")).to_have_count(3)
    assert said(page) == ["第一句。", "谢谢观看", "第二句。"]


def test_the_tail_is_followed_only_by_a_reader_who_is_there(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    for number in range(60):
        court.say(hearing_id, f"第{number}句。", 1000 * number)
    open_hearing(page, hearing_id)
    last = page.get_by_text("第59句。")
    expect(last).to_be_in_viewport()
    page.locator("main").hover()
    page.mouse.wheel(0, -1200)
    expect(page.locator(".pill")).to_be_visible()
    before = page.locator("main").evaluate("main => main.scrollTop")
    for number in range(60, 70):
        court.say(hearing_id, f"第{number}句。", 1000 * number)
    expect(page.locator(".pill")).to_contain_text("10 条新内容")
    assert page.locator("main").evaluate("main => main.scrollTop") == before
    page.locator(".pill").click()
    expect(page.get_by_text("第69句。")).to_be_in_viewport()
    court.say(hearing_id, "第70句。", 70_000)
    expect(page.get_by_text("第70句。")).to_be_in_viewport()


def test_a_lost_server_is_said_and_nothing_is_missing_or_double_afterwards(
    page: Page, court: Courthouse, server: Server
) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "第0句。", 0)
    open_hearing(page, hearing_id)
    for round_ in range(2):
        server.stop()
        expect(page.locator("[data-problem=lost]")).to_contain_text("录音机上的录音不受影响")
        court.say(hearing_id, f"第{2 * round_ + 1}句。", 2000 * round_ + 1000)
        server.start()
        expect(page.locator("[data-problem=lost]")).to_have_count(0)
        court.say(hearing_id, f"第{2 * round_ + 2}句。", 2000 * round_ + 2000)
        expect(page.locator("article.turn")).to_have_count(2 * round_ + 3)
    assert said(page) == [f"第{number}句。" for number in range(5)]
    page.reload()
    expect(page.locator("article.turn")).to_have_count(5)
    assert said(page) == [f"第{number}句。" for number in range(5)]


def test_a_command_that_fails_says_why(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing(started=False)
    court.recorders.known = []
    open_hearing(page, hearing_id)
    page.get_by_role("button", name="开始录音").click()
    expect(page.locator("[data-problem=error]")).to_contain_text("录音程序未连接")


def test_no_such_hearing_is_said(page: Page) -> None:
    page.goto("/hearings/nowhere")
    expect(page.locator("[data-problem=missing]")).to_contain_text("找不到这次庭审")


@pytest.fixture
def sealed(court: Courthouse) -> str:
    """5 s of sound, a minute of pause, 3 s of sound; a word every 200 ms."""
    hearing_id = court.hearing()
    court.say(hearing_id, "现在开庭，请原告陈述诉讼请求。", 1000)
    court.say(hearing_id, "没有补充。", 65_500, channel=1)
    court.record(
        hearing_id, [(0, tone(440, 5000)), Gap(5000, 65_000, GapReason.PAUSE), (65_000, tone(660, 3000))]
    )
    court.conduct.at_ms = 68_000
    court.conduct.close(hearing_id, "书记员")
    return hearing_id


def test_a_click_on_a_word_lets_it_be_heard(page: Page, sealed: str) -> None:
    open_hearing(page, sealed)
    text = page.locator("article.turn .said").first
    box = text.bounding_box()
    assert box
    size = float(text.evaluate("p => parseFloat(getComputedStyle(p).fontSize)"))
    page.mouse.click(box["x"] + 5.5 * size, box["y"] + box["height"] / 2)  # 请, the sixth sign
    until(page, f"{PLAYER}.audio.currentTime > 0.05")
    assert page.evaluate(f"{PLAYER}.from") == 2000
    until(page, "[...CSS.highlights.get('spoken')].length === 1")
    expect(page.locator(".turn.now")).to_have_count(1)


def test_playing_goes_on_over_the_pause(page: Page, sealed: str) -> None:
    open_hearing(page, sealed)
    page.get_by_role("button", name="从 00:00:01 开始听").click()
    until(page, f"{PLAYER}.audio.currentTime > 0")
    page.get_by_label("速度").select_option("2")
    until(page, f"{PLAYER}.at > 65200")
    expect(page.locator(".turn.now .said")).to_have_text("没有补充。")
    assert page.evaluate(f"{PLAYER}.audio.preservesPitch")
    assert page.evaluate(f"{PLAYER}.audio.playbackRate") == 2


def test_the_keyboard_plays_and_jumps_but_not_while_composing(page: Page, sealed: str) -> None:
    open_hearing(page, sealed)
    page.locator("main").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="从 00:01:05 开始听")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    until(page, f"{PLAYER}.playing")
    page.locator("main").focus()
    compose = "document.dispatchEvent(new KeyboardEvent('keydown', {key: ' ', isComposing: true}))"
    page.evaluate(compose)
    assert page.evaluate(f"{PLAYER}.playing")
    page.keyboard.press(" ")
    until(page, f"!{PLAYER}.playing")
    page.evaluate(f"{PLAYER}.play(3000)")
    until(page, f"{PLAYER}.at > 3100")
    page.keyboard.press(" ")
    page.keyboard.press("ArrowLeft")
    until(page, f"{PLAYER}.at < 3000")
    page.keyboard.press("ArrowRight")
    until(page, f"{PLAYER}.at > 3000")


def test_one_microphone_can_be_heard_alone(page: Page, sealed: str) -> None:
    open_hearing(page, sealed)
    page.get_by_label("声道").select_option("1")
    with page.expect_request(re.compile(r"/audio\?.*channel=1")):
        page.get_by_role("button", name="从 00:00:01 开始听").click()
    until(page, f"{PLAYER}.audio.currentTime > 0")


def test_english_is_one_click_away_and_remembered(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "现在开庭。", 0)
    open_hearing(page, hearing_id)
    page.get_by_role("button", name="Switch to English").click()
    expect(page.get_by_role("button", name="Close").first).to_be_visible()
    expect(page.locator(".mark")).to_contain_text("not a court record")
    assert said(page) == ["现在开庭。"]
    page.goto("/")
    expect(page.get_by_role("heading", name="Hearings")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/new")
    expect(page.get_by_role("heading", name="Seats and microphones")).to_be_visible()
    page.get_by_role("button", name="切换到中文").click()
    expect(page.get_by_role("heading", name="席位与话筒")).to_be_visible()


def test_5000_turns_open_whole_and_in_order(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    turns = [
        turn(f"t{number}", f"这是第{number}句发言，没有异议。", 3000 * number, number % 4)
        for number in range(5000)
    ]
    court.feed.append(hearing_id, [TurnAdded(one, one.end_ms) for one in turns], "tingji")
    page.add_init_script(COUNT_DRAWN)
    open_hearing(page, hearing_id)
    expect(page.locator("article.turn")).to_have_count(5000)
    expect(page.get_by_text("这是第4999句发言")).to_be_in_viewport()
    drawn = page.evaluate("drawn")
    assert 0 < drawn[0]["turns"] <= 80
    assert drawn[0]["last"] == "turn-t4999"
    assert max(after["turns"] - before["turns"] for before, after in pairwise(drawn)) <= 400
    until(page, "document.querySelector('hearing-page').drawn.whole")
    page.evaluate("drawn.length = 0; nodes = 0")
    thanks = turn("thanks", "谢谢。", 16_000_000)
    court.feed.append(hearing_id, [TurnAdded(thanks, thanks.end_ms)], "tingji")
    expect(page.get_by_text("谢谢。")).to_be_in_viewport()
    assert page.evaluate("nodes") < 50
    assert page.locator("main *").count() < 12 * 5000
    page.reload()
    expect(page.locator("article.turn")).to_have_count(5001)
    order = page.locator("article.turn").evaluate_all("turns => turns.map(turn => turn.dataset.key)")
    assert order[:5000] == [f"turn-t{number}" for number in range(5000)]
    court.feed.append(hearing_id, [HearingClosed(16_000_000), RecordSealed("ab" * 32, None)], "tingji")
    expect(page.get_by_text("已封存")).to_be_visible()
    page.reload()
    expect(page.get_by_text("这是第0句发言")).to_be_in_viewport()
    expect(page.locator("article.turn")).to_have_count(5001)
    assert page.evaluate("drawn[0].first") == "turn-t0"
    assert page.evaluate("drawn[0].turns") <= 80


@pytest.mark.parametrize("width", [1280, 820])
def test_nothing_is_cut_off(page: Page, court: Courthouse, sealed: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    live = court.hearing()
    court.say(live, "对真实性没有异议，" * 20, 0)
    for path in ("/", "/new", f"/hearings/{live}", f"/hearings/{sealed}"):
        page.goto(path)
        expect(page.locator("main")).to_be_visible()
        page.wait_for_timeout(200)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, path
