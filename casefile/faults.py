"""The nouns of a fault: where sound is missing without a lawful reason, who explains it and who reviews that.

法释〔2017〕5号 art. 4: the recordist writes what happened, the presiding judge or sole judge signs it (court.md A4).
"""

from __future__ import annotations

from dataclasses import dataclass

from casefile.signatures import Stroke


@dataclass(frozen=True, slots=True)
class FaultExplanation:
    """The recordist's words on one or more faults (`casefile.explaining.fault_id`).

    `what`: what was seen; `remedy`: what was done about it; `name`: who writes; `strokes`: the name as written.
    """

    faults: tuple[str, ...]
    what: str
    remedy: str
    name: str
    strokes: tuple[Stroke, ...] = ()


@dataclass(frozen=True, slots=True)
class FaultReview:
    """The presiding judge, or the sole judge, read the explanation whose digest this is, and signed it."""

    digest: str
    name: str
    strokes: tuple[Stroke, ...]
