"""The clerk's word on who spoke (docs/protocol.md §1): a turn given to a seat, a voice named, a turn cut in two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import APIRouter, Body

from casefile.model import Proposal, Reassignment
from web import bodies
from web.access import By
from web.conduct import CaseFiles
from web.offered import listed

Json = Annotated[dict[str, object], Body()]


@dataclass(frozen=True, slots=True)
class Target:
    """Who it is: a seat's id, or where `seat` is None a voice label or a person who has no seat."""

    seat: str | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which offer is meant: this turn to this seat, or to this name."""

    turn_id: str
    to: Target

    def names(self, offered: Reassignment) -> bool:
        """Whether it is this one."""
        after = offered.after
        same = after.seat == self.to.seat and (after.seat is not None or after.name == self.to.name)
        return offered.turn_id == self.turn_id and same


class Attributions(Protocol):
    """Who spoke in hearings. Every method raises `NotFound`; those that change, `WrongState` after the closing."""

    def reassign(self, hearing_id: str, turn_id: str, to: Target, by: str) -> None:
        """Gives a turn to somebody. Raises `NoSuchSpeaker`."""

    def name(self, hearing_id: str, label: str, to: Target, by: str) -> None:
        """Gives a voice its name. Raises `NoSuchSpeaker`."""

    def undo_name(self, hearing_id: str, label: str, by: str) -> None:
        """Takes the voice's last name back. Raises `OfferGone` when it has none."""

    def split(self, hearing_id: str, turn_id: str, at_word: int, by: str) -> str:
        """Cuts a turn before a word; returns the id of the second half. Raises `NoCutHere`."""

    def undo_split(self, hearing_id: str, turn_id: str, by: str) -> None:
        """Joins what was cut last from this turn. Raises `OfferGone` when the halves have become different."""

    def offers(self, hearing_id: str) -> Sequence[Reassignment]:
        """Other turns of voices of which the clerk has reassigned a turn."""

    def proposals(self, hearing_id: str) -> Sequence[Proposal]:
        """What a look at the whole hearing would name otherwise, and nobody has decided."""

    def accept(self, hearing_id: str, choices: Sequence[Choice], by: str) -> None:
        """Makes exactly these changes, all or none. Raises `OfferGone` when one is not offered any more."""

    def refuse(self, hearing_id: str, choices: Sequence[Choice], by: str) -> None:
        """Leaves these turns; the same is not offered again. Raises `OfferGone`."""

    def undo(self, hearing_id: str, turn_ids: Sequence[str], by: str) -> None:
        """Takes the last reassignment of each of these turns back, all or none. Raises `OfferGone`."""


def attribution_routes(spoken: Attributions, feed: CaseFiles) -> APIRouter:
    """`turns/ID/speaker`, `turns/ID/split`, `voices` and `speakers` below `/api/hearings/ID`."""
    router = APIRouter(prefix="/api/hearings/{hearing_id}")
    _turns(router, spoken)
    _voices(router, spoken)
    _offers(router, spoken, feed)
    return router


def _turns(router: APIRouter, spoken: Attributions) -> None:
    @router.post("/turns/{turn_id}/speaker", status_code=202)
    def reassign(hearing_id: str, turn_id: str, body: Json, by: By) -> None:
        spoken.reassign(hearing_id, turn_id, _target(body), by)

    @router.post("/turns/{turn_id}/split", status_code=202)
    def split(hearing_id: str, turn_id: str, body: Json, by: By) -> dict[str, str]:
        return {"id": spoken.split(hearing_id, turn_id, bodies.word_of(body), by)}

    @router.delete("/turns/{turn_id}/split", status_code=202)
    def undo_split(hearing_id: str, turn_id: str, by: By) -> None:
        spoken.undo_split(hearing_id, turn_id, by)


def _voices(router: APIRouter, spoken: Attributions) -> None:
    @router.post("/voices/name", status_code=202)
    def name(hearing_id: str, body: Json, by: By) -> None:
        label = bodies.text_of(body, "label")
        spoken.name(hearing_id, label, _target(bodies.without(body, "label")), by)

    @router.post("/voices/undo", status_code=202)
    def undo(hearing_id: str, body: Json, by: By) -> None:
        spoken.undo_name(hearing_id, bodies.needed(body, "label"), by)


def _offers(router: APIRouter, spoken: Attributions, feed: CaseFiles) -> None:
    @router.get("/speakers")
    def offers(hearing_id: str) -> dict[str, object]:
        record = feed.record(hearing_id)
        proposals = spoken.proposals(hearing_id)
        proposed = listed((one.reassignment for one in proposals), record)
        return {
            "offers": listed(spoken.offers(hearing_id), record),
            "proposals": [
                {**shown, "confidence": one.confidence}
                for shown, one in zip(proposed, proposals, strict=True)
            ],
        }

    @router.post("/speakers/accept", status_code=202)
    def accept(hearing_id: str, body: Json, by: By) -> None:
        spoken.accept(hearing_id, _choices(body), by)

    @router.post("/speakers/refuse", status_code=202)
    def refuse(hearing_id: str, body: Json, by: By) -> None:
        spoken.refuse(hearing_id, _choices(body), by)

    @router.post("/speakers/undo", status_code=202)
    def undo(hearing_id: str, body: Json, by: By) -> None:
        spoken.undo(hearing_id, bodies.texts(body, "turn_ids"), by)


def _choices(body: bodies.Body) -> list[Choice]:
    return [
        Choice(bodies.text_of(one, "turn_id"), _target(bodies.without(one, "turn_id")))
        for one in bodies.tables(body, "turns")
    ]


def _target(body: bodies.Body) -> Target:
    return Target(*bodies.target_of(body))
