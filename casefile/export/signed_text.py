"""What a signature covers: the text that somebody read, its digest, and whether it still reads so (court.md B5, B6).

The text is the body of the 笔录: head, stages, pauses, gaps and the condensed turns. Requests for corrections and
their decisions are filed behind it: one that is refused changes nobody's signature, one that is granted changes
the turn, and with it the digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cached_property

from casefile.editing import condensed
from casefile.export.wording import (
    GAPS,
    NOTICE,
    channel,
    duties,
    hours,
    moment,
    name_of,
    one_line,
    seat_of,
    spoken,
)
from casefile.model import CaseRecord, Pause, Turn
from casefile.signatures import Office, Scope, Signatory, Signature

WITNESSES = frozenset({"证人", "鉴定人", "勘验人", "有专门知识的人", "侦查人员", "调查人员"})
"""Roles that read their own testimony only (刑诉解释 art. 293)."""


def turns_read(record: CaseRecord, signatory: Signatory) -> list[Turn]:
    """The turns that this person reads; of the testimony of a witness the questions, too, never another witness's."""
    turns = spoken(record)
    if signatory.scope is Scope.WHOLE:
        return turns
    return [turn for number, turn in enumerate(turns) if _own(record, turns, number, signatory)]


def _own(record: CaseRecord, turns: list[Turn], number: int, signatory: Signatory) -> bool:
    turn = turns[number]
    if said_by(record, turn, signatory):
        return True
    asked = number + 1 < len(turns) and said_by(record, turns[number + 1], signatory)
    return asked and _role(record, turn.seat) not in WITNESSES | {""}


def said_by(record: CaseRecord, turn: Turn, signatory: Signatory) -> bool:
    """Whether this person said it; who sat on the same seat before or after is somebody else."""
    if signatory.seat is None:
        return turn.speaker == signatory.name
    others = {one.name for one in record.signatories if one.seat == signatory.seat} - {signatory.name}
    return turn.seat == signatory.seat and turn.speaker not in others


def _role(record: CaseRecord, seat_id: str | None) -> str:
    return next((seat.role for seat in record.hearing.seats if seat.id == seat_id), "")


def text_read(record: CaseRecord, signatory: Signatory) -> str:
    """Exactly what this person reads and signs, as text: lines end with a newline."""
    turns = [(turn.start_ms, 1, _line(record, turn)) for turn in turns_read(record, signatory)]
    rest = around(record) if signatory.scope is Scope.WHOLE else ()
    body = [line for _, _, line in sorted([*turns, *rest], key=lambda line: line[:2])]
    return "\n".join([*head(record, signatory), *body]) + "\n"


def head(record: CaseRecord, signatory: Signatory) -> list[str]:
    """Kind, case number, courtroom, beginning; for who reads the whole, also who was there."""
    hearing = record.hearing
    whole = signatory.scope is Scope.WHOLE
    seats = [one_line(f"{seat.role} {seat.pseudonym or seat.person}") for seat in hearing.seats if whole]
    facts = (hearing.kind.value, hearing.case_number, hearing.courtroom, moment(record.opened_at))
    return [*(one_line(fact) for fact in facts), *seats]


def _line(record: CaseRecord, turn: Turn) -> str:
    return f"{hours(turn.start_ms)} {speaker_read(record, turn)}：{one_line(condensed(turn))}"


def speaker_read(record: CaseRecord, turn: Turn) -> str:
    """Role and name; of a protected person only what stands for them (court.md G3)."""
    seat = seat_of(record, turn)
    return one_line(seat.pseudonym) if seat and seat.pseudonym else name_of(record, turn)


def around(record: CaseRecord) -> Iterator[tuple[int, int, str]]:
    """Stages, pauses and gaps: start_ms, rank beside turns (1), text."""
    for stage in record.stages:
        yield stage.start_ms, 0, one_line(stage.name)
    for at_ms, said in duties(record):
        yield at_ms, 0, f"{hours(at_ms)} {said}"
    for pause in record.pauses:
        yield pause.start_ms, 2, f"{hours(pause.start_ms)}–{_until(record, pause)} {pause.reason.value}"
    for gap in record.gaps:
        yield (
            gap.start_ms,
            2,
            f"{hours(gap.start_ms)}–{hours(gap.end_ms)} {channel(gap.channel)} {GAPS[gap.reason]}",
        )


def _until(record: CaseRecord, pause: Pause) -> str:
    """Nothing where the hearing ended in the pause: closing it changes no text that was signed in that recess."""
    return "" if pause.end_ms is None or pause.end_ms >= record.length_ms else hours(pause.end_ms)


def digest_read(record: CaseRecord, signatory: Signatory) -> str:
    """SHA-256 of `text_read` in UTF-8, hex."""
    return hashlib.sha256(text_read(record, signatory).encode()).hexdigest()


class Coverage:
    """Whose signatures cover a record as it reads now. A text is digested once: whoever reads the whole reads the same."""

    def __init__(self, record: CaseRecord) -> None:
        self.record = record
        self._digests: dict[str, str] = {}

    def digest(self, signatory: Signatory) -> str:
        """See `digest_read`."""
        reader = "" if signatory.scope is Scope.WHOLE else signatory.id
        if reader not in self._digests:
            self._digests[reader] = digest_read(self.record, signatory)
        return self._digests[reader]

    def covers(self, signatory: Signatory, signature: Signature) -> bool:
        """The record still reads as it did when this was signed; a refusal covers nothing and asks for nothing."""
        return signature.refused or signature.digest == self.digest(signatory)

    @cached_property
    def missing(self) -> list[Signatory]:
        """Who has still to sign, or to sign again since the record was changed, in the lawful order."""
        signed = {one.signatory_id: one for one in self.record.signatures}
        people = in_order(self.record.signatories)
        return [one for one in people if one.id not in signed or not self.covers(one, signed[one.id])]

    @property
    def complete(self) -> bool:
        """All required signatures are there, so that this is a 法庭笔录 (法释〔2017〕5号 art. 6; court.md D1).

        At least the presiding judge and the clerk must be among them.
        """
        offices = {one.office for one in self.record.signatories}
        undecided = {one.id for one in self.record.requests} - {
            one.request_id for one in self.record.decisions
        }
        return {Office.PRESIDING, Office.CLERK} <= offices and not self.missing and not undecided


def in_order(signatories: Iterable[Signatory]) -> list[Signatory]:
    """In the lawful order of signing (court.md E7)."""
    return sorted(signatories, key=lambda one: one.office.rank)


def complete(record: CaseRecord) -> bool:
    """See `Coverage`."""
    return Coverage(record).complete


def notice(record: CaseRecord, signed: bool | None = None) -> str:
    """The mark that every view, print and export carries until all have signed; then "" (court.md D1).

    `signed`: whether they have, where `record` is not as it was signed (numbers in their written form); None: look.
    """
    return "" if (complete(record) if signed is None else signed) else NOTICE
