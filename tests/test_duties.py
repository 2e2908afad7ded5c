"""H1: the clerk's six opening duties by one key each; what a person marks on the checklist outweighs the words."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from casefile.duties import OPENING, DutyMark, DutyState
from casefile.events import DutyMarked, StageEntered
from casefile.export import WRITERS
from casefile.model import HearingKind
from tests.courthouse import HEARING, Courthouse, tone
from tests.hall import until
from tests.test_pages import open_hearing

STATIC = Path(__file__).parents[1] / "web" / "static"


def mark(
    duty: str, state: str = "done", before: str = "heard", of: str = "", note: str = ""
) -> dict[str, str]:
    return {"duty": duty, "of": of, "state": state, "before": before, "note": note}


def test_marks_are_events_and_the_newest_counts(court: Courthouse) -> None:
    hearing_id, client = court.hearing(), court.client()
    path = f"/api/hearings/{hearing_id}/duties"
    assert client.post(path, json=mark("present")).status_code == 202
    assert client.post(path, json=mark("recusal", "na", of="被告", note="缺席审理")).status_code == 202
    standing = {one.place: one.state for one in court.feed.record(hearing_id).duty_marks}
    assert standing == {("present", ""): DutyState.DONE, ("recusal", "被告"): DutyState.NOT_APPLICABLE}
    assert client.post(path, json=mark("present", "heard", "done")).status_code == 202
    assert [one.duty for one in court.feed.record(hearing_id).duty_marks] == ["recusal"]


def test_two_who_mark_one_line_at_once_do_not_overwrite_each_other(court: Courthouse) -> None:
    hearing_id, client = court.hearing(), court.client()
    path = f"/api/hearings/{hearing_id}/duties"
    assert client.post(path, json=mark("rules")).status_code == 202
    late = client.post(path, json=mark("rules", "na", note="已宣读"))
    assert (late.status_code, late.json()["code"]) == (409, "duty_changed")
    assert [one.state for one in court.feed.record(hearing_id).duty_marks] == [DutyState.DONE]


@pytest.mark.parametrize(
    "body",
    [
        mark("breakfast"),
        mark("rules", "maybe"),
        mark("rules", of="长" * 61),
        mark("rules", "na"),
        {"duty": "rules", "x": ""},
    ],
)
def test_what_is_no_mark_is_refused(court: Courthouse, body: dict[str, str]) -> None:
    hearing_id = court.hearing()
    assert court.client().post(f"/api/hearings/{hearing_id}/duties", json=body).status_code == 400
    assert court.feed.record(hearing_id).duty_marks == ()


def test_h1_the_text_says_what_was_marked_and_when(court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.feed.append(hearing_id, [DutyMarked(DutyMark("rules", "", DutyState.DONE, 61_000))], "书记员")
    assert f"[00:01:01] （书记员标记：{OPENING['rules']}）" in WRITERS["txt"](court.feed.record(hearing_id))


def test_the_text_says_every_mark_and_why_a_duty_does_not_apply(court: Courthouse) -> None:
    hearing_id = court.hearing()
    for one in (
        DutyMark("recusal", "被告", DutyState.NOT_APPLICABLE, 61_000, "缺席审理"),
        DutyMark("rights", "", DutyState.NOT_DONE, 62_000),
        DutyMark("rules", "", DutyState.NOT_APPLICABLE, 63_000, "同日已宣读"),
    ):
        court.feed.append(hearing_id, [DutyMarked(one)], "书记员")
    text = WRITERS["txt"](court.feed.record(hearing_id))
    assert "[00:01:01] （书记员标记：询问回避意见（被告）：不适用，缺席审理。）" in text
    assert "[00:01:02] （书记员标记：告知诉讼权利义务：未办。）" in text
    assert "[00:01:03] （书记员标记：宣读法庭规则：不适用，同日已宣读。）" in text


def test_h1_no_duty_names_anybody_who_is_not_in_every_case() -> None:
    for who in ("公诉人", "辩护人", "人民陪审员", "审判长入庭", "审判员", "被告人"):
        assert not any(f"请{who}" in said or f"、{who}" in said for said in OPENING.values())


@pytest.mark.parametrize("name", ["words-zh.js", "words-en.js"])
def test_no_word_of_the_pages_stands_twice(name: str) -> None:
    keys = re.findall(r'^  "([^"]+)":', (STATIC / name).read_text("utf-8"), re.MULTILINE)
    assert len(keys) > 400
    assert sorted(key for key in set(keys) if keys.count(key) > 1) == []


@pytest.mark.browser
def test_h1_six_duties_one_key_each_warned_of_and_taken_back(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.record(hearing_id, [(0, tone(440, 20_000))])
    court.say(hearing_id, "请坐下。", 0, 0)
    open_hearing(page, hearing_id)
    expect(page.locator("[data-act=codes]")).to_be_visible()  # the page knows by now what the clerk may do
    page.locator("article.turn button.at").first.focus()
    for count, duty in enumerate(OPENING, 1):
        page.keyboard.press("Shift+H")
        until(lambda count=count: len(court.feed.record(hearing_id).duty_marks) == count)
        assert court.feed.record(hearing_id).duty_marks[-1].duty == duty
        expect(page.locator(f'[data-key="duty-{duty}"]')).to_be_visible()
    page.keyboard.press("Alt+H")
    until(lambda: len(court.feed.record(hearing_id).duty_marks) == 5)
    expect(page.locator('[data-key="duty-ready"]')).to_have_count(0)
    court.feed.append(hearing_id, [StageEntered("宣布开庭", 19_000)], "书记员")
    page.keyboard.press("h")
    expect(page.locator("[data-check=ready]")).to_contain_class("missing")
    expect(page.locator("[data-check=rules]")).to_contain_class("done")
    page.locator("[data-check=ready] [data-act=na]").click()
    page.locator("[data-check=ready] [data-act=na-send]").click()
    expect(page.locator("[data-check=ready]")).to_contain_class("missing")  # without a reason nothing is sent
    page.locator("[data-check=ready] [name=note]").press_sequentially("当庭续审")
    page.keyboard.press("Enter")
    expect(page.locator("[data-check=ready]")).to_contain_class("na")
    page.locator("[data-check=rights] [data-act=done]").click()
    expect(page.locator("[data-check=rights]")).to_contain_class("done")
    page.locator("[data-check=rights] [data-act=unmark]").click()
    expect(page.locator("[data-check=rights]")).to_contain_class("open")
    expect(page.locator("[data-check=rights]")).not_to_contain_class("done")


@pytest.mark.browser
def test_a_mark_counts_in_a_pronouncement_too(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing(replace(HEARING, kind=HearingKind.PRONOUNCEMENT))
    court.record(hearing_id, [(0, tone(440, 20_000))])
    court.say(hearing_id, "请坐下。", 0, 0)
    court.feed.append(hearing_id, [StageEntered("宣读判决", 9_000)], "书记员")
    open_hearing(page, hearing_id)
    page.locator("article.turn button.at").first.focus()
    page.keyboard.press("h")
    expect(page.locator("[data-check=term]")).to_contain_class("open")
    page.locator("[data-check=term] [data-act=done]").click()
    expect(page.locator("[data-check=term]")).to_contain_class("done")
    expect(page.locator("[data-check=present]")).to_have_count(0)


@pytest.mark.browser
def test_h1_duties_that_the_clerk_forgot_altogether_are_warned_of(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.record(hearing_id, [(0, tone(440, 20_000))])
    court.say(hearing_id, "请坐下。", 0, 0)
    court.feed.append(hearing_id, [StageEntered("宣布开庭", 1_000)], "书记员")
    open_hearing(page, hearing_id)
    page.keyboard.press("h")
    for duty in OPENING:
        expect(page.locator(f"[data-check={duty}]")).to_contain_class("missing")


@pytest.mark.browser
def test_what_the_words_seem_to_tell_is_contested_and_given_back(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.record(hearing_id, [(0, tone(440, 20_000))])
    court.say(hearing_id, "告知诉讼权利和义务。", 0, 0)
    open_hearing(page, hearing_id)
    line = page.locator("[data-check=rights]")
    page.locator("article.turn button.at").first.focus()
    page.keyboard.press("h")
    expect(line).to_contain_class("done")
    line.locator("[data-act=contest]").click()
    expect(line).to_contain_class("missing")
    assert court.feed.record(hearing_id).duty_marks[-1].state is DutyState.NOT_DONE
    line.locator("[data-act=unmark]").click()
    expect(line).to_contain_class("done")


@pytest.mark.browser
def test_alt_h_takes_back_what_was_marked_last(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.record(hearing_id, [(0, tone(440, 20_000))])
    court.say(hearing_id, "请坐下。", 0, 0)
    marks = [DutyMarked(DutyMark(duty, "", DutyState.DONE, 0)) for duty in ("ready", "present")]
    court.feed.append(hearing_id, marks, "书记员")
    open_hearing(page, hearing_id)
    page.locator("article.turn button.at").first.focus()
    page.keyboard.press("Alt+H")
    until(lambda: [one.duty for one in court.feed.record(hearing_id).duty_marks] == ["ready"])
