"""docs/rights.md is the code's own table, and the real gate answers every cell of it as it stands there."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import pytest
from starlette.datastructures import Headers
from starlette.types import ASGIApp

from casefile.events import HearingClosed, RecordSealed
from casefile.model import HearingKind
from casefile.people.nouns import LinkKind, Role
from tests.asking import REACHED, ask, reached
from tests.courthouse import BY_KEY, HEARING, Courthouse
from web.doors import DOORS, NoDoor, doors_of
from web.gate import Gate
from web.guard import Guard
from web.rights import Right

ROOT = Path(__file__).parent.parent
FILE = ROOT / "docs" / "rights.md"
FROM_PAGE = {"X-Tingji": "page", "Origin": "http://127.0.0.1:8765", "Sec-Fetch-Site": "same-origin"}
ROLES = {"technician": Role.TECHNICIAN, "clerk": Role.CLERK, "clerk of others": Role.CLERK, "judge": Role.JUDGE,
         "committee": Role.COMMITTEE, "archivist": Role.ARCHIVIST, "archivist, sealed": Role.ARCHIVIST}  # fmt: skip
NAMED = ("technician", "clerk", "judge", "committee")


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rights", ROOT / "scripts" / "rights.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows() -> dict[tuple[str, str], dict[str, str]]:
    """Route to caller to cell, as the file has them."""
    table = [
        line.strip("| ").split(" | ")
        for line in FILE.read_text("utf-8").splitlines()
        if line.startswith("| ")
    ]
    heads = next(row for row in table if row[0] == "route")[2:]
    found = {}
    for row in table:
        if match := re.fullmatch(r"`(\w+) (\S+)`", row[0]):
            method = "WS" if match[1] == "websocket" else match[1]
            found[method, match[2]] = dict(zip(heads, row[2:], strict=True))
    return found


@dataclass
class Gatehouse:
    """The real gate and guard before handlers that only say that they were reached."""

    court: Courthouse
    app: ASGIApp
    headers: dict[str, dict[str, str]]
    hearing_id: str
    sealed_id: str

    def answer(self, caller: str, method: str, path: str) -> int:
        hearing_id = self.sealed_id if caller.endswith("sealed") else self.hearing_id
        return ask(self.app, method, filled(path, hearing_id), self.headers[caller])


def filled(path: str, hearing_id: str) -> str:
    path = path.replace("{hearing_id}", hearing_id).replace("{id}", hearing_id).replace("{format}", "txt")
    path = re.sub(r"\{\w+\}", "x1", path)
    return "/static/list.js" if path == "/static" else path


def account_headers(court: Courthouse, name: str, role: Role, *hearings: str) -> dict[str, str]:
    """A new account's browser."""
    account, _ = court.people.accounts.add(name, [role])
    for hearing_id in hearings:
        court.people.assignments.add(hearing_id, account.id)
    session = court.people.sessions.open(account.id)
    return {**FROM_PAGE, "Cookie": f"{court.access.account_cookie}={session}"}


def link_headers(court: Courthouse, hearing_id: str, kind: LinkKind = LinkKind.PARTY) -> dict[str, str]:
    token = court.people.links.make(hearing_id, kind, "原告代理人", 1, "书记员")
    session = court.people.sessions.open_link(token)
    return {**FROM_PAGE, "Cookie": f"{court.access.link_cookie}={session}"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gatehouse]:
    court = Courthouse(tmp_path_factory.mktemp("court"))
    hearing_id, sealed_id = court.hearing(), court.hearing()
    court.feed.append(sealed_id, [HearingClosed(0), RecordSealed("ab" * 32, "cd" * 32)], "tingji")
    headers = {
        name: account_headers(court, name, role, *([hearing_id] if name in NAMED else []))
        for name, role in ROLES.items()
    }
    _, key = court.people.recorders.enrol(court.people.recorders.code("desk"))
    headers |= {
        "nobody": FROM_PAGE,
        "link": link_headers(court, hearing_id),
        "signatory's link": link_headers(court, hearing_id, LinkKind.SIGNATORY),
        "recorder": {"Authorization": f"Bearer {key}"},
        "machine": BY_KEY,
    }
    app = Guard(Gate(reached, doors_of(court.app.routes), court.access))
    yield Gatehouse(court, app, headers, hearing_id, sealed_id)
    court.close()


def expected(cell: str, method: str) -> int:
    if method == "WS":
        return {"✓": 1000, "401": 4003, "403": 4003, "404": 4004}[cell]
    return {"✓": REACHED, "login": 303, "401": 401, "403": 403, "404": 404}[cell]


def test_the_file_is_what_the_code_says() -> None:
    assert FILE.read_text("utf-8") == "\n".join(generator().lines()) + "\n", (
        "python scripts/rights.py > docs/rights.md"
    )
    assert rows().keys() == DOORS.keys()


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_every_cell(house: Gatehouse, method: str, path: str) -> None:
    row = rows()[method, path]
    assert row.keys() == house.headers.keys()
    found = {caller: house.answer(caller, method, path) for caller in row}
    assert found == {caller: expected(cell, method) for caller, cell in row.items()}


@pytest.mark.parametrize(
    ("method", "path"), [door for door, right in DOORS.items() if right is not Right.OPEN]
)
def test_the_app_itself_stands_behind_the_gate(house: Gatehouse, method: str, path: str) -> None:
    found = ask(house.court.app, method, filled(path, house.hearing_id), FROM_PAGE)
    assert found == expected(rows()[method, path]["nobody"], method)


def test_a_route_without_a_right_keeps_the_server_from_starting(house: Gatehouse) -> None:
    app = house.court.make_app()
    app.add_api_route("/api/new", lambda: None)
    with pytest.raises(NoDoor, match="no right"):
        doors_of(app.routes)
    with pytest.raises(NoDoor, match="without a route"):
        doors_of(app.routes[1:-1])


@pytest.mark.parametrize(
    "kind", [HearingKind.COMMITTEE, HearingKind.DELIBERATION, HearingKind.JUDGES_MEETING]
)
def test_a_secret_meeting_is_not_there_for_those_who_are_not_named_j10(
    house: Gatehouse, kind: HearingKind
) -> None:
    court, meeting = house.court, house.court.hearing(replace(HEARING, kind=kind))
    court.feed.append(meeting, [HearingClosed(0), RecordSealed("ab" * 32, "cd" * 32)], "tingji")
    others = {role: account_headers(court, f"{kind}{role}", role) for role in Role}
    named = account_headers(court, f"{kind}委员", Role.COMMITTEE, meeting)
    court.people.assignments.remove(meeting, court.clerk.id)
    path = f"/api/hearings/{meeting}"
    assert {ask(house.app, "GET", path, one) for one in others.values()} == {404}
    assert {ask(house.app, "WS", f"/ws/hearings/{meeting}", one) for one in others.values()} == {4004}
    assert ask(house.app, "GET", path, named) == REACHED
    assert ask(house.app, "GET", f"{path}/export/txt", named) == 403


def test_the_list_shows_only_what_one_may_read(house: Gatehouse) -> None:
    access, hearings = house.court.access, house.court.store.hearings()
    callers = {name: access.caller(Headers(house.headers[name]), Right.SIGNED_IN) for name in ROLES}
    seen = {name: {row.id for row in access.seen(caller, hearings)} for name, caller in callers.items()}
    assert seen["clerk"] == seen["judge"] == {house.hearing_id}
    assert seen["technician"] == seen["clerk of others"] == set()
    assert house.sealed_id in seen["archivist"]
    assert house.hearing_id not in seen["archivist"]


def test_a_link_reaches_its_own_screen_and_nothing_else(house: Gatehouse) -> None:
    mine = house.headers["link"]
    assert ask(house.app, "WS", "/ws/screen", mine) == 1000
    assert ask(house.app, "WS", f"/ws/hearings/{house.hearing_id}", mine) == 4003
    assert ask(house.app, "GET", f"/api/hearings/{house.hearing_id}/audio", mine) == 401
