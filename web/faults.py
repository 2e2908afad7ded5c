"""Faults of a recording (docs/protocol.md §1): the recordist explains them, the judge reviews that (court.md A4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from casefile.errors import BadRequest
from casefile.events import to_json
from casefile.explaining import Blocker
from casefile.faults import FaultExplanation, FaultReview
from casefile.keys import refuse_unknown
from casefile.model import Gap
from web.access import By
from web.bodies import BODY, UNWRITABLE
from web.sign_bodies import strokes_of

Json = Annotated[dict[str, object], Body()]
MOST_TEXT = 2_000
MOST_NAME = 100
MOST_FAULTS = 10_000


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault as the page shows it. `digest`: of its explanation, "" without; `blocker`: what is missing."""

    id: str
    gap: Gap
    explanation: FaultExplanation | None
    digest: str
    review: FaultReview | None
    blocker: Blocker | None


class Faults(Protocol):
    """The faults of all hearings (`tingji.faults.FaultPapers`)."""

    def listed(self, hearing_id: str) -> Sequence[Fault]:
        """All of them. Raises `NotFound`."""

    def explain(self, hearing_id: str, explanation: FaultExplanation, by: str) -> None:
        """The recordist's words. Raises `NotFound`, `WrongState`, `FaultGone`."""

    def review(self, hearing_id: str, review: FaultReview, by: str) -> None:
        """The judge's signature. Raises `NotFound`, `WrongState`, `FaultGone`."""


def fault_routes(faults: Faults) -> APIRouter:
    """`/api/hearings/ID/faults`."""
    router = APIRouter(prefix="/api/hearings/{hearing_id}")

    @router.get("/faults")
    def listed(hearing_id: str) -> JSONResponse:
        return JSONResponse(to_json(list(faults.listed(hearing_id))))

    @router.post("/faults/explain", status_code=202)
    def explain(hearing_id: str, body: Json, by: By) -> None:
        faults.explain(hearing_id, explanation_of(body), by)

    @router.post("/faults/review", status_code=202)
    def review(hearing_id: str, body: Json, by: By) -> None:
        faults.review(hearing_id, review_of(body), by)

    return router


def explanation_of(body: dict[str, object]) -> FaultExplanation:
    """What the recordist wrote: which faults, what happened, what was done, who writes. Raises BadRequest, UnfitSignature."""
    refuse_unknown(BODY, body, ("faults", "what", "remedy", "name", "strokes"))
    ids = body.get("faults")
    if not isinstance(ids, list) or len(ids) > MOST_FAULTS or not all(isinstance(one, str) for one in ids):
        raise BadRequest(zh_why="请选择要说明的录音缺失。", en_why="Choose the gaps that are meant.")
    what = _text(body, "what", MOST_TEXT, "请写明出现了什么情况。", "Write what happened.")
    remedy = _text(
        body,
        "remedy",
        MOST_TEXT,
        "请写明补救措施；没有的，写“无”。",
        "Write what was done about it, if only: nothing.",
    )
    return FaultExplanation(tuple(ids), what, remedy, _name(body), strokes_of(body.get("strokes", [])))


def review_of(body: dict[str, object]) -> FaultReview:
    """The judge's name and signature on an explanation. Raises BadRequest, UnfitSignature."""
    refuse_unknown(BODY, body, ("digest", "name", "strokes"))
    strokes = strokes_of(body.get("strokes", []))
    if not strokes:
        raise BadRequest(zh_why="请审判长或独任审判员手写签名。", en_why="The presiding judge signs by hand.")
    digest = _text(
        body, "digest", 64, "说明已改动，请重新打开。", "The explanation has changed: open it again."
    )
    return FaultReview(digest, _name(body), strokes)


def _name(body: dict[str, object]) -> str:
    return _text(body, "name", MOST_NAME, "请填写签名人的姓名。", "Give the name of who signs.")


def _text(body: dict[str, object], key: str, most: int, zh: str, en: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value.strip() or len(value) > most or UNWRITABLE.search(value):
        raise BadRequest(zh_why=zh, en_why=en)
    return value.strip()
