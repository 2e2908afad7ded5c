"""Signing in over HTTP: cookies, CSRF, lock-out, first link, links, and no secret in any log."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from casefile.errors import TooManyTries
from casefile.model import HearingKind, Secrecy
from casefile.people.nouns import LinkKind, Role
from tests.asking import ask
from tests.courthouse import HEARING, HOST, Courthouse, quick
from web.access import Access
from web.attempts import FREE, LONGEST_WAIT_S, Attempts, keys_of
from web.sizes import MOST_OF_NOBODY

GOOD = "correct horse battery"
PAGE = {"X-Tingji": "page"}


@pytest.fixture
def stranger(court: Courthouse) -> TestClient:
    """A browser in which nobody is signed in."""
    return TestClient(court.app, base_url=HOST, headers=PAGE, follow_redirects=False)


def make(court: Courthouse, name: str, *roles: Role) -> str:
    _, token = court.people.accounts.add(name, roles)
    return court.people.accounts.choose_password(token, GOOD).id


def test_signing_in_gives_a_strict_cookie_and_signing_out_takes_it(
    court: Courthouse, stranger: TestClient
) -> None:
    make(court, "法官乙", Role.JUDGE)
    assert stranger.get("/api/me").json()["code"] == "not_signed_in"
    answer = stranger.post("/api/login", json={"name": "法官乙", "password": GOOD})
    assert answer.json() == {"name": "法官乙", "roles": ["judge"], "rights": ["signed_in"]}
    cookie = answer.headers["set-cookie"].lower()
    assert (
        "httponly" in cookie and "samesite=strict" in cookie and "path=/" in cookie and "secure" not in cookie
    )
    assert stranger.get("/api/me").json()["name"] == "法官乙"
    kept = dict(stranger.cookies)
    stranger.post("/api/logout")
    stranger.cookies.update(kept)
    assert stranger.get("/api/me").status_code == 401, "the session itself is over, not only the cookie"


def test_by_tls_the_cookie_is_secure_and_of_this_host_only(court: Courthouse) -> None:
    make(court, "法官乙", Role.JUDGE)
    court.access = Access(court.people, "k", secure=True)
    client = TestClient(court.make_app(), base_url="https://court.example", headers=PAGE)
    answer = client.post("/api/login", json={"name": "法官乙", "password": GOOD})
    assert answer.headers["set-cookie"].startswith("__Host-tingji=")
    assert "secure" in answer.headers["set-cookie"].lower()
    assert "max-age" in answer.headers["strict-transport-security"]


def test_a_page_leads_to_the_login_and_the_api_says_401(stranger: TestClient) -> None:
    answer = stranger.get("/hearings/h1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/hearings/h1")
    assert stranger.get("/api/hearings").status_code == 401
    assert stranger.get("/login").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Tingji": "page", "Sec-Fetch-Site": "cross-site"},
        {"X-Tingji": "page", "Sec-Fetch-Site": "same-site"},
        {"X-Tingji": "page", "Origin": "http://127.0.0.1:9999"},
    ],
)
@pytest.mark.parametrize("path", ["/api/hearings", "/api/login", "/api/first", "/api/logout"])
def test_another_sites_page_changes_nothing(court: Courthouse, headers: dict[str, str], path: str) -> None:
    cookie = {"Cookie": f"{court.access.account_cookie}={court.session}"}
    assert ask(court.app, "POST", path, {**cookie, **headers}) == 403


def test_a_browsers_websocket_names_its_origin(court: Courthouse) -> None:
    cookie = {"Cookie": f"{court.access.account_cookie}={court.session}"}
    assert ask(court.app, "WS", "/ws/room", cookie) == 4003
    assert ask(court.app, "WS", "/ws/room", {**cookie, "Origin": "http://evil.example"}) == 4003


def test_wrong_tries_are_slowed_down_and_the_right_password_waits_too(
    court: Courthouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(court, "法官乙", Role.JUDGE)
    monkeypatch.setattr("web.app.Attempts", lambda: Attempts(lambda: 0.0))
    stranger = TestClient(court.make_app(), base_url=HOST, headers=PAGE)
    for name in ("法官乙", "没有此人"):
        codes = [
            stranger.post("/api/login", json={"name": name, "password": "wrong"}).json()["code"]
            for _ in range(FREE["here"] + 1)
        ]
        assert codes == ["wrong_password"] * FREE["here"] + ["too_many_tries"], "the same for an unknown name"
    answer = stranger.post("/api/login", json={"name": "法官乙", "password": GOOD})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_tries")
    assert "秒" in answer.json()["zh"] and "seconds" in answer.json()["en"]


@pytest.mark.parametrize("account", ["x", None])
def test_the_wait_grows_to_five_minutes(account: str | None) -> None:
    clock = [0.0]
    attempts = Attempts(lambda: clock[0])
    waits = []
    for _ in range(FREE["address"] + 40):
        with pytest.raises((KeyError, TooManyTries)) as caught, attempts.counted("a", account):
            raise KeyError
        if isinstance(caught.value, TooManyTries):
            waits.append(int(str(caught.value.facts["seconds"])))
            clock[0] += waits[-1]
    assert waits[0] <= 3 and waits == sorted(waits) and waits[-1] == LONGEST_WAIT_S + 1
    with attempts.counted("b", "y"):
        pass


def test_wrong_tries_elsewhere_do_not_lock_a_clerk_out_of_the_courtroom() -> None:
    attempts = Attempts(lambda: 0.0)
    for _ in range(FREE["here"]):
        with pytest.raises(KeyError), attempts.counted("10.0.0.66", "书记员"):
            raise KeyError
    with pytest.raises(TooManyTries), attempts.counted("10.0.0.66", "书记员"):
        pass
    with attempts.counted("10.0.0.5", "书记员"):
        pass


def test_many_places_together_are_slowed_down() -> None:
    attempts = Attempts(lambda: 0.0)
    for place in range(FREE["account"]):
        with pytest.raises(KeyError), attempts.counted(f"10.0.0.{place}", "书记员"):
            raise KeyError
    with pytest.raises(TooManyTries), attempts.counted("10.0.1.1", "书记员"):
        pass


def test_one_account_is_counted_however_its_name_is_typed_and_one_machine_whatever_its_address() -> None:
    assert keys_of("::1", "ＡＢＣ　") == keys_of("::1", " abc")
    assert keys_of("2001:db8::1", None) == keys_of("2001:db8::ffff:1", None) != keys_of("2001:db9::1", None)
    assert keys_of("10.0.0.1", None) != keys_of("10.0.0.2", None)


def test_the_right_password_forgives_the_account() -> None:
    attempts = Attempts(lambda: 0.0)
    for _ in range(3):
        for _ in range(FREE["here"] - 1):
            with pytest.raises(KeyError), attempts.counted("a", "x"):
                raise KeyError
        with attempts.counted("a", "x"):
            pass


def test_the_first_link_opens_the_machine_once(tmp_path: Path) -> None:
    court = Courthouse(tmp_path)
    with court.store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM sessions")
        connection.exec_driver_sql("DELETE FROM tickets")
        connection.exec_driver_sql("DELETE FROM accounts")
    token = court.people.accounts.first_link()
    client = TestClient(court.app, base_url=HOST, headers=PAGE)
    body = {"token": token, "name": "王技术", "password": GOOD}
    assert client.post("/api/first", json={**body, "token": "x"}).status_code == 410
    assert client.post("/api/first", json=body).json()["roles"] == ["clerk", "technician"]
    assert client.get("/api/accounts").json()[0]["name"] == "王技术"
    assert client.post("/api/first", json=body).json()["code"] == "administrator_there"
    court.close()


def test_the_technician_makes_accounts_and_never_knows_a_password(
    court: Courthouse, stranger: TestClient
) -> None:
    clerk = court.client()
    made = clerk.post("/api/accounts", json={"name": "法官乙", "roles": ["judge"]}).json()
    assert (
        stranger.post("/api/password", json={"token": made["token"], "password": "short"}).status_code == 400
    )
    answer = stranger.post("/api/password", json={"token": made["token"], "password": GOOD})
    assert answer.json()["name"] == "法官乙"
    assert stranger.get("/api/accounts").status_code == 403
    change = {"old": GOOD, "new": "another good one"}
    old = stranger.cookies[court.access.account_cookie]
    assert stranger.post("/api/me/password", json=change).status_code == 200
    assert stranger.cookies[court.access.account_cookie] != old
    assert stranger.get("/api/me").status_code == 200
    clerk.post(f"/api/accounts/{made['id']}/disable")
    assert stranger.get("/api/me").status_code == 401


def test_who_makes_a_hearing_works_on_it_and_names_others(court: Courthouse) -> None:
    judge, client = make(court, "法官乙", Role.JUDGE), court.client()
    hearing_id = client.post("/api/hearings", json={"kind": "审委会"}).json()["id"]
    path = f"/api/hearings/{hearing_id}/people"
    there = client.get(path).json()
    assert [one["name"] for one in there["people"]] == ["书记员"]
    assert [one["name"] for one in there["others"]] == ["法官乙"]
    assert client.post(f"{path}/remove", json={"account": court.clerk.id}).json()["code"] == "last_person"
    assert client.post(path, json={"account": judge}).status_code == 202
    assert client.post(f"{path}/remove", json={"account": court.clerk.id}).status_code == 202
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("kind", "secrecy", "link", "status"),
    [
        (HearingKind.TRIAL, Secrecy.PUBLIC, LinkKind.GALLERY, 201),
        (HearingKind.TRIAL, Secrecy.CLOSED, LinkKind.PARTY, 201),
        (HearingKind.TRIAL, Secrecy.CLOSED, LinkKind.GALLERY, 409),
        (HearingKind.COMMITTEE, Secrecy.PUBLIC, LinkKind.PARTY, 409),
        (HearingKind.TRIAL, Secrecy.TRIAL_SECRET, LinkKind.WITNESS, 409),
    ],
)
def test_links_lead_only_where_the_public_may_go_g1(
    court: Courthouse, kind: HearingKind, secrecy: Secrecy, link: LinkKind, status: int
) -> None:
    body = {"kind": kind.value, "secrecy": secrecy.value}
    hearing_id = court.client().post("/api/hearings", json=body).json()["id"]
    wanted = {"kind": link.value, "label": "某", "hours": 2}
    assert court.client().post(f"/api/hearings/{hearing_id}/links", json=wanted).status_code == status


def test_a_password_in_an_address_is_no_key(court: Courthouse) -> None:
    cookie = {"Cookie": f"{court.access.account_cookie}={court.session}", "Authorization": "Basic eDp5"}
    assert ask(court.app, "POST", "/api/hearings", cookie) == 403


def test_a_page_without_tls_of_the_same_name_is_a_stranger(court: Courthouse) -> None:
    court.access = Access(court.people, "k", secure=True)
    cookie = {"Cookie": f"{court.access.account_cookie}={court.session}", "X-Tingji": "page"}
    assert (
        ask(court.make_app(), "POST", "/api/hearings", {**cookie, "Origin": "http://127.0.0.1:8765"}) == 403
    )
    assert ask(court.make_app(), "POST", "/api/logout", {**cookie, "Origin": "https://127.0.0.1:8765"}) == 200


def test_signing_in_ends_the_session_that_the_browser_brought(
    court: Courthouse, stranger: TestClient
) -> None:
    make(court, "法官乙", Role.JUDGE)
    stranger.post("/api/login", json={"name": "法官乙", "password": GOOD})
    brought = stranger.cookies[court.access.account_cookie]
    stranger.post("/api/login", json={"name": "法官乙", "password": GOOD})
    assert stranger.cookies[court.access.account_cookie] != brought
    assert court.people.sessions.of(brought) is None


@pytest.mark.parametrize("path", ["/api/login", "/api/recorders/enrol", "/api/link"])
def test_who_is_not_known_fills_no_memory(court: Courthouse, stranger: TestClient, path: str) -> None:
    answer = stranger.post(path, content=b'{"name": "' + b"x" * (MOST_OF_NOBODY + 1) + b'"}')
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_halves_of_characters_are_refused_as_text(stranger: TestClient) -> None:
    for body in (b'{"name": "\\ud800", "password": "x"}', b'{"name": "x", "password": "\\ud800"}'):
        assert stranger.post("/api/login", content=body).status_code == 400


def test_roles_that_are_no_words_are_refused(court: Courthouse) -> None:
    assert court.client().post("/api/accounts", json={"name": "x", "roles": [[]]}).status_code == 400


def test_no_secret_is_logged(
    court: Courthouse, stranger: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    made = court.client().post("/api/accounts", json={"name": "法官乙", "roles": ["judge"]}).json()
    stranger.post("/api/password", json={"token": made["token"], "password": GOOD})
    hearing_id = court.hearing(HEARING)
    wanted = {"kind": "party", "label": "原告代理人", "hours": 2}
    token = court.client().post(f"/api/hearings/{hearing_id}/links", json=wanted).json()["token"]
    stranger.post("/api/link", json={"token": token})
    stranger.post("/api/login", json={"name": "法官乙", "password": "wrong-" + GOOD})
    secrets = [made["token"], token, GOOD, *stranger.cookies.values(), court.session]
    assert [one for one in secrets if one in caplog.text] == []


def test_a_recorder_enrols_over_http(court: Courthouse, stranger: TestClient) -> None:
    code = court.client().post("/api/recorders/codes", json={"name": "一号法庭"}).json()["code"]
    answer = stranger.post("/api/recorders/enrol", json={"code": code})
    key = {"Authorization": f"Bearer {answer.json()['key']}"}
    assert ask(court.app, "WS", "/ws/recorder", key) == 1000
    assert stranger.post("/api/recorders/enrol", json={"code": code}).status_code == 410
    assert court.client().get("/api/recorders/keys").json()[0]["name"] == "一号法庭"
    court.client().post("/api/recorders/一号法庭/withdraw")
    assert ask(court.app, "WS", "/ws/recorder", key) == 4003


def test_the_hasher_of_the_tests_is_argon2id_too() -> None:
    assert quick().stored(GOOD, "").startswith("$argon2id$")
