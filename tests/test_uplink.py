"""The recorder's side of the wire: live first, backlog bounded, nothing lost over any break."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

import recorder.shelf as recorder_shelf
import recorder.uplink as recorder_uplink
from casefile.audio import Follower
from casefile.entries import Entry, Fact, Piece, from_line
from casefile.errors import NoDevice
from casefile.model import AudioFormat, Gap, GapReason
from casefile.soundcheck import Checked, check
from recorder.capture import Capture
from recorder.shelf import Shelf
from recorder.uplink import BACKLOG_BYTES, Json, Uplink
from tests.cable import Cable
from tests.hall import Hall, until
from tests.sounds import chunk, sound_of, whole_sound
from web.ingest import Ingest
from web.station import Station

WIDE = AudioFormat(48000, 8)


class Recorder:
    """Capture and uplink as the daemon joins them, fed by hand."""

    def __init__(self, folder: Path, url: str) -> None:
        self.journal = folder / "journal"
        self.obeyed: list[Json] = []
        self.shelf = Shelf(self.journal, self._deliver)
        self.capture = Capture(self.shelf, self, "desk")
        self.uplink = Uplink(url, self.shelf, self.obey, self.hello)
        self._next = 0
        self._loop = asyncio.new_event_loop()
        self._task: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)  # a test that fails ends all the same
        self._thread.start()

    def _deliver(self, hearing_id: str, pieces: list[Piece]) -> None:
        self.uplink.deliver(hearing_id, pieces)

    def begin(self, position_ms: int, since_ns: int | None) -> None:
        pass

    def obey(self, command: Json) -> None:
        self.obeyed.append(command)
        if command["type"] == "start":
            raise NoDevice(name="desk", known="")

    def hello(self) -> Json:
        return {
            "type": "hello", "protocol": 1, "name": "r1", "device": "desk", "devices": [], "rate": 8000,
            "channels": 2, "hearing": self.capture.hearing_id, "state": self.capture.state,
        }  # fmt: skip

    def hear(self, blocks: int, form: AudioFormat | None = None) -> None:
        """So many 100 ms blocks at once, forced to disk."""
        for number in range(self._next, self._next + blocks):
            self.capture.feed(chunk(number, form) if form else chunk(number))
        self._next += blocks
        self.shelf.flush()

    def _run(self) -> None:
        self._task = self._loop.create_task(self.uplink.run())
        try:
            self._loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def stop(self) -> None:
        assert self._task
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(20)
        self.capture.stop()


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path)
    yield hall
    hall.close()


@pytest.fixture
def recorder(tmp_path: Path, hall: Hall) -> Iterator[Recorder]:
    recorder = Recorder(tmp_path, hall.url)
    yield recorder
    recorder.stop()


def heard(folder: Path) -> np.ndarray[Any, Any]:
    """All sound of a recording."""
    follower = Follower(folder)
    return sound_of([item for items in iter(follower.read, []) for item in items])


def test_both_copies_are_the_same(hall: Hall, recorder: Recorder) -> None:
    hall.open()
    until(hall.ingest.recorders)
    recorder.hear(20)
    recorder.capture.start("h")
    recorder.hear(30)
    recorder.capture.close("h")
    until(lambda: "ended" in hall.clerk.kinds())
    assert check(hall.recordings / "h") == check(recorder.journal / "h")
    assert np.array_equal(heard(hall.recordings / "h"), whole_sound(50))
    until(lambda: recorder.uplink.backlog_ms == 0)


def test_a_server_that_was_away_gets_everything(hall: Hall, recorder: Recorder) -> None:
    recorder.hear(1)
    recorder.capture.start("h")
    recorder.hear(30)
    assert recorder.uplink.backlog_ms > 0
    hall.open()
    until(hall.ingest.recorders)
    recorder.hear(10)
    hall.close()
    recorder.hear(30)
    hall.open()
    recorder.hear(10)
    recorder.capture.close("h")
    until(lambda: "ended" in hall.clerk.kinds())
    assert check(hall.recordings / "h") == check(recorder.journal / "h")
    assert np.array_equal(heard(hall.recordings / "h"), whole_sound(81))


def test_a_hearing_that_ended_while_the_server_was_away_arrives(hall: Hall, recorder: Recorder) -> None:
    recorder.hear(1)
    recorder.capture.start("h")
    recorder.hear(30)
    recorder.capture.close("h")
    hall.open()
    until(lambda: "ended" in hall.clerk.kinds())
    assert check(hall.recordings / "h") == check(recorder.journal / "h")


def test_a_block_damaged_in_the_journal_arrives_as_damaged(hall: Hall, recorder: Recorder) -> None:
    recorder.hear(1)
    recorder.capture.start("h")
    recorder.hear(30)
    recorder.capture.close("h")
    sound = recorder.journal / "h" / "0000000001.wav"
    data = bytearray(sound.read_bytes())
    data[44 + 3200 * 7 + 5] ^= 4
    sound.write_bytes(data)
    hall.open()
    until(lambda: "ended" in hall.clerk.kinds())
    assert ("gap", "h", Gap(700, 800, GapReason.DAMAGED)) in hall.clerk.told
    assert check(hall.recordings / "h").broken == (9,)


def test_a_line_lost_in_the_journal_arrives_as_a_gap(hall: Hall, recorder: Recorder) -> None:
    recorder.hear(1)
    recorder.capture.start("h")
    recorder.hear(30)
    recorder.capture.close("h")
    index = recorder.journal / "h" / "0000000001.jsonl"
    lines = index.read_bytes().splitlines(keepends=True)
    index.write_bytes(b"".join([*lines[:8], b"\0" * (len(lines[8]) - 1) + b"\n", *lines[9:]]))
    hall.open()
    until(lambda: "ended" in hall.clerk.kinds())
    assert ("gap", "h", Gap(700, 800, GapReason.DAMAGED)) in hall.clerk.told
    assert len(heard(hall.recordings / "h")) == 30 * 800


def test_lines_lost_side_by_side_do_not_keep_the_hearing_from_its_end(hall: Hall, recorder: Recorder) -> None:
    recorder.hear(1)
    recorder.capture.start("h")
    recorder.hear(30)
    recorder.capture.close("h")
    index = recorder.journal / "h" / "0000000001.jsonl"
    lines = index.read_bytes().splitlines(keepends=True)
    index.write_bytes(b"".join([*lines[:8], b"?\n", b"?\n", *lines[10:]]))
    hall.open()
    until(lambda: "ended" in hall.clerk.kinds())
    assert [one for one in hall.clerk.told if one[0] == "gap"] == [
        ("gap", "h", Gap(700, 900, GapReason.DAMAGED))
    ]
    assert len(heard(hall.recordings / "h")) == 29 * 800


def test_one_check_at_a_time_and_nothing_waits_for_it(
    hall: Hall, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, running = threading.Event(), threading.Semaphore(0)

    def slow(folder: Path) -> Checked:
        running.release()
        assert go_on.wait(20)
        return check(folder)

    monkeypatch.setattr(recorder_shelf, "check", slow)
    hall.open()
    until(hall.ingest.recorders)
    recorder.hear(1)
    recorder.capture.start("h")
    recorder.hear(5)
    until(lambda: "started" in hall.clerk.kinds())
    for _ in range(40):
        hall.ingest.check("h")
    assert running.acquire(timeout=20)
    recorder.hear(5)
    until(lambda: hall.ingest.intake("h").flush().pairs() == [(1, 12)])
    hall.ingest.resume("h")
    until(lambda: recorder.obeyed)
    assert not running.acquire(blocking=False)
    go_on.set()
    until(lambda: "checked" in hall.clerk.kinds())
    hall.ingest.check("h")
    assert running.acquire(timeout=20), "the next one can begin"
    until(lambda: hall.clerk.kinds().count("checked") == 2)


def test_a_hearing_that_was_given_up_is_closed_and_let_go(hall: Hall, recorder: Recorder) -> None:
    def obey(command: Json) -> None:
        if command["type"] == "close":
            recorder.capture.close("h")

    recorder.uplink._obey = obey
    recorder.hear(1)
    recorder.capture.start("h")
    recorder.hear(10)
    hall.ingest.given_up("h")
    hall.open()
    until(lambda: recorder.shelf.holding() == [])
    assert recorder.capture.hearing_id is None
    assert [path.name for path in (hall.recordings / "h").iterdir()] == ["given_up"]
    recorder.capture.start("h2")
    recorder.hear(10)
    until(lambda: ("started", "h2") in {one[:2] for one in hall.clerk.told})


def test_check_and_release(hall: Hall, recorder: Recorder) -> None:
    hall.open()
    until(hall.ingest.recorders)
    recorder.hear(1)
    recorder.capture.start("h")
    recorder.hear(5)
    recorder.capture.close("h")
    until(lambda: "ended" in hall.clerk.kinds())
    hall.ingest.check("h")
    until(lambda: "checked" in hall.clerk.kinds())
    assert ("checked", "h", check(hall.recordings / "h")) in hall.clerk.told
    hall.ingest.release("h")
    until(lambda: recorder.shelf.holding() == [])
    assert check(recorder.journal / "h").broken == ()


def test_damage_on_the_servers_disk_is_repaired_from_the_journal(hall: Hall, recorder: Recorder) -> None:
    hall.open()
    until(hall.ingest.recorders)
    recorder.hear(1)
    recorder.capture.start("h")
    recorder.hear(20)
    recorder.capture.close("h")
    until(lambda: "ended" in hall.clerk.kinds())
    sound = hall.recordings / "h" / "0000000001.wav"
    data = bytearray(sound.read_bytes())
    data[44 + 3200 * 7 + 5] ^= 4
    sound.write_bytes(data)
    hall.ingest.repair("h", check(hall.recordings / "h").broken)
    until(lambda: hall.ingest.repaired("h"))
    assert hall.ingest.repaired("h") == (9,)
    assert check(hall.recordings / "h") == check(recorder.journal / "h")


def test_a_network_that_is_cut_is_noticed_and_nothing_is_lost(
    tmp_path: Path, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_uplink, "PING_S", 0.2)
    monkeypatch.setattr(recorder_uplink, "PONG_S", 0.3)
    hall.open()
    cable = Cable(hall.port)
    recorder = Recorder(tmp_path, f"ws://127.0.0.1:{cable.port}/ws/recorder")
    until(hall.ingest.recorders)
    recorder.hear(1)
    recorder.capture.start("h")
    recorder.hear(10)
    cable.cut()
    recorder.hear(30)
    until(lambda: not recorder.uplink.connected)
    cable.mend()
    recorder.hear(10)
    recorder.capture.close("h")
    until(lambda: "ended" in hall.clerk.kinds())
    assert check(hall.recordings / "h") == check(recorder.journal / "h")
    assert np.array_equal(heard(hall.recordings / "h"), whole_sound(51))
    recorder.stop()
    cable.close()


def test_what_is_asked_before_the_welcome_is_answered(
    hall: Hall, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_once(_: Ingest, station: Station) -> None:
        station.send({"type": "start", "hearing_id": "h"})

    monkeypatch.setattr(Ingest, "_introduced", at_once)
    hall.open()
    until(lambda: ("refused", "h", "no_device") in hall.clerk.told, within_s=5)


def test_a_refused_command_is_told(hall: Hall, recorder: Recorder) -> None:
    hall.open()
    until(hall.ingest.recorders)
    hall.ingest.start("h")
    until(lambda: hall.clerk.told)
    assert hall.clerk.told == [("refused", "h", "no_device")]
    assert (recorder.obeyed[0]["type"], recorder.obeyed[0]["hearing_id"]) == ("start", "h")
    assert hall.ingest.waiting("h") == [], "it was told, and is not tried again"


class MuteServer:
    """A server by hand: it welcomes and acknowledges only what the test says."""

    def __init__(self) -> None:
        self.got: list[tuple[Entry, int]] = []
        self.sockets: list[ServerConnection] = []
        self._server: Server = serve(self._serve, "127.0.0.1", 0)
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/ws/recorder"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def _serve(self, socket: ServerConnection) -> None:
        socket.recv()
        socket.send(json.dumps({"type": "welcome", "have": {}}))
        self.sockets.append(socket)
        try:
            for message in socket:
                if isinstance(message, bytes):
                    self.got.append((from_line(message.partition(b"\n")[0]), len(message)))
        except ConnectionClosed:
            return

    def say(self, message: dict[str, object]) -> None:
        self.sockets[-1].send(json.dumps(message))

    def facts(self) -> list[Fact]:
        return [entry.fact for entry, _ in list(self.got)]

    def close(self) -> None:
        for socket in self.sockets:
            socket.close()
        self._server.shutdown()
        self._thread.join(10)


@pytest.fixture
def mute() -> Iterator[MuteServer]:
    server = MuteServer()
    yield server
    server.close()


def test_live_sound_does_not_wait_behind_the_backlog(tmp_path: Path, mute: MuteServer) -> None:
    recorder = Recorder(tmp_path, "ws://127.0.0.1:9/ws/recorder")
    recorder.hear(1, WIDE)
    recorder.capture.start("h")
    recorder.hear(100, WIDE)
    recorder.stop()
    again = Recorder(tmp_path, mute.url)
    again._next = 101
    until(lambda: len(mute.got) > 10)
    again.capture.take_up("h")
    again.hear(5, WIDE)
    until(lambda: any(entry.n > 106 for entry, _ in list(mute.got)))
    backlog = sum(size for entry, size in list(mute.got) if entry.n <= 102)
    assert BACKLOG_BYTES <= backlog < BACKLOG_BYTES + 100_000
    until(lambda: sum(entry.n > 102 for entry, _ in list(mute.got)) == 6)
    first = next(entry for entry, _ in mute.got if entry.n > 102)
    assert first.n == 103, "the start of the format goes before its blocks"
    mute.say({"type": "ack", "hearing_id": "h", "have": [[1, 20], [103, 108]]})
    until(lambda: any(20 <= entry.n - 14 <= 102 for entry, _ in list(mute.got) if entry.n <= 102))
    again.stop()


def test_a_resend_is_answered_from_the_disk(tmp_path: Path, mute: MuteServer) -> None:
    recorder = Recorder(tmp_path, mute.url)
    recorder.hear(1)
    recorder.capture.start("h")
    recorder.hear(5)
    until(lambda: len(mute.got) == 7)
    mute.say({"type": "resend", "hearing_id": "h", "n": 4})
    until(lambda: len(mute.got) == 8)
    assert mute.got[-1][0].n == 4
    assert mute.got[-1] in mute.got[:-1]
    recorder.stop()


def test_a_second_welcome_makes_everything_come_again(tmp_path: Path, mute: MuteServer) -> None:
    recorder = Recorder(tmp_path, mute.url)
    recorder.hear(1)
    recorder.capture.start("h")
    recorder.hear(5)
    until(lambda: len(mute.got) == 7)
    mute.say({"type": "welcome", "have": {"h": [[1, 3]]}})
    until(lambda: len(mute.got) == 11)
    assert sorted(entry.n for entry, _ in mute.got[:7]) == [1, 2, 3, 4, 5, 6, 7]
    assert sorted(entry.n for entry, _ in mute.got[7:]) == [4, 5, 6, 7]
    recorder.stop()


def test_nonsense_from_the_server_does_not_stop_the_recorder(tmp_path: Path, mute: MuteServer) -> None:
    recorder = Recorder(tmp_path, mute.url)
    until(lambda: mute.sockets)
    mute.sockets[0].send("{")
    until(lambda: len(mute.sockets) == 2)
    mute.say({"type": "ack", "hearing_id": "h"})
    until(lambda: len(mute.sockets) == 3)
    recorder.hear(1)
    recorder.capture.start("h")
    until(lambda: len(mute.got) == 2)
    recorder.stop()
