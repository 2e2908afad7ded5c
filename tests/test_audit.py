"""The log of looking and of managing (court.md F5): complete, without secrets, and no line of it can be changed."""

from __future__ import annotations

import logging
from contextlib import suppress

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.exc import DBAPIError

from casefile.errors import CaseFileDiskFull, ForgedEvent
from casefile.people import audit
from casefile.people.nouns import Act, LinkKind, Role
from tests.asking import ask
from tests.courthouse import HOST, Courthouse
from web.reading_log import ONCE_IN_S, ReadingLog

GOOD = "correct horse battery"


def lines(court: Courthouse, hearing_id: str | None) -> list[tuple[str, str, str]]:
    """The log, oldest first."""
    return [(one.by, one.act.value, one.about) for one in reversed(court.people.audit.of(hearing_id))]


def test_who_reads_hears_and_exports_is_noted_once_a_look(court: Courthouse) -> None:
    hearing_id, client = court.hearing(), court.client()
    for _ in range(2):
        client.get(f"/api/hearings/{hearing_id}")
    client.get(f"/api/hearings/{hearing_id}/export/txt")
    client.get(f"/api/hearings/{hearing_id}/audio?from_ms=0&to_ms=10")
    client.get(f"/api/hearings/{hearing_id}/export/doc")
    assert lines(court, hearing_id) == [
        ("书记员", "view", ""), ("书记员", "export", "txt"), ("书记员", "play", ""),
    ]  # fmt: skip


def test_a_live_view_and_a_link_are_looks_too(court: Courthouse) -> None:
    hearing_id = court.hearing()
    cookie = {"Cookie": f"{court.access.account_cookie}={court.session}", "Origin": HOST}
    with suppress(StopIteration):  # it would go on for ever
        ask(court.app, "WS", f"/ws/hearings/{hearing_id}", cookie)
    session = court.people.sessions.open_link(
        court.people.links.make(hearing_id, LinkKind.PARTY, "原告代理人", 1, "书记员")
    )
    link = {"Cookie": f"{court.access.link_cookie}={session}", "Origin": HOST}
    with suppress(StopIteration):  # it would go on for ever
        ask(court.app, "WS", "/ws/screen", link)
    assert lines(court, hearing_id) == [("书记员", "view", ""), ("原告代理人", "follow", "")]


def test_a_refusal_is_no_look(court: Courthouse) -> None:
    hearing_id = court.hearing()
    assert ask(court.app, "GET", f"/api/hearings/{hearing_id}", {}) == 401
    assert lines(court, hearing_id) == []


def test_who_manages_is_noted_and_no_secret(court: Courthouse) -> None:
    client, hearing_id = court.client(), court.hearing()
    made = client.post("/api/accounts", json={"name": "法官乙", "roles": ["judge"]}).json()
    stranger = TestClient(court.app, base_url=HOST, headers={"X-Tingji": "page"})
    stranger.post("/api/password", json={"token": made["token"], "password": GOOD})
    stranger.post("/api/login", json={"name": GOOD, "password": "wrong one"})
    client.post(f"/api/accounts/{made['id']}/roles", json={"roles": ["judge", "archivist"]})
    client.post(f"/api/hearings/{hearing_id}/people", json={"account": made["id"]})
    client.post(f"/api/hearings/{hearing_id}/people/remove", json={"account": made["id"]})
    client.post(f"/api/accounts/{made['id']}/disable")
    wanted = {"kind": "party", "label": "原告", "hours": 2}
    token = client.post(f"/api/hearings/{hearing_id}/links", json=wanted).json()["token"]
    (link,) = court.people.links.of(hearing_id)
    client.post(f"/api/hearings/{hearing_id}/links/{link.id}/withdraw")
    assert [(by, act) for by, act, _ in lines(court, None)] == [
        ("书记员", "account made"), ("法官乙", "password chosen"), ("法官乙", "signed in"), ("", "sign-in refused"),
        ("书记员", "roles changed"), ("书记员", "account disabled"),
    ]  # fmt: skip
    assert ("书记员", "roles changed", "法官乙 judge archivist") in lines(court, None)
    assert lines(court, hearing_id) == [
        ("书记员", "person added", "法官乙"), ("书记员", "person removed", "法官乙"),
        ("书记员", "link made", "原告"), ("书记员", "link withdrawn", "原告"),
    ]  # fmt: skip
    told = str(lines(court, None) + lines(court, hearing_id))
    assert [one for one in (GOOD, made["token"], token, court.session) if one in told] == []


def test_the_clerk_reads_the_log_of_a_hearing_and_the_technician_that_of_accounts(court: Courthouse) -> None:
    hearing_id, client = court.hearing(), court.client()
    court.people.audit.note("x", Act.SIGNED_IN, "10.0.0.1")
    client.get(f"/api/hearings/{hearing_id}")
    assert [one["act"] for one in client.get(f"/api/hearings/{hearing_id}/audit").json()] == ["view"]
    assert [one["act"] for one in client.get("/api/audit").json()] == ["signed in"]


def test_no_line_can_be_changed_and_a_change_is_noticed(court: Courthouse) -> None:
    log = court.people.audit
    for by in ("甲", "乙", "丙"):
        log.note(by, Act.VIEW, "", "h1")
    with court.store.engine.begin() as connection:
        for statement in ("UPDATE audit SET by = '丁' WHERE n = 2", "DELETE FROM audit WHERE n = 2"):
            with pytest.raises(DBAPIError):
                connection.exec_driver_sql(statement)
    with court.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_keep_UPDATE")
        connection.exec_driver_sql("UPDATE audit SET by = '丁' WHERE n = 2")
    with pytest.raises(ForgedEvent) as caught:
        log.of("h1")
    assert caught.value.facts["seq"] == 2


def test_a_full_disk_keeps_nobody_from_looking(
    court: Courthouse, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hearing_id = court.hearing()

    def full(_engine: object) -> None:
        raise CaseFileDiskFull(where="x")

    monkeypatch.setattr(audit, "writing", full)
    caplog.set_level(logging.ERROR)
    assert court.client().get(f"/api/hearings/{hearing_id}").status_code == 200
    assert "audit log" in caplog.text and "书记员" not in caplog.text


def test_a_look_is_noted_again_after_a_while(court: Courthouse) -> None:
    clock = [0.0]
    looks = ReadingLog(court.people.audit, lambda: clock[0])
    caller = court.access._by_cookie(court.session)
    for at in (0.0, ONCE_IN_S - 1, ONCE_IN_S + 1):
        clock[0] = at
        looks.note(caller, Act.VIEW, "h1", "")
    assert len(lines(court, "h1")) == 2


def test_rights_on_a_hearing_are_told_to_its_pages(court: Courthouse) -> None:
    hearing_id = court.hearing()
    judge, _ = court.people.accounts.add("法官乙", [Role.JUDGE])
    court.people.assignments.add(hearing_id, judge.id)
    session = court.people.sessions.open(judge.id)
    client = court.client()
    client.cookies.set(court.access.account_cookie, session)
    assert client.get(f"/api/hearings/{hearing_id}/rights").json() == [
        "edit",
        "export",
        "hear",
        "notes",
        "sign",
        "signed_in",
        "view",
    ]
    assert "conduct" in court.client().get(f"/api/hearings/{hearing_id}/rights").json()
