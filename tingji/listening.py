"""One pipeline for each hearing that is being recorded, as long as there is an engine to hear with."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from casefile.errors import TingjiError
from casefile.feed import Feed
from tingji.engine import Engine
from tingji.pipeline import Pipeline
from tingji.speakers import Speakers

Trouble = Callable[[str, TingjiError | None], None]


class Listening:
    """The pipelines of this server. Thread-safe.

    `engine` is None where there is nothing to hear with; `why` says what is wrong. `trouble` is told, by
    hearing, what keeps turns from being stored.
    """

    def __init__(
        self,
        feed: Feed,
        engine: Engine | None,
        recordings: Path,
        speakers: Speakers,
        why: TingjiError | None = None,
    ) -> None:
        self._feed, self.engine, self._recordings, self.why = feed, engine, recordings, why
        self._speakers = speakers
        self.trouble: Trouble = lambda _hearing, _error: None
        self._pipelines: dict[str, Pipeline] = {}
        self._lock = threading.Lock()

    def begin(self, hearing_id: str) -> None:
        """Follow the hearing's recording, if nobody does yet."""
        with self._lock:
            if hearing_id not in self._pipelines:
                self._start(hearing_id)

    def _start(self, hearing_id: str) -> None:
        if self.engine is None:
            return
        folder, trouble = self._recordings / hearing_id, partial(self.trouble, hearing_id)
        self._speakers.prepare(self._feed.record(hearing_id))
        pipeline = Pipeline(hearing_id, folder, self.engine, self._feed, self._speakers, trouble)
        self._pipelines[hearing_id] = pipeline
        pipeline.start()

    def finish(self, hearing_id: str, given_up: Callable[[], bool], no_more: Callable[[], bool]) -> bool:
        """Wait until every word is on record; False when that cannot be had, or when `given_up`.

        A pipeline that has failed is begun again once. `no_more`: the recording will not get its end.
        """
        with self._lock:
            if (pipeline := self._pipelines.get(hearing_id)) is None or pipeline.failed:
                self._start(hearing_id)
        pipeline = self.of(hearing_id)
        while pipeline and not pipeline.done.wait(0.1):
            if no_more():
                pipeline.expect_no_more()
            if pipeline.failed or given_up():
                return False
        with self._lock:
            self._pipelines.pop(hearing_id, None)
        return pipeline is not None

    def of(self, hearing_id: str) -> Pipeline | None:
        """The hearing's pipeline."""
        with self._lock:
            return self._pipelines.get(hearing_id)

    def following(self) -> list[str]:
        """The hearings that have a pipeline."""
        with self._lock:
            return list(self._pipelines)

    def stop(self) -> None:
        """Stop them all; what is not on record yet is heard again at the next start."""
        with self._lock:
            pipelines = list(self._pipelines.values())
        if self.engine:
            self.engine.close()
        for pipeline in pipelines:
            pipeline.stop()
