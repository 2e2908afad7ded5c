"""The evidence table (docs/protocol.md §1): heard from the record, written by the clerk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Protocol

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from casefile.events import to_json
from casefile.exhibits import Exhibit, ExhibitEntry
from web import bodies
from web.access import By

Json = Annotated[dict[str, object], Body()]


class Evidence(Protocol):
    """The evidence tables (`tingji.evidence.EvidenceTables`)."""

    def table(self, hearing_id: str) -> tuple[int, Sequence[Exhibit]]:
        """The table as it is after event number so and so. Raises `NotFound`."""

    def write(self, hearing_id: str, entry: ExhibitEntry, by: str) -> None:
        """A person fills a cell that read `entry.before`. Raises `NotFound`, `WrongState`, `CellChanged`."""


def evidence_routes(tables: Evidence) -> APIRouter:
    """`/api/hearings/ID/evidence`."""
    router = APIRouter(prefix="/api/hearings/{hearing_id}")

    @router.get("/evidence")
    def table(hearing_id: str) -> JSONResponse:
        seq, rows = tables.table(hearing_id)
        return JSONResponse({"seq": seq, "exhibits": to_json(list(rows))})

    @router.post("/evidence", status_code=202)
    def write(hearing_id: str, body: Json, by: By) -> None:
        tables.write(hearing_id, bodies.entry_of(body), by)

    return router
