"""A hearing that never was, to see how a template looks: every person, number and word of it is invented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from asr.numerals import value
from casefile.documents.making import make
from casefile.documents.material import Material, Wanted
from casefile.documents.template import Template
from casefile.evidence import evidence
from casefile.export.signed_text import digest_read
from casefile.model import (
    AudioFormat,
    CaseRecord,
    Gap,
    GapReason,
    Hearing,
    HearingKind,
    HearingState,
    Pause,
    PauseReason,
    Seat,
    Stage,
    Turn,
    Word,
)
from casefile.signatures import (
    CorrectionDecision,
    CorrectionRequest,
    Office,
    RequestKind,
    Scope,
    Signatory,
    Signature,
    SignatureKind,
    Stroke,
)
from tingji.typesetting import typeset

SEATS = (
    Seat("s1", "审判长", "审", "甲某", (0,)),
    Seat("s2", "原告", "原", "乙某", (1,)),
    Seat("s3", "被告", "被", "丙公司", (2,)),
    Seat("s4", "书记员", "书", "丁某", (3,)),
)
_TEXT = """\
宣布开庭
书：当事人均已到庭，庭前准备工作就绪，可以开庭。
审：现在开庭。今天公开审理原告乙某与被告丙公司买卖合同纠纷一案。现在核对当事人身份。
原：原告乙某，本人到庭。
审：双方对对方出庭人员的身份有无异议？是否申请回避？
原：没有异议，不申请回避。
被：没有异议，不申请回避。
法庭调查
审：现在进行法庭调查。请原告陈述诉讼请求、事实和理由。
原：请求判令被告支付货款三万五千元。二〇二三年三月双方签订合同，我方已经交货，被告至今没有付款。
被：货收到了，但是有一部分质量不合格，我们不同意全部支付。
审：请原告举证。
原：证据一是买卖合同，证明双方约定货款三万五千元。证据二是送货单，证明被告收到货物。
被：对证据一的真实性没有异议。对证据二的真实性没有异议，对证明目的不认可，送货单上没有写明质量。
法庭辩论
审：现在进行法庭辩论。请原告发表辩论意见。
原：坚持起诉意见。被告收货后没有在约定的期限内提出质量异议。
被：我们电话里说过。
最后陈述
审：请双方陈述最后意见。
原：请求支持全部诉讼请求。
被：请求依法判决。
审：请双方核对笔录。现在闭庭。
"""
_STEP_MS = 20_000


def invented(kind: HearingKind = HearingKind.TRIAL, case_number: str = "（2026）某0101民初1号") -> CaseRecord:
    """The record of it; nobody but the plaintiff has signed."""
    turns, stages = _said()
    record = CaseRecord(
        Hearing("invented", kind, case_number, "第一审判庭", seats=SEATS),
        HearingState.SEALED,
        opened_at="2026-03-02T01:00:00.000+00:00",
        closed_at="2026-03-02T01:12:00.000+00:00",
        format=AudioFormat(16_000, 4),
        length_ms=720_000,
        turns=turns,
        stages=stages,
        pauses=(Pause(268_000, 278_000, PauseReason.RECESS),),
        gaps=(Gap(249_000, 251_400, GapReason.UNPLUGGED, 1),),
        signatories=_signatories(),
    )
    asked = CorrectionRequest(
        "r1", "b", turns[-2].id, RequestKind.ERROR, "依法判决", "依法驳回", 420_000, 424_000
    )
    refused = CorrectionDecision("r1", False, "录音中所说为“依法判决”", True)
    record = replace(record, requests=(asked,), decisions=(refused,))
    return replace(record, signatures=(_signed(record),))


def _said() -> tuple[tuple[Turn, ...], tuple[Stage, ...]]:
    turns: list[Turn] = []
    stages: list[Stage] = []
    seats = {seat.short: number for number, seat in enumerate(SEATS)}
    for number, line in enumerate(_TEXT.splitlines()):
        short, _, text = line.partition("：")
        at = number * _STEP_MS
        if text:
            seat = seats[short]
            word = Word(text, at, at + 6_000, 0.9)
            turns.append(
                Turn(f"t{number}", SEATS[seat].id, SEATS[seat].person, seat, at, at + 6_000, (word,))
            )
        else:
            stages.append(Stage(line, at))
    return tuple(turns), tuple(stages)


def _signatories() -> tuple[Signatory, ...]:
    due = "2026-03-07T01:12:00.000+00:00"
    return (
        Signatory("a", "s2", "乙某", "原告", Office.PARTICIPANT, Scope.WHOLE, due),
        Signatory("b", "s3", "丙公司", "被告", Office.PARTICIPANT, Scope.WHOLE, due),
        Signatory("c", "s1", "甲某", "审判长", Office.PRESIDING, Scope.WHOLE, due),
        Signatory("d", "s4", "丁某", "书记员", Office.CLERK, Scope.WHOLE, due),
    )


def _signed(record: CaseRecord) -> Signature:
    lines = (
        ((600, 3000), (2600, 2300), (1500, 5200), (900, 7600)),
        ((1700, 4300), (3000, 6900), (3400, 7700)),
        ((4300, 2500), (6800, 2100), (5500, 4600), (4700, 8200), (7300, 7900)),
        ((7600, 3200), (9300, 3000), (8300, 8800), (7800, 8000)),
    )
    strokes = tuple(Stroke(tuple((x, y, 0) for x, y in line)) for line in lines)
    who = record.signatories[0]
    kinds = (SignatureKind.SIGNED,)
    return Signature(
        who.id, kinds, record.seq, digest_read(record, who), strokes, at="2026-03-02T01:30:00.000+00:00"
    )


def previews(templates: Mapping[str, Template], forms: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every template's file."""
    for name, template in templates.items():
        kind = template.kinds[0] if template.kinds else HearingKind.TRIAL
        word = template.case_words[0] if template.case_words else "民初"
        record = invented(kind, f"（2026）某0101{word}1号")
        material = Material(record, "某市某区人民法院", evidence(record, value), wanted=Wanted(verbatim=True))
        for form in forms:
            yield f"{name}.{form}", typeset(make(material, template), form, record.closed_at)
