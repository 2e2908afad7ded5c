"""A court for tests of the pages: real case files and sound on disk; commands and recorders are fakes."""

from __future__ import annotations

import itertools
import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI, WebSocket
from fastapi.testclient import TestClient

from asr.sound import first_letter
from casefile.blanking import with_screens
from casefile.checklist import duty_marked
from casefile.documents.template import load_templates
from casefile.duties import DutyMark
from casefile.entries import Block, Ended, Fact, Piece, Stamp, Start, make_entry
from casefile.errors import NoRecorder, NotFound, TingjiError, WrongState
from casefile.events import (
    CopiesCompared,
    EnrolmentWithdrawn,
    Event,
    HearingChanged,
    HearingClosed,
    PauseEnded,
    PauseStarted,
    RecordingStarted,
    RecordSealed,
    RestoringUndone,
    StageEntered,
    TurnAdded,
    TurnRestored,
)
from casefile.feed import Feed
from casefile.model import (
    Attribution,
    AudioFormat,
    Gap,
    Hearing,
    HearingKind,
    HearingState,
    PauseReason,
    Pcm,
    Seat,
    Speaker,
    Turn,
    Word,
)
from casefile.people.nouns import Role
from casefile.people.passwords import Passwords
from casefile.people.people import People
from casefile.recording import Recording
from casefile.store import Store
from tingji.archiving import Archives
from tingji.attribution import SpokenWord
from tingji.case_words import Words
from tingji.documents import Documents, Office
from tingji.editing import Texts
from tingji.evidence import EvidenceTables
from tingji.faults import FaultPapers
from tingji.finding import Finder
from tingji.laws import LawTexts
from tingji.screens import Screens
from tingji.settings import read_settings
from tingji.signatories import Signatories
from tingji.signing import Signing
from tingji.writers import WRITERS, marks
from web.access import Access
from web.app import Check, create_app
from web.attribution import Target
from web.enrolment import Enrolled, Known, Offer
from web.metrics import Figures
from web.records import Recordings

FORMAT = AudioFormat(16_000, 4)
SEATS = (
    Seat("s1", "审判长", "审", "王某", (0,)),
    Seat("s2", "原告代理人", "原代", "李某", (1,)),
    Seat("s3", "被告代理人", "被代", "赵某", (2,)),
    Seat("s4", "书记员", "书", "陈某", (3,)),
)
HEARING = Hearing("", HearingKind.TRIAL, "（2024）京0105民初12345号", "第三法庭", seats=SEATS)


@dataclass(frozen=True, slots=True)
class FakeRecorder:
    """`Recorder` of docs/protocol.md §1."""

    name: str = "法庭录音机"
    device: str = "四路话筒"
    rate: int = FORMAT.rate
    channels: int = FORMAT.channels
    hearing: str | None = None
    state: str = "idle"
    devices: tuple[str, ...] = ("四路话筒", "内置话筒")
    disk_free_bytes: int = 900_000_000_000


class FakeRecorders:
    """Recorders that do what they are told and remember it."""

    def __init__(self) -> None:
        self.known = [FakeRecorder()]
        self.chosen: list[tuple[str, str]] = []

    def recorders(self) -> Sequence[object]:
        return self.known

    def choose_device(self, recorder: str, device: str) -> None:
        if recorder not in {one.name for one in self.known}:
            raise NoRecorder
        self.chosen.append((recorder, device))
        self.known = [replace(one, device=device) for one in self.known]

    async def serve(self, websocket: WebSocket, only: str | None = None) -> None:
        await websocket.accept()
        await websocket.send_json({"type": "welcome", "have": {}})
        await websocket.close()


class FakeConduct:
    """Every command has its effect at once, as events; `deaf`: it has none. `closing`: close was pressed."""

    def __init__(self, feed: Feed, recordings: Path, recorders: FakeRecorders) -> None:
        self.feed, self.recorders = feed, recorders
        self.recordings = recordings
        self.numbers = itertools.count(1)
        self.broken: Exception | None = None
        self.at_ms = 0
        self.place: int | None = None
        self.problem: TingjiError | None = None
        self.without_recorder = False
        self.deaf = False
        self.closing = False

    def create(self, hearing: Hearing, by: str) -> str:
        if self.broken:
            raise self.broken
        made = replace(hearing, id=f"h{next(self.numbers)}")
        self.feed.create(made, by)
        return made.id

    def change(self, hearing: Hearing, by: str) -> None:
        self._tell(hearing.id, HearingChanged(hearing), by)

    def start(self, hearing_id: str, recorder: str | None, by: str) -> None:
        self._needs(hearing_id, HearingState.DRAFT)
        if not self.recorders.known:
            raise NoRecorder
        if self.deaf:
            return
        self._tell(hearing_id, RecordingStarted(FORMAT, "四路话筒", 10_000), by)

    def pause(self, hearing_id: str, reason: PauseReason, by: str) -> None:
        self._needs(hearing_id, HearingState.RECORDING)
        if not self.deaf:
            self._tell(hearing_id, PauseStarted(self.at_ms, reason), by)

    def resume(self, hearing_id: str, by: str) -> None:
        self._needs(hearing_id, HearingState.PAUSED)
        if not self.deaf:
            self._tell(hearing_id, PauseEnded(self.at_ms), by)

    def enter_stage(self, hearing_id: str, name: str, by: str) -> None:
        self._tell(hearing_id, StageEntered(name, self.at_ms), by)

    def mark_duty(self, hearing_id: str, mark: DutyMark, by: str) -> None:
        marked = replace(mark, at_ms=self.at_ms)
        self._tell(hearing_id, duty_marked(self.feed.record(hearing_id), marked), by)

    def restore(self, hearing_id: str, turn_id: str, by: str) -> None:
        if turn_id not in {turn.id for turn in self.feed.record(hearing_id).turns}:
            raise NotFound
        self._tell(hearing_id, TurnRestored(turn_id), by)

    def undo_restore(self, hearing_id: str, turn_id: str, by: str) -> None:
        self._tell(hearing_id, RestoringUndone(turn_id), by)

    def close(self, hearing_id: str, by: str, without_recorder: bool = False) -> None:
        self.without_recorder = without_recorder
        if self.deaf:
            return
        self._tell(hearing_id, HearingClosed(self.at_ms), by)
        self._tell(hearing_id, CopiesCompared(120, True), "tingji")
        self._tell(hearing_id, RecordSealed("ab" * 32, "cd" * 32), "tingji")

    def status(self, hearing_id: str) -> dict[str, object]:
        self.feed.record(hearing_id)
        problem = self.problem.as_json() if self.problem else None
        return {
            "type": "status",
            "recorder_connected": bool(self.recorders.known),
            "closing": self.closing,
            "asr": "ok",
            "final_lag_ms": 800,
            "tentative_thinned": False,
            "copies": "same",
            "problem": problem,
        }

    def _needs(self, hearing_id: str, state: HearingState) -> None:
        found = self.feed.record(hearing_id).state
        if found is not state:
            raise WrongState(state=found.value, action="…")

    def _tell(self, hearing_id: str, event: Event, by: str) -> None:
        self.feed.append(hearing_id, with_screens(self.feed.record(hearing_id), event), by)


class FakeEnrolments:
    """Enrolments that hold what they are told to (ms by seat or name, and by label), and listen for ever."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.held: dict[str, int] = {}
        self.voices: dict[str, int] = {}
        self.offers: list[Offer] = []
        self.listening: str | None = None
        self.problem: TingjiError | None = None

    def of(self, hearing_id: str) -> Enrolled:
        seats = self.feed.record(hearing_id).hearing.seats
        people: list[tuple[str | None, str]] = [(seat.id, seat.person or seat.role) for seat in seats]
        people += [(None, name) for name in self.held if name not in {seat.id for seat in seats}]
        return Enrolled(3_000, [self._known(*one) for one in people], self.voices, self.offers)

    def _known(self, seat: str | None, name: str) -> Known:
        key = seat or name
        problem = self.problem.as_json() if self.problem and self.listening == key else None
        listening = self.listening == key and not problem
        return Known(seat, name, self.held.get(key, 0), listening=listening, problem=problem)

    def begin(self, hearing_id: str, to: Target, recorder: str | None, by: str) -> None:
        self.listening = to.seat or to.name
        self.held[self.listening] = 0

    def stop(self, hearing_id: str) -> None:
        self.listening = None

    def withdraw(self, hearing_id: str, to: Target, by: str) -> None:
        del self.held[to.seat or to.name]
        speaker = Speaker(to.seat, to.name, Attribution.ENROLLED)
        self.feed.append(hearing_id, [EnrolmentWithdrawn(speaker)], by)


MACHINE_KEY = "machine-key"
BY_KEY = {"Authorization": f"Bearer {MACHINE_KEY}"}
"""Headers of a program on the server's own machine."""
HOST = "http://127.0.0.1:8765"


def quick() -> Passwords:
    """Argon2id that costs nothing."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


class Courthouse:
    """Everything below one folder, and the app in front of it. The clerk 书记员 is signed in and may manage accounts."""

    def __init__(self, folder: Path) -> None:
        self.settings = read_settings(folder, environ={})
        self.store = Store(folder / "tingji.db")
        self.archives = Archives(self.store, self.settings)
        self.feed = Feed(self.store, marks)
        self.recorders = FakeRecorders()
        self.conduct = FakeConduct(self.feed, folder / "recordings", self.recorders)
        self.spoken = SpokenWord(self.feed)
        self.texts = Texts(self.feed)
        self.office = Office("某市某区人民法院", load_templates(), folder / "records")
        self.enrolments = FakeEnrolments(self.feed)
        self.people = People(self.store.engine, passwords=quick())
        self.access = Access(self.people, MACHINE_KEY)
        there = [one for one in self.people.accounts.all() if one.name == "书记员"]
        self.clerk = (
            there[0] if there else self.people.accounts.add("书记员", [Role.TECHNICIAN, Role.CLERK])[0]
        )
        self.session = self.people.sessions.open(self.clerk.id)
        self.app: FastAPI = self.make_app()

    def make_app(self, figures: Sequence[Figures] = (), check: Check = lambda: None) -> FastAPI:
        """The app as the program makes it."""
        sound = Recordings(self.conduct.recordings)
        words, spoken = Words(self.feed), self.spoken
        return create_app(
            self.conduct,
            self.feed,
            self.recorders,
            sound,
            WRITERS,
            self.archives,
            words,
            spoken,
            self.texts,
            EvidenceTables(self.feed),
            Documents(self.feed, self.office),
            FaultPapers(self.feed),
            first_letter,
            LawTexts(self.settings.data),
            self.enrolments,
            Screens(self.feed, lambda _id: self.conduct.at_ms, lambda _id: self.conduct.place),
            Finder(self.feed),
            Signatories(self.feed),
            Signing(self.feed),
            self.access,
            figures,
            check,
        )

    def client(self, app: FastAPI | None = None) -> TestClient:
        """A browser in which the clerk is signed in."""
        made = TestClient(app or self.app, base_url=HOST, raise_server_exceptions=False)
        made.cookies.set(self.access.account_cookie, self.session)
        made.headers["X-Tingji"] = "page"
        return made

    def close(self) -> None:
        self.store.close()

    def hearing(self, hearing: Hearing = HEARING, *, started: bool = True) -> str:
        """A new hearing, being recorded."""
        hearing_id = self.conduct.create(hearing, "书记员")
        self.people.assignments.add(hearing_id, self.clerk.id)
        if started:
            self.conduct.start(hearing_id, None, "书记员")
        return hearing_id

    def say(
        self, hearing_id: str, text: str, start_ms: int, channel: int = 0, suppressed: str | None = None
    ) -> str:
        """A turn of one word per character, 200 ms each; returns its id."""
        made = turn(f"t{next(self.conduct.numbers)}", text, start_ms, channel, suppressed)
        self.feed.append(hearing_id, [TurnAdded(made, made.end_ms)], "tingji")
        self.conduct.at_ms = max(self.conduct.at_ms, made.end_ms)
        return made.id

    def health(self, hearing_id: str | None, levels: Sequence[dict[str, object]], at_ms: int = 0) -> None:
        """The recorder's word of this second, to the room and to the hearing."""
        message = {
            "type": "health", "recorder": self.recorders.known[0].name, "at_ms": at_ms, "state": "recording",
            "disk_free_bytes": 900_000_000_000, "server_disk_free_bytes": 400_000_000_000, "backlog_ms": 0,
            "channels": list(levels),
        }  # fmt: skip
        self.feed.tell_room(message)
        if hearing_id:
            self.feed.tell(hearing_id, message)

    def tentative(self, hearing_id: str, text: str, start_ms: int, channel: int = 1) -> None:
        """Words that are still being recognized."""
        self.feed.tell(hearing_id, {
            "type": "tentative", "channel": channel, "start_ms": start_ms, "end_ms": start_ms + 1000,
            "seat": SEATS[channel].id, "text": text,
        })  # fmt: skip

    def record(
        self, hearing_id: str, parts: Sequence[tuple[int, Pcm] | Gap], rate: int = FORMAT.rate
    ) -> None:
        """Sound on the server's disk: (start_ms, samples of shape (frames, channels)) or gaps, in order."""
        write_recording(self.conduct.recordings / hearing_id, parts, rate)


def turn(turn_id: str, text: str, start_ms: int, channel: int = 0, suppressed: str | None = None) -> Turn:
    """A turn of one word per character, 200 ms each."""
    times = range(start_ms, start_ms + 200 * len(text), 200)
    words = tuple(Word(letter, at, at + 200, 0.9) for letter, at in zip(text, times, strict=True))
    seat = SEATS[channel]
    return Turn(
        turn_id, seat.id, seat.person, channel, start_ms, words[-1].end_ms, words, suppressed=suppressed
    )


def level(peak_db: float = -90.0, state: str = "ok", clipped: int = 0) -> dict[str, object]:
    """`Level` of docs/protocol.md §2."""
    return {"rms_db": peak_db - 12, "peak_db": peak_db, "clipped": clipped, "state": state}


def write_recording(folder: Path, parts: Sequence[tuple[int, Pcm] | Gap], rate: int) -> None:
    """A closed recording in the format of docs/formats.md §2."""
    channels = next((part[1].shape[1] for part in parts if not isinstance(part, Gap)), 1)
    recording = Recording(folder, "test")
    previous, end_ms = "", 0
    facts: list[tuple[Fact, bytes]] = [(Start(rate, channels, "测试", 0, 0, "boot"), b"")]
    for part in parts:
        if isinstance(part, Gap):
            facts.append((part, b""))
            end_ms = part.end_ms
        else:
            start_ms, pcm = part
            facts.append((Block(start_ms * rate // 1000, len(pcm)), pcm.astype("<i2").tobytes()))
            end_ms = start_ms + len(pcm) * 1000 // rate
    for n, (fact, pcm_bytes) in enumerate([*facts, (Ended(end_ms), b"")], 1):
        entry = make_entry(n, fact, Stamp(n, n), previous, pcm_bytes)
        recording.keep(Piece(entry, pcm_bytes))
        previous = entry.sha256
    recording.flush()
    recording.close()


def tone(
    hertz: float, ms: int, channels: int = FORMAT.channels, only: int | None = None, rate: int = FORMAT.rate
) -> Pcm:
    """A tone at a quarter of full scale, on every channel or on one."""
    time = np.arange(ms * rate // 1000) / rate
    mono = (np.sin(2 * np.pi * hertz * time) * 8192).astype(np.int16)
    pcm = np.zeros((len(mono), channels), np.int16)
    pcm[:, slice(None) if only is None else only] = mono[:, None] if only is None else mono
    return pcm


@contextmanager
def served(app: FastAPI, port: int = 0) -> Iterator[Server]:
    """The app on a loopback port of a real uvicorn."""
    server = Server(app, port)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Server:
    """A uvicorn that can be stopped and started again on the same port: a network that breaks."""

    def __init__(self, app: FastAPI, port: int = 0) -> None:
        self.app, self.port = app, port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        config = uvicorn.Config(
            self.app, log_level="warning", ws="websockets-sansio", ws_per_message_deflate=False,
            timeout_graceful_shutdown=1,
        )  # fmt: skip
        self.uvicorn = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.uvicorn.run, args=([listener],))
        self.thread.start()

    def stop(self) -> None:
        self.uvicorn.should_exit = True
        self.thread.join(20)
        assert not self.thread.is_alive()


def events_of(messages: Sequence[str]) -> list[int]:
    """The `seq` of every event among messages, alone or many in one."""
    found = [json.loads(message) for message in messages]
    return [
        event["seq"]
        for message in found
        if message["type"] in ("event", "events")
        for event in message.get("events", [message])
    ]
