"""Short codes: what a hearing's people make, and the clerk's desk in a real Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from asr.sound import first_letter
from casefile.codes import case_codes
from casefile.model import Hearing, HearingKind, Seat
from tests.courthouse import Courthouse, tone
from tests.hall import until
from tests.test_pages import open_hearing

FIELD = ".turn-editor textarea"
COMPOSING = """key => document.activeElement.dispatchEvent(
  new KeyboardEvent("keydown", {key, isComposing: true, bubbles: true, cancelable: true}))"""


def codes(*seats: Seat) -> dict[str, str]:
    return dict(case_codes(Hearing("h", HearingKind.TRIAL, seats=seats), first_letter))


def test_made_of_role_and_surname() -> None:
    assert codes(Seat("a", "证人", "证", "庄雅筑"), Seat("b", "审判长", "审", "王某")) == {
        "zzw": "证人庄雅筑问：",
        "zzd": "证人庄雅筑答：",
        "sww": "审判长王某问：",
    }


def test_a_code_says_one_thing() -> None:
    made = codes(
        Seat("a", "证人", "证", "张三"), Seat("b", "证人", "证", "赵四"), Seat("c", "证人", "证", "周五")
    )
    assert [made[code] for code in ("zzd", "zz2d", "zz3d")] == [
        "证人张三答：",
        "证人赵四答：",
        "证人周五答：",
    ]


def test_a_protected_witness_goes_by_the_pseudonym_and_who_is_not_named_has_none() -> None:
    assert codes(Seat("a", "证人", "证", "庄雅筑", pseudonym="甲")) == {
        "zjw": "证人甲问：",
        "zjd": "证人甲答：",
    }
    assert codes(Seat("a", "证人", "证"), Seat("b", "证人", "证", "John")) == {}


@pytest.fixture
def hearing_id(page: Page, court: Courthouse) -> str:
    hearing_id = court.hearing()
    court.record(hearing_id, [(0, tone(440, 20_000))])
    court.say(hearing_id, "请继续。", 0, 0)
    open_hearing(page, hearing_id)
    expect(page.locator("[data-act=codes]")).to_be_visible()
    page.locator("article.turn button.at").first.focus()
    page.keyboard.press("e")
    expect(page.locator(FIELD)).to_be_focused()
    return hearing_id


def text(court: Courthouse, hearing_id: str) -> str:
    return court.feed.record(hearing_id).turns[0].text


@pytest.mark.browser
def test_a_code_and_tab_in_a_turn(page: Page, court: Courthouse, hearing_id: str) -> None:
    field = page.locator(FIELD)
    page.keyboard.type("bsq")
    expect(page.locator("#edit-note")).to_contain_text("不申请回避。")
    page.evaluate(COMPOSING, "Tab")
    expect(field).to_have_value("请继续。bsq")
    page.keyboard.press("Tab")
    expect(field).to_have_value("请继续。不申请回避。")
    expect(field).to_be_focused()
    until(lambda: text(court, hearing_id) == "请继续。不申请回避。")
    page.keyboard.press("Control+z")
    expect(field).to_have_value("请继续。bsq")
    page.keyboard.press("End")
    page.keyboard.type("x")
    expect(page.locator("#edit-note")).not_to_contain_text("Tab")
    for _ in range(4):
        page.keyboard.press("Backspace")
    page.keyboard.type("j2y35")
    page.keyboard.press("Tab")
    expect(field).to_have_value("请继续。第2卷第35页")
    page.keyboard.press("Tab")
    expect(field).not_to_be_focused()


@pytest.mark.browser
def test_people_of_the_case_and_the_clerks_own_first(page: Page, court: Courthouse, hearing_id: str) -> None:
    field = page.locator(FIELD)
    page.keyboard.press("F9")
    form = page.locator("dialog.codes form.row")
    expect(page.locator("dialog.codes tr[data-code=yld]")).to_contain_text("本案")
    form.locator("[name=code]").fill("YLD")
    form.locator("[name=text]").fill("原告李某回答：")
    form.locator("[name=text]").press("Enter")
    expect(page.locator("dialog.codes tr[data-code=yld]")).to_contain_text("盖住了“原告代理人李某答：”")
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator("[data-act=codes]")).to_be_visible()  # the page knows by now what she may do
    page.locator("article.turn button.at").first.focus()
    page.keyboard.press("e")
    expect(field).to_be_focused()
    page.keyboard.type("yld")
    page.keyboard.press("Tab")
    expect(field).to_have_value("请继续。原告李某回答：")
    page.keyboard.press("F9")
    page.locator("dialog.codes tr[data-code=yld] [data-act=drop]").click()
    expect(page.locator("dialog.codes tr[data-code=yld]")).to_contain_text("本案")
    page.locator("dialog.codes [data-act=undo]").click()
    expect(page.locator("dialog.codes tr[data-code=yld]")).to_contain_text("自己的")


@pytest.mark.browser
def test_a_standing_sentence_by_one_key(page: Page, hearing_id: str) -> None:
    page.keyboard.press("Home")
    page.keyboard.press("F9")
    expect(page.locator("dialog.codes ol button").first).to_be_focused()
    page.keyboard.press("1")
    expect(page.locator("dialog.codes")).to_be_hidden()
    expect(page.locator(FIELD)).to_have_value("现在宣布法庭纪律。请继续。")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("written", "encoding", "unread"),
    [
        ("zdht,1=重大合同\nzdht2,2=重大误解", "utf-16", ""),
        ("重大合同\tzdht\n重大误解\tzdht2\t5\n", "utf-8", ""),
        ("zdht 重大合同\r\nzdht2\t重大误解\r\n只有文字", "gb18030", "3"),
        ("; 注释\n\nzdht=重大合同\nzdht2 1 重大误解", "utf-8-sig", ""),
    ],
)
def test_a_list_of_an_input_method_is_shown_before_it_counts(
    page: Page, hearing_id: str, written: str, encoding: str, unread: str
) -> None:
    page.keyboard.press("F9")
    page.locator("dialog.codes input[type=file]").set_input_files(
        {"name": "phrases.txt", "mimeType": "text/plain", "buffer": written.encode(encoding)}
    )
    offered = page.locator("dialog.codes .offered")
    expect(offered.locator("tr")).to_have_count(2)
    expect(offered).to_contain_text("重大误解")
    expect(page.locator("dialog.codes")).to_contain_text(f"读不懂的行：{unread}" if unread else "共读到 2 条")
    expect(page.locator("dialog.codes tr[data-code=zdht]")).to_have_count(0)
    page.locator("dialog.codes [data-act=take]").click()
    expect(page.locator("dialog.codes tr[data-code=zdht]")).to_contain_text("重大合同")
    page.locator("dialog.codes [data-act=undo]").click()
    expect(page.locator("dialog.codes tr[data-code=zdht]")).to_have_count(0)
