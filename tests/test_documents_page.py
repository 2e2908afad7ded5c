"""Documents and faults on the clerk's page, in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from casefile.events import GapFound
from casefile.explaining import archive_blockers
from casefile.model import Gap, GapReason
from tests.courthouse import Courthouse, tone
from tests.hall import until
from tests.test_pages import open_hearing

pytestmark = pytest.mark.browser


@pytest.fixture
def hearing_id(page: Page, court: Courthouse) -> str:
    hearing_id = court.hearing()
    court.record(hearing_id, [(0, tone(440, 5_000))])
    court.say(hearing_id, "现在开庭。", 0)
    court.feed.append(hearing_id, [GapFound(Gap(5_000, 7_000, GapReason.OVERFLOW))], "tingji")
    open_hearing(page, hearing_id)
    page.locator("[data-act=documents]").click()
    expect(page.locator("dialog.documents [data-document]")).to_have_count(5)
    return hearing_id


def test_every_document_can_be_taken_away_as_it_is_wanted(page: Page, hearing_id: str) -> None:
    link = page.locator("[data-document=record] a", has_text="pdf")
    expect(link).to_have_attribute(
        "href", f"/api/hearings/{hearing_id}/documents/record/pdf?evidence=true&verbatim=false"
    )
    page.locator("dialog.documents [name=verbatim]").check()
    expect(link).to_have_attribute(
        "href", f"/api/hearings/{hearing_id}/documents/record/pdf?evidence=true&verbatim=true"
    )
    with page.expect_download() as taken:
        link.click()
    assert taken.value.path().read_bytes().startswith(b"%PDF")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.documents")).not_to_be_visible()
    expect(page.locator("[data-act=documents]")).to_be_focused()


def test_a4_a_fault_is_explained_by_the_recordist_and_signed_by_the_judge(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    fault = page.locator("dialog.documents [data-fault]")
    expect(fault).to_contain_text("待说明")
    for name, text in (("what", "录音程序来不及处理"), ("remedy", "无"), ("name", "陈某")):
        page.locator(f"dialog.documents form [name={name}]").fill(text)
    page.locator("dialog.documents form button[type=submit]").click()
    expect(fault).to_contain_text("待审判长签字")
    page.locator("dialog.documents [name=judge]").fill("王某")
    pad = page.locator("dialog.documents canvas.pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 70, steps=5)
    page.mouse.up()
    page.locator("dialog.documents [data-act=sign]").click()
    expect(fault).to_contain_text("已签字")
    until(lambda: archive_blockers(court.feed.record(hearing_id)) == [])
    (review,) = court.feed.record(hearing_id).fault_reviews
    assert review.name == "王某" and len(review.strokes[0].points) > 2


def test_no_key_of_the_page_fires_while_the_explanation_is_typed(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    before = court.feed.record(hearing_id).seq
    page.locator("dialog.documents form [name=what]").press_sequentially("duxz1k")
    expect(page.locator("dialog.documents form [name=what]")).to_have_value("duxz1k")
    assert court.feed.record(hearing_id).seq == before


def test_the_panel_that_was_opened_last_lies_on_top(page: Page, hearing_id: str) -> None:
    """At a recess the doubts open by themselves, where the signatures and documents are opened then."""
    documents, doubts = page.locator("dialog.documents"), page.locator("doubt-panel dialog")
    page.locator("[data-act=doubts]").click()
    expect(doubts).to_be_visible()
    doubts.locator("[data-act=close]").click()
    expect(doubts).not_to_be_visible()
    documents.locator("[name=verbatim]").check()
    page.locator("[data-act=doubts]").click()
    page.locator("[data-act=documents]").click()
    expect(documents).not_to_be_visible()
    page.locator("[data-act=documents]").click()
    documents.locator("[name=verbatim]").uncheck()
