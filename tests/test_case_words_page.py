"""The panel of the case's words in a real Chromium: typed, dropped, removed, offered, accepted, taken back."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from casefile.events import TurnAdded
from casefile.model import TurnState
from tests.courthouse import Courthouse, turn
from tests.test_case_documents import word_file
from tests.test_pages import open_hearing, said

pytestmark = pytest.mark.browser

MISHEARD = "证人古德康到庭。"
DROP = """([name, type, data]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const moved = new DataTransfer();
  moved.items.add(new File([bytes], name, {type}));
  const event = (kind) => new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: moved});
  const target = document.querySelector("main");
  return [target.dispatchEvent(event("dragover")), target.dispatchEvent(event("drop"))];
}"""
ENTER = """(composing) => document.querySelector(".case-words [name=word]").dispatchEvent(
  new KeyboardEvent("keydown", {key: "Enter", isComposing: composing, bubbles: true, cancelable: true}))"""


def says(
    court: Courthouse, hearing_id: str, text: str, start_ms: int, state: TurnState = TurnState.FINAL
) -> None:
    made = turn(f"t{start_ms}", text, start_ms, 1)
    words = tuple(replace(word, confidence=0.4) for word in made.words)
    court.feed.append(
        hearing_id, [TurnAdded(replace(made, words=words, state=state), made.end_ms)], "recognition"
    )


def drop(page: Page, name: str, content: bytes) -> list[bool]:
    """Drops a file onto the text; whether the browser would do with it what browsers do."""
    found: list[bool] = page.evaluate(DROP, [name, "", base64.b64encode(content).decode()])
    return found


@pytest.fixture
def hearing_id(page: Page, court: Courthouse) -> str:
    hearing_id = court.hearing()
    says(court, hearing_id, MISHEARD, 0)
    says(court, hearing_id, "我认识古德康先生。", 5000)
    says(court, hearing_id, "古德康女士签字。", 9000, TurnState.CONFIRMED)
    open_hearing(page, hearing_id)
    return hearing_id


def type_word(page: Page, word: str) -> None:
    """With the keyboard alone: the panel opens with the cursor in its field."""
    page.locator("[data-act=words]").press("Enter")
    expect(page.locator(".case-words [name=word]")).to_be_focused()
    page.keyboard.type(word)
    page.keyboard.press("Enter")


def test_a_typed_word_offers_to_mend_and_nothing_changes_by_itself(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    type_word(page, "谷德刚")
    expect(page.locator("[data-kind=person] .chips li")).to_have_text("谷德刚✕")
    expect(page.locator("[data-offer]")).to_have_count(3)
    expect(page.locator("[data-offered]")).to_have_text("3 处可更正")
    assert said(page)[0] == MISHEARD
    first = page.locator("[data-offer]").first
    assert (first.locator("del").inner_text(), first.locator("ins").inner_text()) == ("古德康", "谷德刚")
    page.locator("[data-act=all]").click()
    expect(page.locator("article.turn .said").first).to_have_text("证人谷德刚到庭。")
    expect(page.locator("[data-offer]")).to_have_count(1)
    assert said(page) == ["证人谷德刚到庭。", "我认识谷德刚先生。", "古德康女士签字。"]
    page.locator("[data-offer] [data-act=accept]").click()
    expect(page.locator("article.turn .said").last).to_have_text("谷德刚女士签字。")
    expect(page.get_by_text("按案件词语更正：古德康 → 谷德刚")).to_have_count(3)
    page.reload()
    expect(page.locator("article.turn .said").last).to_have_text("谷德刚女士签字。")


def test_a_change_is_taken_back_and_a_refusal_stays(page: Page, court: Courthouse, hearing_id: str) -> None:
    type_word(page, "谷德刚")
    page.locator("[data-offer] [data-act=accept]").first.click()
    expect(page.locator("article.turn .said").first).to_have_text("证人谷德刚到庭。")
    page.locator("[data-act=undo]").click()
    expect(page.locator("article.turn .said").first).to_have_text(MISHEARD)
    expect(page.locator("[data-offer]")).to_have_count(2)
    page.locator("[data-offer] [data-act=refuse]").first.click()
    expect(page.locator("[data-offer]")).to_have_count(1)
    page.reload()
    expect(page.locator("[data-offered]")).to_have_text("1 处可更正")
    assert court.feed.record(hearing_id).turns[0].text == MISHEARD


def test_an_enter_of_the_input_method_adds_nothing(page: Page, court: Courthouse, hearing_id: str) -> None:
    page.locator("[data-act=words]").click()
    page.locator(".case-words [name=word]").fill("谷德")
    assert page.evaluate(ENTER, True) is False  # prevented: no word is sent half-typed
    page.locator(".case-words [name=word]").press("End")
    page.keyboard.type("刚")
    page.keyboard.press("Enter")
    expect(page.locator("[data-kind=person] .chips li")).to_have_text("谷德刚✕")
    assert [word.text for word in court.feed.record(hearing_id).case_words] == ["谷德刚"]
    page.keyboard.press("Escape")
    expect(page.locator(".case-words")).not_to_be_visible()
    expect(page.locator("[data-act=words]")).to_be_focused()


def test_papers_are_dropped_anywhere_and_a_bad_one_is_told(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    assert drop(page, "起诉状.docx", word_file()) == [False, False]
    expect(page.locator("[data-paper] .ok")).to_have_text("新增 3 个词语，已有 0 个。")
    expect(page.locator("[data-kind=person] .chips li")).to_have_count(3)
    assert drop(page, "证据.doc", b"x") == [False, False]
    expect(page.locator("[data-paper] .bad")).to_contain_text("只能读取 docx、pdf 和 txt 文件")
    page.get_by_role("button", name="删除：孙小美").click()
    expect(page.locator("[data-kind=person] .chips li")).to_have_count(2)
    expect(page.locator("[data-offer]")).to_have_count(3)
    assert page.url.endswith(hearing_id)


def test_after_the_closing_the_words_are_for_reading(page: Page, court: Courthouse, hearing_id: str) -> None:
    type_word(page, "谷德刚")
    expect(page.locator("[data-offer]")).to_have_count(3)
    court.conduct.close(hearing_id, "书记员")
    expect(page.locator("[data-offer]")).to_have_count(0)
    expect(page.locator(".case-words form")).to_have_count(0)
    expect(page.locator("[data-kind=person] .chips li")).to_have_text("谷德刚")


def test_the_panel_in_english(page: Page, court: Courthouse, hearing_id: str) -> None:
    page.get_by_role("button", name="Switch to English").click()
    type_word(page, "谷德刚")
    expect(page.get_by_role("button", name="Mend all 2")).to_be_visible()
