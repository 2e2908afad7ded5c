"""What may be done to a hearing in which state of its life."""

from __future__ import annotations

from casefile.errors import WrongState
from casefile.feed import Feed
from casefile.model import CaseRecord, HearingState


def expected(feed: Feed, hearing_id: str, action: str, *states: HearingState) -> CaseRecord:
    """The record of a hearing that is in one of these states. Raises NotFound, WrongState (naming the action)."""
    record = feed.record(hearing_id)
    if record.state not in states:
        raise WrongState(state=record.state.value, action=action)
    return record
