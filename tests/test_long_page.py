"""A hearing of 5,000 turns in a real Chromium: it opens, and its text is written in."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from casefile.events import TurnAdded
from tests.courthouse import Courthouse, turn
from tests.hall import until
from tests.test_desk_page import FIELD
from tests.test_pages import open_hearing

pytestmark = pytest.mark.browser

COUNT = 5_000
TEXT = "第{}句，关于付款的事实。"
KEPT = "document.querySelectorAll('article.turn').length"


def long_hearing(court: Courthouse) -> str:
    hearing_id = court.hearing()
    turns = [turn(f"n{n}", TEXT.format(n), 4_000 * n, n % 4) for n in range(COUNT)]
    court.feed.append(hearing_id, [TurnAdded(one, one.end_ms) for one in turns], "tingji")
    return hearing_id


def test_a_hearing_of_5000_turns_opens_at_its_end_and_is_written_in_while_text_arrives(
    page: Page, court: Courthouse
) -> None:
    hearing_id = long_hearing(court)
    open_hearing(page, hearing_id)
    expect(page.locator("article.turn .said").last).to_have_text(TEXT.format(COUNT - 1))
    until(lambda: page.evaluate(KEPT) == COUNT, 60)
    expect(page.locator("[data-act=codes]")).to_be_visible()  # the page knows by now what the clerk may do
    page.evaluate("document.querySelector('[data-key=turn-n2500] button.at').focus()")
    page.keyboard.press("e")
    expect(page.locator(FIELD)).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.type("现在，")
    court.say(hearing_id, "新的一句。", 4_000 * COUNT, 1)
    until(lambda: court.feed.record(hearing_id).turns[2_500].text == "现在，" + TEXT.format(2_500), 30)
    expect(page.locator(FIELD)).to_be_focused()
    expect(page.locator("article.turn .said").last).to_have_text("新的一句。")
    assert page.evaluate(KEPT) == COUNT + 1
