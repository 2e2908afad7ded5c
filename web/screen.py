"""What a link shows (docs/protocol.md §5): settled text by role, never a name, never what is held back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from starlette.concurrency import run_in_threadpool

from casefile.errors import SlowViewer, TingjiError
from casefile.model import CaseRecord
from casefile.people.nouns import Link, LinkKind
from web.access import Caller, caller_of
from web.conduct import CaseFiles
from web.guard import FORBIDDEN
from web.links import refuse_secret
from web.live import STALLED_SECONDS, TOO_SLOW, close, drain, together

PRE_ROLL_MS = 10_000
"""So much sound from before its start a recording begins with."""
Line = dict[str, object]


def screen_routes(feed: CaseFiles) -> APIRouter:
    """`/ws/screen`."""
    router = APIRouter()

    @router.websocket("/ws/screen")
    async def screen(websocket: WebSocket) -> None:
        await websocket.accept()
        await _show(websocket, feed, caller_of(websocket))

    return router


async def _show(websocket: WebSocket, feed: CaseFiles, caller: Caller) -> None:
    assert caller.link
    after = caller.from_seq if caller.link.kind is LinkKind.WITNESS else 0
    since_s = caller.opened_s if caller.link.kind is LinkKind.WITNESS else None
    try:
        async with feed.subscribe(caller.link.hearing_id, after) as messages:
            await together(_send(websocket, feed, caller.link, since_s, messages), drain(websocket))
    except TingjiError:
        await close(websocket, FORBIDDEN)  # the hearing is not public any more
    except WebSocketDisconnect:
        pass


async def _send(
    websocket: WebSocket, feed: CaseFiles, link: Link, since_s: int | None, messages: AsyncIterator[str]
) -> None:
    known, sent = set[str](), list[Line]()
    try:
        with suppress(WebSocketDisconnect):
            async for message in messages:
                if _tells(message, known):
                    record = await run_in_threadpool(feed.record, link.hearing_id)
                    refuse_secret(record.hearing, link.kind)
                    sent = await _send_changes(websocket, record, known, sent, since_s)
    except (SlowViewer, TimeoutError):
        await close(websocket, TOO_SLOW)


def _tells(message: str, known: set[str]) -> bool:
    """Whether the text may have changed; the turns that have come since are then `known`."""
    data = json.loads(message)
    if data["type"] == "caught_up":
        return True
    if data["type"] not in ("event", "events"):
        return False
    for event in data.get("events", [data]):
        _learn(event["event"], known)
    return bool(data["type"] == "event")


def _learn(event: dict[str, Any], known: set[str]) -> None:
    if event["type"] == "TurnAdded":
        known.add(event["turn"]["id"])
    if event["type"] == "TurnSplit" and event["split"]["turn_id"] in known:
        known.add(event["split"]["second_id"])


async def _send_changes(
    websocket: WebSocket, record: CaseRecord, known: set[str], sent: list[Line], since_s: int | None
) -> list[Line]:
    """The lines from the first that is not as it was sent; what was below is replaced."""
    lines = list(lines_of(record, known, from_ms=0 if since_s is None else place_of(record, since_s)))
    same = next((at for at, (old, new) in enumerate(zip(sent, lines, strict=False)) if old != new), None)
    start = min(len(sent), len(lines)) if same is None else same
    if not sent or start < len(sent) or start < len(lines):
        head = {"type": "lines", "kind": record.hearing.kind, "state": record.state, "from": start}
        async with asyncio.timeout(STALLED_SECONDS):
            await websocket.send_text(json.dumps({**head, "lines": lines[start:]}, ensure_ascii=False))
    return lines


def place_of(record: CaseRecord, moment_s: int) -> int:
    """Where on the hearing's timeline a moment lies: what was said before may come on record long after it."""
    if record.opened_at is None:
        return 0
    return int(1000 * (moment_s - datetime.fromisoformat(record.opened_at).timestamp())) + PRE_ROLL_MS


def lines_of(record: CaseRecord, known: Iterable[str], from_ms: int = 0) -> Iterable[Line]:
    """Role and text of the turns in `known` from `from_ms` on; what is held back is left out (court.md G3: roles, never names)."""
    roles = {seat.id: seat.pseudonym or seat.role for seat in record.hearing.seats}
    known = set(known)
    for turn in record.turns:
        if turn.id in known and turn.suppressed is None and turn.start_ms >= from_ms:
            yield {"start_ms": turn.start_ms, "who": roles.get(turn.seat or "", ""), "text": turn.text}
