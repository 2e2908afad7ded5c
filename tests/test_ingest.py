"""The server's side: kept, flushed, acknowledged, told; and what is said to recorders."""

from __future__ import annotations

import asyncio
import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from fastapi import WebSocket
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

import web.orders
import web.second_copies
from casefile.audio import Follower
from casefile.entries import Ended, PauseBegun, Piece, to_line
from casefile.errors import BadRequest, DiskFull, NoClip, NoRecorder, WrongState
from casefile.model import ClockStep, Gap, GapReason, PauseReason
from casefile.soundcheck import Checked, check
from casefile.tape import entries
from tests.fulldisk import FullDisk
from tests.hall import Clerk, Hall, until
from tests.sounds import FORMAT, Chain, hearing, sound_of, whole_sound
from web.ingest import Ingest
from web.station import Station


class Recorder:
    """A recorder by hand: one connection."""

    def __init__(self, hall: Hall, name: str = "r1", holding: tuple[str, ...] = (), **hello: object) -> None:
        self._stack = ExitStack()
        self.socket: ClientConnection = self._stack.enter_context(connect(hall.url, proxy=None))
        held = [{"hearing_id": hearing_id, "last": 99, "ended": False} for hearing_id in holding]
        said = {"type": "hello", "protocol": 1, "name": name, "device": "desk", "devices": ["desk"]}
        self.say(said | {"rate": 8000, "channels": 2, "holding": held} | hello)
        self.before_welcome: list[dict[str, Any]] = []
        self.welcome = self.hear("welcome", self.before_welcome)

    def say(self, message: dict[str, object]) -> None:
        self.socket.send(json.dumps(message))

    def close(self) -> None:
        """Leaves."""
        self._stack.close()

    def send(self, *pieces: Piece) -> None:
        for piece in pieces:
            self.socket.send(to_line(piece.entry, "h") + piece.pcm)

    def hear(self, kind: str, others: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        """The next message of this kind."""
        while True:
            message: dict[str, Any] = json.loads(self.socket.recv(timeout=15))
            if message["type"] == kind:
                return message
            if others is not None:
                others.append(message)

    def hear_ack(self, *have: tuple[int, int]) -> None:
        """Waits until exactly this is acknowledged."""
        while self.hear("ack")["have"] != [list(pair) for pair in have]:
            continue

    def silent_for(self, seconds: float) -> bool:
        try:
            self.socket.recv(timeout=seconds)
        except TimeoutError:
            return True
        return False


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path)
    hall.open()
    yield hall
    hall.close()


def test_entries_are_acknowledged_when_they_are_on_disk(hall: Hall) -> None:
    pieces, recorder = hearing(30), Recorder(hall)
    recorder.send(*pieces)
    recorder.hear_ack((1, 32))
    assert check(hall.recordings / "h") == Checked(32, pieces[-1].entry.sha256, (), 3000)
    until(lambda: "ended" in hall.clerk.kinds())
    assert hall.clerk.told == [("started", "h", FORMAT, "desk", 0), ("ended", "h", 3000)]
    recorder.close()


def test_live_before_backlog_is_told_in_order(hall: Hall) -> None:
    pieces, recorder = hearing(30), Recorder(hall)
    recorder.send(pieces[0], *pieces[20:])
    recorder.hear_ack((1, 1), (21, 32))
    assert "ended" not in hall.clerk.kinds()
    recorder.send(*pieces[1:20])
    recorder.hear_ack((1, 32))
    until(lambda: "ended" in hall.clerk.kinds())
    assert check(hall.recordings / "h").broken == ()
    recorder.close()


def test_all_that_happens_is_told(hall: Hall) -> None:
    chain, recorder = Chain(), Recorder(hall)
    lost = Gap(0, 70, GapReason.UNPLUGGED)
    chain.add(hearing(0)[0].entry.fact)
    chain.add(lost)
    chain.add(PauseBegun(70, PauseReason.MEDIATION))
    chain.add(Gap(70, 90, GapReason.PAUSE))
    chain.add(ClockStep(90, -3_600_000))
    chain.add(Ended(90))
    recorder.send(*chain.pieces)
    recorder.hear_ack((1, 6))
    until(lambda: "ended" in hall.clerk.kinds())
    assert hall.clerk.told[1:] == [
        ("gap", "h", lost),
        ("paused", "h", 70, PauseReason.MEDIATION),
        ("resumed", "h", 90),
        ("clock", "h", ClockStep(90, -3_600_000)),
        ("ended", "h", 90),
    ]
    figures = {figure.name: figure.value for figure in hall.ingest.figures()}
    assert figures["tingji_lost_samples_total"] == 560
    recorder.close()


def test_figures_count_what_was_written(hall: Hall) -> None:
    recorder = Recorder(hall)
    recorder.send(*hearing(30))
    recorder.hear_ack((1, 32))
    figures = {figure.name: figure.value for figure in hall.ingest.figures()}
    assert figures["tingji_audio_written_bytes_total"] == 96_000
    assert figures["tingji_audio_written_seconds_total"] == pytest.approx(3.0)
    recorder.close()


def test_a_block_damaged_on_the_wire_is_asked_for_again(hall: Hall) -> None:
    pieces, recorder = hearing(5), Recorder(hall)
    bad = Piece(pieces[3].entry, b"\x55" + pieces[3].pcm[1:])
    recorder.send(*pieces[:3], bad, *pieces[4:])
    assert recorder.hear("resend") == {"type": "resend", "hearing_id": "h", "n": 4}
    recorder.send(pieces[3])
    recorder.hear_ack((1, 7))
    assert check(hall.recordings / "h").broken == ()
    recorder.close()


def test_a_block_damaged_in_both_places_is_a_gap_on_the_record(hall: Hall) -> None:
    pieces, recorder = hearing(5), Recorder(hall)
    declared = Piece(replace(pieces[3].entry, damaged=True), b"\0" * len(pieces[3].pcm))
    recorder.send(*pieces[:3], declared, *pieces[4:])
    recorder.hear_ack((1, 7))
    until(lambda: "ended" in hall.clerk.kinds())
    assert ("gap", "h", Gap(200, 300, GapReason.DAMAGED)) in hall.clerk.told
    assert check(hall.recordings / "h").broken == (4,)
    recorder.close()


def test_a_message_that_cannot_be_read_makes_the_recorder_send_again(hall: Hall) -> None:
    pieces, recorder = hearing(5), Recorder(hall)
    recorder.send(*pieces[:3])
    recorder.hear_ack((1, 3))
    recorder.socket.send(b"\xff\xfe" + to_line(pieces[3].entry, "h") + pieces[3].pcm)
    assert recorder.hear("welcome")["have"] == {"h": [[1, 3]]}
    recorder.send(*pieces[3:])
    recorder.hear_ack((1, 7))
    recorder.close()


def test_nothing_is_written_outside_the_recordings(hall: Hall) -> None:
    recorder = Recorder(hall)
    for name in ("../evil", "a/b", "", "."):
        recorder.socket.send(to_line(hearing(1)[0].entry, name))
    recorder.send(*hearing(1))
    recorder.hear_ack((1, 3))
    assert sorted(path.name for path in hall.recordings.parent.rglob("*") if path.is_dir()) == [
        "h", "recordings"
    ]  # fmt: skip
    recorder.close()


def test_after_a_restart_of_the_server_nothing_acknowledged_is_asked_for(hall: Hall) -> None:
    pieces, recorder = hearing(30), Recorder(hall)
    recorder.send(*pieces[:11], *pieces[20:])
    recorder.hear_ack((1, 11), (21, 32))
    hall.close()
    recorder.close()
    hall.open()
    again = Recorder(hall, holding=("h",))
    assert again.welcome["have"] == {"h": [[1, 11], [21, 32]]}
    again.send(*pieces[11:20])
    again.hear_ack((1, 32))
    until(lambda: "ended" in hall.clerk.kinds())
    assert hall.clerk.kinds() == ["started", "ended"]
    assert check(hall.recordings / "h").broken == ()
    again.close()


def test_a_full_disk_stops_acknowledging_and_nothing_is_lost(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, pieces, recorder = FullDisk(), hearing(30), Recorder(hall)
    disk.install(monkeypatch)
    recorder.send(*pieces[:10])
    recorder.hear_ack((1, 10))
    disk.full = True
    recorder.send(*pieces[10:20])
    until(lambda: ("problem", "h", "disk_full") in hall.clerk.told)
    assert recorder.silent_for(0.5)
    disk.full = False
    have = recorder.hear("welcome")["have"]["h"]
    assert have[0][0] == 1
    recorder.send(*pieces[have[0][1] :])
    recorder.hear_ack((1, 32))
    assert ("problem", "h", None) in hall.clerk.told
    assert check(hall.recordings / "h").broken == ()
    recorder.close()


def test_commands_go_to_the_recorder(hall: Hall) -> None:
    recorder = Recorder(hall)
    hall.ingest.start("h")
    start = recorder.hear("start")
    assert start == {"type": "start", "id": start["id"], "hearing_id": "h"}
    hall.ingest.pause("h", PauseReason.RECESS)
    pause = recorder.hear("pause")
    assert pause == {"type": "pause", "id": pause["id"], "hearing_id": "h", "reason": "休庭"}
    assert pause["id"] != start["id"]
    for command, message in [
        (hall.ingest.resume, "resume"), (hall.ingest.close, "close"), (hall.ingest.check, "check")
    ]:  # fmt: skip
        command("h")
        assert recorder.hear(message)["hearing_id"] == "h"
    hall.ingest.choose_device("r1", "other")
    assert recorder.hear("device")["device"] == "other"
    recorder.close()


def obeying(*messages: dict[str, Any]) -> dict[str, Any]:
    """What a hello says of the orders that were carried out."""
    return {"obeyed": [message["id"] for message in messages]}


def test_a2_a_pause_on_its_way_to_a_recorder_that_dies_is_given_again_when_it_is_back(hall: Hall) -> None:
    recorder = Recorder(hall, holding=("h",))
    hall.ingest.pause("h", PauseReason.RECESS)
    pause = recorder.hear("pause")
    recorder.close()
    until(lambda: hall.ingest.recorders() == [])
    again = Recorder(hall, holding=("h",))
    assert again.before_welcome == [pause]
    assert hall.ingest.waiting("h") == ["pause"]
    again.say({"type": "hello", "protocol": 1, "name": "r1", "holding": [], **obeying(pause)})
    until(lambda: hall.ingest.waiting("h") == [])
    again.close()
    third = Recorder(hall, holding=("h",))
    assert third.before_welcome == []
    third.close()


def test_a_server_that_is_killed_still_owes_what_it_accepted(hall: Hall) -> None:
    recorder = Recorder(hall, holding=("h",))
    hall.ingest.pause("h", PauseReason.MEDIATION)
    hall.ingest.close("h")
    orders = [recorder.hear("pause"), recorder.hear("close")]
    recorder.close()
    hall.close()
    hall.open()
    again = Recorder(hall, "r2", holding=("other",))
    assert again.before_welcome == []
    again.close()
    mine = Recorder(hall, holding=("h",))
    assert mine.before_welcome == orders
    mine.close()


def test_an_order_that_its_recorder_has_carried_out_is_not_given_again(hall: Hall) -> None:
    recorder = Recorder(hall, holding=("h",))
    hall.ingest.pause("h", PauseReason.RECESS)
    hall.ingest.resume("h")
    orders = [recorder.hear("pause"), recorder.hear("resume")]
    recorder.close()
    again = Recorder(hall, holding=("h",), **obeying(*orders))
    assert again.before_welcome == []
    assert hall.ingest.waiting("h") == []
    again.close()


def test_an_order_too_old_is_told_and_not_given_but_a_close_stays_wanted(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder(hall, holding=("h",))
    hall.ingest.resume("h")
    hall.ingest.close("h")
    close = [recorder.hear("resume"), recorder.hear("close")][1]
    recorder.close()
    monkeypatch.setattr(web.orders, "LAPSE_S", -1)
    again = Recorder(hall, holding=("h",))
    assert again.before_welcome == [close]
    assert ("refused", "h", "order_lapsed") in hall.clerk.told
    assert hall.ingest.waiting("h") == ["close"]
    again.close()


def test_an_order_refused_is_not_given_again(hall: Hall) -> None:
    recorder = Recorder(hall)
    hall.ingest.start("h")
    order = recorder.hear("start")
    recorder.say(
        {
            "type": "refused",
            "command": "start",
            "hearing_id": "h",
            "id": order["id"],
            "error": {"code": "no_device"},
        }
    )
    until(lambda: ("refused", "h", "no_device") in hall.clerk.told)
    assert hall.ingest.waiting("h") == []
    recorder.close()


def test_without_a_recorder_commands_say_so(hall: Hall) -> None:
    for command in (hall.ingest.start, hall.ingest.resume, hall.ingest.close, hall.ingest.check):
        with pytest.raises(NoRecorder):
            command("h")
    with pytest.raises(NoRecorder):
        hall.ingest.start("h", "r1")


def test_of_two_idle_recorders_one_is_chosen_by_name(hall: Hall) -> None:
    first, second = Recorder(hall, "r1"), Recorder(hall, "r2")
    until(lambda: len(hall.ingest.recorders()) == 2)
    with pytest.raises(BadRequest):
        hall.ingest.start("h")
    hall.ingest.start("h", "r2")
    assert second.hear("start")["hearing_id"] == "h"
    first.close()
    second.close()


def test_a_busy_recorder_does_not_start_another_hearing(hall: Hall) -> None:
    recorder = Recorder(hall, hearing="other", state="recording")
    with pytest.raises(WrongState):
        hall.ingest.start("h", "r1")
    with pytest.raises(WrongState):
        hall.ingest.start("h")
    with pytest.raises(WrongState):
        hall.ingest.choose_device("r1", "desk")
    recorder.close()


def test_recorders_are_shown_as_they_say(hall: Hall) -> None:
    recorder = Recorder(hall)
    recorder.say({"type": "health", "hearing": "h", "state": "paused", "disk_free_bytes": 7, "channels": []})
    recorder.say({"type": "source_ended"})
    until(lambda: ("source_ended", "r1") in hall.clerk.told)
    (state,) = hall.ingest.recorders()
    assert (state.hearing, state.state, state.disk_free_bytes, state.channels) == ("h", "paused", 7, 2)
    assert state.source_ended
    assert hall.clerk.healths[0]["recorder"] == "r1"
    recorder.close()
    until(lambda: hall.ingest.recorders() == [])


def test_what_the_recorder_answers_is_told(hall: Hall) -> None:
    recorder = Recorder(hall)
    digest = "ab" * 32
    recorder.say(
        {"type": "checked", "hearing_id": "h", "blocks": 3, "digest": digest, "broken": [2], "length_ms": 9}
    )
    recorder.say({"type": "refused", "command": "start", "hearing_id": "h", "error": {"code": "no_device"}})
    until(lambda: len(hall.clerk.told) == 2)
    assert hall.clerk.told == [("checked", "h", Checked(3, digest, (2,), 9)), ("refused", "h", "no_device")]
    recorder.close()


def test_a_release_reaches_a_recorder_that_comes_later(hall: Hall) -> None:
    recorder = Recorder(hall)
    recorder.send(*hearing(1))
    recorder.hear_ack((1, 3))
    recorder.close()
    until(lambda: hall.ingest.recorders() == [])
    hall.ingest.release("h")
    hall.close()
    hall.open()
    again = Recorder(hall, holding=("h",))
    assert [message["type"] for message in again.before_welcome] == ["close", "release"]
    assert again.welcome["have"] == {"h": [[1, 3]]}
    again.close()


def test_of_a_hearing_given_up_nothing_more_is_written_and_nothing_is_lost(hall: Hall) -> None:
    pieces, recorder = hearing(30), Recorder(hall)
    lost = Gap(1900, 1950, GapReason.UNPLUGGED)
    pieces[20] = Chain(pieces[:20]).add(lost)
    recorder.send(*pieces[:11], *pieces[15:21])
    recorder.hear_ack((1, 11), (16, 21))
    assert "gap" not in hall.clerk.kinds()
    hall.ingest.given_up("h")
    assert recorder.hear("close")["hearing_id"] == "h"
    assert ("gap", "h", lost) in hall.clerk.told, "behind a hole, but nothing will fill it"
    before = {path.name: path.read_bytes() for path in (hall.recordings / "h").iterdir()}
    recorder.send(*pieces[11:15], pieces[-1])
    recorder.hear_ack((1, 21), (32, 32))
    assert recorder.silent_for(0.3), "it still has something: not let go"
    recorder.send(*pieces[21:31])
    assert recorder.hear("release")["hearing_id"] == "h"
    recorder.close()
    assert {path.name: path.read_bytes() for path in (hall.recordings / "h").iterdir()} == before
    assert [entry.n for entry in entries(hall.recordings / "h.late")] == [1, *range(12, 16), *range(22, 33)]
    assert "ended" not in hall.clerk.kinds()


def test_a_recorder_that_comes_back_still_recording_a_hearing_given_up_is_stopped(hall: Hall) -> None:
    pieces, recorder = hearing(30), Recorder(hall)
    recorder.send(*pieces[:10])
    recorder.hear_ack((1, 10))
    recorder.close()
    until(lambda: hall.ingest.recorders() == [])
    hall.ingest.given_up("h")
    hall.close()
    hall.open()
    hall.ingest.open("h")
    assert hall.clerk.kinds() == ["started"]
    again = Recorder(hall, holding=("h",), hearing="h", state="recording")
    assert [message["type"] for message in again.before_welcome] == ["close"]
    assert again.welcome["have"] == {"h": [[1, 10]]}
    again.send(*pieces[10:])
    assert again.hear("release")["hearing_id"] == "h"
    assert [entry.n for entry in entries(hall.recordings / "h")] == list(range(1, 11))
    assert check(hall.recordings / "h.late").broken == tuple(range(2, 11))
    assert hall.clerk.kinds() == ["started"]
    again.close()


def test_a_hearing_of_which_nothing_came_can_be_given_up(hall: Hall) -> None:
    hall.ingest.given_up("h")
    hall.ingest.open("h")
    assert hall.clerk.told == []


def test_a_sealed_recording_is_left_as_it_is(hall: Hall) -> None:
    recorder = Recorder(hall)
    recorder.send(*hearing(5))
    recorder.hear_ack((1, 7))
    recorder.close()
    hall.ingest.release("h")
    hall.close()
    index = hall.recordings / "h" / "0000000001.jsonl"
    index.write_bytes(index.read_bytes()[:-20])
    before = index.read_bytes()
    hall.open()
    hall.ingest.open("h")
    assert index.read_bytes() == before


def test_an_entry_that_is_missing_is_repaired_too(hall: Hall) -> None:
    pieces, recorder = hearing(10), Recorder(hall)
    recorder.send(*pieces[:4], *pieces[6:])
    recorder.hear_ack((1, 4), (7, 12))
    hall.ingest.repair("h", [5, 6])
    assert [recorder.hear("resend")["n"] for _ in range(2)] == [5, 6]
    recorder.send(*pieces[4:6])
    recorder.hear_ack((1, 12))
    assert hall.ingest.repaired("h") == (5, 6)
    assert check(hall.recordings / "h").broken == ()
    recorder.close()


def test_lines_are_seen_only_when_their_samples_are_safe(hall: Hall) -> None:
    pieces, intake = hearing(10), hall.ingest.intake("h")
    follower = Follower(hall.recordings / "h")
    for piece in pieces[:5]:
        intake.keep(piece)
    assert follower.read() == []
    intake.flush()
    (heard,) = follower.read()
    assert (heard.start_ms, heard.end_ms) == (0, 400)


@pytest.mark.parametrize("room", [0, 900])
def test_a_full_disk_of_the_server_does_not_stop_the_text(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    disk, pieces, intake = FullDisk(), hearing(20), hall.ingest.intake("h")
    disk.install(monkeypatch)
    follower, heard = Follower(hall.recordings / "h"), []
    for piece in pieces[:10]:
        intake.keep(piece)
    intake.flush()
    heard += follower.read()
    for piece in pieces[10:14]:
        intake.keep(piece)
    disk.room = room  # for some of the lines, that is
    with pytest.raises(DiskFull):
        intake.flush()
    disk.room = None
    heard += follower.read()
    assert intake.flush().pairs() == [(1, 10)]
    for piece in pieces[10:]:
        intake.keep(piece)
    intake.flush()
    heard += follower.read()
    assert np.array_equal(sound_of(heard), whole_sound(20))
    assert follower.ended


def test_a_hearing_that_is_being_recovered_holds_up_no_other(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, slow = threading.Event(), web.second_copies.Intake

    def intake(hearing_id: str, *values: Any, **more: Any) -> web.second_copies.Intake:
        assert hearing_id != "long" or go_on.wait(20)
        return slow(hearing_id, *values, **more)

    monkeypatch.setattr(web.second_copies, "Intake", intake)
    opening = threading.Thread(target=hall.ingest.open, args=("long",))
    opening.start()
    recorder = Recorder(hall)
    recorder.send(*hearing(3))
    recorder.hear_ack((1, 5))
    assert opening.is_alive()
    go_on.set()
    opening.join(20)
    recorder.close()


def test_the_newer_connection_of_a_name_stays(hall: Hall) -> None:
    older = Recorder(hall)
    newer = Recorder(hall)
    with pytest.raises(ConnectionClosed):
        older.hear("never")
    assert [state.name for state in hall.ingest.recorders()] == ["r1"]
    hall.ingest.start("h")
    assert newer.hear("start")["hearing_id"] == "h"
    newer.close()
    older.close()


@pytest.mark.parametrize(
    "hello", ["", "[]", '{"type":"hello"}', '{"type":"hello","protocol":2,"holding":[]}']
)
def test_who_does_not_say_hello_is_not_let_in(hall: Hall, hello: str) -> None:
    with connect(hall.url, proxy=None) as socket:
        socket.send(hello)
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=10)
    assert hall.ingest.recorders() == []


def test_a_listener_that_fails_is_told_again(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def failing(hearing_id: str, *_: object) -> None:
        calls.append(hearing_id)
        if len(calls) == 1:
            raise RuntimeError("the store is away")

    monkeypatch.setattr(hall.clerk, "started", failing)
    pieces, recorder = hearing(5), Recorder(hall)
    recorder.send(*pieces[:3])
    recorder.hear_ack((1, 3))
    recorder.send(*pieces[3:])
    recorder.hear_ack((1, 7))
    until(lambda: hall.clerk.kinds() == ["ended"])
    assert calls == ["h", "h"]
    recorder.close()


def test_what_a_listener_did_not_take_is_told_again_though_no_sound_comes(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def failing(_: str, length_ms: int) -> None:
        calls.append(length_ms)
        if len(calls) < 3:
            raise RuntimeError("the store is away")

    monkeypatch.setattr(hall.clerk, "ended", failing)
    recorder = Recorder(hall)
    recorder.send(*hearing(5))
    recorder.hear_ack((1, 7))
    for number in (2, 3):
        recorder.say({"type": "health", "hearing": "h", "state": "idle", "channels": []})
        until(lambda number=number: len(calls) >= number)  # type: ignore[misc]
    assert calls == [500, 500, 500]
    assert hall.clerk.kinds() == ["started"]
    recorder.close()


@pytest.mark.parametrize("refused", [False, True])
def test_a_piece_of_sound_is_asked_for_and_not_kept(hall: Hall, refused: bool) -> None:
    recorder = Recorder(hall)
    until(hall.ingest.recorders)
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(hall.ingest.clip, "r1", 1, 900)
        question = recorder.hear("clip")
        assert (question["channel"], question["ms"]) == (1, 900)
        if refused:
            recorder.say(
                {"type": "refused", "command": "clip", "clip": question["clip"], "error": NoClip().as_json()}
            )
            with pytest.raises(NoClip):
                asked.result(15)
        else:
            pcm = b64encode(np.array([1, -2], "<i2").tobytes()).decode()
            recorder.say({"type": "clip", "clip": question["clip"], "rate": 8000, "pcm": pcm})
            assert asked.result(15).pcm.tolist() == [[1], [-2]]
    with pytest.raises(NoRecorder):
        hall.ingest.clip("r9", 0, 900)
    assert [path.name for path in hall.recordings.iterdir() if path.is_dir()] == []
    recorder.close()


class Caller:
    """A websocket that says one hello."""

    def __init__(self, name: str) -> None:
        self.name, self.closed_with = name, 0

    async def accept(self) -> None:
        pass

    async def receive_text(self) -> str:
        return json.dumps({"type": "hello", "protocol": 1, "name": self.name, "holding": []})

    async def close(self, code: int) -> None:
        self.closed_with = code


def test_a_recorder_may_not_say_that_it_is_another(tmp_path: Path) -> None:
    ingest, caller = Ingest(tmp_path / "recordings", Clerk()), Caller("courtroom 2")
    asyncio.run(ingest.serve(cast(WebSocket, caller), only="courtroom 1"))
    assert caller.closed_with == 1008
    assert ingest.recorders() == []
    ingest.close_files()


def station(ingest: Ingest, name: str, only: str | None) -> Station:
    """One that is here."""

    async def arrive() -> Station:
        made = Station(cast(WebSocket, Caller(name)), ingest, only)
        await made.greet()
        await ingest._enter(made)
        return made

    return asyncio.run(arrive())


def test_a_recorders_key_opens_no_hearing_of_another_that_is_here(tmp_path: Path) -> None:
    ingest = Ingest(tmp_path / "recordings", Clerk())
    first = station(ingest, "courtroom 1", "courtroom 1")
    ingest.holds(first, "h1")
    other = station(ingest, "courtroom 2", "courtroom 2")
    assert ingest.may_send(first, "h1")
    assert not ingest.may_send(other, "h1")
    again = {"type": "hello", "name": "courtroom 1", "holding": [{"hearing_id": "h1"}], "hearing": "h1"}
    other._take_text(json.dumps(again))
    assert (other.name, other.hearings) == ("courtroom 2", set())
    other._take_piece(to_line(hearing(1)[0].entry, "h1"))
    assert ingest._station("h1") is first
    assert not (tmp_path / "recordings" / "h1").exists()
    ingest._leave(first)
    assert ingest.may_send(other, "h1"), "its disk may have been moved to another machine"
    ingest.close_files()
