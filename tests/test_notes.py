"""Private notes: one account's on one hearing; no event, export, log or other account knows of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from casefile.people import notes as own_notes
from casefile.people.nouns import Role
from tests.courthouse import BY_KEY, HOST, Courthouse

SECRET = "此处存疑，待合议时再问"


def browser(court: Courthouse, name: str, role: Role, *hearings: str) -> TestClient:
    """Somebody who is signed in."""
    account, _ = court.people.accounts.add(name, [role])
    for hearing_id in hearings:
        court.people.assignments.add(hearing_id, account.id)
    client = TestClient(court.app, base_url=HOST, raise_server_exceptions=False, headers={"X-Tingji": "page"})
    client.cookies.set(court.access.account_cookie, court.people.sessions.open(account.id))
    return client


def notes_at(hearing_id: str, note_id: str = "") -> str:
    return f"/api/hearings/{hearing_id}/notes" + (f"/{note_id}" if note_id else "")


def test_a_note_is_kept_changed_and_deleted(court: Courthouse) -> None:
    hearing_id = court.hearing()
    judge = browser(court, "法官甲", Role.JUDGE, hearing_id)
    at = {"turn_id": "t1", "at_ms": 5000}
    assert judge.put(notes_at(hearing_id, "n1"), json={"text": "先问", **at}).status_code == 202
    judge.put(notes_at(hearing_id, "n1"), json={"text": f"{SECRET}\n第二行", **at})
    judge.put(notes_at(hearing_id, "n2"), json={"text": "全案"})
    assert judge.get(notes_at(hearing_id)).json() == [
        {"id": "n2", "turn_id": None, "at_ms": None, "text": "全案"},
        {"id": "n1", "turn_id": "t1", "at_ms": 5000, "text": f"{SECRET}\n第二行"},
    ]
    judge.delete(notes_at(hearing_id, "n1"))
    assert [one["id"] for one in judge.get(notes_at(hearing_id)).json()] == ["n2"]


def test_all_are_deleted_with_one_action_and_only_ones_own_of_this_hearing(court: Courthouse) -> None:
    first, second = court.hearing(), court.hearing()
    judge = browser(court, "法官甲", Role.JUDGE, first, second)
    other = browser(court, "法官乙", Role.JUDGE, first)
    for client, hearing_id in ((judge, first), (judge, second), (other, first)):
        client.put(notes_at(hearing_id, "n1"), json={"text": SECRET})
    assert judge.delete(notes_at(first)).status_code == 202
    kept = [(judge, first), (judge, second), (other, first)]
    assert [len(client.get(notes_at(hearing_id)).json()) for client, hearing_id in kept] == [0, 1, 1]


@pytest.mark.parametrize("role", [Role.JUDGE, Role.COMMITTEE])
def test_no_other_account_sees_changes_or_deletes_them(court: Courthouse, role: Role) -> None:
    hearing_id = court.hearing()
    judge = browser(court, "法官甲", Role.JUDGE, hearing_id)
    judge.put(notes_at(hearing_id, "n1"), json={"text": SECRET})
    other = browser(court, "某乙", role, hearing_id)
    assert other.get(notes_at(hearing_id)).json() == []
    other.put(notes_at(hearing_id, "n1"), json={"text": "另一个人的"})
    other.delete(notes_at(hearing_id, "n1"))
    other.delete(notes_at(hearing_id))
    assert [one["text"] for one in judge.get(notes_at(hearing_id)).json()] == [SECRET]


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.CLERK, Role.ARCHIVIST])
def test_whoever_has_no_right_to_notes_is_turned_away(court: Courthouse, role: Role) -> None:
    hearing_id = court.hearing()
    other = browser(court, "某丙", role, hearing_id)
    assert other.get(notes_at(hearing_id)).status_code in (403, 404)
    assert other.put(notes_at(hearing_id, "n1"), json={"text": "x"}).status_code in (403, 404)


def test_the_machines_key_opens_no_notes(court: Courthouse) -> None:
    hearing_id = court.hearing()
    client = TestClient(court.app, base_url=HOST, headers=BY_KEY)
    assert client.get(notes_at(hearing_id)).status_code == 403
    assert client.delete(notes_at(hearing_id)).status_code == 403


def test_nothing_of_a_note_is_in_events_exports_or_logs(
    court: Courthouse, caplog: pytest.LogCaptureFixture
) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "现在开庭。", 0)
    seq = court.feed.record(hearing_id).seq
    judge = browser(court, "法官甲", Role.JUDGE, hearing_id)
    with caplog.at_level(0):
        judge.put(notes_at(hearing_id, "n1"), json={"text": SECRET, "turn_id": "t1", "at_ms": 0})
        judge.get(notes_at(hearing_id))
    clerk = court.client()
    paths = [f"export/{form}" for form in ("json", "txt", "srt", "vtt", "rttm")] + ["audit", ""]
    read = "".join(clerk.get(f"/api/hearings/{hearing_id}/{path}".rstrip("/")).text for path in paths)
    assert "现在开庭" in read
    assert SECRET not in read + caplog.text
    assert court.feed.record(hearing_id).seq == seq, "no event"


def test_a_note_that_is_gone_leaves_nothing_in_the_file(court: Courthouse, tmp_path: Path) -> None:
    hearing_id = court.hearing()
    judge = browser(court, "法官甲", Role.JUDGE, hearing_id)
    judge.put(notes_at(hearing_id, "n1"), json={"text": SECRET})
    assert SECRET in in_files(tmp_path), "it is where it is looked for"
    judge.delete(notes_at(hearing_id))
    court.close()
    assert SECRET not in in_files(tmp_path)


def in_files(folder: Path) -> str:
    return "".join(path.read_bytes().decode("utf-8", "replace") for path in folder.glob("tingji.db*"))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": "长" * 20_001},
        {"text": "x\x00"},
        {"text": "x", "at_ms": -1},
        {"text": "x", "at_ms": True},
        {"text": "x", "turn_id": "t\n"},
        {"text": "x", "account_id": "another"},
    ],
)
def test_what_is_no_note_is_refused(court: Courthouse, body: dict[str, object]) -> None:
    hearing_id = court.hearing()
    judge = browser(court, "法官甲", Role.JUDGE, hearing_id)
    assert judge.put(notes_at(hearing_id, "n1"), content=json.dumps(body)).status_code == 400
    assert judge.get(notes_at(hearing_id)).json() == []


def test_more_notes_than_one_can_mean_are_refused(court: Courthouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_notes, "MOST", 2)
    hearing_id = court.hearing()
    judge = browser(court, "法官甲", Role.JUDGE, hearing_id)
    answers = [judge.put(notes_at(hearing_id, f"n{n}"), json={"text": "x"}).status_code for n in range(3)]
    again = judge.put(notes_at(hearing_id, "n1"), json={"text": "y"}).status_code
    assert (answers, again) == ([202, 202, 409], 202)
