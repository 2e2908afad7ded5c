"""The live views: websockets that replay what is stored and follow what comes (docs/protocol.md §2)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from casefile.errors import NotFound, SlowViewer, TingjiError
from web.access import caller_of
from web.conduct import CaseFiles, Conduct, Recorders

REFUSED = 4001
NO_SUCH_HEARING = 4004
TOO_SLOW = 4008
"""Close codes of docs/protocol.md §2."""
STALLED_SECONDS = 20
"""A viewer that takes no message for so long is gone or too slow."""

Subscription = AbstractAsyncContextManager[AsyncIterator[str]]


def live_routes(conduct: Conduct, feed: CaseFiles, recorders: Recorders) -> APIRouter:
    """`/ws/hearings/{id}`, `/ws/room`, `/ws/recorder`, and `GET /api/hearings/{id}/status`."""
    router = APIRouter()

    @router.get("/api/hearings/{hearing_id}/status")
    def status(hearing_id: str) -> JSONResponse:
        feed.record(hearing_id)
        return JSONResponse(conduct.status(hearing_id))

    @router.websocket("/ws/hearings/{hearing_id}")
    async def hearing(websocket: WebSocket, hearing_id: str, after: int = 0) -> None:
        await websocket.accept()
        await _view(websocket, conduct, feed, hearing_id, max(0, after))

    @router.websocket("/ws/room")
    async def room(websocket: WebSocket) -> None:
        await websocket.accept()
        await _relay(websocket, feed.subscribe_room())

    @router.websocket("/ws/recorder")
    async def recorder(websocket: WebSocket) -> None:
        await recorders.serve(websocket, caller_of(websocket).recorder)

    return router


async def _view(websocket: WebSocket, conduct: Conduct, feed: CaseFiles, hearing_id: str, after: int) -> None:
    try:
        status = await run_in_threadpool(conduct.status, hearing_id)
        await websocket.send_text(json.dumps(status, ensure_ascii=False))
        await _relay(websocket, feed.subscribe(hearing_id, after))
    except NotFound:
        await close(websocket, NO_SUCH_HEARING)
    except TingjiError as error:
        await _refuse(websocket, error)
    except WebSocketDisconnect:
        pass


async def _relay(websocket: WebSocket, subscription: Subscription) -> None:
    """Sends until the viewer leaves or falls behind."""
    async with subscription as messages:
        await together(_send(websocket, messages), drain(websocket))


async def together(*jobs: Coroutine[Any, Any, None]) -> None:
    """Until one of them ends; the others are broken off."""
    tasks = {asyncio.ensure_future(job) for job in jobs}
    done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    for task in done:
        task.result()


async def _send(websocket: WebSocket, messages: AsyncIterator[str]) -> None:
    try:
        with suppress(WebSocketDisconnect):
            async for message in messages:
                async with asyncio.timeout(STALLED_SECONDS):
                    await websocket.send_text(message)
    except (SlowViewer, TimeoutError):
        await close(websocket, TOO_SLOW)


async def drain(websocket: WebSocket) -> None:
    """What a viewer sends is ignored; that it left is noticed."""
    while (await websocket.receive())["type"] != "websocket.disconnect":
        pass


async def _refuse(websocket: WebSocket, error: TingjiError) -> None:
    """Tells the viewer what is wrong with the case file; it does not come back by itself."""
    with suppress(RuntimeError, WebSocketDisconnect):
        await websocket.send_text(
            json.dumps({"type": "refused", "error": error.as_json()}, ensure_ascii=False)
        )
    await close(websocket, REFUSED)


async def close(websocket: WebSocket, code: int) -> None:
    """Closes it, if it is still open."""
    with suppress(RuntimeError, WebSocketDisconnect):
        await websocket.close(code)
