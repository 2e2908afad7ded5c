"""The desk of one who reads and signs (docs/protocol.md §6): by a link of their own, or by their account."""

from __future__ import annotations

from typing import Annotated, Protocol

from fastapi import APIRouter, Body, Header, Response
from fastapi.responses import JSONResponse

from casefile.errors import NoSuchSignatory
from casefile.events import to_json
from casefile.export.desk import Heard
from casefile.people.nouns import LinkKind
from casefile.signatures import CorrectionRequest, Signature
from web import sign_bodies as bodies
from web.access import Caller, Who
from web.conduct import CaseFiles
from web.links import refuse_secret
from web.records import Sound, passage_of, stream

Json = Annotated[dict[str, object], Body()]


class Desks(Protocol):
    """The desks (`tingji.signing.Signing`).

    Every method raises `NotFound`, `NoSuchSignatory`, and `WrongState` while the recording runs.
    """

    def signatory_of(self, hearing_id: str, account_id: str) -> str:
        """As whom this account signs."""

    def desk(self, hearing_id: str, signatory_id: str, seen: int = -1) -> object:
        """All that this person sees; None where nothing has come after event number `seen`."""

    def heard(self, hearing_id: str, signatory_id: str, turn_id: str, from_ms: int, to_ms: int) -> Heard:
        """What of this sound is theirs to hear."""

    def read(self, hearing_id: str, signatory_id: str, seq: int, digest: str, by: str) -> None:
        """Read to the end. Raises `RecordChanged`."""

    def ask(self, hearing_id: str, request: CorrectionRequest, by: str) -> bool:
        """Asks for a correction; whether it was refused by itself. Raises `TextChanged`, `TooManyRequests`."""

    def sign(self, hearing_id: str, made: Signature, by: str) -> None:
        """Raises `RecordChanged`, `NotReadYet`, `OthersFirst`, `RequestsOpen`, `SignedAlready`, `UnfitSignature`."""

    def refuse(self, hearing_id: str, signatory_id: str, reason: str, by: str) -> None:
        """Does not sign. Raises `NeedsReason`, `MustSign`, `SignedAlready`."""


def desk_routes(desks: Desks, feed: CaseFiles, sound: Sound) -> APIRouter:
    """`/api/sign` for a link, `/api/hearings/ID/sign` for an account."""
    router = APIRouter(prefix="/api")
    _desk(router, desks, feed)
    _signature(router, desks, feed)
    _sound(router, desks, feed, sound)
    return router


def _whose(desks: Desks, feed: CaseFiles, caller: Caller, hearing_id: str) -> tuple[str, str]:
    """The hearing and the signatory that this caller stands for. A meeting that became secret has no links."""
    if caller.link:
        refuse_secret(feed.record(caller.link.hearing_id).hearing, LinkKind.SIGNATORY)
        return caller.link.hearing_id, caller.link.subject
    if not caller.account_id:
        raise NoSuchSignatory
    return hearing_id, desks.signatory_of(hearing_id, caller.account_id)


def _desk(router: APIRouter, desks: Desks, feed: CaseFiles) -> None:
    @router.get("/sign")
    @router.get("/hearings/{hearing_id}/sign")
    def desk(caller: Who, hearing_id: str = "", seen: int = -1) -> JSONResponse:
        hearing, mine = _whose(desks, feed, caller, hearing_id)
        return JSONResponse(to_json(desks.desk(hearing, mine, seen)))

    @router.post("/sign/read", status_code=202)
    @router.post("/hearings/{hearing_id}/sign/read", status_code=202)
    def read(caller: Who, body: Json, hearing_id: str = "") -> None:
        seq, digest = bodies.state_of(body)
        desks.read(*_whose(desks, feed, caller, hearing_id), seq, digest, caller.name)

    @router.post("/sign/requests", status_code=201)
    @router.post("/hearings/{hearing_id}/sign/requests", status_code=201)
    def ask(caller: Who, body: Json, hearing_id: str = "") -> dict[str, bool]:
        hearing, mine = _whose(desks, feed, caller, hearing_id)
        return {"refused": desks.ask(hearing, bodies.request_of(body, mine), caller.name)}


def _signature(router: APIRouter, desks: Desks, feed: CaseFiles) -> None:
    @router.post("/sign/signature", status_code=202)
    @router.post("/hearings/{hearing_id}/sign/signature", status_code=202)
    def sign(caller: Who, body: Json, hearing_id: str = "") -> None:
        hearing, mine = _whose(desks, feed, caller, hearing_id)
        desks.sign(hearing, bodies.signature_of(body, mine), caller.name)

    @router.post("/sign/refusal", status_code=202)
    @router.post("/hearings/{hearing_id}/sign/refusal", status_code=202)
    def refuse(caller: Who, body: Json, hearing_id: str = "") -> None:
        reason = bodies.reason_of(body)
        desks.refuse(*_whose(desks, feed, caller, hearing_id), reason, caller.name)


def _sound(router: APIRouter, desks: Desks, feed: CaseFiles, sound: Sound) -> None:
    @router.get("/sign/audio")
    def audio(
        caller: Who, turn: str, from_ms: int, to_ms: int, range: Annotated[str | None, Header()] = None
    ) -> Response:
        hearing, mine = _whose(desks, feed, caller, "")
        part = desks.heard(hearing, mine, turn, from_ms, to_ms)
        passage = passage_of(feed.record(hearing), part.from_ms, part.to_ms, part.channel)
        return stream(passage, lambda start: sound.read(hearing, start, passage.to_ms), range)
