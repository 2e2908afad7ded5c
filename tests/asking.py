"""Asks an ASGI app without a server: the status of an answer, or the code with which a websocket ended."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp

REACHED = 299
"""What `reached` answers; a websocket that got there ends with 1000."""
HOST = "127.0.0.1:8765"


async def reached(scope: Any, receive: Any, send: Any) -> None:
    """Stands for every handler."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": 1000})
    else:
        await send({"type": "http.response.start", "status": REACHED, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def ask(app: ASGIApp, method: str, path: str, headers: Mapping[str, str]) -> int:
    """The status, or the close code for method `WS`."""
    given = {"host": HOST, **headers}
    scope: dict[str, Any] = {
        "type": "websocket" if method == "WS" else "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "http_version": "1.1",
        "scheme": "http",
        "subprotocols": [],
        "client": ("127.0.0.1", 1),
        "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
    }
    sent: list[dict[str, Any]] = []
    asyncio.run(_run(app, scope, sent))
    return int(next(one.get("status") or one["code"] for one in sent if "status" in one or "code" in one))


async def _run(app: ASGIApp, scope: dict[str, Any], sent: list[dict[str, Any]]) -> None:
    first = (
        {"type": "websocket.connect"}
        if scope["type"] == "websocket"
        else {"type": "http.request", "body": b"{}"}
    )
    coming = iter([first])

    async def receive() -> dict[str, Any]:
        return next(coming, {"type": "websocket.disconnect", "code": 1005})

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
