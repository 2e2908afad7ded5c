"""What may be done to a hearing in which state of its life, and to which of its turns."""

from __future__ import annotations

from casefile.errors import NotFound, WrongState
from casefile.feed import Feed
from casefile.model import CaseRecord, HearingState, Turn


def expected(feed: Feed, hearing_id: str, action: str, *states: HearingState) -> CaseRecord:
    """The record of a hearing that is in one of these states. Raises NotFound, WrongState (naming the action)."""
    record = feed.record(hearing_id)
    if record.state not in states:
        raise WrongState(state=record.state.value, action=action)
    return record


def turn_of(record: CaseRecord, turn_id: str) -> Turn:
    """The turn as it stands on the record. Raises NotFound."""
    found = next((turn for turn in record.turns if turn.id == turn_id), None)
    if found is None:
        raise NotFound
    return found
