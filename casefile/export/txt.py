"""The record as a text to read, in Simplified Chinese: head, then everything in the order of time."""

from __future__ import annotations

from collections.abc import Iterator

from casefile.export.signed_pages import corrections, signatures
from casefile.export.signed_text import notice
from casefile.export.wording import (
    GAPS,
    channel,
    duties,
    held_back,
    hours,
    moment,
    name_of,
    one_line,
    spoken,
)
from casefile.model import CaseRecord, Gap, Pause, Seat, Turn

Line = tuple[int, int, str]
"""start_ms, rank among what starts at the same moment, text."""


def write(record: CaseRecord, signed: bool | None = None) -> str:
    """The text; lines end with a newline. `signed`: see `signed_text.notice`."""
    body = [text for _, _, text in sorted(_lines(record), key=lambda line: line[:2])]
    tail = [_held_back(turn) for turn in held_back(record)]
    parts = [_head(record, notice(record, signed)), body or ["（没有识别出的发言）"]]
    if tail:
        parts.append(["附：未列入正文的识别结果（按规则保留，可恢复）", *tail])
    parts += [part for part in (corrections(record), signatures(record)) if part]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _head(record: CaseRecord, mark: str) -> list[str]:
    hearing = record.hearing
    facts = {
        "案号": one_line(hearing.case_number),
        "法庭": one_line(hearing.courtroom),
        "公开情况": hearing.secrecy.value,
        "开始": moment(record.opened_at),
        "结束": moment(record.closed_at),
        "时长": hours(record.length_ms),
        "席位": "；".join(_seat(seat) for seat in hearing.seats),
    }
    named = [f"{name}：{value}" for name, value in facts.items() if value]
    title = [f"{hearing.kind.value}（语音识别文本）", mark] if mark else [f"{hearing.kind.value}笔录"]
    return [*title, "", *named, "时间为录音时间，时刻为北京时间。"]


def _seat(seat: Seat) -> str:
    return one_line(f"{seat.role} {seat.person}")


def _lines(record: CaseRecord) -> Iterator[Line]:
    for stage in record.stages:
        yield stage.start_ms, 0, f"\n—— {one_line(stage.name)} ——"
    for step in record.clock_steps:
        yield (
            step.at_ms,
            1,
            f"[{hours(step.at_ms)}] （录音机时钟被调整 {step.step_ms / 1000:+.1f} 秒，录音时间不受影响）",
        )
    yield from ((at_ms, 1, f"[{hours(at_ms)}] （{said}）") for at_ms, said in duties(record))
    for gap in record.gaps:
        yield gap.start_ms, 2, _gap(gap)
    for pause in record.pauses:
        yield pause.start_ms, 3, _pause(pause)
    for missed in record.missed:
        where = f"{hours(missed.start_ms)}—{hours(missed.end_ms)}"
        yield missed.start_ms, 4, f"[{where}] （{channel(missed.channel)}此处有发言，识别失败，请听录音）"
    for turn in spoken(record):
        yield turn.start_ms, 5, f"[{hours(turn.start_ms)}] {name_of(record, turn)}：{one_line(turn.text)}"


def _gap(gap: Gap) -> str:
    where = f"{hours(gap.start_ms)}—{hours(gap.end_ms)}"
    seconds = (gap.end_ms - gap.start_ms) / 1000
    return f"[{where}] （{GAPS[gap.reason]}，{channel(gap.channel)}，{seconds:.1f} 秒）"


def _pause(pause: Pause) -> str:
    end = "未结束" if pause.end_ms is None else hours(pause.end_ms)
    return f"[{hours(pause.start_ms)}—{end}] （录音依法中断：{pause.reason.value}）"


def _held_back(turn: Turn) -> str:
    where = f"[{hours(turn.start_ms)}] {channel(turn.channel)}"
    return f"{where}（{one_line(turn.suppressed or '')}）：{one_line(turn.text)}"
