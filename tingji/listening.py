"""One pipeline for each hearing that is being recorded, as long as there is an engine to hear with."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from casefile.feed import Feed
from tingji.engine import Engine
from tingji.pipeline import Pipeline


class Listening:
    """The pipelines of this server. Thread-safe. `engine` is None while there is no model."""

    def __init__(self, feed: Feed, engine: Engine | None, recordings: Path) -> None:
        self._feed, self.engine, self._recordings = feed, engine, recordings
        self._pipelines: dict[str, Pipeline] = {}
        self._lock = threading.Lock()

    def begin(self, hearing_id: str) -> None:
        """Follow the hearing's recording, if nobody does yet."""
        with self._lock:
            if self.engine is None or hearing_id in self._pipelines:
                return
            pipeline = Pipeline(hearing_id, self._recordings / hearing_id, self.engine, self._feed)
            self._pipelines[hearing_id] = pipeline
            pipeline.start()

    def finish(self, hearing_id: str, given_up: Callable[[], bool]) -> None:
        """Return when every word is on record, or none is to come, or `given_up` says so."""
        pipeline = self.of(hearing_id)
        while pipeline and not pipeline.done.wait(0.1):
            if pipeline.failed or given_up():
                return
        with self._lock:
            self._pipelines.pop(hearing_id, None)

    def of(self, hearing_id: str) -> Pipeline | None:
        """The hearing's pipeline."""
        with self._lock:
            return self._pipelines.get(hearing_id)

    def lags_ms(self) -> dict[str, int]:
        """By hearing: how long the oldest passage has waited for its words."""
        with self._lock:
            return {hearing_id: pipeline.lag_ms for hearing_id, pipeline in self._pipelines.items()}

    def stop(self) -> None:
        """Stop them all; what is not on record yet is heard again at the next start."""
        with self._lock:
            pipelines = list(self._pipelines.values())
        if self.engine:
            self.engine.close()
        for pipeline in pipelines:
            pipeline.stop()
