"""Nobody gets past without the right that the route needs. Websockets are asked again while they last."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from casefile.errors import NotFound, NotSignedIn, TingjiError
from web.access import Access, Caller
from web.doors import Door, door_at
from web.guard import SAFE_METHODS, StrangeOrigin
from web.refusals import answer
from web.rights import Right

FORBIDDEN = 4003
NO_SUCH_HEARING = 4004
AGAIN_S = 5.0
"""A right that was withdrawn shows nothing more after this time."""
OUR_HEADER = "x-tingji"
"""Only a page of ours can send it: another site's would have to ask first, and is never allowed (OWASP, CSRF)."""


class Gate:
    """ASGI middleware: who asks, which right the route needs, and whether they have it."""

    def __init__(
        self,
        app: ASGIApp,
        doors: Sequence[Door],
        access: Access,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app, self._doors, self._access, self._now = app, doors, access, now

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
        if scope["type"] == "websocket":
            send = self._asking_again(scope, right, parameters.get("hearing_id"), send)
        await self.app(scope, receive, send)

    def _asked(self, scope: Scope, right: Right, hearing_id: str | None) -> tuple[Caller, TingjiError | None]:
        headers = Headers(scope=scope)
        caller = self._access.caller(headers, right)
        if foreign(scope, headers, caller):
            return caller, StrangeOrigin()
        return caller, self._access.refusal(caller, right, hearing_id)

    def _asking_again(self, scope: Scope, right: Right, hearing_id: str | None, send: Send) -> Send:
        due = self._now() + AGAIN_S

        async def asked(message: Message) -> None:
            nonlocal due
            if message["type"] == "websocket.send" and self._now() >= due:
                _, refusal = await run_in_threadpool(self._asked, scope, right, hearing_id)
                due = self._now() + AGAIN_S
                if refusal:
                    await send({"type": "websocket.close", "code": FORBIDDEN})
                    raise WebSocketDisconnect(FORBIDDEN)
            await send(message)

        return asked


def foreign(scope: Scope, headers: Headers, caller: Caller) -> bool:
    """Whether something that changes or streams may have been sent by another site's page (CSRF).

    The guard has compared the Origin header where there is one. A key in the header is no browser's.
    """
    if "authorization" in headers:
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
