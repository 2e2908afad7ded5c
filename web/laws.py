"""Citations of laws and the text of the articles that they name (docs/protocol.md §1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from casefile.events import to_json
from web import bodies

Json = Annotated[dict[str, object], Body()]


@dataclass(frozen=True, slots=True)
class Cited:
    """`text[start:end]` cites this article of `law`, which reads `words` (a line for each 款); 0: no 款, no 项 named."""

    start: int
    end: int
    law: str
    article: str
    words: str
    paragraph: int = 0
    item: int = 0


class Laws(Protocol):
    """The court's law texts (`tingji.laws.LawTexts`)."""

    def cited(self, text: str) -> Sequence[Cited]:
        """The citations in a text whose article is there, in order."""


def law_routes(laws: Laws) -> APIRouter:
    """`/api/laws`."""
    router = APIRouter(prefix="/api/laws")

    @router.post("/cited")
    def cited(body: Json) -> JSONResponse:
        return JSONResponse({"cited": to_json(list(laws.cited(*bodies.wording_of(body, "text"))))})

    return router
