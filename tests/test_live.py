"""The live view over a real server: none missing, none double, in order; who is sent away."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.courthouse import BY_KEY, Courthouse, Server, events_of, served

WAIT = 10


@pytest.fixture
def server(court: Courthouse) -> Iterator[Server]:
    with served(court.app) as running:
        yield running


def view(server: Server, path: str, **options: object) -> ClientConnection:
    return connect(f"ws://127.0.0.1:{server.port}{path}", additional_headers=BY_KEY, **options)  # type: ignore[arg-type]


def until(websocket: ClientConnection, seq: int) -> list[str]:
    """Messages up to the one that holds the event with this number; a batch of the past may reach further."""
    heard: list[str] = []
    while max(events_of(heard), default=0) < seq:
        heard.append(str(websocket.recv(WAIT)))
    return heard


def caught_up(websocket: ClientConnection) -> list[str]:
    heard: list[str] = []
    while not heard or json.loads(heard[-1])["type"] != "caught_up":
        heard.append(str(websocket.recv(WAIT)))
    return heard


def test_status_then_the_past_then_the_present(court: Courthouse, server: Server) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "现在开庭。", 0)
    with view(server, f"/ws/hearings/{hearing_id}") as websocket:
        heard = caught_up(websocket)
        assert json.loads(heard[0])["type"] == "status"
        assert events_of(heard) == [1, 2, 3]
        assert json.loads(heard[-1]) == {"type": "caught_up", "seq": 3}
        court.say(hearing_id, "请坐下。", 2000)
        message = json.loads(until(websocket, 4)[-1])
        assert message["event"]["type"] == "TurnAdded"
        assert message["event"]["turn"]["words"][0] == {
            "text": "请",
            "start_ms": 2000,
            "end_ms": 2200,
            "confidence": 0.9,
        }


def test_tentative_words_are_told_and_not_kept(court: Courthouse, server: Server) -> None:
    hearing_id = court.hearing()
    with view(server, f"/ws/hearings/{hearing_id}") as websocket:
        caught_up(websocket)
        court.tentative(hearing_id, "对真实性", 1000)
        message = json.loads(websocket.recv(WAIT))
        assert (message["type"], message["text"]) == ("tentative", "对真实性")
    assert court.feed.record(hearing_id).seq == 2


def test_a_reload_in_the_middle_misses_and_doubles_nothing(court: Courthouse, server: Server) -> None:
    hearing_id = court.hearing()
    last = 302

    def talk() -> None:
        for number in range(300):
            court.say(hearing_id, f"第{number}句。", 1000 * number)

    talking = threading.Thread(target=talk)
    talking.start()
    seen: list[int] = []
    while not seen or seen[-1] < last:
        path = f"/ws/hearings/{hearing_id}?after={seen[-1] if seen else 0}"
        with view(server, path) as websocket:
            seen += events_of(until(websocket, min(last, (seen[-1] if seen else 0) + 40)))
    talking.join(WAIT)
    assert seen == list(range(1, last + 1))


def test_two_viewers_see_the_same(court: Courthouse, server: Server) -> None:
    hearing_id = court.hearing()
    path = f"/ws/hearings/{hearing_id}"
    with view(server, path) as one, view(server, path) as other:
        for websocket in (one, other):
            caught_up(websocket)
        court.say(hearing_id, "请坐下。", 2000)
        assert until(one, 3)[-1] == until(other, 3)[-1]


def test_no_such_hearing_is_4004(server: Server) -> None:
    with view(server, "/ws/hearings/nowhere") as websocket, pytest.raises(ConnectionClosed) as closed:
        websocket.recv(WAIT)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4004


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
@pytest.mark.parametrize("path", ["/ws/hearings/h1", "/ws/room", "/ws/recorder"])
def test_another_origin_may_not_watch(server: Server, origin: str, path: str) -> None:
    with pytest.raises(InvalidStatus) as refused, view(server, path, origin=origin):
        pass
    assert refused.value.response.status_code == 403


def test_the_own_origin_may_watch(court: Courthouse, server: Server) -> None:
    with view(server, f"/ws/hearings/{court.hearing()}", origin=server.url) as websocket:
        assert events_of(caught_up(websocket)) == [1, 2]


def test_the_room_hears_every_recorder(court: Courthouse, server: Server) -> None:
    with view(server, "/ws/room") as websocket:
        while court.feed.viewers == 0:
            threading.Event().wait(0.01)
        court.health(None, [])
        assert json.loads(websocket.recv(WAIT))["type"] == "health"


def test_the_recorders_door_is_open(server: Server) -> None:
    with view(server, "/ws/recorder") as websocket:
        assert json.loads(websocket.recv(WAIT))["type"] == "welcome"


def test_a_viewer_that_left_is_forgotten(court: Courthouse, server: Server) -> None:
    hearing_id = court.hearing()
    for _ in range(3):
        with view(server, f"/ws/hearings/{hearing_id}") as websocket:
            caught_up(websocket)
    deadline = threading.Event()
    for _ in range(500):
        if court.feed.viewers == 0:
            break
        deadline.wait(0.01)
    assert court.feed.viewers == 0


def test_what_a_viewer_says_is_ignored(court: Courthouse, server: Server) -> None:
    hearing_id = court.hearing()
    with view(server, f"/ws/hearings/{hearing_id}") as websocket:
        caught_up(websocket)
        websocket.send("{")
        websocket.send(b"\x00" * 1000)
        court.say(hearing_id, "请坐下。", 2000)
        assert events_of(until(websocket, 3)) == [3]


def test_a_server_that_stops_lets_its_viewers_go(court: Courthouse) -> None:
    hearing_id = court.hearing()
    server = Server(court.app)
    server.start()
    with view(server, f"/ws/hearings/{hearing_id}") as websocket:
        caught_up(websocket)
        server.stop()
        with contextlib.suppress(TimeoutError), pytest.raises(ConnectionClosed):
            while True:
                websocket.recv(WAIT)
