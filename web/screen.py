"""What a link shows (docs/protocol.md §5): settled text by role, never a name, never what is held back or was dark."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from casefile.errors import SlowViewer, TingjiError
from casefile.model import CaseRecord, LinkKind
from web.access import Caller, caller_of
from web.board import Board, Painter, Painters, change, for_witness
from web.conduct import CaseFiles
from web.guard import FORBIDDEN
from web.links import refuse_secret
from web.live import STALLED_SECONDS, TOO_SLOW, close, drain, together

PRE_ROLL_MS = 10_000
"""So much sound from before its start a recording begins with."""
LATE_MS = 2_000
"""So old a recorder's word on where the hearing is may be."""


def screen_routes(feed: CaseFiles) -> APIRouter:
    """`/ws/screen`."""
    router, painters = APIRouter(), Painters()

    @router.websocket("/ws/screen")
    async def screen(websocket: WebSocket) -> None:
        await websocket.accept()
        await _show(websocket, feed, painters, caller_of(websocket))

    return router


async def _show(websocket: WebSocket, feed: CaseFiles, painters: Painters, caller: Caller) -> None:
    assert caller.link
    hearing_id, witness = caller.link.hearing_id, caller.link.kind is LinkKind.WITNESS
    try:
        async with feed.subscribe(hearing_id, caller.from_seq if witness else 0) as messages:
            with painters.of(hearing_id) as painter:
                view = WitnessView(painter, caller) if witness else View(painter, caller.link.kind)
                await together(_send(websocket, feed, hearing_id, view, messages), drain(websocket))
    except TingjiError:
        await close(websocket, FORBIDDEN)  # the hearing is not public any more
    except WebSocketDisconnect:
        pass


async def _send(
    websocket: WebSocket, feed: CaseFiles, hearing_id: str, view: View, messages: AsyncIterator[str]
) -> None:
    try:
        with suppress(WebSocketDisconnect):
            async for message in messages:
                if not view.tells(message):
                    continue
                record = feed.record(hearing_id)  # in memory while this subscription lasts
                refuse_secret(record.hearing, view.kind)
                if text := view.next(record):
                    async with asyncio.timeout(STALLED_SECONDS):
                        await websocket.send_text(text)
    except (SlowViewer, TimeoutError):
        await close(websocket, TOO_SLOW)


class View:
    """One screen: which board it was sent last."""

    def __init__(self, painter: Painter, kind: LinkKind) -> None:
        self.kind = kind
        self._painter = painter
        self._sent: Board | None = None

    def tells(self, message: str) -> bool:
        """Whether the record may have changed: a stored event, or the end of those that were stored."""
        return message.startswith(STORED)

    def next(self, record: CaseRecord) -> str | None:
        """The message that brings the screen up to this record; None: it shows that already."""
        old, self._sent = self._sent, self._painter.board(record, self.kind)
        return self._painter.change(self.kind, old, self._sent)


class WitnessView(View):
    """The screen of a witness: it knows what came on record since its link was opened, and shows nothing else (court.md G4)."""

    def __init__(self, painter: Painter, caller: Caller) -> None:
        super().__init__(painter, LinkKind.WITNESS)
        self._caller = caller
        self._known = set[str]()

    def tells(self, message: str) -> bool:
        """See `View`; the turns that came are known from now on."""
        if message.startswith((*STORED, PAST)):
            data = json.loads(message)
            for event in data.get("events", [data]):
                _learn(event.get("event", event), self._known)
        return super().tells(message)

    def next(self, record: CaseRecord) -> str | None:
        """See `View`."""
        board = self._painter.board(record, self.kind)
        old, self._sent = self._sent, for_witness(board, record, self._known, since(self._caller, record))
        return change(old, self._sent)


STORED = ('{"type":"event",', '{"type":"caught_up",')
PAST = '{"type":"events",'
"""How the feed's messages begin (`casefile.audience`)."""


def _learn(event: dict[str, Any], known: set[str]) -> None:
    if event["type"] == "TurnAdded":
        known.add(event["turn"]["id"])
    if event["type"] == "TurnSplit" and event["split"]["turn_id"] in known:
        known.add(event["split"]["second_id"])


def since(caller: Caller, record: CaseRecord) -> int:
    """Where the hearing was (ms) when the caller's link was opened: what was said before may come on record long after it."""
    if caller.from_ms is not None:
        return caller.from_ms + LATE_MS
    return place_of(record, caller.opened_s)


def place_of(record: CaseRecord, moment_s: int) -> int:
    """Where on the hearing's timeline a moment lies by the wall clock, at the latest; 0 before it has begun."""
    if record.opened_at is None:
        return 0
    return int(1000 * (moment_s - datetime.fromisoformat(record.opened_at).timestamp())) + PRE_ROLL_MS
