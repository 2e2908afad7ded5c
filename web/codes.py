"""The short codes that a hearing brings along (docs/protocol.md §1)."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from casefile.codes import Letters, case_codes
from web.conduct import CaseFiles


def code_routes(feed: CaseFiles, letters: Letters) -> APIRouter:
    """`/api/hearings/ID/codes`. `letters` reads a Chinese character."""
    router = APIRouter(prefix="/api/hearings/{hearing_id}")

    @router.get("/codes")
    def codes(hearing_id: str) -> JSONResponse:
        return JSONResponse({"codes": dict(case_codes(feed.record(hearing_id).hearing, letters))})

    return router
