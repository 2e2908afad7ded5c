"""Finding what was said, in one hearing and in all that the caller may read (docs/protocol.md §1).

What is looked for stands in the body, never in an address: addresses are logged on the way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from casefile.errors import TingjiError
from casefile.events import to_json
from casefile.finding import Found, Query
from casefile.model import HearingState
from casefile.people.nouns import Act
from casefile.summary import HearingSummary
from web import bodies
from web.access import Access, Caller, Who
from web.bodies import Span
from web.conduct import CaseFiles
from web.reading_log import ReadingLog

MOST = 200
"""Turns in an answer."""
MOST_OF_ONE = 20
"""Turns of one hearing among many."""
BUDGET_S = 1.0
"""So long one request looks into hearings: what is left comes with the next."""

Json = Annotated[dict[str, object], Body()]
Clock = Callable[[], float]


class Finding(Protocol):
    """The search (`tingji.finding.Finder`)."""

    def find(self, hearing_id: str, query: Query, most: int) -> Found:
        """In the record as it is now. Raises `NotFound`, `ForgedEvent`."""

    def find_in(self, summary: HearingSummary, query: Query, most: int) -> Found:
        """The same for one of many: what is read for it drives nothing out of the feed."""


def finding_routes(
    finding: Finding, feed: CaseFiles, access: Access, clock: Clock = time.monotonic
) -> APIRouter:
    """`find` below a hearing, and `/api/find`."""
    router = APIRouter(prefix="/api")
    log = ReadingLog(access.people.audit)

    @router.post("/hearings/{hearing_id}/find")
    def find(hearing_id: str, body: Json) -> JSONResponse:
        return JSONResponse(to_json(finding.find(hearing_id, bodies.query_of(body), MOST)))

    @router.post("/find")
    def find_all(body: Json, caller: Who) -> JSONResponse:
        query, span, after = bodies.wide_query_of(body)
        seen = [one for one in access.seen(caller, feed.store.hearings()) if _within(one, span)]
        left = bodies.behind(seen, after)
        answer = _look(finding, left, query, clock)
        _note(log, caller, answer["hearings"])
        return JSONResponse(answer)

    return router


def _within(hearing: HearingSummary, span: Span) -> bool:
    """Whether it has begun, and in the time that was asked for."""
    if hearing.state is HearingState.DRAFT or hearing.opened_at is None:
        return False
    begun_s = datetime.fromisoformat(hearing.opened_at).timestamp()
    return (span.since_s or 0) <= begun_s and (span.until_s is None or begun_s < span.until_s)


def _look(finding: Finding, hearings: Sequence[HearingSummary], query: Query, clock: Clock) -> dict[str, Any]:
    """One hearing after the other, until there is enough, or the time is over."""
    end, room, searched = clock() + BUDGET_S, MOST, 0
    found = list[dict[str, Any]]()
    for hearing in hearings:
        if searched and (room <= 0 or clock() > end):
            break
        searched += 1
        for one in _of(finding, hearing, query):
            found.append(one)
            room -= len(one["hits"])
    left = len(hearings) - searched
    return {
        "hearings": found,
        "searched": searched,
        "left": left,
        "next": hearings[searched - 1].id if left else None,
    }


def _of(finding: Finding, hearing: HearingSummary, query: Query) -> Iterator[dict[str, Any]]:
    """The hearing with its hits, if there are any; or what keeps it from being searched."""
    try:
        found = finding.find_in(hearing, query, MOST_OF_ONE)
    except TingjiError as error:
        yield {**to_json(hearing), "total": 0, "hits": [], "error": error.as_json()}
        return
    if found.total:
        yield {**to_json(hearing), "total": found.total, "hits": to_json(list(found.hits)), "error": None}


def _note(log: ReadingLog, caller: Caller, hearings: Sequence[dict[str, Any]]) -> None:
    """An excerpt is a look into the record (court.md F5)."""
    for hearing in hearings:
        if hearing["hits"]:
            log.note(caller, Act.VIEW, hearing["id"])
