"""What every answer carries and what no request gets past: the Host and Origin checks, the strict headers."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casefile.errors import TingjiError
from casefile.loopback import is_loopback

FORBIDDEN = 4003
"""A websocket's close code (docs/protocol.md): not signed in, no such right, or another site's page."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
    "require-trusted-types-for 'script'; trusted-types lit-html"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Frame-Options": "DENY",
}


class StrangeHost(TingjiError):
    """The request names a host that is not this machine (DNS rebinding, or a proxy that should not be)."""

    code = "strange_host"
    zh = "只接受本机地址访问。请用 http://127.0.0.1 打开庭记。"
    en = "Only this machine may ask. Open Tingji by http://127.0.0.1."


class StrangeOrigin(TingjiError):
    """A page of another site sent the request."""

    code = "strange_origin"
    zh = "请求来自其他网页，已拒绝。请在庭记自己的页面上操作。"
    en = "The request came from another site's page and was refused. Use Tingji's own page."


class Guard:
    """ASGI middleware. Refuses strange hosts and origins (403); adds the headers to every answer."""

    def __init__(self, app: ASGIApp, secure: bool = False) -> None:
        self.app, self._secure = app, secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, one websocket, or the lifespan."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        send = _with_headers(scope, self._secure, send)
        refusal = refused(scope, self._secure)
        if refusal is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": FORBIDDEN})
        else:
            answer = JSONResponse(refusal.as_json(), status_code=403)
            await answer(scope, receive, send)


def refused(scope: Scope, secure: bool) -> TingjiError | None:
    """Why this request or websocket may not go on; None when it may.

    `secure`: by TLS, where the browser has checked that the host is the one of the certificate.
    """
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    if not secure and not is_loopback(_split(f"//{host}").hostname):
        return StrangeHost()
    origin = headers.get("origin")
    risky = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
    ours = f"{'https' if secure else 'http'}://{host}"
    if risky and origin is not None and origin.lower() != ours.lower():
        return StrangeOrigin()
    return None


def _split(url: str) -> SplitResult:
    """The parts of an address; of one that is malformed, none."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _with_headers(scope: Scope, secure: bool, send: Send) -> Send:
    fresh = scope.get("path", "").startswith(("/api/", "/healthz", "/metrics"))

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            if secure:
                headers["Strict-Transport-Security"] = "max-age=31536000"
            headers["Cache-Control"] = "no-store" if fresh else "no-cache"
        await send(message)

    return dressed
