"""Signing in and out, the first link, choosing a password, opening a link (docs/protocol.md §5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.responses import JSONResponse

from casefile.errors import WrongPassword
from casefile.people.nouns import Account, Act
from web import bodies
from web.access import Access, Caller, Who
from web.attempts import Attempts, address_of

Json = Annotated[dict[str, object], Body()]


Place = Callable[[str], int | None]


def login_routes(access: Access, attempts: Attempts, place: Place) -> APIRouter:
    """`/api/login`, `/api/logout`, `/api/first`, `/api/password`, `/api/link`, `/api/me`.

    `place`: where a hearing is on its own timeline (ms): from there on a witness's link shows what is said.
    """
    router = APIRouter(prefix="/api")
    _in_and_out(router, access, attempts)
    _by_token(router, access, attempts)
    _by_link(router, access, attempts, place)
    _oneself(router, access, attempts)
    return router


def _in_and_out(router: APIRouter, access: Access, attempts: Attempts) -> None:
    @router.post("/login")
    def login(request: Request, body: Json) -> JSONResponse:
        name, password = bodies.secrets_of(body, "name", "password")
        with attempts.counted(address_of(request), name), _refusals_noted(access, request):
            account = access.people.accounts.signed_in(name, password)
        return _welcome(access, request, account)

    @router.post("/logout")
    def logout(request: Request) -> JSONResponse:
        _leave(access, request)
        answer = JSONResponse(None)
        access.take_cookie(answer)
        return answer


def _by_token(router: APIRouter, access: Access, attempts: Attempts) -> None:
    accounts = access.people.accounts

    @router.post("/first")
    def first(request: Request, body: Json) -> JSONResponse:
        token, name, password = bodies.secrets_of(body, "token", "name", "password")
        with attempts.counted(address_of(request)):
            account = accounts.make_first(token, name, password)
        access.people.audit.note(account.name, Act.ACCOUNT_MADE, str(account))
        return _welcome(access, request, account)

    @router.post("/password")
    def choose(request: Request, body: Json) -> JSONResponse:
        token, password = bodies.secrets_of(body, "token", "password")
        with attempts.counted(address_of(request)):
            account = accounts.choose_password(token, password)
        access.people.audit.note(account.name, Act.PASSWORD, account.name)
        return _welcome(access, request, account)


def _by_link(router: APIRouter, access: Access, attempts: Attempts, place: Place) -> None:
    @router.post("/link")
    def link(request: Request, body: Json) -> JSONResponse:
        (token,) = bodies.secrets_of(body, "token")
        with attempts.counted(address_of(request)):
            session = access.people.sessions.open_link(token, place)
        answer = JSONResponse(None)
        access.give_cookie(answer, session, link=True)
        return answer


def _oneself(router: APIRouter, access: Access, attempts: Attempts) -> None:
    @router.get("/me")
    def me(caller: Who) -> dict[str, object]:
        return _told(caller)

    @router.post("/me/password")
    def change(request: Request, caller: Who, body: Json) -> JSONResponse:
        old, new = bodies.secrets_of(body, "old", "new")
        accounts, account_id = access.people.accounts, caller.account_id or ""
        with attempts.counted(address_of(request), caller.name):
            accounts.change_password(account_id, old, new)
        access.people.audit.note(caller.name, Act.PASSWORD, caller.name)
        return _welcome(access, request, accounts.named(caller.name))


def _welcome(access: Access, request: Request, account: Account) -> JSONResponse:
    """A new session; the one that the browser brought along is over."""
    _leave(access, request)
    access.people.audit.note(account.name, Act.SIGNED_IN, address_of(request))
    answer = JSONResponse(_told(Caller(account.name, frozenset(account.roles), account.id)))
    access.give_cookie(answer, access.people.sessions.open(account.id))
    return answer


@contextmanager
def _refusals_noted(access: Access, request: Request) -> Iterator[None]:
    """Without the name that was typed: it may be a password in the wrong field."""
    try:
        yield
    except WrongPassword:
        access.people.audit.note("", Act.REFUSED, address_of(request))
        raise


def _leave(access: Access, request: Request) -> None:
    if token := request.cookies.get(access.account_cookie):
        access.people.sessions.close(token)


def _told(caller: Caller) -> dict[str, object]:
    return {
        "name": caller.name,
        "roles": sorted(caller.roles),
        "rights": sorted(right.name.lower() for right in caller.rights),
    }
