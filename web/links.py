"""Who works on a hearing, and its links for parties, witnesses, the gallery and screens (docs/protocol.md §5)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse

from casefile.errors import NoLinksHere
from casefile.events import to_json
from casefile.model import Hearing, Secrecy
from casefile.people.nouns import SECRET_KINDS, Account, Act, LinkKind
from casefile.people.people import People
from web import bodies
from web.access import By
from web.conduct import CaseFiles

Json = Annotated[dict[str, object], Body()]


def people_routes(people: People, feed: CaseFiles) -> APIRouter:
    """`people` and `links` below `/api/hearings/ID`."""
    router = APIRouter(prefix="/api/hearings/{hearing_id}")
    _people(router, people)
    _links(router, people, feed)
    return router


def _people(router: APIRouter, people: People) -> None:
    @router.get("/people")
    def named(hearing_id: str) -> dict[str, object]:
        there = people.assignments.of(hearing_id)
        others = [one for one in people.accounts.all() if one not in there and not one.disabled]
        return {"people": [_shown(one) for one in there], "others": [_shown(one) for one in others]}

    @router.post("/people", status_code=202)
    def add(hearing_id: str, body: Json, by: By) -> None:
        account = people.assignments.add(hearing_id, bodies.needed(body, "account"))
        people.audit.note(by, Act.PERSON_ADDED, account.name, hearing_id)

    @router.post("/people/remove", status_code=202)
    def remove(hearing_id: str, body: Json, by: By) -> None:
        account = people.assignments.remove(hearing_id, bodies.needed(body, "account"))
        people.audit.note(by, Act.PERSON_REMOVED, account.name, hearing_id)


def _shown(account: Account) -> dict[str, object]:
    return {"id": account.id, "name": account.name, "roles": list(account.roles)}


def _links(router: APIRouter, people: People, feed: CaseFiles) -> None:
    @router.get("/links")
    def given(hearing_id: str) -> JSONResponse:
        return JSONResponse(to_json(people.links.of(hearing_id)))

    @router.post("/links", status_code=201)
    def make(hearing_id: str, by: By, body: Json) -> dict[str, str]:
        kind, label, hours = bodies.link_of(body)
        refuse_secret(feed.record(hearing_id).hearing, kind)
        token = people.links.make(hearing_id, kind, label, hours, by)
        people.audit.note(by, Act.LINK_MADE, label, hearing_id)
        return {"token": token}

    @router.post("/links/{link_id}/withdraw", status_code=202)
    def withdraw(hearing_id: str, link_id: str, by: By) -> None:
        label = people.links.withdraw(hearing_id, link_id).label
        people.audit.note(by, Act.LINK_WITHDRAWN, label, hearing_id)


def refuse_secret(hearing: Hearing, kind: LinkKind) -> None:
    """Raises NoLinksHere: no link leads into a secret meeting, and the gallery sees only what is public (court.md G1)."""
    secret = hearing.kind in SECRET_KINDS or hearing.secrecy is Secrecy.TRIAL_SECRET
    gallery = kind in (LinkKind.GALLERY, LinkKind.SCREEN)
    if secret or (gallery and hearing.secrecy is not Secrecy.PUBLIC):
        raise NoLinksHere
