"""The web server's parts, put together: routes, live views, pages, metrics, behind the guard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles

from casefile.codes import Letters
from casefile.errors import TingjiError
from web import refusals
from web.access import Access
from web.accounts import account_routes, recorder_key_routes
from web.archive import Archiving, archive_routes
from web.attempts import Attempts
from web.attribution import Attributions, attribution_routes
from web.audit import audit_routes
from web.case_words import CaseWords, word_routes
from web.codes import code_routes
from web.conduct import CaseFiles, Conduct, Recorders
from web.documents import Documents, document_routes
from web.doors import doors_of
from web.editing import Editing, editing_routes
from web.enrolment import Enrolments, enrolment_routes
from web.evidence import Evidence, evidence_routes
from web.faults import Faults, fault_routes
from web.finding import Finding, finding_routes
from web.gate import Gate
from web.guard import Guard
from web.hearings import hearing_routes, recorder_routes
from web.laws import Laws, law_routes
from web.links import people_routes
from web.live import live_routes
from web.login import login_routes
from web.metrics import Figure, Figures, exposition
from web.notes import note_routes
from web.peaks import peak_routes
from web.records import Exports, Sound, record_routes
from web.screen import screen_routes
from web.screens import Screens, screens_routes
from web.sign_desk import Desks, desk_routes
from web.signing import Signatories, signing_routes

STATIC = Path(__file__).parent / "static"
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"

PAGES = {
    "/": "list",
    "/new": "setup",
    "/hearings/{id}/setup": "setup",
    "/hearings/{id}": "hearing",
    "/hearings/{id}/people": "people",
    "/hearings/{id}/bench": "bench",
    "/accounts": "accounts",
    "/me": "me",
    "/login": "login",
    "/first": "first",
    "/link": "link",
    "/sign": "sign",
    "/hearings/{id}/sign": "sign",
}
"""Address to file. No page holds data: a page asks for it."""

Check = Callable[[], TingjiError | None]
"""Whether the server can write: None, or what keeps it from writing."""


def create_app(  # noqa: PLR0913, PLR0917 - every seam between the pages and the program, named once
    conduct: Conduct,
    feed: CaseFiles,
    recorders: Recorders,
    sound: Sound,
    exports: Exports,
    archives: Archiving,
    words: CaseWords,
    spoken: Attributions,
    texts: Editing,
    evidence: Evidence,
    documents: Documents,
    faults: Faults,
    letters: Letters,
    laws: Laws,
    enrolments: Enrolments,
    screens: Screens,
    finding: Finding,
    signatories: Signatories,
    desks: Desks,
    access: Access,
    figures: Sequence[Figures] = (),
    check: Check = lambda: None,
) -> FastAPI:
    """The whole web application (an ASGI app).

    Raises NoDoor for a route without an entry in `web.doors`. `figures` are asked at every scrape of `/metrics`;
    `check` at every `/healthz`, in a thread.
    """
    app = FastAPI(title="Tingji", docs_url=None, redoc_url=None, openapi_url=None)
    people, attempts = access.people, Attempts()
    for router in (
        login_routes(access, attempts, screens.place),
        account_routes(people),
        recorder_key_routes(people, attempts),
        people_routes(people, feed),
        audit_routes(people.audit),
        screen_routes(feed),
        screens_routes(screens),
        signing_routes(signatories, people, feed),
        desk_routes(desks, feed, sound),
        note_routes(people.notes),
        hearing_routes(conduct, people.assignments),
        recorder_routes(recorders),
        document_routes(documents),
        record_routes(feed, sound, exports, documents, access),
        archive_routes(archives),
        peak_routes(feed, sound),
        finding_routes(finding, feed, access),
        word_routes(words, feed),
        attribution_routes(spoken, feed),
        editing_routes(texts),
        evidence_routes(evidence),
        fault_routes(faults),
        code_routes(feed, letters),
        law_routes(laws),
        enrolment_routes(enrolments),
        live_routes(conduct, feed, recorders),
    ):
        app.router.routes.extend(router.routes)  # flat: `doors_of` must see every one
    _watch_routes(app, check, exposition((*figures, lambda: [Figure("tingji_viewers", feed.viewers)])))
    _pages(app)
    app.add_middleware(Gate, doors=doors_of(app.routes), access=access)
    refusals.install(app)
    app.add_middleware(Guard, secure=access.secure)
    return app


def _watch_routes(app: FastAPI, check: Check, text: Callable[[], bytes]) -> None:
    @app.get("/healthz")
    def healthz() -> JSONResponse:
        error = check()
        return JSONResponse({"status": "ok"}) if error is None else JSONResponse(error.as_json(), 503)

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(text(), media_type=METRICS_TYPE)


def _pages(app: FastAPI) -> None:
    for path, name in PAGES.items():
        app.add_api_route(path, _page(STATIC / f"{name}.html"), response_class=FileResponse)
    app.mount("/static", StaticFiles(directory=STATIC))


def _page(file: Path) -> Callable[[], FileResponse]:
    return lambda: FileResponse(file, media_type="text/html")
