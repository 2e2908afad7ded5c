"""The server's HTTP API (docs/protocol.md §1) for the command line: standard library only, loopback only."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from casefile.errors import TingjiError

TIMEOUT_S = 10
READING_S = 120


class Unreachable(Exception):
    """The server does not answer (now): it is starting, or it has died and will be started again."""


class Refused(TingjiError):
    """The server answered with an error; its own code and sentences."""

    zh = "{refusal_zh}"
    en = "{refusal_en}"

    def __init__(self, status: int, answer: dict[str, Any]) -> None:
        zh, en = answer.get("zh", f"HTTP {status}"), answer.get("en", f"HTTP {status}")
        super().__init__(refusal_zh=zh, refusal_en=en)
        self.code = str(answer.get("code", "error"))
        self.status = status


@dataclass(frozen=True, slots=True)
class Api:
    """Requests to the server at `url`. All raise Unreachable, or Refused with the server's sentences."""

    url: str

    def get(self, path: str) -> Any:
        """The JSON that the route answers."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: Any = None) -> Any:
        """The JSON that the route answers, None where it answers nothing."""
        return self._ask(
            "POST", path, None if body is None else json.dumps(body, ensure_ascii=False).encode()
        )

    def send(self, path: str, content: bytes, media_type: str) -> Any:
        """The JSON that the route answers to content which it has to read first."""
        return self._ask("POST", path, content, media_type, READING_S)

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None,
        media_type: str = "application/json",
        timeout_s: float = TIMEOUT_S,
    ) -> Any:
        there = urlsplit(self.url)
        with closing(
            http.client.HTTPConnection(there.hostname or "", there.port, timeout=timeout_s)
        ) as connection:
            try:
                connection.request(method, path, body, {"Content-Type": media_type} if body else {})
                answer = connection.getresponse()
                data = _json(answer.read())
            except (OSError, http.client.HTTPException) as error:
                raise Unreachable from error
        if answer.status >= 400:
            raise Refused(answer.status, data if isinstance(data, dict) else {})
        return data

    def alive(self) -> bool:
        """True when the server answers, be it to say that it is in trouble: the page tells which."""
        try:
            self.get("/healthz")
        except Unreachable:
            return False
        except Refused:
            return True
        return True


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None
