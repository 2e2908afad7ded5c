"""The pages of accounts and links in a real Chromium: the first link, signing in, a screen that goes dark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from casefile.events import HearingClosed, RecordSealed
from casefile.people.nouns import LinkKind, Role
from tests.browsing import sign_in
from tests.courthouse import Courthouse, Server

pytestmark = pytest.mark.browser
GOOD = "correct horse battery"
SHOTS: Path | None = None
"""Set it to a folder to look at the pages."""


@pytest.fixture
def elsewhere(browser: Browser, server: Server) -> Iterator[Page]:
    """Another browser, in which nobody is signed in."""
    context: BrowserContext = browser.new_context(base_url=server.url)
    yield context.new_page()
    context.close()


def test_the_first_link_leads_to_the_hearing(elsewhere: Page, court: Courthouse, server: Server) -> None:
    hearing_id = court.hearing()
    token = court.people.accounts.first_link()
    elsewhere.goto(f"/first#first={token}&next=%2Fhearings%2F{hearing_id}")
    assert token not in elsewhere.url, "the token leaves the address at once"
    elsewhere.get_by_label("姓名").fill("王技术")
    elsewhere.get_by_label("新密码").fill("short-one-x")
    elsewhere.get_by_label("再输入一次").fill("another")
    elsewhere.get_by_role("button", name="保存并进入").click()
    expect(elsewhere.get_by_role("alert")).to_contain_text("不同")
    elsewhere.get_by_label("新密码").fill(GOOD)
    elsewhere.get_by_label("再输入一次").fill(GOOD)
    elsewhere.keyboard.press("Enter")
    expect(elsewhere).to_have_url(f"{server.url}/hearings/{hearing_id}")
    expect(elsewhere.locator(".connection.open")).to_be_visible()
    cookies = elsewhere.context.cookies()
    assert [(one["httpOnly"], one["sameSite"]) for one in cookies] == [(True, "Strict")]


def test_signing_in_by_keyboard_leads_back(elsewhere: Page, court: Courthouse, server: Server) -> None:
    _, token = court.people.accounts.add("法官乙", [Role.JUDGE])
    judge = court.people.accounts.choose_password(token, GOOD)
    hearing_id = court.hearing()
    court.people.assignments.add(hearing_id, judge.id)
    elsewhere.goto(f"/hearings/{hearing_id}")
    expect(elsewhere).to_have_url(re.compile("/login"))
    elsewhere.get_by_label("姓名").fill("法官乙")
    elsewhere.keyboard.press("Tab")
    elsewhere.keyboard.type("wrong password")
    elsewhere.keyboard.press("Enter")
    expect(elsewhere.get_by_role("alert")).to_contain_text("姓名或密码不正确")
    elsewhere.get_by_role("button", name="Switch to English").click()
    expect(elsewhere.get_by_role("alert")).to_contain_text("do not match")
    elsewhere.get_by_label("Password").fill(GOOD)
    elsewhere.keyboard.press("Enter")
    expect(elsewhere).to_have_url(f"{server.url}/hearings/{hearing_id}")
    expect(elsewhere.locator(".connection.open")).to_be_visible()
    court.people.accounts.disable(judge.id, True)
    expect(elsewhere).to_have_url(re.compile("/login"))  # the open page finds out by itself
    elsewhere.goto("/")
    expect(elsewhere).to_have_url(re.compile("/login"))


def test_an_account_is_made_and_opened_by_its_link(page: Page, elsewhere: Page, court: Courthouse) -> None:
    page.goto("/accounts")
    page.get_by_placeholder("新账号的姓名").fill("委员丙")
    form = page.locator("form.person").filter(has=page.get_by_placeholder("新账号的姓名"))
    form.get_by_label("书记员").uncheck()
    form.get_by_label("审委会委员").check()
    form.get_by_role("button", name="新建账号").click()
    link = page.locator(".once input")
    expect(link).to_have_value(re.compile("/first#choose="))
    elsewhere.goto(link.input_value())
    elsewhere.get_by_label("新密码").fill(GOOD)
    elsewhere.get_by_label("再输入一次").fill(GOOD)
    elsewhere.keyboard.press("Enter")
    expect(elsewhere.get_by_text("书记员把您加入庭审后")).to_be_visible()
    assert court.people.accounts.named("委员丙").roles == (Role.COMMITTEE,)
    page.get_by_placeholder("录音机名称").fill("一号法庭")
    page.get_by_role("button", name="发放登记代码").click()
    expect(link).to_have_value(re.compile("tingji recorder enrol"))
    if SHOTS:
        page.screenshot(path=SHOTS / "accounts.png", full_page=True)


def test_a_link_shows_text_until_it_is_withdrawn(
    page: Page, elsewhere: Page, court: Courthouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.gate.AGAIN_S", 0.2)
    hearing_id = court.hearing()
    court.say(hearing_id, "现在开庭。", 0)
    page.goto(f"/hearings/{hearing_id}/people")
    page.get_by_label("用途").select_option("gallery")
    page.get_by_placeholder("给谁").fill("旁听席大屏")
    page.get_by_role("button", name="新建链接").click()
    link = page.locator(".once input")
    expect(link).to_have_value(re.compile("/link#"))
    address = link.input_value()
    elsewhere.goto(address)
    assert address.partition("#")[2] not in elsewhere.url
    expect(elsewhere.get_by_text("现在开庭。")).to_be_visible()
    court.say(hearing_id, "请坐下。", 3000)
    expect(elsewhere.get_by_text("请坐下。")).to_be_visible()
    if SHOTS:
        page.screenshot(path=SHOTS / "people.png", full_page=True)
        elsewhere.screenshot(path=SHOTS / "screen.png")
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("已撤销")).to_be_visible()
    expect(elsewhere.get_by_role("alert")).to_contain_text("已撤销")
    assert "请坐下" not in elsewhere.content()


@pytest.mark.parametrize(
    "text",
    ["//evil.example", "/\\t/evil.example", "/.//evil.example", "\\\\evil.example", "https://evil.example"],
)
def test_nobody_is_led_away_after_signing_in(page: Page, server: Server, text: str) -> None:
    page.goto("/")
    found = page.evaluate("async (text) => (await import('/static/next.js')).nextOf(text)", text)
    assert found == "/" or found.startswith(f"{server.url}/")


def test_in_english_first_start_signing_out_and_a_link(
    elsewhere: Page, court: Courthouse, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.gate.AGAIN_S", 0.2)
    elsewhere.add_init_script("localStorage.setItem('tingji.language', 'en')")
    elsewhere.goto(f"/first#first={court.people.accounts.first_link()}")
    elsewhere.get_by_label("Name").fill("Technician")
    for field in elsewhere.locator("input[type=password]").all():
        field.fill(GOOD)
    elsewhere.keyboard.press("Enter")
    expect(elsewhere).to_have_url(f"{server.url}/")
    elsewhere.get_by_role("link", name="Technician").click()
    elsewhere.get_by_role("button", name="Sign out").click()
    expect(elsewhere).to_have_url(f"{server.url}/login")
    hearing_id = court.hearing()
    court.say(hearing_id, "现在开庭。", 0)
    token = court.people.links.make(hearing_id, LinkKind.PARTY, "原告代理人", 1, "书记员")
    elsewhere.goto(f"/link#{token}")
    expect(elsewhere.get_by_text("现在开庭。")).to_be_visible()
    expect(elsewhere.locator("button:visible, a:visible")).to_have_count(1)
    court.people.links.withdraw(hearing_id, court.people.links.of(hearing_id)[0].id)
    expect(elsewhere.get_by_role("alert")).to_contain_text("withdrawn")
    elsewhere.goto(f"/hearings/{hearing_id}")
    expect(elsewhere).to_have_url(re.compile("/login"))


@pytest.fixture
def reader(page: Page, court: Courthouse, server: Server) -> Callable[[Role, str], Page]:
    """The page, with an account of this role signed in that works on the hearing."""

    def sign_in_as(role: Role, hearing_id: str) -> Page:
        account, _ = court.people.accounts.add(f"某{role}", [role])
        court.people.assignments.add(hearing_id, account.id)
        court.session = court.people.sessions.open(account.id)
        sign_in(page.context, court, server)
        return page

    return sign_in_as


def test_a_judge_is_shown_what_a_judge_can_do(reader: Callable[[Role, str], Page], court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "现在开庭。", 0)
    page = reader(Role.JUDGE, hearing_id)
    page.goto(f"/hearings/{hearing_id}")
    expect(page.locator("[data-act=words]")).to_be_visible()
    page.locator("article.turn .who > [aria-hidden]").first.click()
    expect(page.locator(".who-menu")).to_be_visible()
    for name in ("暂停", "闭庭"):
        expect(page.locator("header").get_by_text(name)).to_have_count(0)
    expect(page.locator("aside a")).to_have_text(["审判席"])
    page.goto(f"/hearings/{hearing_id}/setup")
    expect(page.get_by_role("alert")).to_contain_text("没有设置庭审的权限")
    expect(page.locator("main button")).to_have_count(0)


def test_a_committee_member_reads_and_is_offered_nothing_else(
    reader: Callable[[Role, str], Page], court: Courthouse
) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "现在开庭。", 0)
    court.say(hearing_id, "谢谢观看", 1500, suppressed="silence")
    court.feed.append(hearing_id, [HearingClosed(3000), RecordSealed("ab" * 32, "cd" * 32)], "tingji")
    page = reader(Role.COMMITTEE, hearing_id)
    page.goto(f"/hearings/{hearing_id}")
    expect(page.get_by_text("现在开庭。")).to_be_visible()
    expect(page.locator(".facts")).to_be_visible()
    expect(page.locator(".exports, [data-act=words], [data-act=speakers], case-words")).to_have_count(0)
    page.keyboard.press("u")
    page.goto("/")
    expect(page.get_by_role("link", name="（2024）京0105民初12345号")).to_be_visible()
    expect(page.locator("a[href='/new'], a[href='/accounts']")).to_have_count(0)


def test_the_log_stands_under_people_and_under_accounts(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    page.goto(f"/hearings/{hearing_id}")
    expect(page.locator(".connection.open")).to_be_visible()
    page.goto(f"/hearings/{hearing_id}/people")
    page.get_by_text("查阅与管理记录").click()
    expect(page.locator(".audit tbody tr")).to_contain_text(["查阅"])
    page.get_by_role("button", name="Switch to English").click()
    expect(page.locator(".audit tbody tr")).to_contain_text(["read"])
