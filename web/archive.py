"""一键归档 from the page of a sealed hearing (docs/protocol.md §1): begin, look how far it is, fetch the ZIP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Protocol

from fastapi import APIRouter, Body
from fastapi.responses import FileResponse, JSONResponse

from casefile.events import to_json
from casefile.package import Retention
from web import bodies

Json = Annotated[dict[str, object], Body()]


class Archiving(Protocol):
    """The archives of all hearings (`tingji.archiving.Archives`)."""

    def begin(self, hearing_id: str, retention: Retention, passphrase: str | None) -> None:
        """Starts archiving a sealed hearing; raises what keeps it from beginning."""

    def state(self, hearing_id: str) -> object:
        """How far it is (`tingji.archiving.State`)."""

    def newest(self, hearing_id: str) -> Path:
        """The newest ZIP. Raises `NoSuchArchive`."""


def archive_routes(archives: Archiving) -> APIRouter:
    """`archive` below `/api/hearings/ID`."""
    router = APIRouter(prefix="/api/hearings/{hearing_id}/archive")

    @router.post("", status_code=202)
    def begin(hearing_id: str, body: Json) -> None:
        archives.begin(hearing_id, *bodies.archive_of(body))

    @router.get("")
    def state(hearing_id: str) -> JSONResponse:
        return JSONResponse(to_json(archives.state(hearing_id)))

    @router.get("/zip")
    def packed(hearing_id: str) -> FileResponse:
        return FileResponse(
            archives.newest(hearing_id), media_type="application/zip", filename=f"{hearing_id}.zip"
        )

    return router
