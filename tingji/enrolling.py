"""A recorder takes its own key by a one-time code, and remembers whom it believes."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress

from casefile.errors import ServerAway
from casefile.people.tokens import write_key
from tingji.api import Api, Unreachable
from tingji.recording import RECORDER_KEY, server_address
from tingji.settings import ENROLLED, Settings
from tingji.trust import trust


def enrol(settings: Settings, code: str) -> str:
    """Keeps the key in the data folder (0600) and returns the recorder's name. Raises ServerAway, PlainServer, Refused."""
    api = Api(
        server_address(settings.server or settings.url), trust=trust(settings.certificate, settings.authority)
    )
    try:
        answer = api.post("/api/recorders/enrol", {"code": code})
    except Unreachable as error:
        raise ServerAway from error
    settings.data.mkdir(parents=True, exist_ok=True)
    own = settings.data / RECORDER_KEY
    own.unlink(missing_ok=True)
    write_key(own, str(answer["key"]))
    _remember(settings, str(answer["name"]))
    return str(answer["name"])


def _remember(settings: Settings, name: str) -> None:
    """`tingji record` on this folder then needs no other word."""
    said = {"recorder": name, **({"server": settings.server} if settings.server else {})}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in said.items()]
    (settings.data / ENROLLED).write_text("".join(lines), encoding="utf-8")
    if settings.authority:
        with suppress(shutil.SameFileError):
            shutil.copyfile(settings.authority, settings.data / "authority.pem")
