"""The engine's and the pipelines' figures for `/metrics`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tingji.listening import Listening
from tingji.standing import Standing
from web.metrics import Figure


@dataclass(frozen=True, slots=True)
class EngineFigures:
    """Asked at every scrape (`web.metrics.Figures`)."""

    listening: Listening
    standing: Standing

    def __call__(self) -> Iterator[Figure]:
        """Lag of final text per hearing, queue of each lane, tentative jobs left out."""
        for hearing_id in self.listening.following():
            lag_s = self.standing.lag_ms(hearing_id) / 1000
            yield Figure("tingji_final_lag_seconds", lag_s, {"hearing": hearing_id})
        engine = self.listening.engine
        if engine:
            for lane, waiting in engine.queues().items():
                yield Figure("tingji_lane_queue", waiting, {"lane": lane})
            for lane, worked_s in engine.busy_s.items():
                yield Figure("tingji_lane_busy_seconds_total", worked_s, {"lane": lane})
            yield Figure("tingji_tentative_skipped_total", engine.skipped)
            yield Figure("tingji_tentative_thinned", engine.thinned)
            yield Figure("tingji_final_late_total", engine.late)
