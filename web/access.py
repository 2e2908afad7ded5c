"""Who is asking, and may they: a key in the header, or a cookie; then the tables of `web.rights`."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, cookie_parser
from starlette.responses import Response

from casefile.errors import NoRight, NotFound, NotSignedIn, TingjiError
from casefile.people.assignments import Facts
from casefile.people.nouns import MACHINE, Link, LinkKind, Role
from casefile.people.people import People
from casefile.summary import HearingSummary
from web.rights import (
    BY_LINK,
    LINK_RIGHTS,
    MACHINE_RIGHTS,
    ON_HEARING,
    RECORDER_RIGHTS,
    ROLE_RIGHTS,
    SIGNATORY_RIGHTS,
    Right,
    rights_on,
)

BEARER = "bearer "


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever asks. `name` is what stands on the record beside what they do."""

    name: str = ""
    roles: frozenset[Role] = frozenset()
    account_id: str | None = None
    link: Link | None = None
    from_seq: int = 0
    opened_s: int = 0
    from_ms: int | None = None
    recorder: str | None = None
    machine: bool = False
    by_cookie: bool = False

    @property
    def rights(self) -> frozenset[Right]:
        """What does not depend on a hearing."""
        if self.machine:
            return MACHINE_RIGHTS
        if self.recorder:
            return RECORDER_RIGHTS
        if self.link:
            return SIGNATORY_RIGHTS if self.link.kind is LinkKind.SIGNATORY else LINK_RIGHTS
        return frozenset[Right]().union(*(ROLE_RIGHTS[role] for role in self.roles)) - ON_HEARING


NOBODY = Caller()


class Access:
    """Tells callers by their credentials, and decides. Thread-safe; reads the database at every call.

    `machine_key`: the key file of the data folder. `secure`: served by TLS.
    """

    def __init__(self, people: People, machine_key: str, secure: bool = False) -> None:
        self.people, self._machine_key, self.secure = people, machine_key, secure
        prefix = "__Host-" if secure else ""
        self.account_cookie, self.link_cookie = f"{prefix}tingji", f"{prefix}tingji_link"

    def caller(self, headers: Headers, right: Right) -> Caller:
        """Whose key or cookie this is. A link's cookie counts where only a link can go."""
        if is_key(headers):
            return self._by_key(headers["authorization"][len(BEARER) :].strip())
        cookies = cookie_parser(headers.get("cookie", ""))
        token = cookies.get(self.link_cookie if right in BY_LINK else self.account_cookie)
        return self._by_cookie(token) if token else NOBODY

    def _by_key(self, key: str) -> Caller:
        if hmac.compare_digest(key.encode(), self._machine_key.encode()):
            return Caller(MACHINE, machine=True)
        name = self.people.recorders.name_of(key)
        return Caller(name, recorder=name) if name else NOBODY

    def _by_cookie(self, token: str) -> Caller:
        session = self.people.sessions.of(token)
        if session is None:
            return NOBODY
        if session.link:
            name, since = session.link.label, (session.from_seq, session.opened_s, session.from_ms)
            return Caller(name, frozenset(), None, session.link, *since, by_cookie=True)
        assert session.account
        account = session.account
        return Caller(account.name, frozenset(account.roles), account.id, by_cookie=True)

    def refusal(self, caller: Caller, right: Right, hearing_id: str | None) -> TingjiError | None:
        """Why not; None: yes. A hearing that the caller does not see is as one that is not there."""
        if right is Right.OPEN:
            return None
        if caller == NOBODY:
            return NotSignedIn()
        if right not in ON_HEARING or not caller.account_id:
            return None if right in caller.rights else NoRight()
        held = self._held(caller, hearing_id)
        if right in held:
            return None
        return NoRight() if Right.VIEW in held else NotFound()

    def rights(self, caller: Caller, hearing_id: str) -> frozenset[Right]:
        """All that the caller may do, here and with this hearing: the pages show nothing else."""
        return caller.rights | (self._held(caller, hearing_id) if caller.account_id else frozenset())

    def _held(self, caller: Caller, hearing_id: str | None) -> frozenset[Right]:
        facts = self.people.assignments.facts(hearing_id or "", caller.account_id)
        return rights_on(caller.roles, facts) if facts else frozenset()

    def seen(self, caller: Caller, hearings: list[HearingSummary]) -> list[HearingSummary]:
        """Those of the list that the caller may read."""
        if caller.machine:
            return hearings
        mine = self.people.assignments.hearings_of(caller.account_id or "")
        return [
            one
            for one in hearings
            if Right.VIEW in rights_on(caller.roles, Facts(one.kind, one.state, one.id in mine))
        ]

    def give_cookie(self, answer: Response, token: str, *, link: bool = False) -> None:
        """For this browser's session; the server decides when it ends."""
        name = self.link_cookie if link else self.account_cookie
        answer.set_cookie(name, token, path="/", secure=self.secure, httponly=True, samesite="strict")

    def take_cookie(self, answer: Response) -> None:
        """The browser forgets."""
        answer.delete_cookie(
            self.account_cookie, path="/", secure=self.secure, httponly=True, samesite="strict"
        )


def is_key(headers: Headers) -> bool:
    """Whether a key came (RFC 6750): no browser sends one by itself, as it sends cookies and passwords in addresses."""
    return headers.get("authorization", "")[: len(BEARER)].lower() == BEARER


def caller_of(connection: HTTPConnection) -> Caller:
    """The caller whom the gate let in."""
    caller: Caller = connection.state.caller
    return caller


def signature(connection: HTTPConnection) -> str:
    """The name that stands on the record."""
    return caller_of(connection).name


Who = Annotated[Caller, Depends(caller_of)]
By = Annotated[str, Depends(signature)]
