"""The case's own words (docs/protocol.md §1): the clerk adds them, drops papers, and decides on what they offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import APIRouter, Body, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from casefile.errors import DocumentTooBig
from casefile.events import to_json
from casefile.model import Mending, WordKind
from web import bodies
from web.access import By
from web.conduct import CaseFiles
from web.offered import listed

TypedWord = tuple[str, WordKind | None]
"""A word and its kind; None: told by its form."""
PAPERS = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "text/plain": ".txt",
}
"""The kinds of paper by media type. A paper's name is never sent: it may name a person."""

Json = Annotated[dict[str, object], Body()]


@dataclass(frozen=True, slots=True)
class Place:
    """Which change is meant: what is to stand (or stands) at character `at` of a turn."""

    turn_id: str
    at: int
    after: str

    def names(self, mending: Mending) -> bool:
        """Whether it is this one."""
        change = mending.change
        return (mending.turn_id, change.at, change.after) == (self.turn_id, self.at, self.after)


@dataclass(frozen=True, slots=True)
class PaperRead:
    """Words of a paper: new ones, those that were there already, those for which there was no room."""

    added: int
    known: int
    left_out: int


class CaseWords(Protocol):
    """The words of hearings. Every method raises `NotFound`; those that change, `WrongState` after the closing."""

    @property
    def largest_paper(self) -> int:
        """Bytes of the largest paper that is read."""

    def add(self, hearing_id: str, words: Sequence[TypedWord], by: str) -> int:
        """Adds words, or gives them another kind; returns how many were new. Raises `TooManyWords`."""

    def read_paper(self, hearing_id: str, ending: str, content: bytes, by: str) -> PaperRead:
        """Adds what a paper names. Blocking. Raises what tells the clerk why a paper cannot be read."""

    def remove(self, hearing_id: str, text: str, by: str) -> None:
        """Takes a word away. Raises `NoSuchWord`."""

    def offers(self, hearing_id: str) -> Sequence[Mending]:
        """What the words would change in turns on record; none after the closing. May take seconds."""

    def accept(self, hearing_id: str, places: Sequence[Place], by: str) -> None:
        """Makes exactly these changes, all or none. Raises `OfferGone` when one is not offered any more."""

    def refuse(self, hearing_id: str, places: Sequence[Place], by: str) -> None:
        """Leaves the text; these are not offered again. Raises `OfferGone`."""

    def undo(self, hearing_id: str, place: Place, by: str) -> None:
        """Takes back a change that stands. Raises `OfferGone`."""


def word_routes(words: CaseWords, feed: CaseFiles) -> APIRouter:
    """`words`, `papers` and `mendings` below `/api/hearings/ID`."""
    router = APIRouter(prefix="/api/hearings/{hearing_id}")
    _words(router, words, feed)
    _papers(router, words)
    _mendings(router, words, feed)
    return router


def _words(router: APIRouter, words: CaseWords, feed: CaseFiles) -> None:
    @router.get("/words")
    def listed(hearing_id: str) -> JSONResponse:
        return JSONResponse(to_json(feed.record(hearing_id).case_words))

    @router.post("/words")
    def add(hearing_id: str, body: Json, by: By) -> dict[str, int]:
        return {"added": words.add(hearing_id, bodies.words_of(body), by)}

    @router.post("/words/remove", status_code=202)
    def remove(hearing_id: str, body: Json, by: By) -> None:
        words.remove(hearing_id, bodies.needed(body, "text"), by)


def _papers(router: APIRouter, words: CaseWords) -> None:
    @router.post("/papers")
    async def paper(hearing_id: str, request: Request, by: By) -> JSONResponse:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        content = await _content(request, words.largest_paper)
        ending = PAPERS.get(media_type, "")
        return JSONResponse(
            to_json(await run_in_threadpool(words.read_paper, hearing_id, ending, content, by))
        )


async def _content(request: Request, most: int) -> bytes:
    """The body; of one that is too big no more than `most` is kept, and the browser still gets its answer."""
    parts, size = list[bytes](), 0
    async for part in request.stream():
        size += len(part)
        if size <= most:
            parts.append(part)
        else:
            parts.clear()
    if size > most:
        raise DocumentTooBig(megabytes=most // 1_000_000)
    return b"".join(parts)


def _mendings(router: APIRouter, words: CaseWords, feed: CaseFiles) -> None:
    @router.get("/mendings")
    def offers(hearing_id: str) -> JSONResponse:
        return JSONResponse(listed(words.offers(hearing_id), feed.record(hearing_id)))

    @router.post("/mendings/accept", status_code=202)
    def accept(hearing_id: str, body: Json, by: By) -> None:
        words.accept(hearing_id, _places(body), by)

    @router.post("/mendings/refuse", status_code=202)
    def refuse(hearing_id: str, body: Json, by: By) -> None:
        words.refuse(hearing_id, _places(body), by)

    @router.post("/mendings/undo", status_code=202)
    def undo(hearing_id: str, body: Json, by: By) -> None:
        words.undo(hearing_id, _place(body), by)


def _places(body: bodies.Body) -> list[Place]:
    return [_place(one) for one in bodies.tables(body, "places")]


def _place(body: bodies.Body) -> Place:
    return Place(*bodies.place_of(body))
