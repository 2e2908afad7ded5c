"""Voices that are enrolled for one hearing (docs/protocol.md §1): whose are known, a new one taken, one withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from casefile.events import to_json
from web import bodies
from web.access import By
from web.attribution import Target

Json = Annotated[dict[str, object], Body()]


@dataclass(frozen=True, slots=True)
class Known:
    """A person and how much of his speech (ms, alone) is held; `microphone`: he has one of his own and needs no
    enrolment. `listening`: he is being enrolled now; `problem`: what went wrong with the last try."""

    seat: str | None
    name: str
    held_ms: int
    microphone: bool = False
    listening: bool = False
    problem: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """In this turn a voice without a name says who it is."""

    turn_id: str
    label: str
    seat: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """All of a hearing. `voices`: the speech held (ms) of each voice that has no name, by label."""

    needed_ms: int
    persons: Sequence[Known]
    voices: dict[str, int]
    offers: Sequence[Offer]


class Enrolments(Protocol):
    """The voices of hearings. Every method raises `NotFound`."""

    def of(self, hearing_id: str) -> Enrolled:
        """Whose voices are known."""

    def begin(self, hearing_id: str, to: Target, recorder: str | None, by: str) -> None:
        """Listens to an idle recorder until the person has said enough. Raises `WrongState` once the hearing has
        begun, `NoSuchSpeaker`, `NoRecorder`."""

    def stop(self, hearing_id: str) -> None:
        """Listens no more; nothing is enrolled."""

    def withdraw(self, hearing_id: str, to: Target, by: str) -> None:
        """Deletes what this person sounds like. Raises `WrongState` after the closing, `NoSuchSpeaker`,
        `VoicesNotWritten`."""


def enrolment_routes(enrolments: Enrolments) -> APIRouter:
    """`enrolments` below `/api/hearings/ID`."""
    router = APIRouter(prefix="/api/hearings/{hearing_id}/enrolments")

    @router.get("")
    def of(hearing_id: str) -> JSONResponse:
        return JSONResponse(to_json(enrolments.of(hearing_id)))

    @router.post("", status_code=202)
    def begin(hearing_id: str, body: Json, by: By) -> None:
        recorder = bodies.text_of(body, "recorder") if "recorder" in body else None
        enrolments.begin(hearing_id, _target(bodies.without(body, "recorder")), recorder, by)

    @router.post("/stop", status_code=202)
    def stop(hearing_id: str) -> None:
        enrolments.stop(hearing_id)

    @router.post("/withdraw", status_code=202)
    def withdraw(hearing_id: str, body: Json, by: By) -> None:
        enrolments.withdraw(hearing_id, _target(body), by)

    return router


def _target(body: bodies.Body) -> Target:
    return Target(*bodies.target_of(body))
