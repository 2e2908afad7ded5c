"""Every error as an answer: `{"code", "zh", "en"}` and a fitting status, and never a detail of the inside."""

from __future__ import annotations

import logging
import traceback

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casefile.errors import (
    AdministratorThere,
    ArchiveBlocked,
    ArchiveThere,
    BadRequest,
    CellChanged,
    CourtKeyInside,
    CourtKeyLocked,
    DecidedAlready,
    DiskFull,
    DocumentTooBig,
    DocumentTooSlow,
    DocumentWithoutText,
    DutyChanged,
    FaultGone,
    LastPerson,
    LastTechnician,
    MustSign,
    NameTaken,
    NeedsReason,
    NoChineseFont,
    NoClip,
    NoCourtKey,
    NoCutHere,
    NoDevice,
    NoLinksHere,
    NoRecorder,
    NoRight,
    NoSuchSpeaker,
    NoSuchWord,
    NotFound,
    NothingSealed,
    NotOverdue,
    NotReadYet,
    NotSideBySide,
    NotSignedIn,
    NotTheirOwn,
    OfferGone,
    OthersFirst,
    ProtectedWords,
    RecordChanged,
    RequestsOpen,
    SignedAlready,
    TextChanged,
    TicketGone,
    TingjiError,
    TooManyNotes,
    TooManyRequests,
    TooManyTries,
    TooManyWords,
    UnfitCourtKey,
    UnfitSignature,
    UnfitText,
    UnknownDocument,
    UnknownKey,
    UnreadableDocument,
    VoicesNotWritten,
    WrongPassword,
    WrongState,
)
from web.guard import StrangeOrigin

log = logging.getLogger(__name__)


class NoSuchPage(TingjiError):
    """The address leads nowhere."""

    code = "no_such_page"
    zh = "没有这个页面。请回到首页。"
    en = "There is no such page. Go back to the first page."


class NotAllowed(TingjiError):
    """The address is right, the method is not."""

    code = "not_allowed"
    zh = "不支持这种请求方式。"
    en = "This method is not possible here."


class Unexpected(TingjiError):
    """A fault of the program; the log has it, the answer does not."""

    code = "unexpected"
    zh = "服务器内部出错，录音不受影响。请重试；若再次出现，请联系技术人员查看日志。"
    en = "The server made a mistake; recording is not affected. Try again; if it recurs, call the technician."


STATUS: dict[type[TingjiError], int] = {
    BadRequest: 400,
    UnknownKey: 400,
    NoDevice: 400,
    NotFound: 404,
    NoSuchPage: 404,
    NoSuchWord: 404,
    NoSuchSpeaker: 404,
    NoCutHere: 409,
    NotAllowed: 405,
    WrongState: 409,
    OfferGone: 409,
    CellChanged: 409,
    FaultGone: 409,
    TextChanged: 409,
    NotSideBySide: 409,
    RecordChanged: 409,
    OthersFirst: 409,
    RequestsOpen: 409,
    NotReadYet: 409,
    NotOverdue: 409,
    NotTheirOwn: 409,
    DecidedAlready: 409,
    DutyChanged: 409,
    SignedAlready: 409,
    MustSign: 409,
    TooManyRequests: 409,
    UnfitSignature: 400,
    NeedsReason: 400,
    ProtectedWords: 409,
    UnfitText: 400,
    TooManyNotes: 409,
    TooManyWords: 409,
    DocumentTooBig: 413,
    UnknownDocument: 415,
    DocumentTooSlow: 422,
    DocumentWithoutText: 422,
    UnreadableDocument: 422,
    NotSignedIn: 401,
    WrongPassword: 401,
    NoRight: 403,
    StrangeOrigin: 403,
    NameTaken: 409,
    LastTechnician: 409,
    LastPerson: 409,
    AdministratorThere: 409,
    NoLinksHere: 409,
    NoCourtKey: 409,
    CourtKeyInside: 409,
    CourtKeyLocked: 409,
    UnfitCourtKey: 409,
    ArchiveBlocked: 409,
    ArchiveThere: 409,
    NothingSealed: 409,
    TicketGone: 410,
    TooManyTries: 429,
    NoRecorder: 503,
    NoClip: 503,
    NoChineseFont: 503,
    VoicesNotWritten: 503,
    DiskFull: 503,
}


def unreadable() -> BadRequest:
    """The body is not the JSON object that was asked for, or a parameter is not of its kind."""
    return BadRequest(
        zh_why="请求内容的格式不对。请刷新页面后重试。",
        en_why="The request is not of the right form. Load the page again and retry.",
    )


def answer(error: TingjiError) -> JSONResponse:
    """The error as JSON with its status: the nearest class in `STATUS`, otherwise 500."""
    status = next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 500)
    return JSONResponse(error.as_json(), status_code=status)


def install(app: FastAPI) -> None:
    """Makes the app answer every error by an error object."""
    app.add_exception_handler(TingjiError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_middleware(Catch)


def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, TingjiError)
    return answer(error)


def _invalid(request: Request, error: Exception) -> Response:
    return answer(unreadable())


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known: dict[int, TingjiError] = {404: NoSuchPage(), 405: NotAllowed(), 400: unreadable()}
    return JSONResponse(known.get(error.status_code, Unexpected()).as_json(), status_code=error.status_code)


class Catch:
    """ASGI middleware for what nobody foresaw: an error object, and a log line without the error's message.

    The message of a foreign exception may hold what was said or who was there.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, one websocket, or the lifespan."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            log.error("%s failed: %s at %s", scope["type"], type(error).__name__, _place(error))
            if scope["type"] != "http":
                return
            if begun:
                raise BrokenOff from None
            await JSONResponse(Unexpected().as_json(), status_code=500)(scope, receive, send)


class BrokenOff(Exception):
    """An answer that had begun cannot go on; the connection is cut, so that nobody takes it for whole."""


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
