"""Enrolled voices, in a real Chromium: before the hearing, by a voice's own word in it, and withdrawn."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from casefile.errors import SeveralVoices
from casefile.events import EnrolmentWithdrawn
from tests.courthouse import Courthouse
from tests.test_pages import listening, open_hearing, until
from tests.test_speakers_page import heard
from web.enrolment import Offer

pytestmark = pytest.mark.browser


def test_a_voice_is_enrolled_before_the_hearing_and_withdrawn_by_the_keyboard_g6(
    page: Page, court: Courthouse
) -> None:
    page.goto("/new")
    expect(page.locator(".seats li")).to_have_count(5)
    listening(page, court)
    expect(page.locator("[data-notice]")).to_contain_text("敏感个人信息")
    person = page.locator("li[data-person]")
    expect(person).to_have_count(1)  # the others have a microphone of their own
    expect(person).to_contain_text("未登记")
    person.get_by_role("button", name="登记").press("Enter")
    until(page, "() => document.querySelector('voice-list').shown.persons.some(({listening}) => listening)")
    seat = court.enrolments.listening
    assert seat is not None
    court.enrolments.held[seat] = 2_150
    expect(person).to_contain_text("采集中 2.1/3 秒")
    assert person.locator("progress").evaluate("(bar) => [bar.value, bar.max]") == [2_150, 3_000]
    court.enrolments.problem = SeveralVoices()
    expect(person.get_by_role("alert")).to_contain_text("不止一个人")
    court.enrolments.listening, court.enrolments.problem = None, None
    court.enrolments.held[seat] = 3_100
    page.evaluate("document.querySelector('voice-list').load()")
    expect(person).to_contain_text("已登记")
    person.get_by_role("button", name="撤回").press("Enter")
    expect(person).to_contain_text("未登记")
    (hearing,) = court.store.hearings()
    assert isinstance(court.store.events(hearing.id)[-1].event, EnrolmentWithdrawn)
    page.get_by_role("button", name="English").click()
    expect(person).to_contain_text("not enrolled")
    page.get_by_label("Somebody without a seat: name").fill("张三")
    page.get_by_label("Somebody without a seat: name").press("Enter")
    expect(page.locator("li[data-person=张三]")).to_contain_text("listening 0.0/3 s")


def test_who_says_who_he_is_is_enrolled_by_a_press_only(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.enrolments.voices = {"未识别 1": 2_400}
    court.enrolments.offers = [Offer("t0", "未识别 1", "s2", "李某")]
    heard(court, hearing_id, "我是原告李某。", 0)
    open_hearing(page, hearing_id)
    expect(page.locator("[data-waiting]")).to_contain_text("1")
    who = page.locator("article.turn .who")
    expect(who).not_to_contain_text("原")
    who.click()
    expect(page.locator(".who-menu .held-voice")).to_contain_text("已听到 2.4/3 秒")
    expect(page.locator(".who-menu [data-notice]")).to_contain_text("敏感个人信息")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="发言人", exact=True).click()
    offer = page.locator("[data-introduced]")
    expect(offer).to_contain_text("李某")
    court.enrolments.offers, court.enrolments.held = [], {"s2": 3_400}
    offer.get_by_role("button", name="登记为").click()
    expect(who).to_contain_text("原")
    expect(page.locator("li[data-person=s2]")).to_contain_text("已登记")
    assert [one.after.seat for one in court.feed.record(hearing_id).named_voices] == ["s2"]
