"""The pages in a real Chromium: numbers in two forms, fillers, what a rule held back, the word of an overload."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from asr import suppression
from casefile.events import MendingUndone, TurnHeldBack, TurnMended, TurnSplit
from casefile.model import Change, Mending, Split
from tests.courthouse import Courthouse, tone
from tests.test_pages import PLAYER, open_hearing, said, until
from web.app import STATIC

pytestmark = pytest.mark.browser

TEXT = "呃，借款人民币三万五千元整，我，呃，没有异议。"
SHORT = "借款人民币三万五千元整，我，没有异议。"


def mark(page: Page, text: str) -> dict[str, float]:
    """The box of this text in the first turn."""
    box = page.locator("article.turn .said").get_by_text(text, exact=True).first.bounding_box()
    assert box
    return dict(box)


def test_a_number_shows_its_written_form_under_the_pointer_or_the_focus(
    page: Page, court: Courthouse
) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, TEXT, 0)
    open_hearing(page, hearing_id)
    assert said(page) == [TEXT]
    written = page.locator(".number .written")
    expect(written).to_be_hidden()
    page.locator(".number").hover()
    expect(written).to_be_visible()
    expect(written).to_have_text("35,000元")
    page.locator("h1").hover()
    expect(written).to_be_hidden()
    page.locator(".number").focus()
    expect(written).to_be_in_viewport(ratio=0.9)


def test_one_switch_shows_written_numbers_and_is_remembered(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, TEXT, 0)
    open_hearing(page, hearing_id)
    page.get_by_role("button", name="数字：口语").click()
    assert said(page) == [TEXT.replace("三万五千元整", "35,000元")]
    page.locator(".number").hover()
    expect(page.locator(".number .spoken")).to_be_visible()
    court.say(hearing_id, "二〇二四年三月五日。", 9000)
    expect(page.locator("article.turn")).to_have_count(2)
    assert said(page)[1] == "2024年3月5日。"
    page.reload()
    expect(page.get_by_role("button", name="数字：书面")).to_be_visible()
    expect(page.locator("article.turn")).to_have_count(2)
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="数字：口语")).to_be_visible()
    assert said(page)[0] == TEXT


def test_fillers_are_dimmed_and_hidden_by_choice_and_counted(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, TEXT, 0)
    open_hearing(page, hearing_id)
    expect(page.locator(".filler")).to_have_text(["呃，", "呃，"])
    page.get_by_role("button", name="口头语：显示").click()
    expect(page.get_by_role("button", name="口头语：已隐去 2 处")).to_be_visible()
    assert said(page) == [SHORT]
    assert page.locator("article.turn .said").text_content() != SHORT, "never removed"
    page.emulate_media(media="print")
    assert said(page) == [TEXT], "paper leaves nothing out without saying so"
    page.emulate_media(media="screen")
    page.reload()
    expect(page.get_by_role("button", name="口头语：已隐去 2 处")).to_be_visible()
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="口头语：显示")).to_be_visible()
    assert said(page) == [TEXT]


def test_a_text_without_marks_offers_no_switch(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "没有异议。", 0)
    open_hearing(page, hearing_id)
    expect(page.locator("article.turn")).to_have_count(1)
    expect(page.locator("[data-switch]")).to_have_count(0)
    expect(page.locator(".said *")).to_have_count(0)


@pytest.mark.parametrize("written", [False, True])
def test_words_in_and_behind_a_number_are_heard_and_lit(page: Page, court: Courthouse, written: bool) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, TEXT, 0)
    court.record(hearing_id, [(0, tone(440, 6000))])
    court.conduct.at_ms = 6000
    court.conduct.close(hearing_id, "书记员")
    open_hearing(page, hearing_id)
    if written:
        page.keyboard.press("n")
    number = mark(page, "35,000元" if written else "三万五千元整")
    size = float(page.locator(".said").evaluate("p => parseFloat(getComputedStyle(p).fontSize)"))
    middle = number["y"] + number["height"] / 2
    page.mouse.click(number["x"] + 2.5 * size, middle)
    until(page, f"{PLAYER}.playing || {PLAYER}.at > 100")
    begins = TEXT.index("三")
    assert page.evaluate(f"{PLAYER}.from") == 200 * (begins if written else begins + 2)
    until(page, "[...CSS.highlights.get('spoken')].length > 0")
    if written:
        lit = "[...CSS.highlights.get('spoken')].map(range => range.toString())"
        assert "35,000元" in page.evaluate(lit)
    page.reload()
    expect(page.locator("article.turn")).to_have_count(1)
    page.mouse.click(
        number["x"] + number["width"] + 1.5 * size, middle
    )  # 我, behind the number and its comma
    until(page, f"{PLAYER}.started && {PLAYER}.from > 0")
    assert page.evaluate(f"{PLAYER}.from") == 200 * TEXT.index("我")


def test_a_mended_text_has_the_marks_of_its_new_words(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    turn_id = court.say(hearing_id, "借款山万五千元整。", 0)
    mending = Mending(turn_id, Change(2, "山", "三", 400, 600, 0.9, "lexicon"))
    open_hearing(page, hearing_id)
    expect(page.locator("article.turn")).to_have_count(1)
    court.feed.append(hearing_id, [TurnMended(mending)], "书记员")
    expect(page.locator(".number .spoken")).to_have_text("三万五千元整")
    court.feed.append(hearing_id, [MendingUndone(mending)], "书记员")
    expect(page.locator(".number .spoken", has_text="三万五千元整")).to_have_count(0)
    assert said(page) == ["借款山万五千元整。"]


@pytest.mark.parametrize(("number", "language"), [(0, "zh"), (1, "en")])
def test_every_rule_has_its_reason_on_the_page(number: int, language: str) -> None:
    listed = (STATIC / "held.js").read_text(encoding="utf-8")
    words = (STATIC / f"words-{language}.js").read_text(encoding="utf-8")
    for rule, reasons in suppression.REASONS.items():
        assert f'"{rule}"' in listed
        assert f'"held.{rule}": "{reasons[number]}"' in words


def test_what_is_held_back_says_why_is_heard_restored_and_held_back_again(
    page: Page, court: Courthouse
) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "谢谢观看。", 2000, suppressed="known_invention")
    court.say(hearing_id, "再见。", 4000, suppressed="rule_of_tomorrow")
    court.record(hearing_id, [(0, tone(440, 6000))])
    open_hearing(page, hearing_id)
    held = page.locator(".held")
    expect(held.first).to_contain_text("识别模型在无声处常编造的套话")
    expect(held.last).to_contain_text("rule_of_tomorrow")
    held.first.get_by_role("button", name="听").click()
    until(page, f"{PLAYER}.started && {PLAYER}.from === 2000")
    held.first.get_by_role("button", name="恢复").click()
    expect(page.locator("article.turn .said")).to_have_text("谢谢观看。")
    expect(page.locator(".restored")).to_contain_text("原按规则隐去（识别模型在无声处常编造的套话）")
    assert court.feed.record(hearing_id).turns[0].suppressed is None
    page.reload()
    page.get_by_role("button", name="撤销恢复").click()
    expect(page.locator("article.turn")).to_have_count(0)
    expect(held).to_have_count(2)
    assert court.feed.record(hearing_id).turns[0].suppressed == "known_invention"
    page.get_by_role("button", name="Switch to English").click()
    expect(held.first).to_contain_text("A phrase that the model is known to make up in silence")
    court.conduct.close(hearing_id, "书记员")
    expect(page.get_by_text("sealed", exact=True)).to_be_visible()
    expect(held.first.get_by_role("button")).to_have_text(["listen"])


def test_an_overload_is_told_calmly_while_it_lasts(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    open_hearing(page, hearing_id)
    notice = page.locator("[data-problem=thinned]")
    status = court.conduct.status(hearing_id)
    expect(notice).to_have_count(0)
    court.feed.tell(hearing_id, status | {"tentative_thinned": True})
    expect(notice).to_have_text("语音较多，临时文字更新放慢；最终文字不受影响。")
    expect(notice).to_have_class(re.compile(r"\bcalm\b"))
    page.get_by_role("button", name="Switch to English").click()
    expect(notice).to_contain_text("final text is not affected")
    court.feed.tell(hearing_id, status)
    expect(notice).to_have_count(0)


def test_crosstalk_is_held_back_later_without_the_words_before_it_and_restored(
    page: Page, court: Courthouse
) -> None:
    hearing_id = court.hearing()
    turn_id = court.say(hearing_id, "我同意。请陈述。", 1000)
    open_hearing(page, hearing_id)
    expect(page.locator("article.turn")).to_have_count(1)
    words = len(court.feed.record(hearing_id).turns[0].words)
    cut = Split(turn_id, 4, words, "0-1800")
    court.feed.append(
        hearing_id, [TurnSplit(cut), TurnHeldBack("0-1800", "crosstalk", words - 4)], "recognition"
    )
    expect(page.locator(".held")).to_contain_text("另一个话筒先收到或收得更响：是串音")
    assert said(page) == ["我同意。"]
    page.locator("article.turn").click()
    page.keyboard.press("u")  # takes back what a person did: nothing
    page.locator(".held").get_by_role("button", name="恢复").click()
    expect(page.locator("article.turn .said")).to_have_text(["我同意。", "请陈述。"])
    assert [one.suppressed for one in court.feed.record(hearing_id).turns] == [None, None]
