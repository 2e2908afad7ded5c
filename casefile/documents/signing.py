"""Where people sign: what they signed as it was given, a line to sign by hand where they have not."""

from __future__ import annotations

from collections.abc import Iterator

from casefile.documents.document import BLANK, Block, Paragraph, SignatureLine, Table
from casefile.documents.material import Material
from casefile.explaining import explanation_of, fault_id, faults, review_of
from casefile.export.signed_text import WITNESSES, Coverage, in_order
from casefile.export.wording import GAPS, channel, hours, moment, one_line
from casefile.faults import FaultExplanation
from casefile.model import CaseRecord, Gap, Seat
from casefile.signatures import Scope, Signatory, Signature

COURT = frozenset(
    {
        "审判长",
        "审判员",
        "独任审判员",
        "人民陪审员",
        "法官助理",
        "书记员",
        "执行法官",
        "接访法官",
        "调解员",
        "听证主持人",
    }
)
"""Roles of the court: everybody else is a party, or takes part for one."""


def signature_lines(material: Material) -> Iterator[Block]:
    """All who are to sign, in the lawful order; before they are named, a line for every seat."""
    record = material.record
    signed = {one.signatory_id: one for one in record.signatures}
    coverage = Coverage(record)
    for who in in_order(record.signatories):
        yield _line(coverage, who, signed.get(who.id))
    if not record.signatories:
        yield from (
            SignatureLine(one_line(seat.role), one_line(seat.person)) for seat in _seats_to_sign(record)
        )


def _seats_to_sign(record: CaseRecord) -> list[Seat]:
    seats = record.hearing.seats or (Seat("", "当事人"), Seat("", "审判人员"), Seat("", "书记员"))
    return sorted(seats, key=lambda seat: seat.role in COURT)


def _line(coverage: Coverage, who: Signatory, signature: Signature | None) -> SignatureLine:
    label, name = one_line(who.role), one_line(who.name)
    own = "仅就本人证言部分" if who.scope is Scope.OWN else ""
    if signature is None:
        return SignatureLine(label, name, own)
    if signature.refused:
        return SignatureLine(label, name, _refusal(signature))
    kinds = "、".join(kind.value for kind in signature.kinds)
    standing = "" if coverage.covers(who, signature) else "此后笔录有改动，本签名不再覆盖现文本，须重新签名"
    digest = f"所签文本 SHA-256 前16位 {signature.digest[:16]}"
    parts = (moment(signature.at or None), kinds, own, digest, standing)
    note = "；".join(part for part in parts if part)
    return SignatureLine(label, name, f"（{note}）", signature.strokes, signature.image)


def _refusal(signature: Signature) -> str:
    where = f"；录音位置 {hours(signature.start_ms)}—{hours(signature.end_ms)}" if signature.end_ms else ""
    return f"（拒绝签名；理由：{one_line(signature.reason) or BLANK}{where}）"


def party_lines(material: Material) -> Iterator[Block]:
    """A line for every party and for who sits for one, to sign by hand; witnesses do not consent to anything."""
    seats = [seat for seat in material.record.hearing.seats if seat.role not in COURT | WITNESSES]
    for seat in seats or (Seat("", "原告"), Seat("", "被告")):
        yield SignatureLine(one_line(seat.role), one_line(seat.person), "　　　　年　　月　　日")


def fault_blocks(material: Material) -> Iterator[Block]:
    """Every fault, what the recordist says of it, and the judge's signature; blanks where nobody has."""
    record = material.record
    found = faults(record)
    if not found:
        yield Paragraph("（录音没有设备或技术原因的缺失）")
        return
    rows = tuple(_fault(number, gap) for number, gap in enumerate(found, 1))
    yield Table(("序", "起", "止", "时长", "声道", "现象"), (6, 14, 14, 14, 16, 36), rows)
    told = dict.fromkeys(one for gap in found if (one := explanation_of(record, gap)) is not None)
    for explanation in told:
        yield from _explained(record, explanation, found)
    silent = [number for number, gap in enumerate(found, 1) if explanation_of(record, gap) is None]
    if silent:
        yield from _unexplained(silent)


def _fault(number: int, gap: Gap) -> tuple[str, ...]:
    seconds = (gap.end_ms - gap.start_ms) / 1000
    return (
        str(number),
        hours(gap.start_ms),
        hours(gap.end_ms),
        f"{seconds:.1f} 秒",
        channel(gap.channel),
        GAPS[gap.reason],
    )


def _numbers(numbers: list[int]) -> str:
    return "、".join(map(str, numbers))


def _explained(record: CaseRecord, explanation: FaultExplanation, found: list[Gap]) -> Iterator[Block]:
    meant = [number for number, gap in enumerate(found, 1) if fault_id(gap) in explanation.faults]
    yield Paragraph(f"就序号 {_numbers(meant)} 说明如下：{one_line(explanation.what) or BLANK}")
    yield Paragraph(f"补救措施：{one_line(explanation.remedy) or BLANK}")
    yield SignatureLine("记录人", one_line(explanation.name), "", explanation.strokes)
    review = review_of(record, explanation)
    if review is None:
        yield SignatureLine("审判长／独任审判员审核", "")
    else:
        yield SignatureLine("审判长／独任审判员审核", one_line(review.name), "", review.strokes)


def _unexplained(numbers: list[int]) -> Iterator[Block]:
    yield Paragraph(f"就序号 {_numbers(numbers)} 说明如下：{BLANK * 4}")
    yield Paragraph(f"补救措施：{BLANK * 4}")
    yield SignatureLine("记录人", "")
    yield SignatureLine("审判长／独任审判员审核", "")
