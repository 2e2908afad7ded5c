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
from casefile.model import HearingKind, Seat
from casefile.people.nouns import LinkKind
from tests.courthouse import HEARING, HOST, SEATS, Courthouse
from web import gate


@pytest.fixture
def court(tmp_path: Path) -> Iterator[Courthouse]:
    courthouse = Courthouse(tmp_path)
    yield courthouse
    courthouse.close()


@contextmanager
def screen(
    court: Courthouse, hearing_id: str, kind: LinkKind = LinkKind.PARTY
) -> Iterator[WebSocketTestSession]:
    """A screen that came by a link."""
    token = court.people.links.make(hearing_id, kind, "某", 1, "书记员")
    client = TestClient(court.app, base_url=HOST, headers={"X-Tingji": "page", "Origin": HOST})
    assert client.post("/api/link", json={"token": token}).status_code == 200
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
        assert texts(view.receive_json()) == []
        court.say(hearing_id, "请证人作证。", 60_000)
        assert texts(view.receive_json()) == [("审判长", "请证人作证。")]


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
