"""The routes, the guard, every error path, the metrics: what docs/protocol.md §1 and §4 promise."""

from __future__ import annotations

import hashlib
import json
import re

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from casefile.errors import DiskFull, NoRecorder
from casefile.model import HearingState, PauseReason
from tests.courthouse import HEARING, Courthouse
from web.app import STATIC
from web.metrics import HELP, Figure

HOST = "http://127.0.0.1:8765"
SEATS = [{"role": "审判长", "short": "审", "channels": [0]}, {"role": "原告", "channels": [1, 2]}]


@pytest.fixture
def client(court: Courthouse) -> TestClient:
    return court.client()


def refused(answer: Response, status: int, code: str) -> dict[str, str]:
    """The error object, after checking status and code and that both sentences are there."""
    body = answer.json()
    assert answer.status_code == status, body
    assert set(body) == {"code", "zh", "en"}
    assert body["code"] == code
    assert body["zh"] and body["en"]
    return body


def test_a_hearing_is_set_up_and_listed(client: TestClient) -> None:
    answer = client.post("/api/hearings", json={"kind": "调解", "courtroom": "第一法庭", "seats": SEATS})
    assert answer.status_code == 201
    hearing_id = answer.json()["id"]
    (listed,) = client.get("/api/hearings").json()
    assert (listed["id"], listed["kind"], listed["state"]) == (hearing_id, "调解", "draft")
    record = client.get(f"/api/hearings/{hearing_id}").json()
    assert record["seq"] == 1
    assert [seat["channels"] for seat in record["hearing"]["seats"]] == [[0], [1, 2]]
    assert [seat["id"] for seat in record["hearing"]["seats"]] == ["s1", "s2"]


def test_only_the_kind_is_needed(client: TestClient) -> None:
    hearing_id = client.post("/api/hearings", json={"kind": "庭审"}).json()["id"]
    hearing = client.get(f"/api/hearings/{hearing_id}").json()["hearing"]
    assert (hearing["language"], hearing["secrecy"], hearing["seats"]) == ("zh", "公开", [])


def test_the_set_up_can_be_changed_during_the_hearing(client: TestClient, court: Courthouse) -> None:
    hearing_id = court.hearing()
    answer = client.put(f"/api/hearings/{hearing_id}", json={"kind": "庭审", "seats": SEATS})
    assert answer.status_code == 202
    assert [seat.role for seat in court.feed.record(hearing_id).hearing.seats] == ["审判长", "原告"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "审讯"},
        {"kind": 3},
        {"kind": "庭审", "case_number": 5},
        {"kind": "庭审", "case_number": "a" * 201},
        {"kind": "庭审", "courtroom": "第一\n法庭"},
        {"kind": "庭审", "secrecy": "绝密"},
        {"kind": "庭审", "seats": {}},
        {"kind": "庭审", "seats": ["审判长"]},
        {"kind": "庭审", "seats": [{"role": ""}]},
        {"kind": "庭审", "seats": [{"role": "审判长", "channels": 0}]},
        {"kind": "庭审", "seats": [{"role": "审判长", "channels": [-1]}]},
        {"kind": "庭审", "seats": [{"role": "审判长", "channels": [32]}]},
        {"kind": "庭审", "seats": [{"role": "审判长", "channels": [True]}]},
        {"kind": "庭审", "seats": [{"role": "审判长", "channels": [1]}, {"role": "原告", "channels": [1]}]},
        {"kind": "庭审", "seats": [{"role": "审判长", "channels": [1, 1]}]},
        {"kind": "庭审", "seats": [{"role": "审判长", "id": "a"}, {"role": "原告", "id": "a"}]},
        {"kind": "庭审", "seats": [{"role": "证人"}] * 65},
        {"kind": "庭审", "language": "普通话"},
        {"kind": "庭审", "language": 1},
    ],
)
def test_a_set_up_that_does_not_fit_is_refused(client: TestClient, body: dict[str, object]) -> None:
    refused(client.post("/api/hearings", json=body), 400, "bad_request")
    assert client.get("/api/hearings").json() == []


@pytest.mark.parametrize(
    ("body", "near"),
    [
        ({"kind": "庭审", "court_room": "一"}, "courtroom"),
        ({"kind": "庭审", "seats": [{"role": "证人", "chanels": [0]}]}, "channels"),
        ({"kind": "庭审", "id": "h7"}, "kind"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest(
    client: TestClient, body: dict[str, object], near: str
) -> None:
    assert near in refused(client.post("/api/hearings", json=body), 400, "unknown_key")["en"]


def test_a_set_up_is_refused_in_the_words_of_the_page(client: TestClient) -> None:
    seats = [{"role": "审判长"}, {"role": "原告", "channels": [40]}]
    said = refused(client.post("/api/hearings", json={"kind": "庭审", "seats": seats}), 400, "bad_request")
    assert said["zh"].startswith("第 2 个席位的“话筒”不正确")
    assert said["en"].startswith("channels of seat 2 is not right")
    said = refused(
        client.post("/api/hearings", json={"kind": "庭审", "language": "zh-CN"}), 400, "bad_request"
    )
    assert "Did you mean zh?" in said["en"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'"x"', b"\xff\xfe", b"null"])
def test_a_body_that_is_no_object_is_refused(client: TestClient, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    refused(client.post("/api/hearings", content=content, headers=headers), 400, "bad_request")


def test_a_hearing_goes_its_way(client: TestClient, court: Courthouse) -> None:
    hearing_id = court.hearing(started=False)
    at = f"/api/hearings/{hearing_id}"

    def state() -> HearingState:
        return court.feed.record(hearing_id).state

    assert client.post(f"{at}/start").status_code == 202
    assert state() is HearingState.RECORDING
    assert client.post(f"{at}/stage", json={"name": "法庭调查"}).status_code == 202
    assert court.feed.record(hearing_id).stages[0].name == "法庭调查"
    assert client.post(f"{at}/pause", json={"reason": "休庭"}).status_code == 202
    assert state() is HearingState.PAUSED
    assert client.post(f"{at}/resume").status_code == 202
    assert state() is HearingState.RECORDING
    turn = court.say(hearing_id, "谢谢观看", 0, suppressed="silence")
    assert client.post(f"{at}/turns/{turn}/restore").status_code == 202
    assert court.feed.record(hearing_id).turns[0].suppressed is None
    assert client.delete(f"{at}/turns/{turn}/restore").status_code == 202
    assert court.feed.record(hearing_id).turns[0].suppressed == "silence"
    assert client.post(f"{at}/close").status_code == 202
    assert state() is HearingState.SEALED


@pytest.mark.parametrize("reason", list(PauseReason))
def test_a2_each_lawful_reason_pauses(client: TestClient, court: Courthouse, reason: PauseReason) -> None:
    hearing_id = court.hearing()
    assert client.post(f"/api/hearings/{hearing_id}/pause", json={"reason": reason.value}).status_code == 202
    assert court.feed.record(hearing_id).pauses[0].reason is reason


@pytest.mark.parametrize(
    "body",
    [{}, {"reason": ""}, {"reason": "午餐"}, {"reason": None}, {"reason": ["休庭"]}, {"reason": "休庭 "}],
)
def test_a2_no_other_reason_pauses(client: TestClient, court: Courthouse, body: dict[str, object]) -> None:
    hearing_id = court.hearing()
    refused(client.post(f"/api/hearings/{hearing_id}/pause", json=body), 400, "bad_request")
    assert court.feed.record(hearing_id).state is HearingState.RECORDING


def test_close_without_recorder_is_passed_on(client: TestClient, court: Courthouse) -> None:
    hearing_id = court.hearing()
    assert (
        client.post(f"/api/hearings/{hearing_id}/close", json={"without_recorder": True}).status_code == 202
    )
    assert court.conduct.without_recorder
    other = court.hearing()
    refused(client.post(f"/api/hearings/{other}/close", json={"without_recorder": 1}), 400, "bad_request")


def test_what_is_not_there_is_404(client: TestClient, court: Courthouse) -> None:
    hearing_id = court.hearing()
    for path in ("", "/ranges", "/audio", "/export/txt"):
        refused(client.get(f"/api/hearings/nowhere{path}"), 404, "not_found")
    refused(client.post(f"/api/hearings/{hearing_id}/turns/t99/restore"), 404, "not_found")
    refused(client.post("/api/hearings/nowhere/start"), 404, "not_found")
    refused(client.get("/api/nothing"), 404, "no_such_page")
    refused(client.get(f"/api/hearings/{hearing_id}/export/odt"), 404, "not_found")
    refused(client.delete(f"/api/hearings/{hearing_id}"), 405, "not_allowed")


def test_wrong_state_is_409_and_no_recorder_503(client: TestClient, court: Courthouse) -> None:
    hearing_id = court.hearing()
    refused(client.post(f"/api/hearings/{hearing_id}/start", json={"recorder": "a"}), 409, "wrong_state")
    court.recorders.known = []
    waiting = court.hearing(started=False)
    refused(client.post(f"/api/hearings/{waiting}/start", json={}), 503, "no_recorder")


def test_a_fault_tells_nothing_of_the_inside(
    client: TestClient, court: Courthouse, caplog: pytest.LogCaptureFixture
) -> None:
    court.conduct.broken = RuntimeError("王某 /root/secret")
    answer = client.post("/api/hearings", json={"kind": "庭审"})
    refused(answer, 500, "unexpected")
    assert "secret" not in answer.text
    assert "王某" not in caplog.text
    assert answer.headers["Content-Security-Policy"]


def test_a_full_disk_is_told(client: TestClient, court: Courthouse) -> None:
    court.conduct.broken = DiskFull(where="服务器")
    refused(client.post("/api/hearings", json={"kind": "庭审"}), 503, "disk_full")


def test_recorders_are_listed_and_told_their_device(client: TestClient, court: Courthouse) -> None:
    (recorder,) = client.get("/api/recorders").json()
    assert recorder["devices"] == ["四路话筒", "内置话筒"]
    path = f"/api/recorders/{recorder['name']}/device"
    assert client.post(path, json={"device": "内置话筒"}).status_code == 202
    assert court.recorders.chosen == [("法庭录音机", "内置话筒")]
    refused(client.post(path, json={"device": ""}), 400, "bad_request")
    refused(client.post("/api/recorders/x/device", json={"device": "y"}), 503, "no_recorder")


@pytest.mark.parametrize(
    "path", ["/", "/new", "/hearings/h1", "/hearings/h1/setup", "/static/list.js", "/api/hearings"]
)
def test_every_answer_carries_the_strict_headers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == ("no-store" if path.startswith("/api") else "no-cache")


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "10.0.0.5", "", "[::1"]
)
def test_a_strange_host_is_refused(client: TestClient, host: str) -> None:
    refused(client.get("/api/hearings", headers={"Host": host}), 403, "strange_host")


@pytest.mark.parametrize("host", ["localhost:8765", "127.0.0.1", "127.0.0.2:80", "[::1]:8765", "LOCALHOST"])
def test_this_machine_is_let_in(client: TestClient, host: str) -> None:
    assert client.get("/api/hearings", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        *(
            "http://evil.example",
            "http://127.0.0.1:9999",
            "http://localhost:8765",
            "null",
            "https://127.0.0.1",
        ),
        *("http://[", "", "http://[::1"),
    ],
)
def test_another_origin_may_not_command(client: TestClient, court: Courthouse, origin: str) -> None:
    hearing_id = court.hearing()
    answer = client.post(f"/api/hearings/{hearing_id}/close", headers={"Origin": origin})
    refused(answer, 403, "strange_origin")
    assert court.feed.record(hearing_id).state is HearingState.RECORDING


def test_the_own_origin_may_command(client: TestClient, court: Courthouse) -> None:
    answer = client.post("/api/hearings", json={"kind": "庭审"}, headers={"Origin": HOST})
    assert answer.status_code == 201


def test_a_form_of_another_site_is_no_json(client: TestClient) -> None:
    answer = client.post("/api/hearings", content=b'{"kind": "x"}', headers={"Content-Type": "text/plain"})
    refused(answer, 400, "bad_request")


def test_a_malformed_origin_may_still_read(client: TestClient) -> None:
    assert client.get("/api/hearings", headers={"Origin": "http://["}).status_code == 200


def test_the_status_can_be_asked_for(client: TestClient, court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.conduct.problem = NoRecorder()
    status = client.get(f"/api/hearings/{hearing_id}/status").json()
    assert (status["type"], status["problem"]["code"]) == ("status", "no_recorder")
    refused(client.get("/api/hearings/nowhere/status"), 404, "not_found")


def test_healthz_says_whether_the_server_can_write(court: Courthouse) -> None:
    good = court.client()
    assert good.get("/healthz").json() == {"status": "ok"}
    app = court.make_app(check=lambda: DiskFull(where="服务器"))
    refused(court.client(app).get("/healthz"), 503, "disk_full")


def test_metrics_are_read_at_the_scrape(court: Courthouse) -> None:
    figures = [Figure(name, 2.0, {"hearing": "h1"} if "viewers" not in name else {}) for name in HELP]
    figures = [figure for figure in figures if figure.name != "tingji_viewers"]
    figures.append(Figure("tingji_lost_samples_total", 7, {"hearing": "h2"}))
    app = court.make_app(figures=[lambda: figures])
    text = court.client(app).get("/metrics").text
    for name in HELP:
        assert re.search(rf"^{name}[{{ ]", text, re.MULTILINE), name
    assert 'tingji_lost_samples_total{hearing="h2"} 7.0' in text
    assert "tingji_viewers 0.0" in text
    figures.clear()
    assert "h2" not in court.client(app).get("/metrics").text


def test_no_page_has_inline_script_or_style() -> None:
    for page in STATIC.glob("*.html"):
        assert not re.search(r"<style|style=|<script(?![^>]*src=)|\son\w+=|https?://", page.read_text())


def test_the_vendored_file_is_the_one_in_its_readme() -> None:
    digest = hashlib.sha256((STATIC / "vendor/lit.js").read_bytes()).hexdigest()
    assert digest in (STATIC / "vendor/README.md").read_text()


def test_both_languages_have_the_same_words() -> None:
    keys = {
        name: set(re.findall(r'^  "([\w.]+)":', (STATIC / f"words-{name}.js").read_text(), re.MULTILINE))
        for name in ("zh", "en")
    }
    assert keys["zh"] == keys["en"]
    assert len(keys["zh"]) > 100


def test_the_error_json_names_no_facts(client: TestClient, court: Courthouse) -> None:
    hearing_id = court.hearing(HEARING)
    body = client.post(f"/api/hearings/{hearing_id}/start").text
    assert "12345" not in body and "王某" not in json.dumps(body, ensure_ascii=False)
