"""Peers' messages (of our own making, in their form) and the stream to a stand-in server."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.sync.server import ServerConnection, serve

from bench.peers import PEERS, measure
from bench.streaming import BLOCK, Listener, Peer, greet, send
from bench.whisperlive import WHISPERLIVE, Segments
from bench.whisperlivekit import WHISPERLIVEKIT, State


def segment(start: float, end: float, text: str, completed: bool) -> dict[str, object]:
    return {"start": f"{start:.3f}", "end": f"{end:.3f}", "text": text, "completed": completed}


def test_whisperlivekit_lines_are_committed_and_the_buffer_is_tentative() -> None:
    message = {
        "status": "active_transcription",
        "lines": [
            {"speaker": 1, "text": "現在開庭", "start": "0:00:00.50", "end": "0:00:02.00"},
            {"speaker": -2, "text": "", "start": "0:00:02.00", "end": "0:00:08.00"},
            {"speaker": 1, "text": "原告", "start": "0:00:08.00", "end": "0:00:09.00"},
        ],
        "buffer_transcription": "張三",
    }
    assert State().take(message) == ("現在開庭原告", "張三")


def test_whisperlivekit_greeting_and_farewell_hold_no_text() -> None:
    peer = WHISPERLIVEKIT
    assert State().take({"type": "config"}) is None
    assert peer.ready({"type": "config", "useAudioWorklet": True})
    assert peer.over({"type": "ready_to_stop"})
    assert not peer.over({"status": "active_transcription", "lines": []})


def test_whisperlive_keeps_completed_segments_that_left_the_window() -> None:
    page = Segments()
    page.take({"uid": "bench", "segments": [segment(0, 2, "现在", True), segment(2, 3, "开", False)]})
    late = {"uid": "bench", "segments": [segment(2, 4, "开庭", True), segment(4, 5, "原", False)]}
    assert page.take(late) == ("现在开庭", "原")
    assert page.take(late) == ("现在开庭", "原")


def test_whisperlive_last_segment_may_be_completed() -> None:
    assert Segments().take({"uid": "bench", "segments": [segment(0, 2, "现在", True)]}) == ("现在", "")


def test_whisperlive_status_messages_hold_no_text() -> None:
    assert Segments().take({"uid": "bench", "message": "SERVER_READY"}) is None
    assert WHISPERLIVE.ready({"uid": "bench", "message": "SERVER_READY"})


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.folder)
def test_every_peer_is_pinned_and_started_on_loopback_with_our_weights(peer: Peer) -> None:
    command = peer.command(Path("/venv/bin/python"), Path("/weights"), 4321)
    assert command[0].startswith("/venv/bin/")
    assert {"/weights", "4321"} <= set(command)
    assert "127.0.0.1" in " ".join(command)
    assert all("==" in one for one in (*peer.requirements, *peer.bare))


class StandIn:
    """A server that speaks like WhisperLiveKit and counts the bytes it gets."""

    def __init__(self) -> None:
        self.heard = b""

    def __call__(self, link: ServerConnection) -> None:
        link.send(json.dumps({"type": "config"}))
        while block := link.recv():
            self.heard += block if isinstance(block, bytes) else b""
            link.send(json.dumps({"lines": [{"text": "开庭"}], "buffer_transcription": ""}))
        link.send(json.dumps({"lines": [{"text": "开庭"}], "buffer_transcription": "审"}))
        link.send(json.dumps({"type": "ready_to_stop"}))


@pytest.fixture
def stand_in() -> Iterator[tuple[StandIn, str]]:
    peer = StandIn()
    with serve(peer, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield peer, f"ws://127.0.0.1:{server.socket.getsockname()[1]}/asr"
        server.shutdown()
        thread.join()


def test_every_sample_is_sent_and_only_changes_of_the_screen_are_kept(stand_in: tuple[StandIn, str]) -> None:
    server, address = stand_in
    samples = np.arange(3 * BLOCK + 7, dtype=np.int16)
    with connect(address) as link:
        greet(WHISPERLIVEKIT, link)
        listener = Listener(WHISPERLIVEKIT, link)
        send(link, samples, began=0.0, speed=1.0)
        link.send(b"")
        assert listener.ended.wait(20)
    assert server.heard == samples.tobytes()
    assert [(shown.committed, shown.tentative) for shown in listener.series] == [("开庭", ""), ("开庭", "审")]


def test_a_peer_that_hangs_up_before_it_is_ready_has_failed() -> None:
    with serve(lambda link: link.close(), "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/"
        with connect(address) as link, pytest.raises(WebSocketException):
            greet(WHISPERLIVE, link)
        server.shutdown()
        thread.join()


def test_a_peer_that_does_not_start_gives_a_row_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "whisperlive").mkdir()
    broken = replace(WHISPERLIVE, command=lambda python, model, port: ["false"])
    row = measure(tmp_path, tmp_path, np.zeros(BLOCK, np.int16), [], 1.0, [broken])["WhisperLive 0.10.0"]
    assert row["failed"] == "PeerFailed: its server ended with 1"
    assert Path(row["log"]).is_file()


def test_a_peer_that_is_not_installed_gives_a_row_that_says_so(tmp_path: Path) -> None:
    rows = measure(tmp_path, tmp_path, np.zeros(BLOCK, np.int16), [], 1.0, [WHISPERLIVEKIT])
    assert "FileNotFoundError" in rows[WHISPERLIVEKIT.name]["failed"]
