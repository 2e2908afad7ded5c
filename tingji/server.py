"""`tingji serve`: the parts put together. Ingest, one pipeline per hearing, the case file, the pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from asr.whisper import Whisper
from casefile.audio import read_range, sound_ranges
from casefile.errors import TingjiError
from casefile.export import WRITERS
from casefile.feed import Feed
from casefile.model import AudioChunk, Gap, HearingState
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
            RecordedSound(recordings),
            WRITERS,
            (EngineFigures(listening), ingest.figures),
        )
    finally:
        closings.stopping.set()
        listening.stop()
        store.close()


def _engine(settings: Settings) -> Engine | None:
    """The engine, or None: then the sound is recorded all the same, and its text is caught up with later."""
    if not settings.asr:
        return None
    try:
        folder = model_path(settings.model, settings)
    except TingjiError:
        return None
    return Engine(Whisper(folder, threads=settings.cpu_threads))


def _go_on(feed: Feed, listening: Listening, closings: Closings) -> None:
    """After a restart: hearings that were being recorded or closed are gone on with."""
    for summary in feed.store.hearings():
        if summary.state in OPEN:
            listening.begin(summary.id)
        elif summary.state is HearingState.CLOSING:
            closings.begin(summary.id)


@dataclass(frozen=True, slots=True)
class RecordedSound:
    """The server's copies as sound to play (`web.records.Sound`)."""

    recordings: Path

    def read(self, hearing_id: str, from_ms: int, to_ms: int) -> Iterable[AudioChunk | Gap]:
        """See `Sound`."""
        return read_range(self.recordings / hearing_id, from_ms, to_ms)

    def ranges(self, hearing_id: str) -> list[tuple[int, int]]:
        """See `Sound`."""
        return sound_ranges(self.recordings / hearing_id)
