"""Who is to sign, and the clerk's decisions on what they ask for. Implements `web.signing.Signatories`."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from casefile.editing import reworded
from casefile.errors import (
    DecidedAlready,
    NeedsReason,
    NoSuchRequest,
    NotOverdue,
    NotTheirOwn,
    SignedAlready,
    TextChanged,
    UnfitText,
)
from casefile.events import (
    CorrectionDecided,
    Event,
    RecordSigned,
    SignatoryNamed,
    SignatoryRemoved,
    TurnEdited,
)
from casefile.export.desk import is_criminal, proposed
from casefile.export.signed_text import WITNESSES, Coverage, in_order, said_by
from casefile.export.wording import one_line
from casefile.feed import Feed
from casefile.model import UNSEALED, CaseRecord, Edit, HearingState, Seat, Turn
from casefile.signatures import (
    CorrectionDecision,
    CorrectionRequest,
    Office,
    Scope,
    Signatory,
    Signature,
)
from tingji.editing import MOST
from tingji.signing import SIGNABLE, before, refusal, signatory, signature
from tingji.states import expected

ACTION = "安排签字"
DAYS = 5
"""民诉法 art. 150: in court, or within five days."""
OVERDUE = "逾期未签："
OFFICES: Mapping[str, Office] = {
    **dict.fromkeys(("审判长", "独任审判员", "主持人", "听证主持人", "调解员", "执行法官", "接访法官"), Office.PRESIDING),
    **dict.fromkeys(("审判员", "人民陪审员", "委员"), Office.JUDGE),
    **dict.fromkeys(("书记员", "记录人"), Office.CLERK),
}  # fmt: skip
"""All others are participants."""
SILENT = frozenset({"法官助理", "司法警察", "法警", "旁听人员"})
"""Seats that sign nothing."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far somebody is: asked, reading, read, signed, refused, or changed (signed, and no longer covered)."""

    signatory: Signatory
    state: str
    overdue: bool
    waits: int
    signature: Signature | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with what would be written: `now` reads the turn, `then` it would; both "" where it is gone."""

    request: CorrectionRequest
    name: str
    own: bool
    decision: CorrectionDecision | None
    now: str
    then: str


@dataclass(frozen=True, slots=True)
class Panel:
    """All that the clerk sees of the signing."""

    seq: int
    complete: bool
    criminal: bool
    signatories: list[Standing]
    requests: list[Asked]


class Signatories:
    """The signatories of all hearings. Thread-safe."""

    def __init__(self, feed: Feed) -> None:
        self._feed, self._lock = feed, threading.Lock()

    def panel(self, hearing_id: str, opened: Collection[str]) -> Panel:
        """See `web.signing.Signatories`."""
        record = self._feed.record(hearing_id)
        coverage = Coverage(record)
        people = [_standing(coverage, one, opened) for one in in_order(record.signatories)]
        asked = [_asked(record, one) for one in record.requests]
        return Panel(record.seq, coverage.complete, is_criminal(record.hearing), people, asked)

    def name_seats(self, hearing_id: str, accounts: Mapping[str, str], by: str) -> None:
        """See `web.signing.Signatories`."""
        with self._lock:
            record = self._expect(hearing_id)
            there = {one.seat for one in record.signatories}
            seats = [one for one in record.hearing.seats if one.id not in there and one.role not in SILENT]
            sole = not any(OFFICES.get(seat.role) is Office.PRESIDING for seat in record.hearing.seats)
            named = [_from_seat(seat, sole, accounts) for seat in seats]
            self._put(hearing_id, [SignatoryNamed(one) for one in named], by)

    def name(
        self, hearing_id: str, wanted: Signatory, days: int, accounts: Mapping[str, str], by: str
    ) -> str:
        """See `web.signing.Signatories`."""
        with self._lock:
            self._expect(hearing_id)
            account = _account(wanted.office, wanted.name, accounts)
            made = replace(wanted, id=uuid4().hex, due=due_in(days), account=account)
            self._put(hearing_id, [SignatoryNamed(made)], by)
            return made.id

    def set_due(self, hearing_id: str, signatory_id: str, days: int, by: str) -> None:
        """See `web.signing.Signatories`."""
        with self._lock:
            found = signatory(self._expect(hearing_id), signatory_id)
            self._put(hearing_id, [SignatoryNamed(replace(found, due=due_in(days)))], by)

    def remove(self, hearing_id: str, signatory_id: str, by: str) -> None:
        """See `web.signing.Signatories`."""
        with self._lock:
            record = self._expect(hearing_id)
            if signature(record, signatory(record, signatory_id)):
                raise SignedAlready
            self._put(hearing_id, [SignatoryRemoved(signatory_id)], by)

    def label(self, hearing_id: str, signatory_id: str) -> str:
        """See `web.signing.Signatories`."""
        found = signatory(self._feed.record(hearing_id), signatory_id)
        return f"{found.role} {found.name}".strip()

    def pass_over(self, hearing_id: str, signatory_id: str, reason: str, by: str) -> None:
        """See `web.signing.Signatories`."""
        with self._lock:
            record = expected(self._feed, hearing_id, ACTION, *SIGNABLE)
            found = signatory(record, signatory_id)
            if (signed := signature(record, found)) and Coverage(record).covers(found, signed):
                raise SignedAlready
            if not is_overdue(found):
                raise NotOverdue
            if not one_line(reason):
                raise NeedsReason
            self._put(hearing_id, [RecordSigned(refusal(record, found, OVERDUE + reason))], by)

    def grant(
        self,
        hearing_id: str,
        decision: CorrectionDecision,
        turn_text: str,
        after: str,
        *,
        anyway: bool,
        by: str,
    ) -> list[str]:
        """See `web.signing.Signatories`."""
        with self._lock:
            record = self._expect(hearing_id)
            request = _open_request(record, decision.request_id)
            turn = _turn(record, request)
            if turn is None or turn.text != turn_text:
                raise TextChanged
            _refuse_others_words(record, request, turn, anyway=anyway and bool(decision.reason))
            text = one_line(after)
            if not text or len(text) > MOST:
                raise UnfitText(most=MOST)
            edits = [TurnEdited(Edit(turn.id, turn.text, reworded(turn, text)))] if text != turn.text else []
            self._put(hearing_id, [CorrectionDecided(decision), *edits], by)
            return _uncovered(record, self._feed.record(hearing_id))

    def refuse(self, hearing_id: str, decision: CorrectionDecision, by: str) -> None:
        """See `web.signing.Signatories`."""
        with self._lock:
            _open_request(self._expect(hearing_id), decision.request_id)
            if not decision.reason:
                raise NeedsReason
            self._put(hearing_id, [CorrectionDecided(decision)], by)

    def _expect(self, hearing_id: str) -> CaseRecord:
        return expected(self._feed, hearing_id, ACTION, *UNSEALED, HearingState.SEALED)

    def _put(self, hearing_id: str, events: list[Event], by: str) -> None:
        if events:
            self._feed.append(hearing_id, events, by)


def due_in(days: int) -> str:
    """The moment so many days from now, UTC, ISO 8601; 0: in court, now."""
    return (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="milliseconds")


def is_overdue(who: Signatory) -> bool:
    """A participant has let the time pass."""
    return who.office is Office.PARTICIPANT and datetime.fromisoformat(who.due) <= datetime.now(UTC)


def _from_seat(seat: Seat, sole: bool, accounts: Mapping[str, str]) -> Signatory:
    """`sole`: nobody presides by title, so that a judge does."""
    office = OFFICES.get(seat.role, Office.PARTICIPANT)
    if sole and seat.role == "审判员":
        office = Office.PRESIDING
    scope = Scope.OWN if seat.role in WITNESSES else Scope.WHOLE
    name = seat.pseudonym or seat.person or seat.role
    account = _account(office, name, accounts)
    return Signatory(uuid4().hex, seat.id, name, seat.role, office, scope, due_in(DAYS), account)


def _account(office: Office, name: str, accounts: Mapping[str, str]) -> str:
    """Judges and clerks sign by their own account, participants never by anybody's."""
    return "" if office is Office.PARTICIPANT else accounts.get(name, "")


def _standing(coverage: Coverage, who: Signatory, opened: Collection[str]) -> Standing:
    signed = signature(coverage.record, who)
    late = is_overdue(who) and not signed
    shown = replace(signed, strokes=(), image="") if signed else None
    return Standing(who, _state(coverage, who, signed, opened), late, len(before(coverage, who)), shown)


def _state(coverage: Coverage, who: Signatory, signed: Signature | None, opened: Collection[str]) -> str:
    if signed:
        return "refused" if signed.refused else "signed" if coverage.covers(who, signed) else "changed"
    if who.id in coverage.record.read:
        return "read"
    return "reading" if who.id in opened else "asked"


def _asked(record: CaseRecord, request: CorrectionRequest) -> Asked:
    turn, who = _turn(record, request), _applicant(record, request)
    decision = next((one for one in record.decisions if one.request_id == request.id), None)
    own = bool(turn and who and said_by(record, turn, who))
    name = f"{who.role} {who.name}".strip() if who else ""
    return Asked(
        request, name, own, decision, turn.text if turn else "", proposed(turn, request) if turn else ""
    )


def _turn(record: CaseRecord, request: CorrectionRequest) -> Turn | None:
    return next((one for one in record.turns if one.id == request.turn_id), None)


def _applicant(record: CaseRecord, request: CorrectionRequest) -> Signatory | None:
    return next((one for one in record.signatories if one.id == request.signatory_id), None)


def _open_request(record: CaseRecord, request_id: str) -> CorrectionRequest:
    found = next((one for one in record.requests if one.id == request_id), None)
    if found is None:
        raise NoSuchRequest
    if any(one.request_id == request_id for one in record.decisions):
        raise DecidedAlready
    return found


def _refuse_others_words(record: CaseRecord, request: CorrectionRequest, turn: Turn, *, anyway: bool) -> None:
    """In a civil case a party has its own statements corrected, others' only by the clerk's word (court.md E2)."""
    who = _applicant(record, request)
    party = who is not None and who.office is Office.PARTICIPANT and not said_by(record, turn, who)
    if party and not is_criminal(record.hearing) and not anyway:
        raise NotTheirOwn


def _uncovered(old: CaseRecord, new: CaseRecord) -> list[str]:
    """Whose signatures covered the record before, and do not now (court.md B5)."""
    then, now = Coverage(old), Coverage(new)
    signed = ((who, signature(new, who)) for who in in_order(new.signatories))
    return [
        f"{who.role} {who.name}".strip()
        for who, one in signed
        if one and then.covers(who, one) and not now.covers(who, one)
    ]
