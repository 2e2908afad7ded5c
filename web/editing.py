"""The clerk's hand on the text (docs/protocol.md §1): edited, confirmed, marked, condensed, joined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Protocol

from fastapi import APIRouter, Body

from casefile.model import Omission, Tag
from web import bodies
from web.access import By

Json = Annotated[dict[str, object], Body()]


class Editing(Protocol):
    """The text of hearings. Every method raises `NotFound` for an unknown hearing or turn, and `WrongState` once it is sealed.

    `TextChanged`: the turn does not read as the person saw it.
    """

    def edit(self, hearing_id: str, turn_id: str, before: str, after: str, by: str) -> None:
        """Changes the text of a turn. Raises `TextChanged`, `UnfitText`."""

    def confirm(self, hearing_id: str, turn_id: str, text: str, by: str) -> None:
        """The person stands by this text. Raises `TextChanged`."""

    def undo_confirm(self, hearing_id: str, turn_id: str, by: str) -> None:
        """The turn is to be checked again."""

    def tag(self, hearing_id: str, turn_id: str, tag: Tag, by: str) -> None:
        """Marks a turn."""

    def untag(self, hearing_id: str, turn_id: str, tag: Tag, by: str) -> None:
        """Takes a mark off."""

    def omit(self, hearing_id: str, turn_id: str, pieces: Sequence[Omission], anyway: bool, by: str) -> None:
        """Leaves pieces out of the condensed record. Raises `TextChanged`, `ProtectedWords` unless `anyway`."""

    def undo_omit(self, hearing_id: str, turn_id: str, pieces: Sequence[Omission], by: str) -> None:
        """Takes pieces into the condensed record again. Raises `TextChanged` where one is not left out."""

    def join(self, hearing_id: str, turn_id: str, second_id: str, by: str) -> None:
        """Makes one turn of two neighbours. Raises `NotSideBySide`."""

    def undo_join(self, hearing_id: str, turn_id: str, by: str) -> None:
        """Takes the last joining of this turn back. Raises `NotSideBySide` when the turn has changed since."""


def editing_routes(texts: Editing) -> APIRouter:
    """`text`, `confirm`, `tags`, `omissions` and `join` below `/api/hearings/ID/turns/ID`."""
    router = APIRouter(prefix="/api/hearings/{hearing_id}/turns/{turn_id}")
    _text(router, texts)
    _tags(router, texts)
    _omissions(router, texts)
    _joins(router, texts)
    return router


def _text(router: APIRouter, texts: Editing) -> None:
    @router.post("/text", status_code=202)
    def edit(hearing_id: str, turn_id: str, body: Json, by: By) -> None:
        before, after = bodies.wording_of(body, "before", "after")
        texts.edit(hearing_id, turn_id, before, after, by)

    @router.post("/confirm", status_code=202)
    def confirm(hearing_id: str, turn_id: str, body: Json, by: By) -> None:
        (text,) = bodies.wording_of(body, "text")
        texts.confirm(hearing_id, turn_id, text, by)

    @router.delete("/confirm", status_code=202)
    def undo_confirm(hearing_id: str, turn_id: str, by: By) -> None:
        texts.undo_confirm(hearing_id, turn_id, by)


def _tags(router: APIRouter, texts: Editing) -> None:
    @router.post("/tags", status_code=202)
    def tag(hearing_id: str, turn_id: str, body: Json, by: By) -> None:
        texts.tag(hearing_id, turn_id, bodies.tag_of(body), by)

    @router.post("/tags/remove", status_code=202)
    def untag(hearing_id: str, turn_id: str, body: Json, by: By) -> None:
        texts.untag(hearing_id, turn_id, bodies.tag_of(body), by)


def _omissions(router: APIRouter, texts: Editing) -> None:
    @router.post("/omissions", status_code=202)
    def omit(hearing_id: str, turn_id: str, body: Json, by: By) -> None:
        anyway = bodies.flag(body, "anyway")
        texts.omit(hearing_id, turn_id, bodies.pieces_of(bodies.without(body, "anyway")), anyway, by)

    @router.post("/omissions/remove", status_code=202)
    def undo_omit(hearing_id: str, turn_id: str, body: Json, by: By) -> None:
        texts.undo_omit(hearing_id, turn_id, bodies.pieces_of(body), by)


def _joins(router: APIRouter, texts: Editing) -> None:
    @router.post("/join", status_code=202)
    def join(hearing_id: str, turn_id: str, body: Json, by: By) -> None:
        texts.join(hearing_id, turn_id, bodies.needed(body, "second"), by)

    @router.delete("/join", status_code=202)
    def undo_join(hearing_id: str, turn_id: str, by: By) -> None:
        texts.undo_join(hearing_id, turn_id, by)
