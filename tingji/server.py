"""`tingji serve`: the parts put together. Ingest, one pipeline per hearing, the case file, the pages."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from asr.sound import first_letter
from asr.whisper import Whisper
from casefile.errors import DiskFull, ModelDamaged, NoAdministrator, RecognitionOff, TingjiError
from casefile.feed import Feed
from casefile.loopback import is_loopback
from casefile.model import OPEN, HearingState
from casefile.people.people import People
from casefile.store import Store
from tingji.api import machine_key
from tingji.archiving import Archives
from tingji.attribution import SpokenWord
from tingji.case_words import Words
from tingji.closing import Closings
from tingji.conduct import Commands, Reporter
from tingji.copies import has_ended
from tingji.documents import Documents, Office
from tingji.editing import Texts
from tingji.engine import Engine
from tingji.enrolment import Enrolments
from tingji.evidence import EvidenceTables
from tingji.faults import FaultPapers
from tingji.figures import EngineFigures
from tingji.finding import Finder
from tingji.heaps import keep_heaps_small
from tingji.laws import LawTexts
from tingji.listening import Listening
from tingji.models import model_path
from tingji.screens import Screens
from tingji.settings import Settings
from tingji.signatories import Signatories
from tingji.signing import Signing
from tingji.speakers import Speakers
from tingji.standing import Standing
from tingji.trust import refuse_unusable
from tingji.writers import WRITERS, marks
from web.access import Access
from web.app import create_app
from web.ingest import Ingest
from web.records import Recordings

LEAST_ROOM_BYTES = 64 << 20
log = logging.getLogger(__name__)


def serve(settings: Settings, announce: Callable[[], object]) -> None:
    """Serves until SIGINT or SIGTERM. Blocking. Raises TingjiError when it cannot begin.

    `announce` is called once everything is ready but the port.
    """
    if settings.certificate and settings.private_key:
        refuse_unusable(settings.certificate, settings.private_key)
    keep_heaps_small()
    with opened(settings) as app:
        announce()
        uvicorn.Server(listener_of(app, settings)).run()


def listener_of(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """How the web application listens."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        proxy_headers=False,  # or whoever asks chooses the address by which tries are counted
        server_header=False,
        log_level="warning",
        ws="websockets-sansio",
        ws_max_size=16 << 20,
        ws_per_message_deflate=False,  # on the court's own network time counts, not bytes
        timeout_graceful_shutdown=3,
        ssl_certfile=settings.certificate,
        ssl_keyfile=settings.private_key,
    )


@contextmanager
def opened(settings: Settings) -> Iterator[FastAPI]:
    """The web application over the data folder, with everything behind it running."""
    recordings = settings.data / "recordings"
    recordings.mkdir(parents=True, exist_ok=True)
    office = Office.of(settings)
    store = Store(settings.data / "tingji.db")
    access = _access(settings, store)
    feed = Feed(store, marks)
    engine, why = _engine(settings)
    speakers = Speakers(feed, settings.data / "voices")
    listening = Listening(feed, engine, recordings, speakers, why)
    standing = Standing(feed, listening, settings.data)
    listening.trouble = lambda hearing_id, error: standing.trouble(hearing_id, "store", error)
    speakers.trouble = lambda hearing_id, error: standing.trouble(hearing_id, "voices", error)
    closings = Closings(feed, listening, standing, recordings, settings.records)
    ingest = Ingest(recordings, Reporter(feed, listening, closings, standing))
    closings.other = ingest
    closings.propose, closings.forget = speakers.proposals, speakers.forget
    standing.recorders, standing.waiting = ingest.recorders, ingest.waiting
    enrolments = Enrolments(feed, speakers, ingest)
    speakers.forget_old()
    _go_on(feed, ingest, listening, closings)
    try:
        yield create_app(
            Commands(feed, ingest, recordings, closings, standing),
            feed,
            ingest,
            Recordings(recordings),
            WRITERS,
            Archives(store, settings),
            Words(feed),
            SpokenWord(feed),
            Texts(feed),
            EvidenceTables(feed),
            Documents(feed, office),
            FaultPapers(feed),
            first_letter,
            LawTexts(settings.data),
            enrolments,
            Screens(feed, standing.now_ms, standing.place),
            Finder(feed),
            Signatories(feed),
            Signing(feed),
            access,
            (EngineFigures(listening, standing), ingest.figures),
            lambda: room_to_write(settings.data),
        )
    finally:
        closings.stopping.set()
        enrolments.close()
        listening.stop()
        speakers.close()
        ingest.close_files()
        store.close()


def _access(settings: Settings, store: Store) -> Access:
    """Raises NoAdministrator when others could connect and nobody has an account."""
    people = People(store.engine)
    if not is_loopback(settings.host) and not people.accounts.has_administrator():
        store.close()
        raise NoAdministrator
    return Access(people, machine_key(settings.data), secure=settings.certificate is not None)


def _engine(settings: Settings) -> tuple[Engine | None, TingjiError | None]:
    """The engine, or None and why not: the sound is recorded all the same."""
    if not settings.asr:
        return None, RecognitionOff()
    try:
        folder = model_path(settings.model, settings)
        cores = settings.cpu_threads or os.cpu_count() or 1
        return Engine(*(Whisper(folder, threads=threads) for threads in _threads(cores))), None
    except TingjiError as error:
        return None, error
    except (RuntimeError, ValueError, OSError) as error:
        log.error("the model cannot be loaded: %s", type(error).__name__)
        return None, ModelDamaged(name=settings.model, file="model.bin")


def _threads(cores: int) -> tuple[int, ...]:
    """For tentative words and for final ones: a look at a short passage gains nothing from a second core."""
    return (max(1, cores // 2), cores) if cores > 1 else (1,)


def _go_on(feed: Feed, ingest: Ingest, listening: Listening, closings: Closings) -> None:
    """After a restart: hearings that were being recorded or closed are gone on with, each for itself."""
    for summary in feed.store.hearings():
        try:
            if summary.state in OPEN:
                ingest.open(summary.id)
                listening.begin(summary.id)
            if summary.state is HearingState.CLOSING or (
                summary.state in OPEN
                and (has_ended(closings.recordings / summary.id) or feed.record(summary.id).recorder_given_up)
            ):
                closings.begin(summary.id)
        except (TingjiError, OSError) as error:
            log.error("a hearing cannot be gone on with: %s", type(error).__name__)


def room_to_write(folder: Path) -> TingjiError | None:
    """What keeps the server from writing, if anything does."""
    return DiskFull(where="server") if shutil.disk_usage(folder).free < LEAST_ROOM_BYTES else None
