"""A hearing in one line: what the list of hearings shows, kept up event by event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from casefile.events import (
    CopiesCompared,
    Event,
    GapFound,
    HearingChanged,
    HearingClosed,
    HearingCreated,
    PassageMissed,
    PauseEnded,
    PauseStarted,
    RecordingStarted,
    RecordSealed,
    StageEntered,
    Stored,
    TurnAdded,
)
from casefile.model import OPEN, HearingKind, HearingState

_BEFORE_CLOSING = (HearingState.DRAFT, *OPEN)


@dataclass(frozen=True, slots=True)
class HearingSummary:
    """One row of `GET /api/hearings`. Moments are UTC, ISO 8601; `length_ms` is the timeline so far."""

    id: str
    kind: HearingKind
    case_number: str
    courtroom: str
    state: HearingState
    created_at: str
    opened_at: str | None = None
    closed_at: str | None = None
    length_ms: int = 0


def state_after(state: HearingState, event: Event) -> HearingState:
    """The state that the hearing is in after `event`. Nothing leads back from closing or from sealed."""
    match event:
        case RecordingStarted() if state is HearingState.DRAFT:
            return HearingState.RECORDING
        case PauseStarted() if state is HearingState.RECORDING:
            return HearingState.PAUSED
        case PauseEnded() if state is HearingState.PAUSED:
            return HearingState.RECORDING
        case HearingClosed() if state in _BEFORE_CLOSING:
            return HearingState.CLOSING
        case RecordSealed():
            return HearingState.SEALED
    return state


_REACHES: dict[type[Any], Callable[[Any], int]] = {
    PauseStarted: lambda event: event.at_ms,
    PauseEnded: lambda event: event.at_ms,
    StageEntered: lambda event: event.at_ms,
    GapFound: lambda event: event.gap.end_ms,
    TurnAdded: lambda event: max(event.turn.end_ms, event.heard_to_ms),
    PassageMissed: lambda event: event.missed.end_ms,
}


def length_after(length_ms: int, closed: bool, event: Event) -> int:
    """How far the timeline reaches after `event`, in ms; what comes after the closing does not move it."""
    if isinstance(event, HearingClosed):
        return length_ms if closed else event.length_ms
    reaches = _REACHES.get(type(event))
    return length_ms if closed or reaches is None else max(length_ms, reaches(event))


def begin(hearing_id: str, at: str) -> HearingSummary:
    """The summary of a hearing of which nothing is known yet."""
    return HearingSummary(hearing_id, HearingKind.TRIAL, "", "", HearingState.DRAFT, at)


def advance(summary: HearingSummary, stored: Stored) -> HearingSummary:
    """The summary after one more event."""
    event = stored.event
    if isinstance(event, (HearingCreated, HearingChanged)):
        return _named(summary, event)
    if isinstance(event, CopiesCompared):
        return summary
    closed = summary.closed_at is not None
    return replace(
        summary,
        state=state_after(summary.state, event),
        opened_at=summary.opened_at or (stored.at if isinstance(event, RecordingStarted) else None),
        closed_at=summary.closed_at or (stored.at if isinstance(event, HearingClosed) else None),
        length_ms=length_after(summary.length_ms, closed, event),
    )


def _named(summary: HearingSummary, event: HearingCreated | HearingChanged) -> HearingSummary:
    hearing = event.hearing
    return replace(summary, kind=hearing.kind, case_number=hearing.case_number, courtroom=hearing.courtroom)
