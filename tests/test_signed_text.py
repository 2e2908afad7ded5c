"""B5, B6, D1, E6: what a signature covers, whose it no longer covers after a change, when the mark goes."""

from __future__ import annotations

from dataclasses import replace

from casefile.duties import DutyMark, DutyState
from casefile.export.signed_text import Coverage, complete, digest_read, text_read, turns_read
from casefile.model import CaseRecord, Hearing, HearingKind, Omission, Pause, PauseReason, Seat, Turn, Word
from casefile.signatures import (
    CorrectionRequest,
    Office,
    RequestKind,
    Scope,
    Signatory,
    Signature,
    SignatureKind,
)

SEATS = (
    Seat("s1", "审判长", "审", "王某"),
    Seat("s2", "原告", "原", "张某"),
    Seat("s3", "证人", "证", "李某"),
    Seat("s4", "证人", "证", "赵某"),
)
DUE = "2026-12-01T00:00:00.000+00:00"
PRESIDING = Signatory("p", "s1", "王某", "审判长", Office.PRESIDING, Scope.WHOLE, DUE)
PLAINTIFF = Signatory("a", "s2", "张某", "原告", Office.PARTICIPANT, Scope.WHOLE, DUE)
WITNESS = Signatory("w", "s3", "李某", "证人", Office.PARTICIPANT, Scope.OWN, DUE)
CLERK = Signatory("c", None, "周某", "书记员", Office.CLERK, Scope.WHOLE, DUE)


def turn(number: int, seat: str, text: str) -> Turn:
    start_ms = number * 1000
    return Turn(
        f"t{number}", seat, "", 0, start_ms, start_ms + 900, (Word(text, start_ms, start_ms + 900, 0.9),)
    )


def record(
    *signed: Signature, signatories: tuple[Signatory, ...] = (PLAINTIFF, WITNESS, PRESIDING, CLERK)
) -> CaseRecord:
    said = [
        ("s1", "现在开庭。"),
        ("s4", "我是赵某。"),
        ("s3", "我看见了。"),
        ("s1", "几点？"),
        ("s3", "八点。"),
        ("s2", "属实。"),
    ]
    turns = tuple(turn(number, seat, text) for number, (seat, text) in enumerate(said))
    return CaseRecord(
        Hearing("h", HearingKind.TRIAL, seats=SEATS), turns=turns, signatories=signatories, signatures=signed
    )


def signed(case: CaseRecord, who: Signatory) -> Signature:
    return Signature(who.id, (SignatureKind.SIGNED,), case.seq, digest_read(case, who))


def edited(case: CaseRecord, number: int, text: str) -> CaseRecord:
    turns = list(case.turns)
    turns[number] = turn(number, turns[number].seat or "", text)
    return replace(case, turns=tuple(turns))


def test_e6_a_witness_reads_their_own_testimony_and_its_questions_and_no_other_witness() -> None:
    assert [one.id for one in turns_read(record(), WITNESS)] == ["t2", "t3", "t4"]
    assert "赵某" not in text_read(record(), WITNESS).partition("证人 赵某")[2]
    assert [one.id for one in turns_read(record(), PLAINTIFF)] == [f"t{number}" for number in range(6)]


def test_b5_a_change_of_one_character_takes_the_cover_from_who_read_it_and_from_nobody_else() -> None:
    case = record()
    whole, own = signed(case, PLAINTIFF), signed(case, WITNESS)
    changed = edited(case, 5, "不属实。")
    assert Coverage(case).covers(PLAINTIFF, whole) and Coverage(case).covers(WITNESS, own)
    assert not Coverage(changed).covers(PLAINTIFF, whole)
    assert Coverage(changed).covers(WITNESS, own)


def test_b6_dropping_a_filler_from_the_condensed_record_is_a_change_too() -> None:
    case = record()
    before = signed(case, PLAINTIFF)
    turns = (*case.turns[:5], replace(case.turns[5], omissions=(Omission(0, "属"),)))
    assert not Coverage(replace(case, turns=turns)).covers(PLAINTIFF, before)


def test_e7_those_who_have_still_to_sign_come_in_the_lawful_order() -> None:
    shuffled = (CLERK, PRESIDING, WITNESS, PLAINTIFF)
    assert [one.id for one in Coverage(record(signatories=shuffled)).missing] == ["w", "a", "p", "c"]


def test_d1_the_mark_goes_with_the_last_signature_and_comes_back_with_a_change() -> None:
    case = record()
    everybody = (PLAINTIFF, WITNESS, PRESIDING, CLERK)
    done = replace(case, signatures=tuple(signed(case, who) for who in everybody))
    assert not complete(replace(case, signatures=done.signatures[:3]))
    assert complete(done)
    assert not complete(edited(done, 5, "不属实。"))
    asked = CorrectionRequest("r", "a", "t5", RequestKind.ERROR, "属实", "不属实", 5000, 5900)
    assert not complete(replace(done, requests=(asked,)))


def test_e8_a_refusal_is_done_with_and_covers_nothing() -> None:
    case = record()
    refused = Signature("a", (SignatureKind.REFUSED,), case.seq, "", reason="对笔录有异议")
    signatures = (refused, *(signed(case, who) for who in (WITNESS, PRESIDING, CLERK)))
    assert complete(replace(case, signatures=signatures))


def test_d1_nobody_named_is_no_court_record() -> None:
    assert not complete(record(signatories=()))
    assert not complete(record(signed(record(), PLAINTIFF), signatories=(PLAINTIFF,)))


def test_b5_closing_a_hearing_in_the_recess_in_which_it_was_signed_changes_nobodys_text() -> None:
    recess = replace(record(), pauses=(Pause(6_000, None, PauseReason.RECESS),), length_ms=7_000)
    before = signed(recess, PLAINTIFF)
    closed = replace(recess, pauses=(Pause(6_000, 9_000, PauseReason.RECESS),), length_ms=9_000)
    assert Coverage(closed).covers(PLAINTIFF, before)
    resumed = replace(closed, length_ms=20_000)
    assert not Coverage(resumed).covers(PLAINTIFF, before)


def test_h1_what_the_clerk_marked_before_the_opening_is_signed_too() -> None:
    case = record()
    before = signed(case, PLAINTIFF)
    marked = replace(case, duty_marks=(DutyMark("rules", "", DutyState.DONE, 500),))
    assert "书记员标记：宣读法庭规则。" in text_read(marked, PLAINTIFF)
    assert not Coverage(marked).covers(PLAINTIFF, before)
    assert "书记员标记" not in text_read(marked, WITNESS)
    skipped = replace(case, duty_marks=(DutyMark("rules", "", DutyState.NOT_APPLICABLE, 500, "同日已宣读"),))
    assert "书记员标记：宣读法庭规则：不适用，同日已宣读。" in text_read(skipped, PLAINTIFF)
    assert not Coverage(skipped).covers(PLAINTIFF, before)
