"""The program's own server in a process of its own, and a clerk signed in to it in a real Chromium."""

from __future__ import annotations

import multiprocessing
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

import tingji.server
from bench.rooms import wait
from bench.speaking_server import RememberedFeed
from casefile.entries import Block, Fact, Piece, Stamp, Start, make_entry
from casefile.events import Event, RecordingStarted
from casefile.feed import Feed
from casefile.model import AudioFormat, Hearing, Pcm
from casefile.people.nouns import Role
from casefile.people.passwords import Passwords
from casefile.people.people import People
from casefile.recording import Recording
from casefile.store import Store
from tests.browsing import CHROMIUM, FLAGS
from tingji.api import Api, machine_key
from tingji.settings import read_settings

COOKIE = "tingji"
"""Of an account where there is no TLS (`web.access`)."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The server's process and HTTP API, and the clerk's page (not opened yet)."""

    pid: int
    api: Api
    page: Page
    lane: Connection

    def say(self, hearing_id: str, events: Sequence[Event]) -> None:
        """Puts events on record through the server's own feed, and waits for the commit."""
        self.lane.send((hearing_id, list(events)))
        self.lane.recv()


def file(folder: Path, hearing: Hearing, form: AudioFormat, said: Sequence[Event]) -> str:
    """Puts a hearing that is being recorded on file, with a clerk at it; returns the clerk's session."""
    with Store(folder / "tingji.db") as store:
        feed, people = Feed(store), People(store.engine, passwords=Passwords())
        feed.create(hearing, "bench")
        feed.append(hearing.id, [RecordingStarted(form, "bench", 0), *said], "bench")
        clerk, _ = people.accounts.add("书记员", [Role.TECHNICIAN, Role.CLERK])
        people.assignments.add(hearing.id, clerk.id)
        return people.sessions.open(clerk.id)


def _serve(folder: Path, port: int, lane: Connection) -> None:
    """`tingji serve` without recognition, whose feed takes what comes by the lane."""
    tingji.server.Feed = RememberedFeed  # type: ignore[misc]
    settings = read_settings(folder, {"asr": False, "port": port}, {})
    tingji.server.serve(settings, lambda: threading.Thread(target=_take, args=(lane,), daemon=True).start())


def _take(lane: Connection) -> None:
    while True:
        hearing_id, events = lane.recv()
        RememberedFeed.made.append(hearing_id, events, "tingji")
        lane.send(None)


def record_sound(folder: Path, samples: Pcm) -> None:
    """A recording at 16 kHz that has not ended: text can be put right until the hearing is closed."""
    recording, previous = Recording(folder, "bench"), ""
    start = Start(16_000, samples.shape[1], "bench", 0, 0, "boot")
    facts: list[tuple[Fact, bytes]] = [(start, b""), (Block(0, len(samples)), samples.tobytes())]
    for n, (fact, pcm) in enumerate(facts, 1):
        entry = make_entry(n, fact, Stamp(n, n), previous, pcm)
        recording.keep(Piece(entry, pcm))
        previous = entry.sha256
    recording.flush()
    recording.close()


@contextmanager
def desk(folder: Path, session: str) -> Iterator[Desk]:
    """A server over the folder, and a browser in which the owner of the session is signed in."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    spawn, url = multiprocessing.get_context("spawn"), f"http://127.0.0.1:{port}"
    ours, its = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(folder, port, its))
    process.start()
    api = Api(url, machine_key(folder))
    try:
        wait(api.alive, "the server did not start")
        with _page(url, session) as page:
            yield Desk(process.pid or 0, api, page, ours)
    finally:
        process.terminate()
        process.join(20)


@contextmanager
def _page(url: str, session: str) -> Iterator[Page]:
    flags = [*FLAGS, "--enable-precise-memory-info", "--autoplay-policy=no-user-gesture-required"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 800})
        context.add_cookies([{"name": COOKIE, "value": session, "url": url, "httpOnly": True}])
        yield context.new_page()
        browser.close()
