"""The server's HTTP API (docs/protocol.md §1) for the command line: standard library only, by this machine's key."""

from __future__ import annotations

import http.client
import json
import ssl
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from casefile.errors import TingjiError
from casefile.people.tokens import key_in
from tingji.settings import Settings
from tingji.trust import trust

MACHINE_KEY = "machine.key"
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
    key: str = field(default="", repr=False)
    trust: ssl.SSLContext | None = None

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
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {"X-Tingji": "command"}
        if body:
            headers["Content-Type"] = media_type
        with closing(self._connection(timeout_s)) as connection:
            try:
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                data = _json(answer.read())
            except (OSError, http.client.HTTPException) as error:
                raise Unreachable from error
        if answer.status >= 400:
            raise Refused(answer.status, data if isinstance(data, dict) else {})
        return data

    def _connection(self, timeout_s: float) -> http.client.HTTPConnection:
        there = urlsplit(self.url)
        if there.scheme == "https":
            return http.client.HTTPSConnection(
                there.hostname or "", there.port, timeout=timeout_s, context=self.trust
            )
        return http.client.HTTPConnection(there.hostname or "", there.port, timeout=timeout_s)

    def alive(self) -> bool:
        """True when the server answers, be it to say that it is in trouble: the page tells which."""
        try:
            self.get("/healthz")
        except Unreachable:
            return False
        except Refused:
            return True
        return True


def api_of(settings: Settings) -> Api:
    """The server of this data folder, with all rights."""
    return Api(settings.url, machine_key(settings.data), trust(settings.certificate))


def machine_key(data: Path) -> str:
    """The key of a data folder: whoever may read the folder has all rights. Made at first use. Raises OSError."""
    return key_in(data / MACHINE_KEY)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None
