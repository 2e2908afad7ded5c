"""What the screens outside are shown, at the clerk's hand (docs/protocol.md §1): dark, lit, and which stages darken them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Protocol

from fastapi import APIRouter, Body

from casefile.model import BlankingRule, LinkKind
from web import bodies
from web.access import By

Json = Annotated[dict[str, object], Body()]


class Screens(Protocol):
    """The screens outside, of all hearings. Every method raises `NotFound`, and `WrongState` when the record is sealed."""

    def blank(self, hearing_id: str, kinds: Sequence[LinkKind], by: str) -> None:
        """From now on screens of these kinds show no text."""

    def light(self, hearing_id: str, kinds: Sequence[LinkKind], by: str) -> None:
        """From now on they show it again, whatever kept it from them."""

    def rule(self, hearing_id: str, rule: BlankingRule, by: str) -> None:
        """What a stage or pause of this name blanks, from the next time on."""

    def place(self, hearing_id: str) -> int | None:
        """Where the hearing is on its own timeline (ms); None where no recorder has told."""

    def rules(self, hearing_id: str) -> Sequence[BlankingRule]:
        """What stages and pauses blank: what the clerk chose, and what is usual."""


def screens_routes(screens: Screens) -> APIRouter:
    """`screens` below `/api/hearings/ID`."""
    router = APIRouter(prefix="/api/hearings/{hearing_id}/screens")

    @router.post("/blank", status_code=202)
    def blank(hearing_id: str, body: Json, by: By) -> None:
        screens.blank(hearing_id, bodies.kinds_of(body, "kinds"), by)

    @router.post("/light", status_code=202)
    def light(hearing_id: str, body: Json, by: By) -> None:
        screens.light(hearing_id, bodies.kinds_of(body, "kinds"), by)

    @router.get("/rules")
    def rules(hearing_id: str) -> dict[str, list[str]]:
        return {rule.name: [kind.value for kind in rule.kinds] for rule in screens.rules(hearing_id)}

    @router.post("/rules", status_code=202)
    def rule(hearing_id: str, body: Json, by: By) -> None:
        screens.rule(hearing_id, bodies.rule_of(body), by)

    return router
