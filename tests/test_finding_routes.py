"""Finding over HTTP: in a hearing, in all that one may read and in no other, in pieces, and noted as a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from casefile.errors import ForgedEvent
from casefile.events import HearingClosed, RecordSealed, StageEntered
from casefile.finding import Found, Query
from casefile.model import HearingKind, HearingState
from casefile.people.nouns import Act, Role
from casefile.summary import HearingSummary
from tests.courthouse import HEARING, HOST, Courthouse
from tingji.finding import Finder
from web import finding
from web.finding import finding_routes

SECRET = [HearingKind.COMMITTEE, HearingKind.DELIBERATION, HearingKind.JUDGES_MEETING]


def ids(answer: object) -> list[str]:
    assert isinstance(answer, dict)
    return [hearing["id"] for hearing in answer["hearings"]]


def seal(court: Courthouse, hearing_id: str) -> None:
    court.feed.append(hearing_id, [HearingClosed(9_000), RecordSealed("ab" * 32, "cd" * 32)], "tingji")


def browser_of(court: Courthouse, name: str, role: Role, *hearings: str) -> TestClient:
    account, _ = court.people.accounts.add(name, [role])
    for hearing_id in hearings:
        court.people.assignments.add(hearing_id, account.id)
    client = TestClient(court.app, base_url=HOST, raise_server_exceptions=False)
    client.cookies.set(court.access.account_cookie, court.people.sessions.open(account.id))
    client.headers["X-Tingji"] = "page"
    return client


def test_a_hearing_is_searched_by_words_initials_and_filters(court: Courthouse) -> None:
    hearing_id, client = court.hearing(), court.client()
    court.feed.append(hearing_id, [StageEntered("法庭调查", 0)], "书记员")
    court.say(hearing_id, "合同已经履行。", 1_000, 1)
    said = court.say(hearing_id, "双方合同有效。", 5_000, 2)
    answer = client.post(
        f"/api/hearings/{hearing_id}/find", json={"words": "ht", "speaker": "s3", "stage": "法庭调查"}
    )
    assert answer.json() == {
        "seq": 5,
        "total": 1,
        "hits": [
            {
                "turn_id": said,
                "start_ms": 5_000,
                "seat": "s3",
                "who": "被告代理人",
                "stage": "法庭调查",
                "held": False,
                "at": 2,
                "excerpt": [
                    {"text": "双方", "match": False},
                    {"text": "合同", "match": True},
                    {"text": "有效。", "match": False},
                ],
            }
        ],
    }


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"words": "  "},
        {"wrods": "合同"},
        {"words": 5},
        {"words": "合" * 201},
        {"from_ms": "1"},
        {"to_ms": -1},
        {"from_ms": True},
        {"words": "合同", "after": "h1"},
    ],
)
def test_a_body_that_does_not_fit_is_refused_in_words(court: Courthouse, body: dict[str, object]) -> None:
    answer = court.client().post(f"/api/hearings/{court.hearing()}/find", json=body)
    assert (answer.status_code, set(answer.json())) == (400, {"code", "zh", "en"})


def test_more_than_fits_is_counted(court: Courthouse) -> None:
    hearing_id = court.hearing()
    for at in range(finding.MOST + 3):
        court.say(hearing_id, "合同", at * 1_000)
    answer = court.client().post(f"/api/hearings/{hearing_id}/find", json={"words": "合同"}).json()
    assert (answer["total"], len(answer["hits"])) == (finding.MOST + 3, finding.MOST)
    wide = court.client().post("/api/find", json={"words": "合同"}).json()
    assert (wide["hearings"][0]["total"], len(wide["hearings"][0]["hits"])) == (
        finding.MOST + 3,
        finding.MOST_OF_ONE,
    )


def test_all_that_one_may_read_is_searched_and_nothing_else(court: Courthouse) -> None:
    mine, other, sealed = court.hearing(), court.hearing(), court.hearing()
    meetings = [court.hearing(replace(HEARING, kind=kind)) for kind in SECRET]
    for hearing_id in (mine, other, sealed, *meetings):
        court.say(hearing_id, "合同有效。", 1_000)
    for hearing_id in (sealed, *meetings):
        seal(court, hearing_id)
    found = {
        name: set(ids(browser_of(court, name, role, *given).post("/api/find", json={"words": "ht"}).json()))
        for name, role, given in [
            ("clerk", Role.CLERK, [mine]),
            ("judge", Role.JUDGE, [mine, sealed]),
            ("stranger", Role.JUDGE, []),
            ("technician", Role.TECHNICIAN, [mine]),
            ("archivist", Role.ARCHIVIST, []),
            ("member", Role.COMMITTEE, meetings[:1]),
        ]
    }
    assert found == {
        "clerk": {mine},
        "judge": {mine, sealed},
        "stranger": set(),
        "technician": set(),
        "archivist": {sealed},
        "member": {meetings[0]},
    }


def test_nothing_tells_that_a_hearing_of_others_is_there(court: Courthouse) -> None:
    other = court.hearing(replace(HEARING, kind=HearingKind.COMMITTEE))
    court.say(other, "合同有效。", 1_000)
    seal(court, other)
    archivist = browser_of(court, "archivist", Role.ARCHIVIST)
    empty = {"hearings": [], "searched": 0, "left": 0, "next": None}
    assert archivist.post("/api/find", json={"words": "合同"}).json() == empty
    refused = [
        archivist.post("/api/find", json={"words": "合同", "after": one}) for one in (other, "nothing")
    ]
    assert refused[0].status_code == refused[1].status_code == 400
    assert refused[0].text == refused[1].text
    direct = [
        archivist.post(f"/api/hearings/{one}/find", json={"words": "合同"}) for one in (other, "nothing")
    ]
    assert direct[0].status_code == direct[1].status_code == 404
    assert direct[0].text == direct[1].text


def test_only_hearings_of_the_days_asked_for(court: Courthouse) -> None:
    hearing_id, client = court.hearing(), court.client()
    draft = court.hearing(started=False)
    court.say(hearing_id, "合同有效。", 1_000)
    opened_at = court.feed.record(hearing_id).opened_at
    assert opened_at
    begun_s = int(datetime.fromisoformat(opened_at).timestamp())
    for span, found in [
        ({}, [hearing_id]),
        ({"since_s": begun_s, "until_s": begun_s + 1}, [hearing_id]),
        ({"since_s": begun_s + 1}, []),
        ({"until_s": begun_s}, []),
    ]:
        answer = client.post("/api/find", json={"words": "合同", **span}).json()
        assert ids(answer) == found
        assert draft not in ids(answer)
    assert client.post("/api/find", json={"since_s": begun_s}).status_code == 400, "a day is no question"


def test_a_look_is_noted_for_every_hearing_of_which_text_was_shown_f5(court: Courthouse) -> None:
    shown, silent = court.hearing(), court.hearing()
    court.say(shown, "合同有效。", 1_000)
    court.say(silent, "没有异议。", 1_000)
    judge = browser_of(court, "王法官", Role.JUDGE, shown, silent)
    for words in ("合同", "ht"):
        judge.post("/api/find", json={"words": words})
    lines = [(line.by, line.act, line.hearing_id, line.about) for line in court.people.audit.of(shown)]
    assert lines == [("王法官", Act.VIEW, shown, "")]
    assert court.people.audit.of(silent) == []


class FakeFinder:
    """Finds one turn in every hearing; every look takes `cost_s`; `broken` cannot be read."""

    def __init__(self, cost_s: float, broken: Sequence[str] = ()) -> None:
        self.now, self.cost_s, self.broken = 0.0, cost_s, broken

    def find(self, hearing_id: str, query: Query, most: int) -> Found:
        raise AssertionError

    def find_in(self, summary: HearingSummary, query: Query, most: int) -> Found:
        self.now += self.cost_s
        if summary.id in self.broken:
            raise ForgedEvent(seq=3)
        return Finder(self.feed).find_in(summary, query, most)

    def on(self, court: Courthouse) -> FakeFinder:
        self.feed = court.feed
        return self


def client_with(court: Courthouse, finder: FakeFinder) -> TestClient:
    """The routes of the search alone, for whoever has the machine's key."""
    app = FastAPI()
    app.include_router(finding_routes(finder.on(court), court.feed, court.access, lambda: finder.now))

    @app.middleware("http")
    async def machine(request, call_next):  # type: ignore[no-untyped-def]
        request.state.caller = finding.Caller("machine", machine=True)
        return await call_next(request)

    return TestClient(app)


def test_many_hearings_are_searched_in_pieces_that_lose_none(court: Courthouse) -> None:
    made = [court.hearing() for _ in range(5)]
    for hearing_id in made:
        court.say(hearing_id, "合同有效。", 1_000)
    client, after, found, counts = client_with(court, FakeFinder(0.6)), "", [], []
    while after is not None:
        answer = client.post("/api/find", json={"words": "合同", "after": after}).json()
        found += ids(answer)
        counts.append((answer["searched"], answer["left"]))
        after = answer["next"]
    assert sorted(found) == sorted(made)
    assert len(found) == len(set(found))
    assert counts == [(2, 3), (2, 1), (1, 0)]


def test_a_damaged_record_is_named_and_the_others_are_searched(court: Courthouse) -> None:
    good, bad = court.hearing(), court.hearing()
    for hearing_id in (good, bad):
        court.say(hearing_id, "合同有效。", 1_000)
    answer = client_with(court, FakeFinder(0, [bad])).post("/api/find", json={"words": "合同"}).json()
    errors = {one["id"]: one["error"] and one["error"]["code"] for one in answer["hearings"]}
    assert errors == {good: None, bad: "forged_event"}


def test_a_sealed_hearing_is_searched_as_sealed(court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "合同有效。", 1_000)
    seal(court, hearing_id)
    (one,) = court.client().post("/api/find", json={"words": "合同"}).json()["hearings"]
    assert (one["state"], one["total"]) == (HearingState.SEALED, 1)
