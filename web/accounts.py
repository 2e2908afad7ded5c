"""The technician's routes (docs/protocol.md §5): accounts, and the keys of recorders."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.responses import JSONResponse

from casefile.events import to_json
from casefile.people.nouns import Act
from casefile.people.people import People
from web import bodies
from web.access import By
from web.attempts import Attempts, address_of

Json = Annotated[dict[str, object], Body()]


def account_routes(people: People) -> APIRouter:
    """Routes below `/api/accounts`. Tokens are in answers only, once."""
    router = APIRouter(prefix="/api/accounts")
    accounts = people.accounts

    @router.get("")
    def listed() -> JSONResponse:
        return JSONResponse(to_json(accounts.all()))

    @router.post("", status_code=201)
    def add(body: Json, by: By) -> dict[str, str]:
        account, token = accounts.add(bodies.text_of(body, "name"), bodies.roles_of(body))
        people.audit.note(by, Act.ACCOUNT_MADE, str(account))
        return {"id": account.id, "token": token}

    @router.post("/{account_id}/roles", status_code=202)
    def roles(account_id: str, body: Json, by: By) -> None:
        people.audit.note(by, Act.ROLES, str(accounts.set_roles(account_id, bodies.roles_of(body))))

    @router.post("/{account_id}/reset")
    def reset(account_id: str, by: By) -> dict[str, str]:
        account, token = accounts.reset(account_id)
        people.audit.note(by, Act.RESET, account.name)
        return {"token": token}

    @router.post("/{account_id}/disable", status_code=202)
    def disable(account_id: str, by: By) -> None:
        people.audit.note(by, Act.DISABLED, accounts.disable(account_id, True).name)

    @router.post("/{account_id}/enable", status_code=202)
    def enable(account_id: str, by: By) -> None:
        people.audit.note(by, Act.ENABLED, accounts.disable(account_id, False).name)

    return router


def recorder_key_routes(people: People, attempts: Attempts) -> APIRouter:
    """Routes below `/api/recorders` that give and take keys."""
    router = APIRouter(prefix="/api/recorders")

    @router.get("/keys")
    def keys() -> JSONResponse:
        return JSONResponse(to_json(people.recorders.all()))

    @router.post("/codes", status_code=201)
    def code(body: Json, by: By) -> dict[str, str]:
        given = people.recorders.code(name := bodies.needed(body, "name"))
        people.audit.note(by, Act.CODE, name)
        return {"code": given}

    @router.post("/enrol", status_code=201)
    def enrol(request: Request, body: Json) -> dict[str, str]:
        (code,) = bodies.secrets_of(body, "code")
        with attempts.counted(address_of(request)):
            name, key = people.recorders.enrol(code)
        people.audit.note(name, Act.ENROLLED, name)
        return {"name": name, "key": key}

    @router.post("/{name}/withdraw", status_code=202)
    def withdraw(name: str, by: By) -> None:
        people.recorders.withdraw(name)
        people.audit.note(by, Act.WITHDRAWN, name)

    return router
