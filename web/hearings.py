"""The clerk's commands (docs/protocol.md §1): passed on at once, answered 202; the effect is an event."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from casefile.events import to_json
from casefile.people.assignments import Assignments
from web import bodies
from web.access import By, Who
from web.conduct import Conduct, Recorders

Json = Annotated[dict[str, object], Body()]
MaybeJson = Annotated[dict[str, object] | None, Body()]


def hearing_routes(conduct: Conduct, assignments: Assignments) -> APIRouter:
    """Unsafe routes below `/api/hearings`."""
    router = APIRouter(prefix="/api/hearings")
    _setting_up(router, conduct, assignments)
    _course(router, conduct)
    return router


def _setting_up(router: APIRouter, conduct: Conduct, assignments: Assignments) -> None:
    @router.post("", status_code=201)
    def create(body: Json, caller: Who) -> dict[str, str]:
        hearing = bodies.hearing_of(body, "")
        hearing_id = conduct.create(hearing, caller.name)
        if caller.account_id:
            assignments.add(hearing_id, caller.account_id)
        else:
            assignments.made_on_this_machine(hearing_id, hearing.kind)
        return {"id": hearing_id}

    @router.put("/{hearing_id}", status_code=202)
    def change(hearing_id: str, body: Json, by: By) -> None:
        conduct.change(bodies.hearing_of(body, hearing_id), by)

    @router.post("/{hearing_id}/duties", status_code=202)
    def duty(hearing_id: str, body: Json, by: By) -> None:
        conduct.mark_duty(hearing_id, bodies.duty_of(body), by)


def _course(router: APIRouter, conduct: Conduct) -> None:
    @router.post("/{hearing_id}/start", status_code=202)
    def start(hearing_id: str, by: By, body: MaybeJson = None) -> None:
        conduct.start(hearing_id, bodies.recorder_of(body or {}), by)

    @router.post("/{hearing_id}/pause", status_code=202)
    def pause(hearing_id: str, body: Json, by: By) -> None:
        conduct.pause(hearing_id, bodies.pause_reason_of(body), by)

    @router.post("/{hearing_id}/resume", status_code=202)
    def resume(hearing_id: str, by: By) -> None:
        conduct.resume(hearing_id, by)

    @router.post("/{hearing_id}/stage", status_code=202)
    def stage(hearing_id: str, body: Json, by: By) -> None:
        conduct.enter_stage(hearing_id, bodies.needed(body, "name"), by)

    @router.post("/{hearing_id}/turns/{turn_id}/restore", status_code=202)
    def restore(hearing_id: str, turn_id: str, by: By) -> None:
        conduct.restore(hearing_id, turn_id, by)

    @router.delete("/{hearing_id}/turns/{turn_id}/restore", status_code=202)
    def undo_restore(hearing_id: str, turn_id: str, by: By) -> None:
        conduct.undo_restore(hearing_id, turn_id, by)

    @router.post("/{hearing_id}/close", status_code=202)
    def close(hearing_id: str, by: By, body: MaybeJson = None) -> None:
        conduct.close(hearing_id, by, bodies.without_recorder_of(body or {}))


def recorder_routes(recorders: Recorders) -> APIRouter:
    """Routes below `/api/recorders`."""
    router = APIRouter(prefix="/api/recorders")

    @router.get("")
    def listed() -> JSONResponse:
        return JSONResponse(to_json(list(recorders.recorders())))

    @router.post("/{name}/device", status_code=202)
    def device(name: str, body: Json) -> None:
        recorders.choose_device(name, bodies.needed(body, "device"))

    return router
