"""Who spoke, in a real Chromium: the strip, keys and mouse on a turn, offers, proposals, and the way back."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from casefile.attribution import speaker_of
from casefile.errors import TingjiError
from casefile.events import CaseWordsAdded, SpeakersProposed, TurnAdded
from casefile.model import (
    Attribution,
    CaseWord,
    Proposal,
    Reassignment,
    Speaker,
    Turn,
    TurnState,
    WordKind,
    WordSource,
)
from tests.courthouse import HEARING, Courthouse, tone, turn
from tests.test_pages import open_hearing, said, until
from web.attribution import Choice, Target

pytestmark = pytest.mark.browser

WHO = "article.turn .who > [aria-hidden]"
CANVAS = "speaker-strip .lanes canvas"
COLUMNS = """() => document.querySelector("speaker-strip").columns.map(
  ({speech, unsure}) => [Boolean(speech.some(Boolean)), Boolean(unsure.some(Boolean))])"""
PLACE = """(offset) => {
  const text = document.querySelector("article.turn .said").firstChild;
  const walker = document.createTreeWalker(document.querySelector("article.turn .said"), NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  while (!node.length) node = walker.nextNode();
  const range = document.createRange();
  range.setStart(node, offset);
  range.setEnd(node, offset + 1);
  const box = range.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}"""
"""Where on the screen a character of the first turn is."""
COMPOSED = """(key) => document.querySelector("button.at").dispatchEvent(
  new KeyboardEvent("keydown", {key, isComposing: true, bubbles: true, cancelable: true}))"""


def heard(
    court: Courthouse,
    hearing_id: str,
    text: str,
    start_ms: int,
    label: str = "未识别 1",
    state: TurnState = TurnState.FINAL,
) -> None:
    """A turn of a voice that the room's microphone heard."""
    made = replace(turn(f"t{start_ms}", text, start_ms), seat=None, speaker=label, how=Attribution.CLUSTER)
    made = replace(made, certainty=0.7, state=state)
    court.feed.append(hearing_id, [TurnAdded(made, made.end_ms)], "recognition")


@pytest.fixture
def hearing_id(page: Page, court: Courthouse) -> str:
    hearing_id = court.hearing()
    court.record(hearing_id, [(0, tone(440, 20_000))])
    heard(court, hearing_id, "我看见了被告。", 0)
    heard(court, hearing_id, "当时在场。", 4000)
    heard(court, hearing_id, "请法庭核实。", 8000, state=TurnState.CONFIRMED)
    court.say(hearing_id, "继续陈述。", 12_000, 0)
    open_hearing(page, hearing_id)
    expect(page.locator("article.turn")).to_have_count(4)
    return hearing_id


def choose(page: Page, number: int = 0) -> None:
    page.locator("article.turn button.at").nth(number).focus()
    expect(page.locator("article.turn").nth(number)).to_have_class("turn c0 unsure chosen")


def seats(court: Courthouse, hearing_id: str) -> list[str | None]:
    return [one.seat for one in court.feed.record(hearing_id).turns]


def test_a_number_key_gives_the_turn_to_a_seat_and_u_takes_it_back(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    choose(page)
    page.keyboard.press("2")
    expect(page.locator(WHO).first).to_have_text("原代")
    expect(page.locator("article.turn").first).to_have_class("turn c2 chosen")
    assert seats(court, hearing_id) == ["s2", None, None, "s1"]
    page.keyboard.press("u")
    expect(page.locator(WHO).first).to_have_text("未识别 1")
    page.reload()
    expect(page.locator(WHO).first).to_have_text("未识别 1")


def test_the_rest_of_the_voice_is_offered_in_one_step_with_undo_and_a_confirmed_turn_stays(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    heard(court, hearing_id, "我再补充一点。", 16_000)
    choose(page)
    page.keyboard.press("3")
    page.locator("[data-act=same]").click()
    expect(page.locator(WHO).last).to_have_text("被代")
    assert page.locator(WHO).all_inner_texts() == ["被代", "被代", "未识别 1", "审", "被代"]
    page.locator("article.turn button.at").first.focus()
    page.keyboard.press("u")  # the whole step
    expect(page.locator(WHO).last).to_have_text("未识别 1")
    assert page.locator(WHO).all_inner_texts() == ["被代", "未识别 1", "未识别 1", "审", "未识别 1"]
    page.reload()
    expect(page.locator(WHO).last).to_have_text("未识别 1")
    assert seats(court, hearing_id) == ["s3", None, None, "s1", None]


def test_s_splits_before_the_word_under_the_pointer_and_u_joins(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    choose(page)
    x, y = page.evaluate(PLACE, 4)
    page.mouse.move(x, y)
    page.keyboard.press("s")
    expect(page.locator("article.turn")).to_have_count(5)
    assert said(page)[:2] == ["我看见了", "被告。"]
    page.locator("article.turn button.at").nth(1).focus()
    page.keyboard.press("2")
    expect(page.locator(WHO).nth(1)).to_have_text("原代")
    page.reload()
    expect(page.locator(WHO).nth(1)).to_have_text("原代")
    assert said(page)[:2] == ["我看见了", "被告。"]
    page.locator("article.turn button.at").first.focus()
    page.keyboard.press("u")
    expect(page.locator(WHO).nth(1)).to_have_text("未识别 1")
    page.keyboard.press("u")
    expect(page.locator("article.turn")).to_have_count(4)
    assert said(page)[0] == "我看见了被告。"


def test_no_key_counts_in_a_composition_nor_with_a_modifier(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    choose(page)
    before = court.feed.record(hearing_id).seq
    for key in ("2", "s", "u"):
        assert page.evaluate(COMPOSED, key) is True
    page.keyboard.press("Alt+2")
    page.keyboard.press("9")  # no such seat
    page.locator("[data-act=words]").click()
    page.keyboard.type("2su")
    expect(page.locator(".case-words [name=word]")).to_have_value("2su")
    assert court.feed.record(hearing_id).seq == before


def test_the_mouse_names_a_turn_or_the_whole_voice_and_later_turns_follow(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    page.locator(WHO).first.click()
    page.locator(".who-menu [data-for=voice] [data-seat=s4]").click()
    expect(page.locator(WHO).nth(1)).to_have_text("书")
    heard(court, hearing_id, "还有一句。", 16_000)
    expect(page.locator(WHO).last).to_have_text("书")
    assert page.locator(WHO).all_inner_texts() == ["书", "书", "未识别 1", "审", "书"]
    assert seats(court, hearing_id) == ["s4", "s4", None, "s1", "s4"]
    page.locator(WHO).nth(1).click()
    page.locator(".who-menu [data-for=turn] [data-seat=s2]").click()
    expect(page.locator(WHO).nth(1)).to_have_text("原代")


def test_w_gives_a_turn_by_name_to_somebody_without_a_seat_who_is_then_offered(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    choose(page)
    page.keyboard.press("w")
    name = page.locator(".who-menu [data-for=turn] [name=person]")
    expect(name).to_be_focused()
    page.keyboard.insert_text("李四")
    composed = "(input) => input.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    assert name.evaluate(composed) is False  # the input method's own Enter gives nothing away
    assert seats(court, hearing_id) == [None, None, None, "s1"]
    page.keyboard.press("Enter")
    expect(page.locator(WHO).first).to_have_text("李四")
    expect(page.locator(".told p")).to_contain_text("李四")
    assert court.feed.record(hearing_id).turns[0].speaker == "李四"
    page.locator(WHO).nth(1).click()
    page.locator(".who-menu [data-for=voice] [data-person=李四]").click()
    expect(page.locator(WHO).nth(1)).to_have_text("李四")
    heard(court, hearing_id, "以上属实。", 16_000)
    expect(page.locator(WHO).last).to_have_text("李四")
    page.locator("article.turn button.at").first.focus()
    page.keyboard.press("u")
    expect(page.locator(WHO).last).to_have_text("未识别 1")
    page.keyboard.press("w")
    page.keyboard.press("Escape")
    expect(page.locator(".who-menu")).to_have_count(0)
    expect(page.locator("article.turn button.at").first).to_be_focused()


def test_a_witness_among_the_cases_words_can_be_chosen_in_the_panel(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    words = (
        CaseWord("赵六", WordKind.PERSON, WordSource.TYPED),
        CaseWord("华信", WordKind.FIRM, WordSource.TYPED),
    )
    court.feed.append(hearing_id, [CaseWordsAdded(words)], "clerk")
    page.locator("[data-act=speakers]").click()
    choice = page.locator("[data-voice] select")
    expect(choice.locator("[data-kind=person]")).to_have_text(["赵六"])
    choice.select_option("赵六")
    expect(page.locator(WHO).first).to_have_text("赵六")
    assert court.feed.record(hearing_id).named_voices[0].after.seat is None


def test_the_strip_shows_lanes_and_what_is_unsure_and_a_press_goes_there_and_plays(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    expect(page.locator("speaker-strip[data-drawn]")).to_be_visible()
    assert page.locator(".legend li span").all_inner_texts() == ["审", "原代", "被代", "书", "未识别 1"]
    assert page.evaluate(COLUMNS) == [
        [True, False], [False, False], [False, False], [False, False], [True, True]
    ]  # fmt: skip
    box = page.locator(CANVAS).bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 4500 / 13_000, box["y"] + 13 * 4 + 6)
    expect(page.locator("article.turn.chosen")).to_have_attribute("data-key", "turn-t4000")
    until(page, "() => document.querySelector('hearing-page').player.at >= 4000")
    heard(court, hearing_id, "还有一个人。", 16_000, "未识别 2")  # a new voice gets a lane of its own
    until(page, "() => document.querySelector('speaker-strip').lanes.length === 6")


def test_the_strip_by_the_keyboard(page: Page, court: Courthouse, hearing_id: str) -> None:
    page.locator(CANVAS).focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(CANVAS)).to_have_attribute("aria-valuetext", "00:00:08 未识别 1")
    page.keyboard.press("End")
    expect(page.locator(CANVAS)).to_have_attribute("aria-valuetext", "00:00:12 审判长")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    until(page, "() => document.querySelector('hearing-page').player.at >= 8000")


def test_proposals_are_a_list_with_evidence_and_the_page_changes_nothing_by_itself(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    turns = court.feed.record(hearing_id).turns
    after = Speaker("s2", "李某", Attribution.CLERK)
    found = [Proposal(Reassignment(one.id, speaker_of(one), after), 0.93) for one in turns]
    court.feed.append(hearing_id, [SpeakersProposed(tuple(found))], "closing")
    expect(page.locator("[data-waiting]")).to_have_text("3 处待确认")
    assert page.locator(WHO).all_inner_texts() == ["未识别 1", "未识别 1", "未识别 1", "审"]
    page.locator("[data-act=speakers]").click()
    first = page.locator("[data-list=proposals] [data-turn-offer]").first
    assert first.locator("del").inner_text() == "未识别 1"
    expect(first).to_contain_text("把握 93%")
    expect(first).to_contain_text("我看见了被告。")
    first.locator("[data-act=accept]").click()
    expect(page.locator(WHO).first).to_have_text("原代")
    page.locator("[data-list=proposals] [data-act=refuse-all]").click()
    expect(page.locator("[data-list=proposals]")).to_have_count(0)
    assert seats(court, hearing_id) == ["s2", None, None, "s1"]
    assert court.feed.record(hearing_id).proposals == ()


ROWS = """() => document.querySelector("hearing-page").record.rows.map(({turn, text}) => [turn.id, turn.seat,
  turn.speaker, turn.how, turn.certainty ?? 1, turn.start_ms, turn.end_ms, text, (turn.changes ?? []).map(({at}) => at)])"""


def test_the_page_folds_whatever_the_clerk_does_as_the_record_does(
    page: Page, court: Courthouse, hearing_id: str
) -> None:
    chance = random.Random(4)
    for number in range(4, 60):
        turns = court.feed.record(hearing_id).turns
        one = chance.choice(turns)
        with suppress(TingjiError):
            _step(court, hearing_id, chance, one)
        if number % 6 == 0:
            heard(court, hearing_id, "我看见了。", 16_000 + number * 2000, f"未识别 {chance.randint(1, 2)}")
    record = court.feed.record(hearing_id)
    assert len({(one.seat, one.how) for one in record.turns}) > 4
    wanted = [
        [one.id, one.seat, one.speaker, one.how.value, one.certainty, one.start_ms, one.end_ms, one.text,
         [change.at for change in one.changes]]
        for one in record.turns
    ]  # fmt: skip
    until(page, f"() => document.querySelector('hearing-page').record.seq === {record.seq}")
    assert page.evaluate(ROWS) == wanted
    page.reload()
    until(page, f"() => document.querySelector('hearing-page').record?.seq === {record.seq}")
    assert page.evaluate(ROWS) == wanted


def _step(court: Courthouse, hearing_id: str, chance: random.Random, one: Turn) -> None:
    spoken, label, to = court.spoken, f"未识别 {chance.randint(1, 2)}", Target(f"s{chance.randint(1, 4)}")
    kind = chance.randrange(7)
    if kind == 0:
        spoken.reassign(hearing_id, one.id, to, "clerk")
    elif kind == 1:
        spoken.name(hearing_id, label, to, "clerk")
    elif kind == 2:
        spoken.undo_name(hearing_id, label, "clerk")
    elif kind == 3:
        spoken.split(hearing_id, one.id, chance.randint(1, len(one.words)), "clerk")
    elif kind == 4:
        spoken.undo_split(hearing_id, one.id.rpartition("~")[0] or one.id, "clerk")
    elif kind == 5:
        spoken.undo(hearing_id, [one.id], "clerk")
    else:
        offers = spoken.offers(hearing_id)
        spoken.accept(
            hearing_id, [Choice(offer.turn_id, Target(offer.after.seat)) for offer in offers], "clerk"
        )


def test_the_panel_and_the_strip_in_english(page: Page, court: Courthouse, hearing_id: str) -> None:
    page.get_by_role("button", name="Switch to English").click()
    page.get_by_role("button", name="Who spoke").click()
    expect(page.get_by_role("heading", name="Voices without a name")).to_be_visible()
    expect(page.get_by_role("slider", name="Who spoke when")).to_be_attached()
    expect(page.locator(WHO).first).to_have_text("Unknown 1")
    assert "Unknown 1" in page.locator(".legend").inner_text()


def test_eight_hours_are_drawn_from_an_aggregate(page: Page, court: Courthouse) -> None:
    hearing_id = court.hearing(HEARING)
    turns = [turn(f"t{n}", "是的。", n * 5760, n % 4) for n in range(5000)]
    court.feed.append(hearing_id, [TurnAdded(one, one.end_ms) for one in turns], "recognition")
    open_hearing(page, hearing_id)
    expect(page.locator("speaker-strip[data-drawn]")).to_be_visible()
    assert page.locator("speaker-strip *").count() < 40
    took = page.evaluate(
        """() => { const strip = document.querySelector("speaker-strip"); const from = performance.now();
        for (let n = 0; n < 10; n += 1) strip.draw(); return (performance.now() - from) / 10; }"""
    )
    print(f"one drawing of 5,000 turns: {took:.1f} ms")
    box = page.locator(CANVAS).bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 6)
    chosen = page.evaluate("() => document.querySelector('hearing-page').speaking.row.turn")
    assert chosen["seat"] == "s1"
    assert abs(chosen["start_ms"] - 2500 * 5760) < 120_000
    expect(page.locator("article.turn.chosen")).to_be_in_viewport()
