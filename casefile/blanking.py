"""What the screens outside (parties, witnesses, gallery) are not shown (court.md G4), by whose hand and from when to when.

A kind of screen is dark while anything keeps it dark: the clerk's hand, the stage, a pause. What is said
meanwhile it is never shown, also not when it is lit again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from casefile.events import (
    Event,
    PauseEnded,
    PauseStarted,
    ScreensBlanked,
    ScreensLit,
    StageEntered,
)
from casefile.model import SCREEN_KINDS, BlankCause, Blanked, BlankingRule, CaseRecord, LinkKind

ALL = SCREEN_KINDS
USUAL: dict[str, tuple[LinkKind, ...]] = {
    "休庭": ALL,
    "合议": ALL,
    "合议庭评议": ALL,
    "不公开举证质证": ALL,
    "不宜录制的调解": ALL,
    "调解": (LinkKind.WITNESS, LinkKind.GALLERY, LinkKind.SCREEN),  # 民诉法解释 art. 146: not public
}
"""What stages and pauses blank where the clerk has chosen nothing."""


class Blanking:
    """Folds events into spans of time in which screens were dark."""

    def __init__(self) -> None:
        self.blanked: tuple[Blanked, ...] = ()
        self.rules: tuple[BlankingRule, ...] = ()

    def blank(self, event: ScreensBlanked) -> None:
        """One more cause for these kinds."""
        dark = {span.kind for span in self.blanked if span.end_ms is None}
        self._change(event.kinds, lambda span: _with(span, event.cause))
        new = [kind for kind in LinkKind if kind in event.kinds and kind not in dark]
        self.blanked += tuple(Blanked(kind, event.at_ms, None, (event.cause,)) for kind in new)

    def light(self, event: ScreensLit) -> None:
        """One cause less for these kinds; by hand, none is left."""
        self._change(event.kinds, lambda span: _without(span, event.cause, event.at_ms))

    def _change(self, kinds: Iterable[LinkKind], how: Callable[[Blanked], Blanked]) -> None:
        here = set(kinds)
        self.blanked = tuple(
            how(span) if span.end_ms is None and span.kind in here else span for span in self.blanked
        )

    def rule(self, rule: BlankingRule) -> None:
        """It takes the place of the one of the same name."""
        self.rules = (*(one for one in self.rules if one.name != rule.name), rule)


def _with(span: Blanked, cause: BlankCause) -> Blanked:
    return span if cause in span.causes else replace(span, causes=(*span.causes, cause))


def _without(span: Blanked, cause: BlankCause, at_ms: int) -> Blanked:
    left = () if cause is BlankCause.HAND else tuple(one for one in span.causes if one is not cause)
    return replace(span, causes=left) if left else replace(span, end_ms=max(at_ms, span.start_ms))


def is_dark(record: CaseRecord, kind: LinkKind) -> bool:
    """Whether screens of this kind show no text now."""
    return any(span.end_ms is None and span.kind is kind for span in record.blanked)


def unseen(record: CaseRecord, kind: LinkKind) -> list[tuple[int, int]]:
    """From and to (ms) of what screens of this kind never show, once they are lit."""
    return [
        (span.start_ms, span.end_ms)
        for span in record.blanked
        if span.kind is kind and span.end_ms is not None
    ]


def kinds_of(record: CaseRecord, name: str) -> tuple[LinkKind, ...]:
    """What a stage or pause of this name blanks in this hearing."""
    chosen = {rule.name: rule.kinds for rule in record.blanking_rules}
    return chosen.get(name, USUAL.get(name, ()))


def with_screens(record: CaseRecord, event: Event) -> list[Event]:
    """The event, and behind it what it does to the screens: to be stored together, so that none shows a word too much."""
    match event:
        case StageEntered(name=name, at_ms=at_ms):
            return [event, *_turned(record, kinds_of(record, name), at_ms, BlankCause.STAGE)]
        case PauseStarted(reason=reason, at_ms=at_ms):
            return [event, *_turned(record, kinds_of(record, reason), at_ms, BlankCause.PAUSE)]
        case PauseEnded(at_ms=at_ms):
            return [event, *_turned(record, (), at_ms, BlankCause.PAUSE)]
    return [event]


def _turned(
    record: CaseRecord, kinds: tuple[LinkKind, ...], at_ms: int, cause: BlankCause
) -> Iterable[Event]:
    dark = [span.kind for span in record.blanked if span.end_ms is None and cause in span.causes]
    if blank := tuple(kind for kind in kinds if kind not in dark):
        yield ScreensBlanked(blank, at_ms, cause)
    if lit := tuple(kind for kind in dark if kind not in kinds):
        yield ScreensLit(lit, at_ms, cause)
