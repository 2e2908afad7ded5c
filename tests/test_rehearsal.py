"""A hearing that runs by itself, against a hand-written server that forgets nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from threading import Thread
from typing import Any

import pytest

from casefile.errors import ModelMissing, NoRecorder, WrongState
from casefile.model import Hearing, HearingKind, Seat
from tingji.api import Api, Refused, Unreachable
from tingji.rehearsal import Rehearsal

HEARING = Hearing(
    "", HearingKind.TRIAL, "（2024）京0105民初12345号", "三", seats=(Seat("s1", "审判长", "审", "", (0,)),)
)


LOOKS = 6


class Court:
    """The server's state and the calls it got. Closing takes `LOOKS` looks at the list."""

    def __init__(self) -> None:
        self.hearings: dict[str, dict[str, Any]] = {}
        self.recorders: list[dict[str, Any]] = [
            {"name": "courtroom", "state": "idle", "hearing": None, "source_ended": False}
        ]
        self.calls: list[str] = []
        self.refusals: dict[str, list[tuple[int, dict[str, str]]]] = {}
        self.problems: list[dict[str, str] | None] = []

    def get(self, path: str) -> Any:
        if path == "/api/hearings":
            self._look()
            rows = [{"id": key, "state": each["state"]} for key, each in self.hearings.items()]
            return list(reversed(rows))
        if path == "/api/recorders":
            return self.recorders
        if path.endswith("/speakers"):
            return {"offers": [], "proposals": self.hearings[path.split("/")[3]].get("proposals", [])}
        if path.endswith("/status"):
            return {"type": "status", "problem": self.problems.pop(0) if self.problems else None}
        return {"hearing": {**self.hearings[path.rpartition("/")[2]]["hearing"]}}

    def _look(self) -> None:
        for each in self.hearings.values():
            if each["state"] == "closing" and not each.get("proposals"):
                each["looks"] = each.get("looks", 0) + 1
                each["state"] = "sealed" if each["looks"] == LOOKS else "closing"

    def post(self, path: str, body: Any) -> Any:
        self.calls.append(path.rpartition("/")[2])
        if path == "/api/hearings":
            key = f"h{len(self.hearings) + 1}"
            self.hearings[key] = {"hearing": {**body, "id": key}, "state": "draft"}
            return {"id": key}
        _, _, _, key, command = path.split("/")
        self.hearings[key]["state"] = {"start": "recording", "close": "closing"}[command]
        return None


def handler_of(court: Court) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self, status: int, body: Any) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            refusals = court.refusals.get(self.path.rpartition("/")[2])
            if refusals:
                self.answer(*refusals.pop(0))
            else:
                self.answer(200, court.get(self.path))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or "null")
            refusals = court.refusals.get(self.path.rpartition("/")[2])
            if refusals:
                self.answer(*refusals.pop(0))
            else:
                self.answer(202, court.post(self.path, body))

        def log_message(self, *_: object) -> None:
            """Silent."""

    return Handler


@pytest.fixture
def court() -> Court:
    return Court()


@pytest.fixture
def api(court: Court) -> Iterator[Api]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler_of(court)) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield Api(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        thread.join()


def rehearse(api: Api, recorder: str | None = "courtroom", close: bool = True) -> Rehearsal:
    return Rehearsal(api, HEARING, recorder, close)


def states(rehearsal: Rehearsal, count: int) -> list[str]:
    return [step.state for step in islice(rehearsal.steps(), count)]


def until_sealed(rehearsal: Rehearsal) -> list[str]:
    return [step.state for step in islice(rehearsal.steps(), 50)]


def end_of_sound(court: Court) -> None:
    court.recorders[0]["source_ended"] = True


def test_from_nothing_to_sealed(court: Court, api: Api) -> None:
    steps = rehearse(api).steps()
    assert [next(steps).state for _ in range(3)] == ["draft", "recording", "recording"]
    end_of_sound(court)
    rest = [step.state for step in islice(steps, 50)]
    assert list(dict.fromkeys(rest)) == ["recording", "closing", "sealed"]
    assert rest.count("sealed") == 1
    assert court.calls == ["hearings", "start", "close"]
    assert court.hearings["h1"]["hearing"]["seats"][0]["role"] == "审判长"


@pytest.mark.parametrize("looks", range(1, 5))
def test_killed_at_any_look_it_goes_on_with_the_same_hearing(court: Court, api: Api, looks: int) -> None:
    end_of_sound(court)
    states(rehearse(api), looks)
    assert until_sealed(rehearse(api))[-1] == "sealed"
    assert court.calls == ["hearings", "start", "close"]


def test_after_a_sealed_hearing_the_next_run_is_a_new_one(court: Court, api: Api) -> None:
    end_of_sound(court)
    until_sealed(rehearse(api))
    until_sealed(rehearse(api))
    assert list(court.hearings) == ["h1", "h2"]


def test_another_ones_draft_is_left_alone(court: Court, api: Api) -> None:
    other = replace(HEARING, courtroom="四")
    Rehearsal(api, other, None, False)._created()
    states(rehearse(api), 3)
    assert court.hearings["h1"]["state"] == "draft"
    assert court.hearings["h2"]["state"] == "recording"


def test_with_a_microphone_the_clerk_starts(court: Court, api: Api) -> None:
    assert states(rehearse(api, recorder=None, close=False), 3) == ["draft"] * 3
    assert court.calls == ["hearings"]


def test_without_exit_the_clerk_closes(court: Court, api: Api) -> None:
    end_of_sound(court)
    assert states(rehearse(api, close=False), 4)[-1] == "recording"
    assert "close" not in court.calls


def test_what_keeps_it_from_closing_is_told(court: Court, api: Api) -> None:
    away, off = NoRecorder().as_json(), ModelMissing(name="x").as_json()
    court.problems = [None, away, away, off]
    end_of_sound(court)
    steps = [step for step in islice(rehearse(api).steps(), 50) if step.state == "closing"]
    assert [step.trouble and step.trouble.code for step in steps[:5]] == [
        *(None, "no_recorder", "no_recorder"),
        *(None, None),
    ]
    assert steps[1].trouble and steps[1].trouble.zh == away["zh"]


def test_what_the_clerk_is_to_decide_ends_it_without_the_seal(court: Court, api: Api) -> None:
    end_of_sound(court)
    steps = rehearse(api).steps()
    assert next(steps).hearing_id == "h1"
    court.hearings["h1"]["proposals"] = [{"turn_id": "t1"}, {"turn_id": "t2"}]
    *_, last = islice(steps, 50)
    assert (last.state, last.undecided) == ("closing", 2)
    assert next(steps, None) is None


def test_what_waits_for_the_clerk_keeps_nobody_from_the_next(court: Court, api: Api) -> None:
    rehearse(api)._created()
    court.hearings["h1"] |= {"state": "closing", "proposals": [{"turn_id": "t1"}]}
    states(rehearse(api), 2)
    assert list(court.hearings) == ["h1", "h2"]


def test_a_status_that_is_refused_is_no_reason_to_stop(court: Court, api: Api) -> None:
    court.refusals["status"] = [(500, {"code": "unexpected", "zh": "出错", "en": "fault"})]
    end_of_sound(court)
    steps = list(islice(rehearse(api).steps(), 50))
    assert steps[-1].state == "sealed"
    assert [step.trouble.code for step in steps if step.trouble] == ["unexpected"]


@pytest.mark.parametrize("state", ["recording", "paused", "closing"])
def test_a_file_leaves_a_real_hearing_alone(court: Court, api: Api, state: str) -> None:
    rehearse(api)._created()
    court.hearings["h1"]["state"] = state
    states(Rehearsal(api, HEARING, "courtroom", False, frozenset({"h1"})), 3)
    assert court.calls == ["hearings", "hearings", "start"]


def test_a_hearing_that_is_closing_keeps_nobody_from_the_next(court: Court, api: Api) -> None:
    rehearse(api)._created()
    court.hearings["h1"]["state"] = "closing"
    assert states(rehearse(api, recorder=None, close=False), 2) == ["draft", "draft"]
    assert list(court.hearings) == ["h1", "h2"]


def test_start_waits_for_the_recorder(court: Court, api: Api) -> None:
    court.refusals["start"] = [
        (503, NoRecorder().as_json()),
        (409, WrongState(state="draft", action="start").as_json()),
    ]
    assert states(rehearse(api), 4) == ["draft", "draft", "draft", "recording"]


def test_a_refused_set_up_is_said_in_the_servers_words(court: Court, api: Api) -> None:
    court.refusals["hearings"] = [(400, {"code": "bad_request", "zh": "角色不能为空", "en": "role is empty"})]
    with pytest.raises(Refused) as caught:
        states(rehearse(api), 1)
    assert (caught.value.zh, caught.value.en, caught.value.code) == (
        "角色不能为空",
        "role is empty",
        "bad_request",
    )


def test_a_server_that_is_away_is_waited_for() -> None:
    assert states(rehearse(Api("http://127.0.0.1:9")), 2) == ["waiting", "waiting"]
    assert not Api("http://127.0.0.1:9").alive()
    with pytest.raises(Unreachable):
        Api("http://127.0.0.1:9").get("/healthz")


def test_the_hearing_is_prepared_before_it_is_started(court: Court, api: Api) -> None:
    calls: list[list[str]] = []
    rehearsal = replace(rehearse(api), prepare=lambda hearing_id: calls.append([hearing_id, *court.calls]))
    states(rehearsal, 2)
    assert calls == [["h1", "hearings"]]
    assert court.calls[:2] == ["hearings", "start"]
