"""Faults of a recording: which there are, who explained and reviewed them, and what keeps the record from the archive."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from casefile.chain import canonical
from casefile.events import to_json
from casefile.export.wording import hours
from casefile.faults import FaultExplanation, FaultReview
from casefile.model import CaseRecord, Gap, GapReason


@dataclass(frozen=True, slots=True)
class Blocker:
    """What keeps a record from the archive: `code` for programs, what is missing in both languages, where."""

    code: str
    zh: str
    en: str
    start_ms: int = 0
    end_ms: int = 0


def faults(record: CaseRecord) -> list[Gap]:
    """The gaps that have no lawful reason, in order."""
    return [gap for gap in record.gaps if gap.reason is not GapReason.PAUSE]


def fault_id(gap: Gap) -> str:
    """A name for this gap that stays: `START-END-CHANNEL-REASON`, ms; the channel from 0, or `all`."""
    where = "all" if gap.channel is None else str(gap.channel)
    return f"{gap.start_ms}-{gap.end_ms}-{where}-{gap.reason.value}"


def digest_of(explanation: FaultExplanation) -> str:
    """SHA-256 of the explanation as canonical JSON, hex: what the review signs."""
    return hashlib.sha256(canonical(to_json(explanation))).hexdigest()


def explanation_of(record: CaseRecord, gap: Gap) -> FaultExplanation | None:
    """The newest explanation of this fault."""
    name = fault_id(gap)
    return next((one for one in reversed(record.fault_explanations) if name in one.faults), None)


def review_of(record: CaseRecord, explanation: FaultExplanation) -> FaultReview | None:
    """Who signed just this explanation."""
    digest = digest_of(explanation)
    return next((one for one in record.fault_reviews if one.digest == digest), None)


def archive_blockers(record: CaseRecord) -> list[Blocker]:
    """What is missing before this record may be archived (court.md A4); nothing: []."""
    found = (blocker_of(record, gap) for gap in faults(record))
    return [one for one in found if one is not None]


def blocker_of(record: CaseRecord, gap: Gap) -> Blocker | None:
    """What this fault still wants: its explanation, or the review of it."""
    explanation = explanation_of(record, gap)
    if explanation is None:
        return _said(gap, "fault_not_explained", "缺少记录人的情况说明", "the recordist's explanation")
    if review_of(record, explanation) is None:
        return _said(
            gap, "fault_not_reviewed", "情况说明缺少审判长或独任审判员签字", "the presiding judge's signature"
        )
    return None


def _said(gap: Gap, code: str, zh: str, en: str) -> Blocker:
    place = hours(gap.start_ms)
    return Blocker(
        code, f"{place} 的录音缺失{zh}", f"{en} on the gap at {place} is missing", gap.start_ms, gap.end_ms
    )
