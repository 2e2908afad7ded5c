"""A clerk's corrections, really made on the page: real keys in a real Chromium on a real server, and read back."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, expect
from pypinyin import lazy_pinyin

from bench.clerk_work import Edit, Work, listening_s
from bench.in_browser import Desk

FIELD = ".turn-editor textarea"
TOGETHER = 2
"""Characters that are composed and chosen at once."""
PAGE = "document.querySelector('hearing-page')"
ESTIMATE = f"{PAGE}.doubts.errors"
LINE = "doubt-panel li button"
QUEUED = f"Math.min(100, {PAGE}.doubts.list.length)"
CHOSEN = f"{PAGE}.speaking.row?.turn.id ?? null"


@dataclass(frozen=True, slots=True)
class Needed:
    """What a turn needs: edits of its text, from left to right, and the seat (by its number on the desk, from 1)."""

    edits: Sequence[Edit]
    seat: int | None
    label: str
    ms: int


@dataclass
class Hand:
    """The clerk at the page. Every key and click goes through here and is counted."""

    here: Desk
    hearing_id: str
    needed: Mapping[str, Needed]
    work: Work = field(default_factory=Work)
    visited: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """Her page."""
        return self.here.page

    def press(self, key: str, times: int = 1) -> None:
        """A key, or a chord of several."""
        for _ in range(times):
            self.page.keyboard.press(key)
        self.work.keys += times * len(key.split("+"))

    def click(self, what: str) -> None:
        """A point and a button."""
        self.page.locator(what).first.click()
        self.work.clicks += 1

    def type(self, text: str) -> None:
        """By an input method: letters of the syllables, then the choice."""
        session = self.page.context.new_cdp_session(self.page)
        for at in range(0, len(text), TOGETHER):
            part = text[at : at + TOGETHER]
            letters = "".join(lazy_pinyin(part))
            for end in range(1, len(letters) + 1):
                session.send(
                    "Input.imeSetComposition",
                    {"text": letters[:end], "selectionStart": end, "selectionEnd": end},
                )
            session.send("Input.insertText", {"text": part})
        session.detach()
        self.work.type(text)

    # --- one turn ---

    def visit(self, turn_id: str) -> None:
        """Whose it is, what it says, confirmed; the page then goes on to the next turn."""
        needed = self.needed[turn_id]
        self.work.decisions += 1
        self.visited.append(turn_id)
        if needed.seat is not None and self.seat_of(turn_id) != needed.seat:
            self.seat(turn_id, needed)
        if needed.edits:
            self.write(needed.edits)
        self.press("Control+Enter" if self.editing else "c")
        self.until(lambda: self.page.evaluate(f"{PAGE}.record.turn('{turn_id}').state") == "confirmed")
        self.until(lambda: self.page.evaluate(CHOSEN) != turn_id or self.last)

    @property
    def editing(self) -> bool:
        """Is the caret in a turn's text?"""
        return bool(self.page.evaluate(f"document.activeElement?.matches('{FIELD}') ?? false"))

    def seat(self, turn_id: str, needed: Needed) -> None:
        """By its number; the rest of the voice at once where the page offers it."""
        if self.editing:
            self.press("Escape")
        self.work.decisions += 1
        self.press(str(needed.seat))
        self.until(lambda: self.seat_of(turn_id) == needed.seat)

    def name_voice(self, turn_id: str, needed: Needed) -> None:
        """Whose voice this is, in the choice of people that W opens."""
        self.page.evaluate(f"{PAGE}.reach('turn-{turn_id}')")
        self.page.locator(f'article[data-key="turn-{turn_id}"] button.at').focus()
        self.work.clicks += 1  # she clicks the turn
        self.press("w")
        self.work.decisions += 1
        self.click(f'.who-menu [data-for=voice] button[data-seat="s{needed.seat}"]')
        self.until(lambda: self.seat_of(turn_id) == needed.seat)

    def write(self, edits: Sequence[Edit]) -> None:
        """From the end to the beginning, so that what is before stays in its place."""
        if not self.editing:
            self.press("e")
            expect(self.page.locator(FIELD)).to_be_focused()
        length = len(self.page.input_value(FIELD))
        caret = self.page.locator(FIELD).evaluate("field => field.selectionStart")
        for edit in reversed(edits):
            self.work.decisions += 1
            self.to(edit.end, caret, length)
            self.press("Backspace", edit.end - edit.start)
            self.type(edit.text)
            length += len(edit.text) - (edit.end - edit.start)
            caret = edit.start + len(edit.text)

    def to(self, place: int, caret: int, length: int) -> None:
        """The caret to a place, by the fewest keys."""
        ways = {"": place - caret, "Control+Home": place, "Control+End": place - length}
        first = min(ways, key=lambda name: abs(ways[name]) + 2 * bool(name))
        if first:
            self.press(first)
        self.press("ArrowRight" if ways[first] > 0 else "ArrowLeft", abs(ways[first]))

    # --- what stands ---

    def turns(self) -> list[dict[str, Any]]:
        """The record's turns, read back over the API."""
        return list(self.here.api.get(f"/api/hearings/{self.hearing_id}")["turns"])

    def turn(self, turn_id: str) -> dict[str, Any]:
        """One of them."""
        return next(turn for turn in self.turns() if turn["id"] == turn_id)

    def seat_of(self, turn_id: str) -> int | None:
        """The number of its seat."""
        seat = self.turn(turn_id)["seat"]
        return int(seat[1:]) if seat else None

    @property
    def last(self) -> bool:
        """Nothing is left to confirm behind the chosen turn."""
        return all(turn["state"] == "confirmed" for turn in self.turns()[-1:])

    def until(self, stands: Callable[[], bool]) -> None:
        """Waits for the page; waiting is no work."""
        end = time.monotonic() + 15
        while not stands():
            if time.monotonic() > end:
                raise RuntimeError("the page did not do what its key says")
            time.sleep(0.02)


def text_of(turn: dict[str, Any]) -> str:
    """What a turn of the record says."""
    return "".join(word["text"] for word in turn["words"])


def opened(hand: Hand) -> None:
    """The page with the record, and whose each voice is: said once a voice, at its first turn."""
    hand.page.goto(f"/hearings/{hand.hearing_id}")
    expect(hand.page.locator("[data-act=doubts]")).to_be_visible()
    named: set[str] = set()
    for turn_id, needed in hand.needed.items():
        if (
            needed.seat is not None
            and needed.label
            and needed.label not in named
            and needed.label != "未识别"
        ):
            named.add(needed.label)
            hand.name_voice(turn_id, needed)


def by_queue(hand: Hand, share: float) -> dict[str, float]:
    """The riskiest first, each heard once, until so little of the first estimate is left (or the queue is empty)."""
    opened(hand)
    hand.click("[data-act=doubts]")
    first = float(hand.page.evaluate(ESTIMATE))
    while float(hand.page.evaluate(ESTIMATE)) > share * first and hand.page.evaluate(QUEUED):
        before = len(hand.visited)
        hand.until(lambda: hand.page.locator(LINE).count() == hand.page.evaluate(QUEUED))
        hand.click(LINE)
        hand.until(lambda: hand.page.evaluate("document.activeElement?.matches('button.at') ?? false"))
        turn_id = str(hand.page.evaluate(CHOSEN))
        hand.press("Space")
        heard = hand.needed[turn_id]
        hand.work.listened_s += listening_s(heard.ms, text_of(hand.turn(turn_id)))
        hand.visit(turn_id)
        assert len(hand.visited) == before + 1
    return {
        "estimate_before": round(first, 1),
        "estimate_after": round(float(hand.page.evaluate(ESTIMATE)), 1),
    }


def by_time(hand: Hand, sound_ms: int, speed: float, text: str) -> dict[str, float]:
    """Everything heard once while reading along, from the first turn to the last; stopped and resumed to write."""
    opened(hand)
    hand.page.evaluate(f"{PAGE}.reach({PAGE}.record.rows[0].key)")
    hand.page.locator("article.turn button.at").first.focus()
    hand.press("]", round((speed - 1) / 0.25))
    hand.press("Space")
    hand.work.listened_s += listening_s(sound_ms, text, speed)
    for _ in hand.needed:
        turn_id = str(hand.page.evaluate(CHOSEN))
        if turn_id in hand.visited:
            break
        hand.visit(turn_id)
        if (
            hand.needed[turn_id].edits and not hand.last
        ):  # the sound ran on while she wrote: on from this turn
            if hand.editing:
                hand.press("Escape")
            hand.press("Space")
    return {}
