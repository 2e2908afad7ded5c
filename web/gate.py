"""Nobody gets past without the right that the route needs. Websockets are asked again while they last."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from casefile.errors import NotFound, NotSignedIn, TingjiError
from web.access import Access, Caller, is_key
from web.doors import Door, door_at
from web.guard import FORBIDDEN, SAFE_METHODS, StrangeOrigin
from web.live import NO_SUCH_HEARING
from web.reading_log import ReadingLog
from web.refusals import answer
from web.rights import Right
from web.sizes import limited

log = logging.getLogger(__name__)

AGAIN_S = 3.0
"""So often the right of an open websocket is asked for again: what was withdrawn goes dark, though nothing is said."""
OUR_HEADER = "x-tingji"
"""Only a page of ours can send it: another site's would have to ask first, and is never allowed (OWASP, CSRF)."""


class Gate:
    """ASGI middleware: who asks, which right the route needs, and whether they have it."""

    def __init__(self, app: ASGIApp, doors: Sequence[Door], access: Access) -> None:
        self.app, self._doors, self._access = app, doors, access
        self._log = ReadingLog(access.people.audit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, one websocket, or the lifespan."""
        door = door_at(self._doors, scope) if scope["type"] in ("http", "websocket") else None
        if door is None:
            return await self.app(scope, receive, send)
        right, parameters = door
        caller, refusal = await run_in_threadpool(self._asked, scope, right, parameters.get("hearing_id"))
        if refusal:
            return await _refuse(refusal, scope, receive, send)
        scope.setdefault("state", {})["caller"] = caller
        send = self._log.noting(right, caller, parameters, send)
        if scope["type"] == "websocket":
            return await self._lasting(scope, right, parameters.get("hearing_id"), receive, send)
        await self.app(scope, limited(scope, right, receive), send)

    def _asked(self, scope: Scope, right: Right, hearing_id: str | None) -> tuple[Caller, TingjiError | None]:
        headers = Headers(scope=scope)
        caller = self._access.caller(headers, right)
        if foreign(scope, headers, caller):
            return caller, StrangeOrigin()
        return caller, self._access.refusal(caller, right, hearing_id)

    def _lost(self, scope: Scope, right: Right, hearing_id: str | None) -> bool:
        """Whether the right is gone. While nobody can read the database, nobody can have withdrawn anything either."""
        try:
            return self._asked(scope, right, hearing_id)[1] is not None
        except Exception as error:
            log.error("a right could not be looked up: %s", type(error).__name__)
            return False

    async def _lasting(
        self, scope: Scope, right: Right, hearing_id: str | None, receive: Receive, send: Send
    ) -> None:
        """A websocket, until its right is gone: then it is closed, and the app can say nothing more."""
        accepted, over = asyncio.Event(), asyncio.Event()

        async def watch() -> None:
            await accepted.wait()
            while not over.is_set():
                await asyncio.sleep(AGAIN_S)
                if await run_in_threadpool(self._lost, scope, right, hearing_id):
                    over.set()
            with suppress(RuntimeError, OSError):  # it has closed meanwhile
                await send({"type": "websocket.close", "code": FORBIDDEN})

        async def watched(message: Message) -> None:
            if over.is_set():
                raise WebSocketDisconnect(FORBIDDEN)
            await send(message)
            if message["type"] == "websocket.accept":
                accepted.set()

        watching = asyncio.ensure_future(watch())
        try:
            await self.app(scope, receive, watched)
        finally:
            watching.cancel()


def foreign(scope: Scope, headers: Headers, caller: Caller) -> bool:
    """Whether something that changes or streams may have been sent by another site's page (CSRF).

    The guard has compared the Origin header where there is one. A key in the header is no browser's.
    """
    if is_key(headers):
        return False
    if scope["type"] == "websocket":
        return caller.by_cookie and "origin" not in headers
    if scope["method"] in SAFE_METHODS:
        return False
    return OUR_HEADER not in headers or headers.get("sec-fetch-site", "same-origin") != "same-origin"


async def _refuse(error: TingjiError, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await _turn_away(error, receive, send)
    elif isinstance(error, NotSignedIn) and _is_page(scope):
        login = f"/login?next={quote(scope['path'])}"
        await RedirectResponse(login, 303)(scope, receive, send)
    else:
        await answer(error)(scope, receive, send)


async def _turn_away(error: TingjiError, receive: Receive, send: Send) -> None:
    """A browser is told a websocket's close code only when it was accepted."""
    if isinstance(error, StrangeOrigin):
        return await send({"type": "websocket.close", "code": FORBIDDEN})
    await receive()
    await send({"type": "websocket.accept"})
    code = NO_SUCH_HEARING if isinstance(error, NotFound) else FORBIDDEN
    await send({"type": "websocket.close", "code": code})


def _is_page(scope: Scope) -> bool:
    return scope["method"] == "GET" and not scope["path"].startswith(("/api/", "/metrics"))
