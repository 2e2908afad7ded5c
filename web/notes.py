"""Private notes of whoever asks (docs/protocol.md §1): no other account reads them, and the record knows nothing of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from casefile.events import to_json
from casefile.people.notes import Notes
from web import bodies
from web.access import Caller, Who

Json = Annotated[dict[str, object], Body()]


def note_routes(notes: Notes) -> APIRouter:
    """`notes` below `/api/hearings/ID`."""
    router = APIRouter(prefix="/api/hearings/{hearing_id}/notes")

    @router.get("")
    def own(hearing_id: str, caller: Who) -> JSONResponse:
        return JSONResponse(to_json(notes.of(_account(caller), hearing_id)))

    @router.put("/{note_id}", status_code=202)
    def keep(hearing_id: str, note_id: str, body: Json, caller: Who) -> None:
        notes.keep(_account(caller), hearing_id, bodies.note_of(body, note_id))

    @router.delete("/{note_id}", status_code=202)
    def delete(hearing_id: str, note_id: str, caller: Who) -> None:
        notes.delete(_account(caller), hearing_id, note_id)

    @router.delete("", status_code=202)
    def delete_all(hearing_id: str, caller: Who) -> None:
        notes.delete(_account(caller), hearing_id)

    return router


def _account(caller: Caller) -> str:
    assert caller.account_id, "only accounts hold this right"
    return caller.account_id
