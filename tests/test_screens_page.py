"""The screens outside in a real Chromium: what a link shows, and the clerk's hand on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from casefile.blanking import is_dark
from casefile.model import LinkKind
from casefile.people.nouns import Role
from tests.browsing import WATCH, sign_in
from tests.courthouse import HEARING, SEATS, Courthouse, Server
from tests.test_bench_page import CONTRAST

pytestmark = pytest.mark.browser
SHOTS: Path | None = None
"""Set it to a folder to look at the pages."""
SPOKEN = (
    ("现在开庭。请原告陈述诉讼请求。", 0),
    ("请求判令被告支付货款三万五千元，并承担本案诉讼费用。", 1),
    ("我方已经支付了一部分货款，剩余部分因质量问题暂未支付。", 2),
    ("是的，那天是我送的货。", 3),
    ("仓库里当时有两个人。", 3),
)


@pytest.fixture
def outside(browser: Browser, court: Courthouse, server: Server) -> Iterator[Callable[..., Page]]:
    """Screens that came by links."""
    contexts = []

    def open_link(hearing_id: str, kind: LinkKind, language: str = "zh", scheme: str = "light") -> Page:
        context = browser.new_context(
            base_url=server.url,
            viewport={"width": 1280, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        contexts.append(context)
        context.add_init_script(f"{WATCH};localStorage.setItem('tingji.language', '{language}')")
        page = context.new_page()
        token = court.people.links.make(hearing_id, kind, "某", 1, "书记员")
        page.goto(f"/link#{token}")
        return page

    yield open_link
    for context in contexts:
        context.close()


def spoken(court: Courthouse) -> str:
    seats = (*SEATS[:3], replace(SEATS[3], role="证人", short="证", pseudonym="证人甲"))
    hearing_id = court.hearing(replace(HEARING, seats=seats))
    court.conduct.enter_stage(hearing_id, "法庭调查", "书记员")
    for number, (text, channel) in enumerate(SPOKEN):
        court.say(hearing_id, text, 10_000 * number, channel)
    return hearing_id


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_screen_is_large_and_names_nobody(
    outside: Callable[..., Page], court: Courthouse, language: str, scheme: str
) -> None:
    hearing_id = spoken(court)
    page = outside(hearing_id, LinkKind.GALLERY, language, scheme)
    expect(page.locator("main p")).to_have_count(len(SPOKEN))
    expect(page.locator("main")).to_contain_text("证人甲")
    expect(page.locator(".notrecord")).to_be_in_viewport()
    size = page.locator("main p span").first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
    assert size >= 26
    found = {
        name: page.locator(name).first.evaluate(CONTRAST) for name in ("main p span", "main b", ".notrecord")
    }
    assert min(found.values()) >= 4.5, found
    assert not [seat.person for seat in SEATS if seat.person in page.content()]
    if SHOTS:
        page.screenshot(path=SHOTS / f"link-{language}-{scheme}.png")
    court.client().post(f"/api/hearings/{hearing_id}/screens/blank", json={"kinds": ["gallery"]})
    expect(page.locator(".blanked")).to_have_text(
        "本阶段不显示" if language == "zh" else "Not shown at this stage"
    )
    expect(page.locator(".notrecord")).to_be_in_viewport()
    assert "诉讼请求" not in page.content()
    if SHOTS:
        page.screenshot(path=SHOTS / f"blanked-{language}-{scheme}.png")


def test_a_screen_without_text_waits_calmly(outside: Callable[..., Page], court: Courthouse) -> None:
    hearing_id = spoken(court)
    page = outside(hearing_id, LinkKind.WITNESS)
    expect(page.locator(".blanked")).to_have_text("等待发言……")
    assert "诉讼请求" not in page.content()


def test_one_key_blanks_all_and_lights_all_again(
    page: Page, outside: Callable[..., Page], court: Courthouse
) -> None:
    hearing_id = spoken(court)
    gallery = outside(hearing_id, LinkKind.GALLERY)
    expect(gallery.locator("main p")).to_have_count(len(SPOKEN))
    page.goto(f"/hearings/{hearing_id}")
    button = page.locator(".menu.screens summary")
    expect(button).to_have_text(re.compile(r"^屏幕 ▾"))
    page.keyboard.press("b")
    expect(button).to_contain_text("屏幕已遮蔽")
    expect(gallery.locator(".blanked")).to_be_visible()
    court.say(hearing_id, "屏幕暗着的时候说的。", 90_000)
    expect(page.get_by_text("屏幕暗着的时候说的。")).to_be_visible()
    court.conduct.at_ms = 100_000
    page.keyboard.press("b")
    expect(gallery.locator("main p")).to_have_count(len(SPOKEN))
    assert "暗着" not in gallery.content()


def test_no_key_blanks_while_composing_or_typing(page: Page, court: Courthouse) -> None:
    hearing_id = spoken(court)
    page.goto(f"/hearings/{hearing_id}")
    expect(page.locator(".menu.screens summary")).to_be_visible()
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'b', isComposing: true}))")
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'b', ctrlKey: true}))")
    page.locator("[data-act=words]").click()
    page.keyboard.type("b")
    assert not court.feed.record(hearing_id).blanked


def test_each_kind_and_each_stage_by_itself(page: Page, court: Courthouse) -> None:
    hearing_id = spoken(court)
    page.goto(f"/hearings/{hearing_id}")
    menu = page.locator(".menu.screens")
    menu.locator("summary").click()
    menu.locator("label").filter(has_text="旁听席").get_by_role("checkbox").click()
    expect(menu.locator("summary")).to_contain_text("遮蔽 1/4")
    record = court.feed.record(hearing_id)
    assert [kind for kind in LinkKind if is_dark(record, kind)] == [LinkKind.GALLERY]
    rule = menu.get_by_label("证人出庭时遮蔽旁听席")
    expect(menu.get_by_label("休庭时遮蔽当事人").first).to_be_checked()
    expect(rule).not_to_be_checked()
    rule.click()
    expect(rule).to_be_checked()
    if SHOTS:
        page.screenshot(path=SHOTS / "screens-menu.png")
    menu.locator("label").filter(has_text="旁听席").get_by_role("checkbox").click()
    expect(menu.locator("summary")).to_have_text(re.compile(r"^屏幕 ▾"))
    court.conduct.enter_stage(hearing_id, "证人出庭", "书记员")
    expect(menu.locator("summary")).to_contain_text("遮蔽 1/4")


def test_who_does_not_conduct_is_offered_no_screens(page: Page, court: Courthouse, server: Server) -> None:
    hearing_id = spoken(court)
    account, _ = court.people.accounts.add("法官甲", [Role.JUDGE])
    court.people.assignments.add(hearing_id, account.id)
    court.session = court.people.sessions.open(account.id)
    sign_in(page.context, court, server)
    page.goto(f"/hearings/{hearing_id}")
    expect(page.get_by_role("link", name="审判席")).to_be_visible()
    expect(page.locator(".menu.screens")).to_have_count(0)
    page.keyboard.press("b")
    assert not court.feed.record(hearing_id).blanked
