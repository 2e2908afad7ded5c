"""The evidence table on the clerk's desk, in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.courthouse import Courthouse, tone
from tests.hall import until
from tests.test_pages import open_hearing

pytestmark = pytest.mark.browser
SPOKEN = (
    ("请原告举证。", 0),
    ("证据一，买卖合同，证明双方存在合同关系。证据二，送货单，证明货已交付。", 1),
    ("对证据一没有异议。对证据二真实性不认可。", 2),
)


@pytest.fixture
def hearing_id(page: Page, court: Courthouse) -> str:
    hearing_id = court.hearing()
    court.record(hearing_id, [(0, tone(440, 20_000))])
    for number, (text, channel) in enumerate(SPOKEN):
        court.say(hearing_id, text, number * 6_000, channel)
    open_hearing(page, hearing_id)
    expect(page.locator("article.turn")).to_have_count(3)
    expect(page.locator("[data-act=evidence]")).to_be_visible()
    page.locator("article.turn button.at").first.focus()
    page.keyboard.press("z")
    expect(page.locator("dialog.evidence tbody")).to_have_count(2)
    return hearing_id


def row(page: Page, exhibit: str) -> Locator:
    return page.locator(f'dialog.evidence tbody[data-exhibit="{exhibit}"]')


def test_filled_by_ear_while_it_is_said(page: Page, court: Courthouse, hearing_id: str) -> None:
    expect(row(page, "原告1").locator("[name=name]")).to_have_value("买卖合同")
    expect(row(page, "原告1").locator("[name=authenticity]")).to_have_value("认可")
    expect(row(page, "原告2").locator("[name=purpose]")).to_have_value("货已交付")
    expect(row(page, "原告2").locator("[name=authenticity]")).to_have_value("不认可")
    expect(row(page, "原告2").locator("[name=legality]")).to_have_value("")
    court.say(hearing_id, "原告证据三，发票，证明金额。", 19_000, 1)
    expect(row(page, "原告3").locator("[name=name]")).to_have_value("发票")


def test_the_clerks_word_outweighs_and_can_be_taken_back(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    name = row(page, "原告1").locator("[name=name]")
    name.fill("《买卖合同》原件")
    name.press("Tab")
    until(
        lambda: [one.value for one in court.feed.record(hearing_id).exhibit_entries] == ["《买卖合同》原件"]
    )
    row(page, "原告2").locator("[name=relevance]").select_option("不认可")
    until(lambda: len(court.feed.record(hearing_id).exhibit_entries) == 2)
    page.reload()
    expect(page.locator("article.turn")).to_have_count(3)
    page.locator("[data-act=evidence]").click()
    expect(name).to_have_value("《买卖合同》原件")
    expect(row(page, "原告2").locator("[name=relevance]")).to_have_value("不认可")
    name.fill("")
    name.press("Tab")
    expect(name).to_have_value("买卖合同")


def test_to_the_words_sorted_struck_out_and_added(page: Page, court: Courthouse, hearing_id: str) -> None:
    row(page, "原告2").locator("[data-act=source]").last.click()
    expect(page.locator("article.turn").nth(2)).to_contain_class("chosen")
    page.locator("dialog.evidence [name=sort]").select_option("disputed")
    expect(page.locator("dialog.evidence tbody").first).to_have_attribute("data-exhibit", "原告2")
    row(page, "原告2").locator("[data-act=strike]").click()
    expect(row(page, "原告2")).to_contain_class("struck")
    expect(page.locator("dialog.evidence tbody").last).to_have_attribute("data-exhibit", "原告2")
    row(page, "原告2").locator("[data-act=strike]").click()
    expect(row(page, "原告2")).not_to_contain_class("struck")
    form = page.locator("dialog.evidence form.row")
    form.locator("[name=party]").select_option("第三人")
    form.locator("[name=number]").fill("1")
    form.locator("[name=name]").fill("情况说明")
    form.locator("[name=name]").press("Enter")
    expect(row(page, "第三人1").locator("[name=name]")).to_have_value("情况说明")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.evidence")).to_be_hidden()


def test_two_hands_on_one_cell(page: Page, court: Courthouse, hearing_id: str) -> None:
    cell = {"party": "原告", "number": 1, "column": "note", "of": "", "before": "", "value": "复印件"}
    note = row(page, "原告1").locator("[name=note]")
    expect(note).to_have_value("")
    page.route("**/evidence", lambda route: route.abort())  # this page does not hear of the other's word
    with court.client() as client:
        assert client.post(f"/api/hearings/{hearing_id}/evidence", json=cell).status_code == 202
    expect(page.locator("dialog.evidence [role=alert]")).to_be_visible()
    page.unroute("**/evidence")
    note.fill("原件")
    note.press("Tab")
    expect(page.locator("dialog.evidence [role=alert]")).to_contain_text("刚刚有了变化")
    expect(note).to_have_value("复印件")
    assert [one.value for one in court.feed.record(hearing_id).exhibit_entries] == ["复印件"]
