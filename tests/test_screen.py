"""What a link shows: settled text by role; a witness nothing from before; dark as soon as it is withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from casefile.events import HearingChanged
from casefile.model import SCREEN_KINDS, HearingKind, Seat
from casefile.people.nouns import LinkKind
from tests.courthouse import HEARING, HOST, SEATS, Courthouse
from web import gate


@contextmanager
def screen(
    court: Courthouse, hearing_id: str, kind: LinkKind = LinkKind.PARTY
) -> Iterator[WebSocketTestSession]:
    """A screen that came by a link."""
    with watched(opened(court, hearing_id, kind)) as session:
        yield session


def opened(court: Courthouse, hearing_id: str, kind: LinkKind) -> TestClient:
    """A browser that has opened a link."""
    token = court.people.links.make(hearing_id, kind, "某", 1, "书记员")
    client = TestClient(court.app, base_url=HOST, headers={"X-Tingji": "page", "Origin": HOST})
    assert client.post("/api/link", json={"token": token}).status_code == 200
    return client


@contextmanager
def watched(client: TestClient) -> Iterator[WebSocketTestSession]:
    """Its screen."""
    session = client.websocket_connect(f"{HOST.replace('http', 'ws')}/ws/screen")
    session.__enter__()
    try:
        yield session
    finally:
        with suppress(CancelledError):  # the test client breaks a view off that would go on for ever
            session.__exit__(None, None, None)


def texts(message: dict[str, Any]) -> list[tuple[str, str]]:
    return [(line["who"], line["text"]) for line in message["lines"]]


def test_it_shows_roles_and_settled_text_only_g3(court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "现在开庭。", 0)
    court.say(hearing_id, "谢谢观看", 1500, suppressed="silence")
    with screen(court, hearing_id) as view:
        first = view.receive_json()
        assert texts(first) == [("审判长", "现在开庭。")]
        court.tentative(hearing_id, "还没有定", 2000)
        court.say(hearing_id, "请坐下。", 3000, channel=1)
        second = view.receive_json()
        assert (second["from"], texts(second)) == (1, [("原告代理人", "请坐下。")])
        assert "王某" not in str(first) + str(second)


def test_a_pseudonym_stands_for_the_role_g3(court: Courthouse) -> None:
    hearing_id = court.hearing(
        replace(HEARING, seats=(Seat("s1", "证人", "证", "王某", (0,), "证人甲"), *SEATS[1:]))
    )
    court.say(hearing_id, "我看见了。", 0)
    with screen(court, hearing_id) as view:
        assert texts(view.receive_json()) == [("证人甲", "我看见了。")]


def test_a_witness_sees_nothing_from_before_g4(court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "前面证人的话。", 0)
    with screen(court, hearing_id, LinkKind.WITNESS) as view:
        assert texts(view.receive_json()) == []
        court.say(hearing_id, "识别得晚的前面的话。", 2000)
        court.say(hearing_id, "请证人作证。", 60_000)
        assert texts(view.receive_json()) == [("审判长", "请证人作证。")], "of what was late, not even a sign"


def test_a_withdrawn_link_goes_dark_though_nobody_speaks(
    court: Courthouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "AGAIN_S", 0.01)
    hearing_id = court.hearing()
    with screen(court, hearing_id) as view:
        view.receive_json()
        court.people.links.withdraw(hearing_id, court.people.links.of(hearing_id)[0].id)
        with pytest.raises(WebSocketDisconnect) as closed:
            view.receive_json()
    assert closed.value.code == gate.FORBIDDEN


def test_a_hearing_that_becomes_secret_goes_dark_j10(court: Courthouse) -> None:
    hearing_id = court.hearing()
    with screen(court, hearing_id) as view:
        view.receive_json()
        secret = replace(HEARING, id=hearing_id, kind=HearingKind.DELIBERATION)
        court.feed.append(hearing_id, [HearingChanged(secret)], "书记员")
        with pytest.raises(WebSocketDisconnect) as closed:
            view.receive_json()
    assert closed.value.code == gate.FORBIDDEN


def sent_until(view: WebSocketTestSession, mark: str) -> str:
    """All that goes over the wire up to the message that holds the mark."""
    wire = ""
    while mark not in wire:
        wire += view.receive_text()
    return wire


def dark(view: WebSocketTestSession) -> dict[str, Any]:
    """The next message, which says that no text is shown."""
    message: dict[str, Any] = view.receive_json()
    assert (message["blanked"], message["from"], message["lines"]) == (True, 0, [])
    return message


@pytest.mark.parametrize("kind", SCREEN_KINDS)
def test_what_is_said_in_the_dark_never_goes_over_the_wire_g4(court: Courthouse, kind: LinkKind) -> None:
    hearing_id = court.hearing()
    court.conduct.place = 0
    clerk = court.client()
    screens = f"/api/hearings/{hearing_id}/screens"
    with screen(court, hearing_id, kind) as view:
        view.receive_json()
        court.say(hearing_id, "现在开庭。", 10_000)
        assert texts(view.receive_json()) == [("审判长", "现在开庭。")]
        court.conduct.at_ms = 20_000
        assert clerk.post(f"{screens}/blank", json={"kinds": [kind.value]}).status_code == 202
        dark(view)
        court.say(hearing_id, "暗中说的。", 21_000)
        court.say(hearing_id, "跨到暗处之后。", 29_500, channel=1)
        court.conduct.at_ms = 30_000
        assert clerk.post(f"{screens}/light", json={"kinds": [kind.value]}).status_code == 202
        court.say(hearing_id, "识别得晚的暗语。", 25_000)
        court.say(hearing_id, "恢复以后。", 31_000)
        wire = sent_until(view, "恢复以后。")
    with watched(opened(court, hearing_id, kind)) as again:
        court.say(hearing_id, "再来一句。", 90_000)
        wire += sent_until(again, "再来一句。")
    assert not [secret for secret in ("暗中说的", "跨到暗处", "识别得晚") if secret in wire]


def test_each_kind_is_blanked_by_itself(court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "现在开庭。", 0)
    blank = f"/api/hearings/{hearing_id}/screens/blank"
    with screen(court, hearing_id, LinkKind.GALLERY) as gallery, screen(court, hearing_id) as party:
        gallery.receive_json(), party.receive_json()
        assert court.client().post(blank, json={"kinds": ["gallery"]}).status_code == 202
        dark(gallery)
        court.say(hearing_id, "只给当事人看。", 5_000)
        assert texts(party.receive_json()) == [("审判长", "只给当事人看。")]


def test_a_pause_darkens_all_screens_and_its_end_lights_them(court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "现在休庭。", 0)
    with screen(court, hearing_id, LinkKind.GALLERY) as view:
        view.receive_json()
        court.client().post(f"/api/hearings/{hearing_id}/pause", json={"reason": "休庭"})
        assert dark(view)["state"] == "paused"
        court.client().post(f"/api/hearings/{hearing_id}/resume")
        lit = view.receive_json()
        assert (lit["blanked"], texts(lit)) == (False, [("审判长", "现在休庭。")])


def test_a_stage_darkens_what_the_clerk_chose_for_it(court: Courthouse) -> None:
    hearing_id = court.hearing()
    clerk, at = court.client(), f"/api/hearings/{hearing_id}"
    chosen = {"name": "证人出庭", "kinds": ["gallery"]}
    assert clerk.post(f"{at}/screens/rules", json=chosen).status_code == 202
    assert clerk.get(f"{at}/screens/rules").json()["证人出庭"] == ["gallery"]
    with screen(court, hearing_id, LinkKind.GALLERY) as gallery, screen(court, hearing_id) as party:
        gallery.receive_json(), party.receive_json()
        clerk.post(f"{at}/stage", json={"name": "证人出庭"})
        dark(gallery)
        shown = party.receive_json()
        assert (shown["stage"], shown["blanked"]) == ("证人出庭", False)
        clerk.post(f"{at}/stage", json={"name": "法庭辩论"})
        assert not gallery.receive_json()["blanked"]


def test_a_screen_that_comes_while_it_is_dark_gets_no_text(court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.say(hearing_id, "现在开庭。", 0)
    court.client().post(f"/api/hearings/{hearing_id}/screens/blank", json={"kinds": ["gallery"]})
    with screen(court, hearing_id, LinkKind.GALLERY) as view:
        dark(view)


def test_a_witness_sees_nothing_from_before_it_was_lit_again_g4(court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.conduct.place = 0
    with screen(court, hearing_id, LinkKind.WITNESS) as view:
        view.receive_json()
        court.say(hearing_id, "前一位证人的证言。", 10_000)
        assert texts(view.receive_json()) == [("审判长", "前一位证人的证言。")]
        court.client().post(f"/api/hearings/{hearing_id}/screens/blank", json={"kinds": ["witness"]})
        dark(view)
        court.conduct.at_ms = 30_000
        court.client().post(f"/api/hearings/{hearing_id}/screens/light", json={"kinds": ["witness"]})
        lit = view.receive_json()
        assert (lit["blanked"], texts(lit)) == (False, [])


def test_a_witness_sees_nothing_from_before_after_a_reload_or_a_restart_g4(
    court: Courthouse, tmp_path: Path
) -> None:
    hearing_id = court.hearing()
    early = court.say(hearing_id, "前面证人说的两句话。", 0)
    court.conduct.place = 9_000
    browser = opened(court, hearing_id, LinkKind.WITNESS)
    court.say(hearing_id, "开头在前的话。", 8_900, channel=1)
    wire = ""
    with watched(browser) as view:
        wire += view.receive_text()
        court.spoken.split(hearing_id, early, 4, "书记员")
        court.say(hearing_id, "我作证。", 60_000)
        wire += sent_until(view, "我作证。")
    with watched(browser) as view:  # the page is loaded again
        wire += sent_until(view, "我作证。")
    court.close()
    restarted = Courthouse(tmp_path)
    restarted.conduct.numbers = court.conduct.numbers
    late = restarted.say(hearing_id, "重启后才识别的前面的话。", 5_000)
    restarted.spoken.split(hearing_id, late, 4, "书记员")
    client = TestClient(restarted.app, base_url=HOST, cookies=browser.cookies)
    client.headers.update({"X-Tingji": "page", "Origin": HOST})
    with watched(client) as view:
        wire += sent_until(view, "我作证。")
    restarted.close()
    assert not [one for one in ("前面", "证人", "两句", "开头", "在前") if one in wire], wire


def test_a_witness_sees_a_turn_of_its_own_time_also_when_it_is_cut(court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.conduct.place = 0
    with screen(court, hearing_id, LinkKind.WITNESS) as view:
        view.receive_json()
        turn_id = court.say(hearing_id, "请作证我看见了。", 10_000)
        view.receive_json()
        court.spoken.split(hearing_id, turn_id, 3, "书记员")
        assert [text for _, text in texts(view.receive_json())] == ["请作证", "我看见了。"]


def test_a_clock_that_was_set_back_shows_a_witness_nothing_more_g4(court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.conduct.place = 3_600_000
    with screen(court, hearing_id, LinkKind.WITNESS) as view:
        view.receive_json()
        court.say(hearing_id, "刚才那位的最后一句。", 3_590_000)
        court.say(hearing_id, "请作证。", 3_650_000)
        assert texts(view.receive_json()) == [("审判长", "请作证。")]


def test_no_name_of_a_seat_goes_over_the_wire_g3(court: Courthouse) -> None:
    hearing_id = court.hearing()
    for channel in range(4):
        court.say(hearing_id, "到庭。", 2_000 * channel, channel)
    for kind in SCREEN_KINDS:
        with screen(court, hearing_id, kind) as view:
            wire = view.receive_text()
            assert not [seat.person for seat in SEATS if seat.person in wire]
