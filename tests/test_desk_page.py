"""The clerk's desk in a real Chromium: text edited while it arrives, two hands on one turn, keys, marks, pieces, doubts."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from casefile.editing import condensed, verbatim
from casefile.events import TurnAdded
from casefile.model import PauseReason, Tag, Turn, TurnState
from tests.browsing import sign_in
from tests.courthouse import Courthouse, Server, tone, turn
from tests.test_pages import open_hearing

pytestmark = pytest.mark.browser

FIELD = ".turn-editor textarea"
FIRST = "请原告继续举证。"
SECOND = "对真实性没有异议，呃，对证明目的有异议。"
KEY = """([key, composing]) => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", {key, isComposing: composing, bubbles: true, cancelable: true}))"""


@pytest.fixture
def hearing_id(page: Page, court: Courthouse) -> str:
    hearing_id = court.hearing()
    court.record(hearing_id, [(0, tone(440, 20_000))])
    court.say(hearing_id, FIRST, 0, 0)
    court.say(hearing_id, SECOND, 4_000, 2)
    open_hearing(page, hearing_id)
    expect(page.locator("article.turn")).to_have_count(2)
    expect(page.locator("[data-act=doubts]")).to_be_visible()
    return hearing_id


def choose(page: Page, number: int) -> None:
    page.locator("article.turn button.at").nth(number).focus()
    expect(page.locator("article.turn").nth(number)).to_contain_class("chosen")


def edit(page: Page, number: int) -> None:
    choose(page, number)
    page.keyboard.press("e")
    expect(page.locator(FIELD)).to_be_focused()


def until(page: Page, stands: Callable[[], bool]) -> None:
    """Waits until the record stands so."""
    deadline = time.monotonic() + 30
    while not stands():
        assert time.monotonic() < deadline
        page.wait_for_timeout(50)


def turns(court: Courthouse, hearing_id: str) -> tuple[Turn, ...]:
    return court.feed.record(hearing_id).turns


def texts(court: Courthouse, hearing_id: str) -> list[str]:
    return [one.text for one in turns(court, hearing_id)]


# --- editing ------------------------------------------------------------------------------------------------------


def test_what_is_typed_is_saved_by_itself_undone_and_done_again(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    edit(page, 0)
    page.keyboard.press("Home")
    page.keyboard.type("现在，")
    until(page, lambda: texts(court, hearing_id)[0] == "现在，" + FIRST)
    expect(page.locator(FIELD)).to_be_focused()  # saving takes no key away
    page.keyboard.press("Enter")
    expect(page.locator(FIELD)).to_have_count(0)
    expect(page.locator("article.turn .said").first).to_have_text("现在，" + FIRST)
    page.keyboard.press("v")
    expect(page.get_by_text(f"识别原文：{FIRST}")).to_be_visible()
    page.keyboard.press("u")
    until(page, lambda: texts(court, hearing_id)[0] == FIRST)
    assert turns(court, hearing_id)[0].heard is None
    page.keyboard.press("Shift+U")
    until(page, lambda: texts(court, hearing_id)[0] == "现在，" + FIRST)
    assert verbatim(turns(court, hearing_id)[0]) == FIRST


def test_a_double_click_puts_the_caret_where_it_was_made(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    page.locator("article.turn .said").nth(1).dblclick(position={"x": 30, "y": 14})
    expect(page.locator(FIELD)).to_be_focused()
    at = page.locator(FIELD).evaluate("field => field.selectionStart")
    assert at in {0, 1, 2}
    assert page.locator(FIELD).input_value() == SECOND


def test_text_that_arrives_moves_neither_the_caret_nor_the_line(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    for number in range(40):
        court.say(hearing_id, f"第{number}句，继续陈述事实经过。", 6_000 + 1_000 * number, 1)
    expect(page.locator("article.turn")).to_have_count(42)
    edit(page, 20)
    page.keyboard.press("Home")
    page.keyboard.type("甲")
    before = page.locator(FIELD).bounding_box()
    for number in range(30):  # most behind it, one before it
        court.say(hearing_id, f"又{number}句。", 60_000 + 1_000 * number, 1)
    court.say(hearing_id, "晚到的一句，比前面都早。", 5_000, 3)
    expect(page.locator("article.turn")).to_have_count(73)
    after = page.locator(FIELD).bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 2
    page.keyboard.type("乙")
    assert page.locator(FIELD).input_value().startswith("甲乙第18句")


def test_keys_of_a_composition_belong_to_the_input_method(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    edit(page, 0)
    page.keyboard.press("End")
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "zhengju", "selectionStart": 7, "selectionEnd": 7})
    for key in ("Enter", "Escape", "F2", "ArrowDown"):
        page.evaluate(KEY, [key, True])
    expect(page.locator(FIELD)).to_be_focused()
    page.wait_for_timeout(1_500)  # longer than saving waits
    assert texts(court, hearing_id)[0] == FIRST  # no half syllable on the record
    session.send("Input.insertText", {"text": "证据"})
    until(page, lambda: texts(court, hearing_id)[0] == FIRST + "证据")
    assert turns(court, hearing_id)[0].tags == ()


def test_two_at_once_see_both_versions_and_neither_is_lost(
    page: Page, browser: Browser, court: Courthouse, server: Server, hearing_id: str
) -> None:
    context = browser.new_context(base_url=server.url)
    sign_in(context, court, server)
    other = context.new_page()
    open_hearing(other, hearing_id)
    edit(page, 0)
    edit(other, 0)
    page.context.set_offline(True)
    page.keyboard.press("End")
    page.keyboard.type("我的。")
    other.keyboard.press("End")
    other.keyboard.type("他的。")
    until(page, lambda: texts(court, hearing_id)[0] == FIRST + "他的。")
    page.context.set_offline(False)
    expect(page.get_by_text("对方的版本")).to_be_visible()
    expect(page.locator(".theirs")).to_have_text(FIRST + "他的。")
    assert page.locator(FIELD).input_value() == FIRST + "我的。"
    page.locator("[data-act=mine]").click()
    until(page, lambda: texts(court, hearing_id)[0] == FIRST + "我的。")
    expect(other.locator(FIELD)).to_have_value(FIRST + "我的。")  # nothing unsaved there: it follows
    context.close()


def test_theirs_takes_the_place_of_mine(page: Page, court: Courthouse, hearing_id: str) -> None:
    edit(page, 0)
    page.context.set_offline(True)
    page.keyboard.type("我的")
    first = turns(court, hearing_id)[0]
    court.texts.edit(hearing_id, first.id, FIRST, "他的。", "审判长")
    page.context.set_offline(False)
    page.locator("[data-act=theirs]").click()
    expect(page.locator(FIELD)).to_have_value("他的。")
    page.keyboard.press("Escape")
    expect(page.locator(FIELD)).to_have_count(0)
    assert texts(court, hearing_id)[0] == "他的。"


def test_a_page_that_is_closed_in_mid_edit_without_a_network_loses_nothing(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    edit(page, 0)
    page.route("**/text", lambda route: route.abort())
    page.keyboard.press("End")
    page.keyboard.type("还没有保存")
    expect(page.get_by_text("尚未保存")).to_be_visible()
    page.reload()
    expect(page.locator(FIELD)).to_have_value(FIRST + "还没有保存")
    page.unroute("**/text")
    until(page, lambda: texts(court, hearing_id)[0] == FIRST + "还没有保存")
    drafts = "Object.keys(localStorage).filter(key => key.startsWith('tingji.draft'))"
    until(page, lambda: page.evaluate(drafts) == [])


# --- keys ---------------------------------------------------------------------------------------------------------


def test_confirm_and_go_on_from_the_editor_of_one_turn_to_the_next(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    edit(page, 0)
    page.keyboard.press("End")
    page.keyboard.type("好。")
    page.keyboard.press("Control+Enter")
    expect(page.locator(FIELD)).to_have_value(SECOND)
    until(page, lambda: turns(court, hearing_id)[0].state is TurnState.CONFIRMED)
    assert texts(court, hearing_id)[0] == FIRST + "好。"
    page.keyboard.press("Escape")
    choose(page, 0)
    page.keyboard.press("Shift+C")
    until(page, lambda: turns(court, hearing_id)[0].state is TurnState.EDITED)


def test_d4_marks_by_key_and_by_menu(page: Page, court: Courthouse, hearing_id: str) -> None:
    choose(page, 1)
    page.keyboard.press("k")
    until(page, lambda: turns(court, hearing_id)[1].tags == (Tag.TO_CHECK,))
    page.keyboard.press("t")
    page.keyboard.press("2")
    until(page, lambda: turns(court, hearing_id)[1].tags == (Tag.TO_CHECK, Tag.ADMISSION))
    expect(page.locator("article.turn .tag")).to_have_text(["待核", "自认"])
    page.keyboard.press("u")
    until(page, lambda: turns(court, hearing_id)[1].tags == (Tag.TO_CHECK,))


def test_neighbours_are_joined_and_parted_by_key(page: Page, court: Courthouse, hearing_id: str) -> None:
    choose(page, 0)
    page.keyboard.press("m")
    expect(page.locator("article.turn")).to_have_count(1)
    expect(page.locator("article.turn .said")).to_have_text(FIRST + SECOND)
    page.keyboard.press("u")
    expect(page.locator("article.turn")).to_have_count(2)
    assert texts(court, hearing_id) == [FIRST, SECOND]


def test_pieces_are_left_out_by_one_key_and_a_negation_by_two(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    choose(page, 1)
    page.keyboard.press("x")
    page.keyboard.press("x")
    expect(page.get_by_text("请再按一次")).to_be_visible()
    assert turns(court, hearing_id)[1].omissions == ()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    until(page, lambda: condensed(turns(court, hearing_id)[1]) == "对真实性没有异议，对证明目的有异议。")
    expect(page.get_by_text("已略去：呃，")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("x")
    expect(page.get_by_text("请再按一次")).to_be_visible()
    page.keyboard.press("x")
    until(page, lambda: condensed(turns(court, hearing_id)[1]) == "对证明目的有异议。")
    page.keyboard.press("l")
    expect(page.locator("article.turn .omitted").first).to_be_hidden()
    page.keyboard.press("l")
    expect(page.locator("article.turn .omitted").first).to_be_visible()
    page.keyboard.press("u")
    until(page, lambda: len(turns(court, hearing_id)[1].omissions) == 1)
    assert texts(court, hearing_id)[1] == SECOND


def test_all_fillers_of_a_turn_go_at_once(page: Page, court: Courthouse, hearing_id: str) -> None:
    choose(page, 1)
    page.keyboard.press("Shift+X")
    until(page, lambda: condensed(turns(court, hearing_id)[1]) == "对真实性没有异议，对证明目的有异议。")


def test_a_key_is_changed_on_the_sheet_and_a_preset_takes_its_place(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    page.locator("main").focus()
    page.keyboard.press("Shift+?")
    sheet = page.locator("dialog.key-sheet")
    expect(sheet).to_be_visible()
    sheet.locator("[data-action=check] button").first.click()
    page.keyboard.press("F9")
    expect(sheet.locator("[data-action=check] kbd")).to_have_text(["F9"])
    page.keyboard.press("Escape")
    edit(page, 0)
    page.keyboard.press("F9")  # also while a turn is edited
    until(page, lambda: turns(court, hearing_id)[0].tags == (Tag.TO_CHECK,))
    page.keyboard.press("Escape")
    page.keyboard.press("k")  # no more
    page.locator("[data-act=keys]").click()
    sheet.locator("select").select_option("court")
    page.keyboard.press("Escape")
    choose(page, 0)
    page.keyboard.press("F10")
    until(page, lambda: turns(court, hearing_id)[0].tags == ())


@pytest.mark.parametrize("preset", ["plain", "court", "otranscribe"])
def test_no_key_has_two_meanings_and_none_is_of_an_input_method(page: Page, preset: str) -> None:
    page.goto("/login")
    keys = page.evaluate(
        """async (preset) => {
          const { ACTIONS, keymap } = await import("/static/keymap.js");
          keymap.choose(preset);
          return ACTIONS.flatMap(([id]) => keymap.keysOf(id).map((key) => [id, key]));
        }""",
        preset,
    )
    names = [key for _, key in keys]
    assert len(names) == len(set(names))
    taken = {
        "Ctrl+ ",
        "Shift+ ",
        "Ctrl+.",
        "Ctrl+;",
        "Ctrl+t",
        "Ctrl+w",
        "Ctrl+n",
        "Ctrl+r",
        "Ctrl+f",
        "Ctrl+s",
    }
    browsers = set() if preset != "plain" else {"F1", "F3", "F5", "F6", "F7", "F10", "F11", "F12"}
    assert not (taken | browsers) & set(names)


# --- doubts -------------------------------------------------------------------------------------------------------


def unsure(turn_id: str, text: str, start_ms: int, low: int) -> Turn:
    """A turn whose first `low` words were heard with doubt."""
    made = turn(turn_id, text, start_ms, 1)
    words = tuple(
        replace(word, confidence=0.2 if number < low else 0.99) for number, word in enumerate(made.words)
    )
    return replace(made, words=words)


def test_the_queue_goes_by_risk_shrinks_by_confirming_and_opens_at_a_recess(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    for made in (unsure("sure", "他在现场看见了。", 8_000, 0), unsure("low", "谷德刚付定金。", 12_000, 6)):
        court.feed.append(hearing_id, [TurnAdded(made, made.end_ms)], "recognition")
    expect(page.locator("article.turn .low")).to_have_text("谷德刚付定金")
    court.conduct.pause(hearing_id, PauseReason.RECESS, "书记员")
    panel = page.locator("dialog.doubts")
    expect(panel).to_be_visible()
    expect(panel.locator("li").first).to_contain_text("谷德刚付定金。")
    left = int("".join(filter(str.isdigit, panel.locator(".left b").inner_text())))
    panel.locator("li button").first.click()
    expect(page.locator("article.turn.chosen .said")).to_have_text("谷德刚付定金。")
    page.keyboard.press("c")
    until(
        page,
        lambda: [one.state for one in turns(court, hearing_id) if one.id == "low"] == [TurnState.CONFIRMED],
    )
    expect(panel.locator("li").first).not_to_contain_text("谷德刚付定金。")
    now = int("".join(filter(str.isdigit, panel.locator(".left b").inner_text())))
    assert now < left
    expect(page.locator("article.turn .low")).to_have_count(0)


def test_the_key_of_doubts_goes_round(page: Page, court: Courthouse, hearing_id: str) -> None:
    made = unsure("low", "谷德刚付定金。", 12_000, 6)
    court.feed.append(hearing_id, [TurnAdded(made, made.end_ms)], "recognition")
    expect(page.locator("article.turn")).to_have_count(3)
    page.locator("main").focus()
    seen = set()
    for _ in range(3):
        page.keyboard.press("d")
        page.wait_for_timeout(300)
        seen.add(page.locator("article.turn.chosen .said").inner_text())
    assert "谷德刚付定金。" in seen
    assert len(seen) >= 2


def test_what_is_left_is_the_sum_of_what_is_probably_wrong(page: Page) -> None:
    page.goto("/login")
    found = page.evaluate(
        """async () => {
          const { queue, wrong } = await import("/static/doubts.js");
          const word = (text, confidence) => ({ text, confidence });
          const row = (key, words, more = {}) => ({ key, kind: "turn", at: 0, text: words.map(({ text }) => text).join(""),
            marks: null, turn: { id: key, words, state: "final", suppressed: null, ...more } });
          const words = [word("我", 0.2), word("不", 0.9), word("去。", 0.9)];
          const of = (rows) => queue({ rows }, []);
          return { one: of([row("a", words)]).errors, sum: wrong(0.2) + 2 * wrong(0.9),
            confirmed: of([row("a", words, { state: "confirmed" })]).errors, held: of([row("a", words, { suppressed: "loop" })]).errors,
            typed: of([row("a", [word("我", 1)], { heard: { words } })]).errors,
            falls: [0, 0.1, 0.3, 0.5, 0.8, 0.95, 1].map(wrong) };
        }"""
    )
    assert found["one"] == pytest.approx(found["sum"])
    assert (found["confirmed"], found["held"], found["typed"]) == (0, 0, 0)
    assert found["falls"] == sorted(found["falls"], reverse=True), json.dumps(found)


def test_the_queue_is_there_when_it_is_opened_though_nothing_arrives(page: Page, hearing_id: str) -> None:
    expect(page.locator("doubt-panel dialog")).to_be_hidden()
    page.locator("[data-act=doubts]").click()
    expect(page.locator("doubt-panel li")).not_to_have_count(0)
    expect(page.locator("doubt-panel .left")).to_be_visible()
