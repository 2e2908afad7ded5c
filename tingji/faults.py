"""Faults of a recording, explained by the recordist and reviewed by the judge. Implements `web.faults.Faults`."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from casefile.errors import FaultGone
from casefile.events import FaultExplained, FaultReviewed
from casefile.explaining import blocker_of, digest_of, explanation_of, fault_id, faults, review_of
from casefile.faults import FaultExplanation, FaultReview
from casefile.feed import Feed
from casefile.model import UNSEALED, CaseRecord, Gap, HearingState
from tingji.states import expected
from web.faults import Fault

ACTION = "说明录音缺失"
STATES = (*UNSEALED, HearingState.SEALED)
"""Some faults are only found at the closing, and a judge signs after it: the sealed record itself is not touched."""


class FaultPapers:
    """The faults of all hearings. Thread-safe."""

    def __init__(self, feed: Feed) -> None:
        self._feed, self._lock = feed, threading.Lock()

    def listed(self, hearing_id: str) -> Sequence[Fault]:
        """See `Faults`."""
        record = self._feed.record(hearing_id)
        return [_fault(record, gap) for gap in faults(record)]

    def explain(self, hearing_id: str, explanation: FaultExplanation, by: str) -> None:
        """See `Faults`."""
        with self._lock:
            record = expected(self._feed, hearing_id, ACTION, *STATES)
            known = {fault_id(gap) for gap in faults(record)}
            if not explanation.faults or not known.issuperset(explanation.faults):
                raise FaultGone
            self._feed.append(hearing_id, [FaultExplained(explanation)], by)

    def review(self, hearing_id: str, review: FaultReview, by: str) -> None:
        """See `Faults`."""
        with self._lock:
            record = expected(self._feed, hearing_id, ACTION, *STATES)
            standing = {digest_of(one) for gap in faults(record) if (one := explanation_of(record, gap))}
            if review.digest not in standing:
                raise FaultGone
            self._feed.append(hearing_id, [FaultReviewed(review)], by)


def _fault(record: CaseRecord, gap: Gap) -> Fault:
    explanation = explanation_of(record, gap)
    digest = digest_of(explanation) if explanation else ""
    review = review_of(record, explanation) if explanation else None
    return Fault(fault_id(gap), gap, explanation, digest, review, blocker_of(record, gap))
