"""kill -9 around lawful pauses and while closing: what was paused stays paused, what was closed gets closed."""

import signal
from pathlib import Path
from typing import Any

import pytest

from casefile.seal import verify
from tests.courtroom import Courtroom, courtroom, two_seats, wait_for

pytestmark = pytest.mark.slow


def restart(room: Courtroom, *names: str) -> None:
    for name in names:
        room.kill(name)
    for name in names:
        room.start(name)


def pause(room: Courtroom, hearing_id: str, reason: str) -> None:
    room.api.post(f"/api/hearings/{hearing_id}/pause", {"reason": reason})
    wait_for(lambda: room.state(hearing_id) == "paused", "not paused")


def resume(room: Courtroom, hearing_id: str) -> None:
    wait_for(lambda: room.recorder_state() == "paused", "the recorder did not come back")
    room.api.post(f"/api/hearings/{hearing_id}/resume")
    wait_for(lambda: room.state(hearing_id) == "recording", "not resumed")


@pytest.mark.parametrize("killed", [["serve"], ["record"], ["record", "serve"]], ids="+".join)
def test_a2_kill_9_in_pauses_and_while_closing(tmp_path: Path, killed: list[str]) -> None:
    two_seats(tmp_path / "hearing.wav", 120)
    arguments = ["--replay", str(tmp_path / "hearing.wav"), "--speed", "1"]
    with courtroom(tmp_path, arguments, serve_arguments=["--no-text"]) as room:
        hearing_id = room.create()
        pause(room, hearing_id, "休庭")
        restart(room, *killed)
        resume(room, hearing_id)
        pause(room, hearing_id, "不宜录制的调解")
        restart(room, *killed)
        wait_for(lambda: room.recorder_state() == "paused", "the recorder did not come back")
        first, second = room.record(hearing_id)["pauses"]
        assert room.state(hearing_id) == "paused"
        assert first["end_ms"] <= second["start_ms"], "the second order may come before the next block"
        assert second["end_ms"] is None
        resume(room, hearing_id)
        room.api.post(f"/api/hearings/{hearing_id}/close")
        wait_for(
            lambda: room.entries("journal", hearing_id)[-1]["kind"] == "end", "the close was not carried out"
        )
        restart(room, *killed)
        wait_for(lambda: room.state(hearing_id) == "sealed", "not sealed", 90)
        record = room.record(hearing_id)
    assert [pause["reason"] for pause in record["pauses"]] == ["休庭", "不宜录制的调解"]
    assert all(pause["end_ms"] >= pause["start_ms"] for pause in record["pauses"])
    assert record["digests"]["copies"]["same"] is True
    assert verify(room.data / "records" / hearing_id).ok


def order_to_the_dead(room: Courtroom, hearing_id: str, order: str, body: Any, killed: list[str]) -> None:
    """The order is accepted by the server, and the recorder is killed before it can carry it out."""
    room.processes["record"].send_signal(signal.SIGSTOP)
    room.api.post(f"/api/hearings/{hearing_id}/{order}", body)
    restart(room, *killed)


@pytest.mark.parametrize("killed", [["record"], ["record", "serve"]], ids="+".join)
def test_a2_orders_on_their_way_to_a_recorder_that_is_killed_are_carried_out_when_it_is_back(
    tmp_path: Path, killed: list[str]
) -> None:
    two_seats(tmp_path / "hearing.wav", 120)
    arguments = ["--replay", str(tmp_path / "hearing.wav"), "--speed", "1"]
    with courtroom(tmp_path, arguments, serve_arguments=["--no-text"]) as room:
        hearing_id = room.create()
        wait_for(lambda: len(room.entries("journal", hearing_id)) > 20, "no sound came")
        order_to_the_dead(room, hearing_id, "pause", {"reason": "休庭"}, killed)
        wait_for(lambda: room.state(hearing_id) == "paused", "the pause was lost")
        room.api.post(f"/api/hearings/{hearing_id}/resume")
        wait_for(lambda: room.state(hearing_id) == "recording", "not resumed")
        order_to_the_dead(room, hearing_id, "close", None, killed)
        wait_for(lambda: room.state(hearing_id) == "sealed", "the close was lost", 90)
        record, journal = room.record(hearing_id), room.entries("journal", hearing_id)
    (pause,) = record["pauses"]
    stopped = next(gap for gap in record["gaps"] if gap["reason"] == "recorder_stopped")
    assert pause["start_ms"] >= stopped["end_ms"], "it begins when the recorder is back, not before"
    kinds = [entry["kind"] for entry in journal]
    assert kinds[: kinds.index("pause")].count("block") > 15, "what was heard before is kept"
    assert record["digests"]["copies"]["same"] is True
    assert verify(room.data / "records" / hearing_id).ok


def test_a_recorder_that_never_comes_back_can_be_given_up(tmp_path: Path) -> None:
    two_seats(tmp_path / "hearing.wav", 60)
    with courtroom(tmp_path, ["--replay", str(tmp_path / "hearing.wav"), "--speed", "1"]) as room:
        hearing_id = room.create()
        wait_for(lambda: len(room.entries("recordings", hearing_id)) > 50, "no sound came")
        room.kill("record")
        wait_for(lambda: room.recorder_state() is None, "the recorder is still there")
        room.api.post(f"/api/hearings/{hearing_id}/close", {"without_recorder": True})
        wait_for(lambda: room.state(hearing_id) == "sealed", "not sealed", 90)
        record = room.record(hearing_id)
        assert record["digests"]["copies"] == record["digests"]["copies"] | {
            "same": False,
            "note": "recorder_away",
        }
        assert verify(room.data / "records" / hearing_id).ok
        room.start("record")
        wait_for(lambda: room.recorder_state() == "idle", "it goes on with a hearing that is over")
        assert room.record(hearing_id)["seq"] == record["seq"]
        assert room.create() != hearing_id


def test_what_a_recorder_brings_after_the_seal_is_kept_beside_and_told(tmp_path: Path) -> None:
    two_seats(tmp_path / "hearing.wav", 120)
    arguments = ["--replay", str(tmp_path / "hearing.wav"), "--speed", "2"]
    with courtroom(tmp_path, arguments, serve_arguments=["--no-text"]) as room:
        hearing_id = room.create()
        wait_for(lambda: len(room.entries("recordings", hearing_id)) > 20, "no sound came")
        room.kill("serve")
        alone = len(room.entries("journal", hearing_id))
        wait_for(lambda: len(room.entries("journal", hearing_id)) > alone + 50, "the recorder stopped")
        room.kill("record")
        room.start("serve")
        wait_for(lambda: room.state(hearing_id) == "recording", "the server did not go on")
        room.api.post(f"/api/hearings/{hearing_id}/close", {"without_recorder": True})
        wait_for(lambda: room.state(hearing_id) == "sealed", "not sealed", 90)
        record = room.record(hearing_id)
        room.start("record")
        wait_for((room.data / "journal" / hearing_id / "released").exists, "it is not let go")
        (row,) = room.api.get("/api/hearings")
        assert row["late_ms"] >= 4_000, "five seconds that the server had not heard of"
        known = {
            entry["n"]
            for copy in (hearing_id, f"{hearing_id}.late")
            for entry in room.entries("recordings", copy)
        }
        assert known == {entry["n"] for entry in room.entries("journal", hearing_id)}
        assert room.record(hearing_id) == record
        assert verify(room.data / "records" / hearing_id).ok
