"""Figures for Prometheus, read at the moment of the scrape; one registry per app, no globals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

HELP = {
    "tingji_final_lag_seconds": "From the end of speech to its final text, per hearing.",
    "tingji_lane_queue": "Passages that wait in a lane of the engine.",
    "tingji_lane_busy_seconds_total": "Seconds of work in a lane of the engine.",
    "tingji_final_late_total": "Final passages recognized later than they should be (and not lost).",
    "tingji_lost_samples_total": "Samples per channel that are on record as lost, per hearing.",
    "tingji_audio_written_bytes_total": "Bytes of sound flushed to the server's disk, per hearing.",
    "tingji_audio_written_seconds_total": "Seconds of sound flushed to the server's disk, per hearing.",
    "tingji_tentative_skipped_total": "Tentative decodings left out under load.",
    "tingji_tentative_thinned": "1 while tentative text comes more seldom for want of time.",
    "tingji_viewers": "Live views that are open.",
}
"""Every figure there is. A name that ends in `_total` is a counter, any other a gauge."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of this moment: a name of `HELP`, a value, labels such as `{"hearing": id}`."""

    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


Figures = Callable[[], Iterable[Figure]]
"""Whoever knows figures: the program for the engine, the ingest for sound, the live views for viewers."""


class _Collector(Collector):
    def __init__(self, sources: Iterable[Figures]) -> None:
        self.sources = tuple(sources)

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for figure in (figure for source in self.sources for figure in source()):
            family = families.setdefault(figure.name, _family(figure.name))
            family.add_sample(figure.name, dict(figure.labels), figure.value)
        yield from families.values()


def _family(name: str) -> Metric:
    kind = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
    return kind(name, HELP[name])


def exposition(sources: Iterable[Figures]) -> Callable[[], bytes]:
    """Returns the function that writes all figures as Prometheus text."""
    registry = CollectorRegistry()
    registry.register(_Collector(sources))
    return lambda: generate_latest(registry)
