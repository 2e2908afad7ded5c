"""The checklist at the clerk's hand: a mark counts where it stands as the person saw it."""

from __future__ import annotations

from casefile.duties import DutyMark, DutyState
from casefile.errors import DutyChanged
from casefile.events import DutyMarked
from casefile.model import CaseRecord


def duty_marked(record: CaseRecord, mark: DutyMark) -> DutyMarked:
    """The event of this mark. Raises DutyChanged where the line is not marked as `mark.before` says."""
    standing = {one.place: one.state for one in record.duty_marks}.get(mark.place, DutyState.HEARD)
    if standing is not mark.before:
        raise DutyChanged
    return DutyMarked(mark)
