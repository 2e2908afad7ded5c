"""The offline viewer in a real Chromium, opened from a folder: no network, text and sound together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from casefile.archiving import SEALED, Archived
from casefile.export.wording import NOTICE
from casefile.model import CaseRecord, Turn, Word
from casefile.viewer.page import viewer
from tests.archived import archived, sealed_court
from tests.browsing import PATIENCE_MS, WATCH
from tests.hall import until

pytestmark = pytest.mark.browser

NASTY = "</script><script>window.hit=1</script><!--<img src=x onerror=window.hit=2>\u2028&amp;{script}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Archived:
    return archived(tmp_path_factory.mktemp("court"))[0]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page without any network, that fails the test when the browser complains or anything but a file is asked for."""
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_offline(True)
    context.add_init_script(WATCH)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    opened.on(
        "request",
        lambda request: complaints.append(request.url) if not request.url.startswith("file://") else None,
    )
    opened.on("console", lambda message: complaints.append(message.text) if _is_bad(message) else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def _is_bad(message: ConsoleMessage) -> bool:
    """A sound file that is not there is for the page to tell."""
    return message.type == "error" and "ERR_FILE_NOT_FOUND" not in message.text


def opened(page: Page, folder: Path) -> None:
    page.goto((folder / "阅览.html").as_uri())


def test_it_shows_who_said_what_and_plays_it(page: Page, made: Archived) -> None:
    opened(page, made.folder / "正卷")
    expect(page.locator("h1")).to_have_text("（2024）京0105民初1号 庭审")
    turn = page.locator("article.turn")
    expect(turn).to_have_count(1)
    expect(turn.locator(".who")).to_have_text("审判长 王某")
    expect(page.locator("#mark")).to_be_hidden()
    turn.locator("button.at").click()
    until(lambda: page.evaluate("document.querySelector('#sound').currentTime > 0.2"))
    assert page.evaluate("document.querySelector('#sound').src").endswith("/audio/0000000001-ch01.flac")
    expect(turn).to_contain_class("now")
    expect(page.locator("#trouble")).to_have_text("")


def test_a_word_is_heard_where_it_was_said_and_the_next_file_follows(page: Page, made: Archived) -> None:
    opened(page, made.folder / "正卷")
    box = page.locator(".said").bounding_box()
    assert box
    page.locator(".said").click(position={"x": 17 * 2.5, "y": box["height"] / 2})  # in 开庭
    until(lambda: page.evaluate("document.querySelector('#sound').currentTime > 0"))
    until(lambda: page.evaluate("document.querySelector('#sound').ended"))  # to the end of the last file
    source = page.evaluate("document.querySelector('#sound').src")
    last = sorted((made.folder / "正卷" / SEALED / "audio").glob("*-ch01.flac"))[-1].name
    assert source.endswith(last)
    assert page.locator("#clock").inner_text() == "00:00:01"


def test_find_and_the_other_language(page: Page, made: Archived) -> None:
    opened(page, made.folder / "正卷")
    page.locator("#find").fill("开庭")
    expect(page.locator("#hits")).to_have_text("1/1 处")
    expect(page.locator("article.found")).to_have_count(1)
    page.locator("#find").fill("nothing")
    expect(page.locator("#hits")).to_have_text("没有找到")
    page.get_by_role("button", name="English").click()
    expect(page.locator("#play")).to_have_text("Play")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_d1_the_mark_stands_until_all_have_signed(page: Page, tmp_path: Path) -> None:
    done, _ = archived(tmp_path, signed=())
    opened(page, done.folder / "正卷")
    expect(page.locator("#mark")).to_have_text(NOTICE)


def write(folder: Path, change: Turn) -> CaseRecord:
    made = sealed_court(folder)
    record = replace(made.record, turns=(change,))
    (folder / "阅览.html").write_text(viewer(record, made.out, "records/h1/audio"), "utf-8")
    return record


def test_what_was_said_is_never_markup(page: Page, tmp_path: Path) -> None:
    write(tmp_path, Turn("t1", None, NASTY, 0, 0, 900, (Word(NASTY, 0, 900, 1.0),)))
    opened(page, tmp_path)
    expect(page.locator(".said")).to_have_text(NASTY.replace("\u2028", " "))
    assert page.evaluate("window.hit") is None
    assert page.locator("article img").count() == 0


def test_the_policy_lets_no_other_script_and_no_network_in(page: Page, made: Archived) -> None:
    opened(page, made.folder / "正卷")
    policy = page.locator("meta[http-equiv]").get_attribute("content") or ""
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy and "http" not in policy


def test_without_the_sound_beside_it_says_so(page: Page, made: Archived, tmp_path: Path) -> None:
    (tmp_path / "阅览.html").write_bytes((made.folder / "正卷" / "阅览.html").read_bytes())
    opened(page, tmp_path)
    page.locator("button.at").click()
    expect(page.locator("#trouble")).to_contain_text("声音文件无法播放")
