"""Finding and the waveform in a real Chromium: composed, by keyboard, over all hearings, and the last seconds again."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from casefile.entries import Block, Piece, Stamp, Start, make_entry
from casefile.events import HearingClosed, RecordSealed, StageEntered
from casefile.model import Gap, GapReason
from casefile.recording import Recording
from tests.courthouse import FORMAT, HEARING, Courthouse, tone
from tests.test_pages import PLAYER, open_hearing, until

pytestmark = pytest.mark.browser

FIELD = "find-panel [name=words]"
HITS = "find-panel [role=option]"
EXCERPTS = f"{HITS} .excerpt"
PANEL = "document.querySelector('find-panel')"
WAVE = "document.querySelector('wave-form')"
IN_SIGHT = """(key) => {
  const box = document.querySelector(`[data-key="${key}"]`).getBoundingClientRect();
  const main = document.querySelector("main").getBoundingClientRect();
  return box.top >= main.top - 1 && box.bottom <= main.bottom + 1;
}"""
COMPOSING_KEY = """(key) => document.querySelector("find-panel [name=words]").dispatchEvent(
  new KeyboardEvent("keydown", {key, isComposing: true, bubbles: true, cancelable: true}))"""


@pytest.fixture
def hearing_id(page: Page, court: Courthouse) -> str:
    """A hearing of 62 turns in two stages, with sound."""
    hearing_id = court.hearing()
    court.record(hearing_id, [(at, tone(440, 1_000)) for at in range(0, 130_000, 1_000)])
    court.feed.append(hearing_id, [StageEntered("法庭调查", 0)], "书记员")
    for at in range(60):
        court.say(hearing_id, f"第{at}项合同没有异议。", at * 2_000, at % 4)
    court.feed.append(hearing_id, [StageEntered("法庭辩论", 122_000)], "书记员")
    court.say(hearing_id, "我方认为：不，可抗力不成立。", 122_000, 1)
    court.say(hearing_id, "感谢观看，合同。", 126_000, 2, "known_invention")
    open_hearing(page, hearing_id)
    return hearing_id


def compose(page: Page, steps: list[str], text: str) -> None:
    """What a pinyin input method does: preedit by preedit, then the characters (CDP, as real key events cannot be)."""
    session = page.context.new_cdp_session(page)
    for step in steps:
        session.send(
            "Input.imeSetComposition", {"text": step, "selectionStart": len(step), "selectionEnd": len(step)}
        )
    session.send("Input.insertText", {"text": text})
    session.detach()


def asked(page: Page) -> list[str]:
    """The bodies of all questions from now on."""
    bodies: list[str] = []
    page.on(
        "request",
        lambda request: bodies.append(request.post_data or "") if request.url.endswith("/find") else None,
    )
    return bodies


def test_found_by_keyboard_alone(page: Page, hearing_id: str) -> None:
    page.locator("main").press("/")
    expect(page.locator(FIELD)).to_be_focused()
    page.keyboard.type("不可抗力")
    expect(page.locator(EXCERPTS)).to_have_text(["我方认为：不，可抗力不成立。"])
    expect(page.locator(f"{HITS} mark")).to_have_text(["不，可抗力"])
    page.keyboard.press("Control+A")
    page.keyboard.type("htmy")  # 合同没有
    expect(page.locator(HITS)).to_have_count(60)
    for _ in range(50):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    chosen = page.locator(f"{HITS}[aria-selected=true]")
    expect(chosen).to_contain_text("第49项")
    expect(chosen).to_be_in_viewport()
    text, panel = (page.locator(one).bounding_box() for one in ("article .said >> nth=0", "dialog.find"))
    assert text and panel and text["x"] + text["width"] <= panel["x"], "the panel covers no text"
    expect(page.locator(FIELD)).to_have_attribute("aria-activedescendant", "hit-49")
    page.keyboard.press("Enter")
    key = chosen.get_attribute("data-turn")
    expect(page.locator("article.chosen")).to_have_attribute("data-key", f"turn-{key}")
    until(page, f"({IN_SIGHT})('turn-{key}')")
    assert page.evaluate(f"{PLAYER}.started") is False
    expect(page.locator(FIELD)).to_be_focused()
    page.keyboard.press("Shift+Enter")
    until(page, f"{PLAYER}.playing")
    assert page.evaluate(f"{PLAYER}.from") == 98_000 + 4 * 200, (
        "from the word that was found, not from the turn"
    )
    page.keyboard.press("Escape")
    expect(page.locator("dialog.find")).not_to_be_visible()
    expect(page.locator("main")).to_be_focused()


def test_nothing_is_asked_while_an_input_method_composes(page: Page, hearing_id: str) -> None:
    page.locator("[data-act=find]").click()
    bodies = asked(page)
    session = page.context.new_cdp_session(page)
    for step in ("h", "he", "he't", "he't'o"):
        session.send(
            "Input.imeSetComposition", {"text": step, "selectionStart": len(step), "selectionEnd": len(step)}
        )
    page.wait_for_timeout(300)
    assert bodies == []
    for key in ("Enter", "ArrowDown", "Escape"):
        page.evaluate(COMPOSING_KEY, key)
    expect(page.locator("dialog.find")).to_be_visible()
    session.send("Input.insertText", {"text": "合同"})
    expect(page.locator(HITS)).to_have_count(61)
    assert bodies == ['{"words":"合同"}']


def test_composed_like_any_word(page: Page, hearing_id: str) -> None:
    page.locator("[data-act=find]").click()
    compose(page, ["k", "ke", "ke'k", "ke'kang"], "可抗")
    expect(page.locator(f"{HITS} mark")).to_have_text(["可抗"])


def test_filters_narrow_and_held_back_is_said(page: Page, hearing_id: str) -> None:
    page.locator("[data-act=find]").click()
    page.locator("find-panel [name=stage]").select_option("法庭辩论")
    expect(page.locator(HITS)).to_have_count(2)
    expect(page.locator(HITS).nth(1)).to_contain_text("已暂缓显示")
    page.locator("find-panel [name=speaker]").select_option("s2")
    expect(page.locator(EXCERPTS)).to_have_text(["我方认为：不，可抗力不成立。"])
    page.locator("find-panel [name=stage]").select_option("")
    page.locator("find-panel [name=from]").fill("0:01:50")
    page.locator("find-panel [name=to]").fill("0:02")
    expect(page.locator(EXCERPTS)).to_have_text(["第57项合同没有异议。"])
    page.locator(FIELD).fill("没有的词")
    expect(page.locator("find-panel [data-count]")).to_have_text("没有找到。")


def test_what_is_said_meanwhile_is_found_too(page: Page, court: Courthouse, hearing_id: str) -> None:
    page.locator("[data-act=find]").click()
    page.locator(FIELD).fill("诉讼时效")
    expect(page.locator("find-panel [data-count]")).to_have_text("没有找到。")
    court.say(hearing_id, "本案已过诉讼时效。", 128_000, 2)
    expect(page.locator(HITS)).to_have_count(1)


def test_over_all_hearings_to_the_turn(page: Page, court: Courthouse, hearing_id: str) -> None:
    other = court.conduct.create(replace(HEARING, case_number="（2024）京0105民初999号"), "别的书记员")
    court.conduct.start(other, None, "别的书记员")
    court.say(other, "不可抗力成立。", 0)
    page.goto("/")
    page.locator("find-hearings [name=words]").fill("bkkl")
    expect(page.locator("find-hearings .excerpt")).to_have_text(["我方认为：不，可抗力不成立。"])
    expect(page.locator("find-hearings [data-count]")).to_have_text("1 次庭审，共 1 处发言")
    page.locator("find-hearings [name=words]").press("ArrowDown")
    expect(page.locator("a.hit")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/hearings/{hearing_id}")
    expect(page.locator("article.chosen .said")).to_have_text("我方认为：不，可抗力不成立。")
    expect(page.locator("article.chosen")).to_be_in_viewport()


def test_the_list_is_searched_after_composing_and_says_when_there_is_nothing(
    page: Page, hearing_id: str
) -> None:
    page.goto("/")
    page.locator("find-hearings [name=words]").click()
    bodies = asked(page)
    compose(page, ["h", "he", "he't"], "合同")
    expect(page.locator("a.hit")).to_have_count(20)
    assert bodies == ['{"words":"合同"}']
    expect(page.locator(".found-hearing > p")).to_have_text("本次庭审共 61 处，打开后可全部查看。")
    page.locator("find-hearings [name=speaker]").fill("公诉人")
    expect(page.locator("find-hearings [data-count]")).to_have_text("没有找到。")


def sound_with_a_gap(court: Courthouse, hearing_id: str) -> None:
    court.record(
        hearing_id,
        [
            *((at, tone(440, 1_000)) for at in range(0, 60_000, 1_000)),
            Gap(60_000, 120_000, GapReason.UNPLUGGED),
            *((at, tone(440, 1_000) // 16) for at in range(120_000, 180_000, 1_000)),
            *((at, tone(440, 1_000) * 0) for at in range(180_000, 240_000, 1_000)),
        ],
    )
    court.say(hearing_id, "合同有效。", 1_000)
    court.say(hearing_id, "没有异议。", 150_000, 1)
    court.feed.append(hearing_id, [HearingClosed(240_000), RecordSealed("ab" * 32, "cd" * 32)], "tingji")


def test_the_waveform_shows_loud_and_soft_silence_and_gaps_and_plays_where_it_is_pressed(
    page: Page, court: Courthouse
) -> None:
    hearing_id = court.hearing()
    sound_with_a_gap(court, hearing_id)
    open_hearing(page, hearing_id)
    until(page, f"{WAVE}?.found?.known_ms >= 240000")
    columns = page.evaluate(f"{WAVE}.columns({WAVE}.canvas.value.clientWidth)")
    quarter = len(columns) // 4
    loud, gap, soft, silent = (set(columns[n * quarter + 3 : (n + 1) * quarter - 3]) for n in range(4))
    assert gap == {0}
    assert silent == {1}
    assert min(loud) > 2 * max(soft) > 2
    box = page.locator("wave-form canvas").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 0.625, box["y"] + box["height"] / 2)
    until(page, f"{PLAYER}.playing")
    assert abs(page.evaluate(f"{PLAYER}.from") - 150_000) < 500
    expect(page.locator("wave-form .cursor")).to_be_visible()


def test_closer_by_keys_and_back(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    sound_with_a_gap(court, hearing_id)
    open_hearing(page, hearing_id)
    page.locator("speaker-strip canvas").first.focus()
    page.keyboard.press("End")
    page.keyboard.press("+")
    expect(page.locator(".strip .shown")).to_have_text("00:01:30 至 00:03:30")
    until(page, f"{WAVE}.found?.from_ms === 90000")
    page.keyboard.press("Home")
    expect(page.locator(".strip .shown")).to_have_text("00:00:00 至 00:02:00")
    page.keyboard.press("-")
    expect(page.locator(".strip .shown")).not_to_be_attached()
    expect(page.locator("[data-act=wider]")).to_be_disabled()


class Growing:
    """A recording that somebody writes."""

    def __init__(self, folder: Path) -> None:
        self.recording, self.previous, self.n, self.seconds = Recording(folder, "test"), "", 0, 0
        self._keep(Start(FORMAT.rate, FORMAT.channels, "测试", 0, 0, "boot"))

    def _keep(self, fact: Start | Block, pcm: bytes = b"") -> None:
        self.n += 1
        entry = make_entry(self.n, fact, Stamp(self.n, self.n), self.previous, pcm)
        self.previous = entry.sha256
        self.recording.keep(Piece(entry, pcm))
        self.recording.flush()

    def say(self, seconds: int) -> None:
        for _ in range(seconds):
            pcm = np.ascontiguousarray(tone(440, 1_000))
            self._keep(Block(self.seconds * FORMAT.rate, FORMAT.rate), pcm.astype("<i2").tobytes())
            self.seconds += 1


def test_the_last_seconds_again_while_recording_goes_on(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    growing = Growing(court.conduct.recordings / hearing_id)
    growing.say(40)
    court.say(hearing_id, "合同有效。", 1_000)
    open_hearing(page, hearing_id)
    page.evaluate(f"{PLAYER}.play(1000)")
    until(page, f"{PLAYER}.playing")
    starts = []
    for more in (3, 2, 0, 1):
        growing.say(more)
        page.evaluate(f"{PLAYER}.replay(5000)")
        starts.append(growing.seconds * 1_000 - page.evaluate(f"{PLAYER}.from"))
    assert starts == [5_000, 10_000, 20_000, 20_000]
    until(page, f"{PLAYER}.playing")
    page.evaluate(f"{PLAYER}.audio.currentTime = 19.9")
    growing.say(5)
    until(page, f"!{PLAYER}.playing && {PLAYER}.again === -1")
    assert page.evaluate(f"{PLAYER}.to") == 46_000, (
        "it ends where the recording was, and does not run after it"
    )
    page.evaluate(f"{PLAYER}.replay(5000)")
    assert page.evaluate(f"{PLAYER}.from") == 46_000, "the first time again: 5 s before the new end"
    growing.recording.close()


def test_a_recording_that_nobody_transcribes_can_be_looked_over(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    growing = Growing(court.conduct.recordings / hearing_id)
    growing.say(20)
    growing.recording.close()
    open_hearing(page, hearing_id)
    until(page, f"{WAVE}?.found?.known_ms >= 20000")


@pytest.mark.skipif("PICTURES" not in os.environ, reason="only to look at: PICTURES=folder")
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures(page: Page, court: Courthouse, hearing_id: str, language: str, scheme: str) -> None:
    folder = Path(os.environ["PICTURES"])
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.evaluate(f"localStorage.setItem('tingji.language', '{language}')")
    open_hearing(page, hearing_id)
    page.locator("[data-act=find]").click()
    page.locator(FIELD).fill("合同")
    expect(page.locator(HITS)).to_have_count(61)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Enter")
    until(page, f"{WAVE}?.found?.known_ms >= 120000")
    page.screenshot(path=folder / f"find-{language}-{scheme}.png")
    page.goto("/")
    page.locator("find-hearings [name=words]").fill("ht")
    expect(page.locator("a.hit")).to_have_count(20)
    page.screenshot(path=folder / f"find-all-{language}-{scheme}.png")
