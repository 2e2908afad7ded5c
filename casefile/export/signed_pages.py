"""What stands behind the record: the 补正记录, and who signed what (court.md E3, E8)."""

from __future__ import annotations

from casefile.export.signed_text import Coverage, in_order
from casefile.export.wording import hours, moment, one_line
from casefile.model import CaseRecord
from casefile.signatures import CorrectionDecision, CorrectionRequest, Signatory, Signature


def corrections(record: CaseRecord) -> list[str]:
    """A heading and a line for each request with its decision; empty without requests."""
    decided = {one.request_id: one for one in record.decisions}
    lines = [
        f"{number}. {_asked(record, request)}{_decision(decided.get(request.id))}"
        for number, request in enumerate(record.requests, 1)
    ]
    return ["补正记录", *lines] if lines else []


def _asked(record: CaseRecord, request: CorrectionRequest) -> str:
    who = next((named(one) for one in record.signatories if one.id == request.signatory_id), "（已移出）")
    where = f"[{hours(request.start_ms)}—{hours(request.end_ms)}]"
    what = (
        f"“{one_line(request.before)}”应为“{one_line(request.wanted)}”"
        if request.before
        else f"补入“{one_line(request.wanted)}”"
    )
    note = f"（{one_line(request.note)}）" if request.note else ""
    return f"{where} {who}申请补正（{request.kind.value}）：{what}{note}。"


def _decision(decision: CorrectionDecision | None) -> str:
    if decision is None:
        return "尚未处理。"
    heard = "已播放录音核对。" if decision.played else ""
    why = f"理由：{one_line(decision.reason)}。" if decision.reason else ""
    return f"{'准予补正' if decision.granted else '不予补正'}。{why}{heard}"


def signatures(record: CaseRecord) -> list[str]:
    """A heading and a line for each signatory, in the lawful order; empty where nobody is named."""
    made = {one.signatory_id: one for one in record.signatures}
    coverage = Coverage(record)
    people = in_order(record.signatories)
    lines = [f"{named(one)}：{_signed(coverage, one, made.get(one.id))}" for one in people]
    return ["签字", *lines] if lines else []


def named(who: Signatory) -> str:
    """`原告 张某`, or as much of it as is known."""
    return one_line(f"{who.role} {who.name if who.name != who.role else ''}")


def _signed(coverage: Coverage, who: Signatory, made: Signature | None) -> str:
    if made is None:
        return "未签字"
    when = f"（{moment(made.at)}）" if made.at else ""
    if made.refused:
        return f"拒签{when}，理由：{one_line(made.reason)}"
    lost = "" if coverage.covers(who, made) else "，此后笔录有改动，签字不再覆盖"
    return f"{'、'.join(kind.value for kind in made.kinds)}{when}，所读文本 SHA-256 {made.digest}{lost}"
