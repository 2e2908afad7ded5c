"""The waveform of a hearing (docs/protocol.md §1): how loud it is, in as many points as a page can draw."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from casefile.errors import BadRequest
from casefile.model import HearingState
from web.conduct import CaseFiles
from web.records import LONGEST_MS, Sound

BUDGET_S = 0.4
"""So long one request reads sound that nobody has looked at yet; the page asks again for the rest."""
MOST_POINTS = 8_000


def peak_routes(feed: CaseFiles, sound: Sound) -> APIRouter:
    """`peaks` below a hearing."""
    router = APIRouter(prefix="/api/hearings/{hearing_id}")

    @router.get("/peaks")
    def peaks(
        hearing_id: str, from_ms: int = 0, to_ms: int | None = None, points: int = 1000
    ) -> JSONResponse:
        record = feed.record(hearing_id)
        found = sound.peaks(hearing_id, sealed=record.state is HearingState.SEALED)
        all_read = found.read_on(BUDGET_S)
        end_ms = max(record.length_ms, found.known_ms, 1) if to_ms is None else to_ms
        _refuse(from_ms, end_ms, points)
        return JSONResponse(
            {
                "from_ms": from_ms,
                "to_ms": end_ms,
                "known_ms": found.known_ms,
                "more": not all_read,
                "points": found.points(from_ms, end_ms, points),
            }
        )

    return router


def _refuse(from_ms: int, to_ms: int, points: int) -> None:
    if not (0 <= from_ms < to_ms <= from_ms + LONGEST_MS and 1 <= points <= MOST_POINTS):
        raise BadRequest(
            zh_why=f"波形的起止时间或点数不对：起止应先后有序、不超过 12 小时，点数 1 到 {MOST_POINTS}。",
            en_why=f"From, to or points do not fit: from before to, at most 12 hours apart, 1 to {MOST_POINTS} points.",
        )
