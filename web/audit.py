"""The log of looking and of managing, for those who answer for it (court.md F5)."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from casefile.events import to_json
from casefile.people.audit import Audit


def audit_routes(audit: Audit) -> APIRouter:
    """`GET /api/audit` (accounts, recorders, signing in) and `GET /api/hearings/ID/audit`."""
    router = APIRouter(prefix="/api")

    @router.get("/audit")
    def managing() -> JSONResponse:
        return JSONResponse(to_json(audit.of(None)))

    @router.get("/hearings/{hearing_id}/audit")
    def reading(hearing_id: str) -> JSONResponse:
        return JSONResponse(to_json(audit.of(hearing_id)))

    return router
