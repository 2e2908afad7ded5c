"""The clerk's side of signing (docs/protocol.md §6): who is to sign, their links, decisions on corrections."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Protocol

from fastapi import APIRouter, Body, Request
from fastapi.responses import JSONResponse

from casefile.events import to_json
from casefile.people.nouns import Act, LinkKind
from casefile.people.people import People
from casefile.signatures import CorrectionDecision, Signatory
from web import sign_bodies as bodies
from web.access import By
from web.conduct import CaseFiles
from web.links import refuse_secret
from web.qr import squares

Json = Annotated[dict[str, object], Body()]
LINK_HOURS = 5 * 24


class Signatories(Protocol):
    """Who is to sign (`tingji.signatories.Signatories`). Every method raises `NotFound` and `WrongState`."""

    def panel(self, hearing_id: str, opened: Collection[str]) -> object:
        """How far everybody is, and what was asked for; `opened`: whose links are open in a browser."""

    def name_seats(self, hearing_id: str, accounts: Mapping[str, str], by: str) -> None:
        """Everybody on a seat is to sign who is not yet; `accounts`: ids of those who work here, by name."""

    def name(self, hearing_id: str, wanted: Signatory, days: int, by: str) -> str:
        """Somebody is to sign within so many days, 0: in court; their id."""

    def set_due(self, hearing_id: str, signatory_id: str, days: int, by: str) -> None:
        """Until when, counted from now; 0: in court."""

    def remove(self, hearing_id: str, signatory_id: str, by: str) -> None:
        """Is not to sign after all. Raises `SignedAlready`."""

    def label(self, hearing_id: str, signatory_id: str) -> str:
        """Role and name."""

    def pass_over(self, hearing_id: str, signatory_id: str, reason: str, by: str) -> None:
        """Did not sign in time. Raises `NotOverdue`, `NeedsReason`, `SignedAlready`."""

    def grant(
        self,
        hearing_id: str,
        decision: CorrectionDecision,
        turn_text: str,
        after: str,
        *,
        anyway: bool,
        by: str,
    ) -> Sequence[str]:
        """The turn that reads `turn_text` reads `after`; whose signatures no longer cover the record.

        Raises `TextChanged`, `UnfitText`, `DecidedAlready`, `NotTheirOwn` unless `anyway` with a reason.
        """

    def refuse(self, hearing_id: str, decision: CorrectionDecision, by: str) -> None:
        """Raises `NeedsReason`, `DecidedAlready`."""


def signing_routes(signatories: Signatories, people: People, feed: CaseFiles) -> APIRouter:
    """`signing` below `/api/hearings/ID`."""
    router = APIRouter(prefix="/api/hearings/{hearing_id}/signing")
    _people(router, signatories, people)
    _links(router, signatories, people, feed)
    _decisions(router, signatories)
    return router


def _people(router: APIRouter, signatories: Signatories, people: People) -> None:
    @router.get("")
    def panel(hearing_id: str) -> JSONResponse:
        return JSONResponse(to_json(signatories.panel(hearing_id, people.links.opened(hearing_id))))

    @router.post("/seats", status_code=202)
    def seats(hearing_id: str, by: By) -> None:
        accounts = {one.name: one.id for one in people.assignments.of(hearing_id)}
        signatories.name_seats(hearing_id, accounts, by)

    @router.post("/signatories", status_code=201)
    def name(hearing_id: str, body: Json, by: By) -> dict[str, str]:
        wanted, days = bodies.signatory_of(body)
        return {"id": signatories.name(hearing_id, wanted, days, by)}

    @router.post("/signatories/{signatory_id}/due", status_code=202)
    def due(hearing_id: str, signatory_id: str, body: Json, by: By) -> None:
        signatories.set_due(hearing_id, signatory_id, bodies.days_of(body), by)

    @router.post("/signatories/{signatory_id}/remove", status_code=202)
    def remove(hearing_id: str, signatory_id: str, by: By) -> None:
        signatories.remove(hearing_id, signatory_id, by)
        people.links.withdraw_of(hearing_id, signatory_id)

    @router.post("/signatories/{signatory_id}/overdue", status_code=202)
    def overdue(hearing_id: str, signatory_id: str, body: Json, by: By) -> None:
        signatories.pass_over(hearing_id, signatory_id, bodies.reason_of(body), by)


def _links(router: APIRouter, signatories: Signatories, people: People, feed: CaseFiles) -> None:
    @router.post("/signatories/{signatory_id}/link", status_code=201)
    def link(hearing_id: str, signatory_id: str, request: Request, by: By) -> dict[str, object]:
        refuse_secret(feed.record(hearing_id).hearing, LinkKind.SIGNATORY)
        label = signatories.label(hearing_id, signatory_id)
        people.links.withdraw_of(hearing_id, signatory_id)
        token = people.links.make(hearing_id, LinkKind.SIGNATORY, label, LINK_HOURS, by, signatory_id)
        people.audit.note(by, Act.LINK_MADE, label, hearing_id)
        url = f"{request.url.scheme}://{request.headers['host']}/sign#{token}"
        return {"url": url, "qr": squares(url)}


def _decisions(router: APIRouter, signatories: Signatories) -> None:
    @router.post("/requests/{request_id}/grant")
    def grant(hearing_id: str, request_id: str, body: Json, by: By) -> dict[str, object]:
        decision, before, after, anyway = bodies.grant_of(body, request_id)
        lost = signatories.grant(hearing_id, decision, before, after, anyway=anyway, by=by)
        return {"uncovered": list(lost)}

    @router.post("/requests/{request_id}/refuse", status_code=202)
    def refuse(hearing_id: str, request_id: str, body: Json, by: By) -> None:
        signatories.refuse(hearing_id, bodies.refusal_of(body, request_id), by)
