"""The desk of one who reads and signs: read, ask for corrections, sign or refuse. Implements `web.signing.Desks`.

What is signed is the digest of exactly what was read: who read another text than stands now signs nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import uuid4

from casefile.editing import condensed
from casefile.errors import (
    MustSign,
    NeedsReason,
    NoSuchSignatory,
    NotFound,
    NotReadYet,
    OthersFirst,
    RecordChanged,
    RequestsOpen,
    SignedAlready,
    TextChanged,
    TooManyRequests,
    UnfitSignature,
    WrongState,
)
from casefile.events import CorrectionDecided, CorrectionRequested, Event, RecordRead, RecordSigned
from casefile.export.desk import Change, Heard, Line, changes, is_criminal, lines, part_heard
from casefile.export.signed_text import Coverage, digest_read, head, turns_read
from casefile.export.wording import one_line
from casefile.feed import Feed
from casefile.model import CaseRecord, HearingState
from casefile.record import fold
from casefile.signatures import (
    CorrectionDecision,
    CorrectionRequest,
    Office,
    RequestKind,
    Signatory,
    Signature,
    SignatureKind,
)
from tingji.states import expected

ACTION = "核对签字"
SIGNABLE = (HearingState.PAUSED, HearingState.CLOSING, HearingState.SEALED)
"""In a recess, at closing and after sealing; never while the record grows."""
MOST_REQUESTS = 200
REFUSED = "刑事案件不得变更陈述，只可请求补充或改正记录的遗漏和差错（刑诉解释第二百九十三条第三款）"


@dataclass(frozen=True, slots=True)
class Desk:
    """All that a signatory sees. `waits`: how many sign before; `open`: requests that keep them from signing.

    `lines` is None for who has them already.
    """

    seq: int
    digest: str
    state: HearingState
    kind: str
    case_number: str
    courtroom: str
    opened_at: str | None
    head: list[str]
    criminal: bool
    complete: bool
    signatory: Signatory
    lines: list[Line] | None
    read: bool
    waits: int
    open: int
    requests: list[CorrectionRequest]
    decisions: list[CorrectionDecision]
    signature: Signature | None
    covered: bool
    changed: list[Change]


class Signing:
    """The desks of all hearings. Thread-safe."""

    def __init__(self, feed: Feed) -> None:
        self._feed, self._lock = feed, threading.Lock()

    def signatory_of(self, hearing_id: str, account_id: str) -> str:
        """See `Desks`."""
        found = (one.id for one in self._feed.record(hearing_id).signatories if one.account == account_id)
        if (mine := next(found, None)) is None or not account_id:
            raise NoSuchSignatory
        return mine

    def desk(self, hearing_id: str, signatory_id: str, seen: int = -1, known: str = "") -> Desk | None:
        """See `Desks`."""
        record = self._feed.record(hearing_id)
        me = signatory(record, signatory_id)
        if record.state not in SIGNABLE:
            raise WrongState(state=record.state.value, action=ACTION)
        if record.seq == seen:
            return None
        coverage, hearing = Coverage(record), record.hearing
        signed, digest = signature(record, me), coverage.digest(me)
        covered = signed is not None and coverage.covers(me, signed)
        mine = [one for one in record.requests if one.signatory_id == me.id]
        return Desk(
            record.seq, digest, record.state, hearing.kind.value, hearing.case_number,
            hearing.courtroom, record.opened_at, head(record, me), is_criminal(hearing), coverage.complete, me,
            None if digest == known else lines(record, me),
            me.id in record.read, len(before(coverage, me)), len(undecided(record, me)), mine,
            [one for one in record.decisions if one.request_id in {request.id for request in mine}],
            replace(signed, strokes=(), image="") if signed else None,
            covered, self._changed(record, me, signed) if signed and not covered else [],
        )  # fmt: skip

    def _changed(self, record: CaseRecord, me: Signatory, signed: Signature) -> list[Change]:
        """What reads otherwise than this person signed it."""
        stored = self._feed.store.events(record.hearing.id)
        return changes(fold(one for one in stored if one.seq <= signed.seq), record, me)

    def heard(self, hearing_id: str, signatory_id: str, turn_id: str, from_ms: int, to_ms: int) -> Heard:
        """See `Desks`."""
        record = expected(self._feed, hearing_id, ACTION, *SIGNABLE)
        part = part_heard(record, signatory(record, signatory_id), turn_id, from_ms, to_ms)
        if part is None:
            raise NotFound
        return part

    def read(self, hearing_id: str, signatory_id: str, seq: int, digest: str, by: str) -> None:
        """See `Desks`."""
        with self._lock:
            record, me = self._open(hearing_id, signatory_id)
            _refuse_changed(Coverage(record), me, seq, digest)
            if record.read.get(me.id) != seq:
                self._put(hearing_id, [RecordRead(me.id, seq)], by)

    def ask(self, hearing_id: str, request: CorrectionRequest, by: str) -> bool:
        """See `Desks`."""
        with self._lock:
            record, me = self._open(hearing_id, request.signatory_id)
            made = _fitting(record, me, request)
            decided = is_criminal(record.hearing) and made.kind is RequestKind.CHANGE
            refusal = [CorrectionDecided(CorrectionDecision(made.id, granted=False, reason=REFUSED))]
            self._put(hearing_id, [CorrectionRequested(made), *(refusal if decided else [])], by)
            return decided

    def sign(self, hearing_id: str, made: Signature, by: str) -> None:
        """See `Desks`."""
        with self._lock:
            record, me = self._open(hearing_id, made.signatory_id)
            coverage = Coverage(record)
            _refuse_again(coverage, me)
            _refuse_changed(coverage, me, made.seq, made.digest)
            if record.read.get(me.id) != made.seq:
                raise NotReadYet
            _refuse_order(coverage, me)
            _refuse_unfit(record, me, made)
            self._put(hearing_id, [RecordSigned(replace(made, at=now()))], by)

    def refuse(self, hearing_id: str, signatory_id: str, reason: str, by: str) -> None:
        """See `Desks`."""
        with self._lock:
            record, me = self._open(hearing_id, signatory_id)
            _refuse_again(Coverage(record), me)
            self._put(hearing_id, [RecordSigned(refusal(record, me, reason))], by)

    def _open(self, hearing_id: str, signatory_id: str) -> tuple[CaseRecord, Signatory]:
        record = expected(self._feed, hearing_id, ACTION, *SIGNABLE)
        return record, signatory(record, signatory_id)

    def _put(self, hearing_id: str, events: list[Event], by: str) -> None:
        self._feed.append(hearing_id, events, by)


def now() -> str:
    """This moment, UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def signatory(record: CaseRecord, signatory_id: str) -> Signatory:
    """Raises NoSuchSignatory."""
    found = next((one for one in record.signatories if one.id == signatory_id), None)
    if found is None:
        raise NoSuchSignatory
    return found


def signature(record: CaseRecord, who: Signatory) -> Signature | None:
    """What this person signed last."""
    return next((one for one in record.signatures if one.signatory_id == who.id), None)


def before(coverage: Coverage, who: Signatory) -> list[Signatory]:
    """Who has still to sign before this person may (court.md E7)."""
    return [one for one in coverage.missing if one.office.rank < who.office.rank]


def undecided(record: CaseRecord, who: Signatory) -> list[CorrectionRequest]:
    """Requests that are to be decided before this person signs: their own; for judges and clerk, anybody's."""
    decided = {one.request_id for one in record.decisions}
    open_ = [one for one in record.requests if one.id not in decided]
    mine: Callable[[CorrectionRequest], bool] = lambda one: one.signatory_id == who.id  # noqa: E731
    return [one for one in open_ if who.office is not Office.PARTICIPANT or mine(one)]


def refusal(record: CaseRecord, who: Signatory, reason: str) -> Signature:
    """Raises NeedsReason, MustSign."""
    if who.office is not Office.PARTICIPANT:
        raise MustSign
    if not one_line(reason):
        raise NeedsReason
    return Signature(
        who.id,
        (SignatureKind.REFUSED,),
        record.seq,
        digest_read(record, who),
        reason=one_line(reason),
        at=now(),
    )


def _refuse_again(coverage: Coverage, who: Signatory) -> None:
    """Who refused may still sign; who signed does so again only after a change."""
    signed = signature(coverage.record, who)
    if signed and not signed.refused and coverage.covers(who, signed):
        raise SignedAlready


def _refuse_changed(coverage: Coverage, who: Signatory, seq: int, digest: str) -> None:
    if seq > coverage.record.seq or digest != coverage.digest(who):
        raise RecordChanged


def _refuse_order(coverage: Coverage, who: Signatory) -> None:
    if open_ := undecided(coverage.record, who):
        raise RequestsOpen(count=len(open_))
    if waiting := before(coverage, who):
        raise OthersFirst(count=len(waiting))


def _refuse_unfit(record: CaseRecord, who: Signatory, made: Signature) -> None:
    """An accused signs and gives a fingerprint (刑诉解释 art. 652; court.md E8)."""
    both = who.role == "被告人" and is_criminal(record.hearing)
    needed = {SignatureKind.SIGNED, SignatureKind.FINGERPRINT} if both else set()
    if not needed <= set(made.kinds) or made.refused or not made.kinds:
        raise UnfitSignature


def _fitting(record: CaseRecord, who: Signatory, request: CorrectionRequest) -> CorrectionRequest:
    """The request as it goes on record. Raises NotFound, TextChanged, TooManyRequests."""
    turn = next((one for one in turns_read(record, who) if one.id == request.turn_id), None)
    if turn is None:
        raise NotFound
    if request.before not in one_line(condensed(turn)):
        raise TextChanged
    if sum(one.signatory_id == who.id for one in record.requests) >= MOST_REQUESTS:
        raise TooManyRequests(most=MOST_REQUESTS)
    start = min(max(request.start_ms, turn.start_ms), turn.end_ms)
    end = min(max(request.end_ms, start), turn.end_ms)
    wanted, note = one_line(request.wanted), one_line(request.note)
    return replace(request, id=uuid4().hex, start_ms=start, end_ms=end, wanted=wanted, note=note)
