"""What fills a section of a template: the proceedings, tables, lists of what is missing. Values in, blocks out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from casefile.documents.document import BLANK, Block, Paragraph, Said, Subheading, Table
from casefile.documents.material import Material, full_name, said_by, short_names
from casefile.documents.signing import fault_blocks, party_lines, signature_lines
from casefile.documents.template import Part
from casefile.editing import condensed, verbatim
from casefile.exhibits import VIEWS, Column, Exhibit
from casefile.explaining import faults
from casefile.export.wording import GAPS, channel, duties, hours, one_line, spoken
from casefile.model import CaseRecord, Pause, PauseReason
from casefile.signatures import CorrectionDecision, CorrectionRequest

_LAWFUL = {PauseReason.RECESS: "一", PauseReason.CLOSED_EVIDENCE: "二", PauseReason.MEDIATION: "三"}
_VIEW = {Column.AUTHENTICITY: "真", Column.LEGALITY: "合", Column.RELEVANCE: "关", Column.PROOF: "证"}
Placed = tuple[int, int, Block]
"""start_ms, rank among what starts at the same moment, block."""


def blocks(part: Part, material: Material) -> Iterator[Block]:
    """What fills this part; nothing without `fill`."""
    if part.fill == "proceedings":
        yield from _proceedings(material.record, part.stages)
    elif part.fill:
        yield from _FILLS[part.fill](material)


def _proceedings(record: CaseRecord, stages: tuple[str, ...]) -> Iterator[Block]:
    yield from (block for _, _, block in sorted(_placed(record), key=lambda one: one[:2]))
    entered = {stage.name for stage in record.stages}
    for name in stages:
        if name not in entered:
            yield Subheading(name)
            yield Paragraph(f"（未标记进入本阶段，请核对：{BLANK}）")


def _placed(record: CaseRecord) -> Iterator[Placed]:
    for stage in record.stages:
        yield stage.start_ms, 0, Subheading(one_line(stage.name))
    shorts = short_names(record)
    for turn in spoken(record):
        text = one_line(condensed(turn))
        if text:
            yield turn.start_ms, 1, Said(said_by(record, turn, shorts), text)
    for at_ms, said in duties(record):
        yield at_ms, 0, Paragraph(f"（{said}）")
    for missed in record.missed:
        where = f"{hours(missed.start_ms)}—{hours(missed.end_ms)}"
        yield (
            missed.start_ms,
            1,
            Paragraph(f"（{where} {channel(missed.channel)}有发言，未能识别，请听录音：{BLANK}）"),
        )
    for pause in record.pauses:
        yield pause.start_ms, 2, Paragraph(f"（{_span(pause)} 录音依法中断：{pause.reason.value}）")
    for gap in record.gaps:
        where = f"{hours(gap.start_ms)}—{hours(gap.end_ms)}"
        yield gap.start_ms, 2, Paragraph(f"（{where} {channel(gap.channel)}：{GAPS[gap.reason]}）")


def _span(pause: Pause) -> str:
    return f"{hours(pause.start_ms)}—{'' if pause.end_ms is None else hours(pause.end_ms)}"


def _verbatim(material: Material) -> Iterator[Block]:
    record, shorts = material.record, short_names(material.record)
    for turn in spoken(record):
        yield Said(said_by(record, turn, shorts), one_line(verbatim(turn)), hours(turn.start_ms))


def _evidence(material: Material) -> Iterator[Block]:
    rows = tuple(_exhibit(number, row) for number, row in enumerate(material.exhibits, 1))
    if not rows:
        yield Paragraph("（无记录的证据）")
        return
    columns = (
        "序",
        "举证方",
        "证据名称",
        "来源",
        "证明目的",
        "原件核对",
        "质证意见（真／合／关／证）",
        "备注",
    )
    yield Table(columns, (4, 10, 18, 9, 18, 9, 24, 8), rows)


def _exhibit(number: int, row: Exhibit) -> tuple[str, ...]:
    def cell(column: Column) -> str:
        return one_line(row.cells[column].value) if column in row.cells else ""

    shown = (cell(one) for one in (Column.SOURCE, Column.PURPOSE, Column.ORIGINAL))
    name = cell(Column.NAME) or f"证据{row.number}"
    source, purpose, original = shown
    owner = one_line(f"{row.party}{row.number}")
    return str(number), owner, name, source, purpose, original, _views(row), cell(Column.NOTE)


def _views(row: Exhibit) -> str:
    told = (
        f"{one_line(party)}："
        + "，".join(f"{_VIEW[one]} {one_line(views[one].value)}" for one in VIEWS if one in views)
        for party, views in row.views.items()
    )
    return "；".join(told)


def _corrections(material: Material) -> Iterator[Block]:
    record = material.record
    decided = {one.request_id: one for one in record.decisions}
    rows = tuple(
        _request(record, number, one, decided.get(one.id)) for number, one in enumerate(record.requests, 1)
    )
    if not rows:
        yield Paragraph("（无人申请补正）")
        return
    columns = ("序", "申请人", "位置（录音时间）", "原记录", "申请补正", "已播放录音", "处理", "签名")
    yield Table(columns, (4, 11, 14, 18, 21, 8, 16, 8), rows)


def _request(
    record: CaseRecord, number: int, request: CorrectionRequest, decision: CorrectionDecision | None
) -> tuple[str, ...]:
    who = next((one.name for one in record.signatories if one.id == request.signatory_id), BLANK)
    where = f"{hours(request.start_ms)}—{hours(request.end_ms)}"
    wanted = f"{request.kind.value}：{request.wanted}" + (f"（{request.note}）" if request.note else "")
    played = "是" if decision and decision.played else "否" if decision else BLANK
    cells = (who, where, request.before, wanted, played, _decided(decision), "")
    return str(number), *map(one_line, cells)


def _decided(decision: CorrectionDecision | None) -> str:
    if decision is None:
        return BLANK
    return "准许" if decision.granted else f"不予补正（理由：{decision.reason or BLANK}）"


def _interruptions(material: Material) -> Iterator[Block]:
    record = material.record
    lawful = [
        (one.start_ms, one.end_ms, "全部声道", f"{one.reason.value}（第三条第（{_LAWFUL[one.reason]}）项）")
        for one in record.pauses
    ]
    gaps = [(one.start_ms, one.end_ms, channel(one.channel), GAPS[one.reason]) for one in record.gaps]
    mine = {(one.start_ms, one.end_ms, channel(one.channel)) for one in faults(record)}
    rows = [
        (hours(start), BLANK if end is None else hours(end), _length(start, end), where, why,
         "另附情况说明" if (start, end, where) in mine else "")
        for start, end, where, why in sorted([*lawful, *gaps], key=lambda one: one[0])
    ]  # fmt: skip
    if not rows:
        yield Paragraph("（录音无中断）")
    else:
        numbered = tuple((str(number), *row) for number, row in enumerate(rows, 1))
        columns = ("序", "中断起", "中断止", "时长", "声道", "理由", "备注")
        yield Table(columns, (5, 12, 12, 11, 13, 32, 15), numbered)
    for step in record.clock_steps:
        yield Paragraph(
            f"（{hours(step.at_ms)} 录音机时钟被调整 {step.step_ms / 1000:+.1f} 秒，录音时间不受影响）"
        )
    if record.recorder_given_up:
        yield Paragraph("（闭庭时录音机未能连接，未取得录音机的副本。）")


def _length(start_ms: int, end_ms: int | None) -> str:
    return BLANK if end_ms is None else f"{(end_ms - start_ms) / 1000:.1f} 秒"


def _channels(material: Material) -> Iterator[Block]:
    record = material.record
    taken = {number for seat in record.hearing.seats for number in seat.channels}
    count = max([record.format.channels if record.format else 0, *(number + 1 for number in taken)])
    rows = tuple(
        (
            channel(number),
            "；".join(full_name(seat) for seat in record.hearing.seats if number in seat.channels),
        )
        for number in range(count)
    )
    yield Table(("声道", "席位"), (20, 80), rows or ((BLANK, BLANK),))


def _files(material: Material) -> Iterator[Block]:
    digests, manifest = material.record.digests, material.manifest
    if manifest is None:
        yield Paragraph("（案卷尚未封存，封存后方有文件清单。）")
        return
    lengths = {
        f"audio/{name}": hours(sound.frames * 1000 // sound.rate)
        for sound in manifest.audio.files
        for name in sound.flac
    }
    rows = tuple(
        (path, str(facts.bytes), lengths.get(path, ""), facts.sha256, facts.sm3 or BLANK)
        for path, facts in manifest.files.items()
    )
    yield Paragraph(f"案卷清单 manifest.json 的 SHA-256：{digests.get('manifest_sha256') or BLANK}")
    yield Paragraph(f"案卷清单 manifest.json 的 SM3：{digests.get('manifest_sm3') or BLANK}")
    yield Paragraph(f"清单与文件生成时间（UTC）：{manifest.sealed_at}")
    yield Table(("文件名", "大小（字节）", "时长", "SHA-256", "SM3"), (22, 11, 9, 29, 29), rows)


def _members(material: Material) -> Iterator[Block]:
    """Who took part in a meeting, where their words lie in the sound, and room for votes by hand."""
    record = material.record
    rows = tuple(
        (full_name(seat), _heard(record, seat.id), "", "", "", "")
        for seat in record.hearing.seats
        if seat.role != "记录人"
    )
    columns = ("参加人", "发言位置（录音时间）", "同意方案A", "同意方案B", "其他意见", "签名")
    yield Table(columns, (20, 30, 12, 12, 13, 13), rows or ((BLANK, "", "", "", "", ""),))


def _heard(record: CaseRecord, seat_id: str) -> str:
    turns = [turn for turn in spoken(record) if turn.seat == seat_id]
    if not turns:
        return "（无发言）"
    return f"{hours(turns[0].start_ms)}—{hours(turns[-1].end_ms)}，{len(turns)} 次"


_FILLS: Mapping[str, Callable[[Material], Iterator[Block]]] = {
    "verbatim": _verbatim,
    "evidence": _evidence,
    "corrections": _corrections,
    "signatures": signature_lines,
    "interruptions": _interruptions,
    "channels": _channels,
    "faults": fault_blocks,
    "files": _files,
    "parties": party_lines,
    "members": _members,
}
