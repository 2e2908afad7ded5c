"""The judge's screen in a real Chromium: calm text, keys, and notes that nobody else sees."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from casefile.model import PauseReason
from casefile.people.nouns import Role
from tests.browsing import sign_in
from tests.courthouse import Courthouse, Server, tone
from tests.hall import until

pytestmark = pytest.mark.browser
SHOTS: Path | None = None
"""Set it to a folder to look at the pages."""
SPOKEN = (
    ("现在开庭。今天依法公开开庭审理原告与被告买卖合同纠纷一案。", 0),
    ("审判长，我方的诉讼请求是判令被告支付货款三万五千元及逾期利息。", 1),
    ("对欠款的事实没有异议，对利息的起算时间有异议。", 2),
    ("请原告说明交货的时间和地点。", 0),
    ("二零二三年六月一日，在被告的仓库，由被告的仓库管理员签收。", 1),
    ("送货单上的签字不是我方员工所签，真实性不予认可。", 2),
)


@pytest.fixture
def judge(page: Page, court: Courthouse, server: Server) -> Callable[[str], Page]:
    """The page, with a judge signed in who works on the hearing, at the bench."""

    def sit(hearing_id: str) -> Page:
        account, _ = court.people.accounts.add("法官甲", [Role.JUDGE])
        court.people.assignments.add(hearing_id, account.id)
        court.session = court.people.sessions.open(account.id)
        sign_in(page.context, court, server)
        page.goto(f"/hearings/{hearing_id}/bench")
        return page

    return sit


def spoken(court: Courthouse, times: int = 1) -> str:
    """A hearing in which some things were said; with sound."""
    hearing_id = court.hearing()
    court.conduct.enter_stage(hearing_id, "法庭调查", "书记员")
    at_ms = 0
    for _ in range(times):
        for text, channel in SPOKEN:
            court.say(hearing_id, text, at_ms, channel)
            at_ms += 200 * len(text) + 500
    court.record(hearing_id, [(0, tone(440, min(at_ms, 60_000)))])
    return hearing_id


def notes_of(court: Courthouse, hearing_id: str) -> list[tuple[str, int | None]]:
    account = court.people.accounts.named("法官甲")
    return [(note.text, note.at_ms) for note in court.people.notes.of(account.id, hearing_id)]


def at_tail(page: Page) -> bool:
    found: bool = page.evaluate("document.querySelector('bench-page').tail.held")
    return found


def test_it_shows_settled_text_and_one_grey_line(judge: Callable[[str], Page], court: Courthouse) -> None:
    hearing_id = spoken(court)
    court.say(hearing_id, "谢谢观看", 100_000, suppressed="silence")
    page = judge(hearing_id)
    expect(page.get_by_role("heading", name="审判席")).to_be_visible()
    expect(page.locator("article")).to_have_count(len(SPOKEN))
    expect(page.locator("header")).to_contain_text("法庭调查")
    court.tentative(hearing_id, "原告方还没有", 50_000)
    court.tentative(hearing_id, "被告方正在说", 51_000, channel=2)
    expect(page.locator(".tentative")).to_have_text("被告代理人 被告方正在说")
    expect(page.get_by_text("谢谢观看")).to_have_count(0)
    expect(page.locator(".mark")).to_contain_text("不作为法庭笔录")
    size = page.locator(".said").first.evaluate("element => parseFloat(getComputedStyle(element).fontSize)")
    assert size >= 22
    court.conduct.pause(hearing_id, PauseReason.RECESS, "书记员")
    expect(page.locator("header")).to_contain_text("休庭")
    for tool in ("暂停", "闭庭", "案件用语", "发言人"):
        expect(page.get_by_role("button", name=tool)).to_have_count(0)


def test_it_follows_the_tail_and_holds_still_when_read_back(
    judge: Callable[[str], Page], court: Courthouse
) -> None:
    hearing_id = spoken(court, 6)
    page = judge(hearing_id)
    expect(page.locator("article").last).to_be_in_viewport()
    page.locator("main").hover()
    page.mouse.wheel(0, -900)
    expect(page.locator(".pill")).to_be_visible()
    first = page.evaluate("document.querySelector('main').scrollTop")
    court.say(hearing_id, "新的一句话。", 900_000)
    expect(page.locator(".pill")).to_contain_text("1")
    assert page.evaluate("document.querySelector('main').scrollTop") == first
    page.keyboard.press("Escape")
    expect(page.get_by_text("新的一句话。")).to_be_in_viewport()
    assert at_tail(page)


def test_by_keyboard_turn_by_turn_and_hearing_it(judge: Callable[[str], Page], court: Courthouse) -> None:
    hearing_id = spoken(court)
    page = judge(hearing_id)
    expect(page.locator("article")).to_have_count(len(SPOKEN))
    page.locator("main").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("article").nth(5)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("article").nth(4)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("article").nth(5)).to_be_focused()
    page.keyboard.press("Space")
    playing = "document.querySelector('bench-page').player.playing"
    until(lambda: page.evaluate(playing), what="playing")
    expect(page.locator("article").nth(5)).to_have_class(re.compile(r"\bnow\b"))
    page.keyboard.press("Space")
    until(lambda: not page.evaluate(playing), what="a pause")
    page.keyboard.press("ArrowLeft")
    page.locator("article").nth(1).locator(".said").click()
    until(lambda: page.evaluate(playing), what="playing")
    until(
        lambda: page.evaluate("document.querySelector('bench-page').player.at < 20000"),
        what="the turn's sound",
    )


def test_a_note_stands_beside_its_turn_and_leads_back(
    judge: Callable[[str], Page], court: Courthouse
) -> None:
    hearing_id = spoken(court, 6)
    page = judge(hearing_id)
    page.locator("main").focus()
    page.keyboard.press("ArrowUp")
    for _ in range(20):
        page.keyboard.press("ArrowUp")
    chosen = page.locator("article:focus")
    text = chosen.locator(".said").inner_text()
    expect(page.locator("bench-notes")).to_be_visible()
    page.keyboard.press("n")
    field = page.locator("bench-notes textarea")
    expect(field).to_be_focused()
    page.keyboard.type("追问 n 签收人 b")
    expect(page.locator("bench-notes > h2")).to_contain_text("已保存")
    assert [note[0] for note in notes_of(court, hearing_id)] == ["追问 n 签收人 b"]
    page.keyboard.press("Escape")
    expect(page.locator("article:focus .said")).to_have_text(text)
    expect(page.locator("article.noted")).to_have_count(1)
    page.locator("main").focus()
    page.keyboard.press("Escape")
    assert at_tail(page)
    page.locator("bench-notes .place").click()
    expect(page.locator("article:focus .said")).to_have_text(text)
    expect(page.locator("article:focus")).to_be_in_viewport()
    page.reload()
    expect(field).to_have_value("追问 n 签收人 b")
    page.locator("bench-notes .gone").click()
    expect(field).to_have_count(0)
    page.reload()
    expect(page.locator("article")).to_have_count(6 * len(SPOKEN))
    assert notes_of(court, hearing_id) == []


def test_what_is_being_composed_is_not_saved_and_fires_no_key(
    judge: Callable[[str], Page], court: Courthouse
) -> None:
    hearing_id = spoken(court)
    page = judge(hearing_id)
    puts: list[str] = []
    page.on("request", lambda one: puts.append(one.post_data or "") if one.method == "PUT" else None)
    page.get_by_role("button", name="新笔记").click()
    client = page.context.new_cdp_session(page)
    for text in ("n", "ni", "nihao"):
        client.send("Input.imeSetComposition", {"text": text, "selectionStart": 0, "selectionEnd": len(text)})
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    client.send("Input.insertText", {"text": "你好"})
    expect(page.locator("bench-notes > h2")).to_contain_text("已保存")
    assert [json.loads(body)["text"].strip() for body in puts][-1] == "你好"
    assert not [body for body in puts if "nihao" in body]
    expect(page.locator("bench-notes textarea")).to_be_focused()


def test_a_note_survives_a_server_that_is_away(
    judge: Callable[[str], Page], court: Courthouse, server: Server
) -> None:
    hearing_id = spoken(court)
    page = judge(hearing_id)
    page.get_by_role("button", name="新笔记").click()
    server.stop()
    page.keyboard.type("断网时写的")
    expect(page.locator("bench-notes > h2")).to_contain_text("尚未保存")
    server.start()
    expect(page.locator("bench-notes > h2")).to_contain_text("已保存")
    assert notes_of(court, hearing_id) == [("断网时写的", None)]


def test_all_notes_are_deleted_with_one_action(judge: Callable[[str], Page], court: Courthouse) -> None:
    hearing_id = spoken(court)
    page = judge(hearing_id)
    for text in ("一", "二"):
        page.get_by_role("button", name="新笔记").click()
        page.keyboard.type(text)
    expect(page.locator("bench-notes > h2")).to_contain_text("已保存")
    page.get_by_role("button", name="全部删除").click()
    page.locator("dialog").get_by_role("button", name="全部删除").click()
    expect(page.locator("bench-notes textarea")).to_have_count(0)
    assert notes_of(court, hearing_id) == []


def test_whoever_keeps_no_notes_reads_without_them(page: Page, court: Courthouse) -> None:
    hearing_id = spoken(court)
    page.goto(f"/hearings/{hearing_id}/bench")
    expect(page.locator("article")).to_have_count(len(SPOKEN))
    expect(page.locator("bench-notes")).to_have_count(0)
    page.keyboard.press("n")
    expect(page.locator("footer")).not_to_contain_text("记一笔")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_in_both_languages_and_schemes(
    judge: Callable[[str], Page], page: Page, court: Courthouse, language: str, scheme: str
) -> None:
    page.add_init_script(f"localStorage.setItem('tingji.language', '{language}')")
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    hearing_id = spoken(court)
    page = judge(hearing_id)
    expect(page.get_by_role("heading", name="审判席" if language == "zh" else "The bench")).to_be_visible()
    expect(page.locator("bench-notes")).to_be_visible()
    page.locator("article").nth(4).focus()
    page.keyboard.press("n")
    page.keyboard.type("签收人是谁？查仓库考勤。" if language == "zh" else "Who signed? See the roster.")
    court.tentative(hearing_id, "请法庭核实签字", 60_000, channel=2)
    expect(page.locator(".tentative")).to_be_visible()
    expect(page.locator("bench-notes > h2")).to_contain_text("已保存" if language == "zh" else "saved")
    assert contrast(page, ".said") >= 7
    assert min(contrast(page, name) for name in (".who", ".mark", ".tentative .said", ".keys")) >= 4.5
    if SHOTS:
        page.screenshot(path=SHOTS / f"bench-{language}-{scheme}.png")


CONTRAST = r"""element => {
  const rgb = (text) => text.match(/[\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [.2126, .7152, .0722][at], 0);
  let behind = element;
  while (behind && (rgb(getComputedStyle(behind).backgroundColor)[3] ?? 1) === 0) behind = behind.parentElement;
  const [a, b] = [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor].map((one) => light(rgb(one)));
  return (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
}"""


def contrast(page: Page, selector: str) -> float:
    """WCAG contrast of the first such element's text with what is behind it."""
    found: float = page.locator(selector).first.evaluate(CONTRAST)
    return found
