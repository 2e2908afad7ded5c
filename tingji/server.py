"""`tingji serve`: the parts put together. Ingest, one pipeline per hearing, the case file, the pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from asr.whisper import Whisper
from casefile.errors import DiskFull, TingjiError
from casefile.export import WRITERS
from casefile.feed import Feed
from casefile.model import HearingState
from casefile.store import Store
from tingji.closing import Closings
from tingji.conduct import Commands, Reporter
from tingji.engine import Engine
from tingji.figures import EngineFigures
from tingji.listening import Listening
from tingji.models import model_path
from tingji.settings import Settings
from tingji.standing import Standing
from web.app import create_app
from web.ingest import Ingest
from web.records import Recordings

LEAST_ROOM_BYTES = 64 << 20
OPEN = (HearingState.RECORDING, HearingState.PAUSED)


def serve(settings: Settings) -> None:
    """Serves until SIGINT or SIGTERM. Blocking. Raises TingjiError when it cannot begin."""
    with opened(settings) as app:
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            access_log=False,
            log_level="warning",
            ws="websockets-sansio",
            ws_max_size=16 << 20,
            timeout_graceful_shutdown=3,
        )
        uvicorn.Server(config).run()


@contextmanager
def opened(settings: Settings) -> Iterator[FastAPI]:
    """The web application over the data folder, with everything behind it running."""
    recordings = settings.data / "recordings"
    recordings.mkdir(parents=True, exist_ok=True)
    store = Store(settings.data / "tingji.db")
    feed = Feed(store)
    engine = _engine(settings)
    listening = Listening(feed, engine, recordings)
    standing = Standing(feed, listening, settings.data)
    closings = Closings(feed, listening, standing, recordings, settings.records)
    ingest = Ingest(recordings, Reporter(feed, listening, closings, standing))
    closings.other = ingest
    standing.recorders = ingest.recorders
    _go_on(feed, listening, closings)
    try:
        yield create_app(
            Commands(feed, ingest, recordings, closings, standing),
            feed,
            ingest,
            Recordings(recordings),
            WRITERS,
            (EngineFigures(listening), ingest.figures),
            lambda: room_to_write(settings.data),
        )
    finally:
        closings.stopping.set()
        listening.stop()
        ingest.close_files()
        store.close()


def _engine(settings: Settings) -> Engine | None:
    """The engine, or None: then the sound is recorded all the same, and its text is caught up with later."""
    if not settings.asr:
        return None
    try:
        folder = model_path(settings.model, settings)
    except TingjiError:
        return None
    return Engine(Whisper(folder, threads=settings.cpu_threads or os.cpu_count() or 1))


def _go_on(feed: Feed, listening: Listening, closings: Closings) -> None:
    """After a restart: hearings that were being recorded or closed are gone on with."""
    for summary in feed.store.hearings():
        if summary.state in OPEN:
            listening.begin(summary.id)
        elif summary.state is HearingState.CLOSING:
            closings.begin(summary.id)


def room_to_write(folder: Path) -> TingjiError | None:
    """What keeps the server from writing, if anything does."""
    return DiskFull(where="server") if shutil.disk_usage(folder).free < LEAST_ROOM_BYTES else None
