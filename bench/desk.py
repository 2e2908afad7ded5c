"""A long hearing on the clerk's page: how soon it opens, how it types, what it keeps in memory.

  python -m bench.desk [--turns 5000] [--keys 200] [--hour 900] [--pace 0.2]

The program's own server in a process of its own, a real Chromium on the same machine, a hearing under way of made-up
text (the words of `bench.find`, a word a character as recognition gives them).

- opening: from the navigation until the turns in sight are drawn and the page knows that it has caught up (two
  frames later), `first` for the first time after the server was started, `again` in a new tab with a warm server, and
  from the navigation until a key is obeyed (E on a focused turn opens its text); CPU seconds of the server beside it.
- typing: ms from the key event to the end of the next frame, while a turn in the middle of the record is edited and
  text arrives.
- an hour: `--hour` turns arrive, one every `--pace` s; JS heap after garbage collection and DOM nodes before,
  halfway and after. Every row stays in the document (to be found and printed by the browser), so both grow with the
  record and with nothing else: what a turn takes must not grow.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, expect

from bench.find import turns as spoken
from bench.in_browser import Desk, desk, file
from bench.machine import machine
from bench.scoring import percentiles
from bench.viewers import cpu_s
from casefile.events import TurnAdded
from casefile.model import Turn, Word
from tests.courthouse import FORMAT, HEARING

HEARING_ID = "h0"
READY = "document.querySelector('hearing-page')?.caughtUp && document.querySelector('article.turn') !== null"
SETTLED = f"""() => new Promise((done) => {{
  const look = () => ({READY} ? requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))) : setTimeout(look, 5));
  look();
}})"""
EDITING = """() => new Promise((done) => {
  const look = () => {
    document.querySelector('article.turn button.at')?.focus();
    const pressed = new KeyboardEvent('keydown', {key: 'e', bubbles: true, cancelable: true});
    if (document.activeElement?.matches('button.at')) document.activeElement.dispatchEvent(pressed);
    requestAnimationFrame(() => document.activeElement?.matches('.turn-editor textarea') ? done(performance.now()) : setTimeout(look, 20));
  };
  look();
})"""
LISTEN = """() => {
  window.keyTimes = [];
  document.addEventListener('keydown', (event) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => window.keyTimes.push(performance.now() - event.timeStamp);
    port2.postMessage(null);
  }), true);
}"""


def by_character(turn: Turn) -> Turn:
    """The same turn with a word for each character."""
    words = [
        Word(letter, word.start_ms + at, word.end_ms, word.confidence)
        for word in turn.words
        for at, letter in enumerate(word.text)
    ]
    return replace(turn, words=tuple(words))


def said(count: int, skip: int = 0) -> Iterator[TurnAdded]:
    """So many turns, behind the first `skip` ones."""
    for turn in list(spoken(count + skip, random.Random(1)))[skip:]:
        made = by_character(turn)
        yield TurnAdded(made, made.end_ms)


def opening(here: Desk) -> dict[str, float]:
    """One navigation: seconds until drawn, until a key is obeyed, and of the server's CPU."""
    before = cpu_s(here.pid)
    here.page.goto("about:blank")
    here.page.goto(f"/hearings/{HEARING_ID}", wait_until="commit")
    drawn_ms, key_ms = here.page.evaluate(SETTLED), here.page.evaluate(EDITING)
    here.page.keyboard.press("Escape")
    return {
        "drawn_s": round(drawn_ms / 1000, 3),
        "key_obeyed_s": round(key_ms / 1000, 3),
        "server_cpu_s": round(cpu_s(here.pid) - before, 3),
    }


def whole(page: Page) -> None:
    """Until the record lies there to its first turn."""
    for _ in range(600):
        if page.evaluate("document.querySelector('hearing-page').drawn.whole"):
            return
        time.sleep(0.1)
    raise SystemExit("the record was not drawn")


def typing(here: Desk, keys: int) -> dict[str, float]:
    """Keys into a turn in the middle of the record while turns arrive."""
    page = here.page
    page.evaluate(
        "(page => page.go(page.record.rows[page.record.rows.length >> 1], true))(document.querySelector('hearing-page'))"
    )
    expect(page.locator(".turn-editor textarea")).to_be_focused()
    page.evaluate(LISTEN)
    arriving = said(keys // 10, skip=100_000 // 10)
    for number in range(keys):
        if number % 10 == 0 and (turn := next(arriving, None)):
            here.say(HEARING_ID, [replace(turn, turn=replace(turn.turn, id=f"typing{number}"))])
        page.keyboard.press("a")
        time.sleep(0.05)
    times = page.evaluate("window.keyTimes")
    page.keyboard.press("Escape")
    return percentiles(times)


def kept(page: Page) -> dict[str, int]:
    """What the page holds after garbage collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")["usedSize"]
    nodes = session.send("Memory.getDOMCounters")["nodes"]
    session.detach()
    shown = page.evaluate("document.querySelectorAll('article.turn').length")
    return {"heap_kib": int(heap) >> 10, "dom_nodes": int(nodes), "rows_drawn": shown}


def hour(here: Desk, count: int, pace_s: float) -> list[dict[str, int]]:
    """Before, halfway, after."""
    found = [kept(here.page)]
    for number, turn in enumerate(said(count, skip=20_000), 1):
        here.say(HEARING_ID, [replace(turn, turn=replace(turn.turn, id=f"hour{number}"))])
        time.sleep(pace_s)
        if number in (count // 2, count):
            time.sleep(2)
            found.append(kept(here.page))
    return found


def main() -> None:
    """See the top of this file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=5000)
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--hour", type=int, default=900)
    parser.add_argument("--pace", type=float, default=0.2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        session = file(folder, replace(HEARING, id=HEARING_ID), FORMAT, list(said(given.turns)))
        with desk(folder, session) as here:
            found = {"first": opening(here), "again": [opening(here) for _ in range(3)]}
            whole(here.page)
            found_of = {"opening": found, "typing_ms": typing(here, given.keys)}
            line = {**found_of, "hour": hour(here, given.hour, given.pace) if given.hour else []}
    print(json.dumps({"bench": "desk", "turns": given.turns, "machine": machine(), **line}))


if __name__ == "__main__":
    main()
