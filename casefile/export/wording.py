"""How the record is put in words: names, times, reasons. Text from outside never brings line breaks."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from casefile.model import CaseRecord, GapReason, Seat, Turn

NOTICE = "语音识别自动生成，未经核对签字，不作为法庭笔录"
"""The mark that every unsigned view, print and export carries (court.md D1)."""

BEIJING = timezone(timedelta(hours=8), "北京时间")

GAPS = {
    GapReason.PAUSE: "依法中断录音",
    GapReason.OVERFLOW: "录音设备来不及写入，声音缺失",
    GapReason.UNPLUGGED: "话筒断开，声音缺失",
    GapReason.RECORDER_STOPPED: "录音程序停止，声音缺失",
    GapReason.DISK_FULL: "磁盘已满，声音缺失",
    GapReason.DAMAGED: "存储的声音损坏",
    GapReason.SOURCE_DAMAGED: "声音来源损坏，声音缺失",
    GapReason.NOT_RECEIVED: "录音机的声音未送达服务器，声音缺失",
}


def one_line(text: str) -> str:
    """`text` without line breaks, control characters and double spaces."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()


def clock(ms: int, separator: str = ".") -> str:
    """`01:02:03.004`."""
    return f"{hours(ms)}{separator}{ms % 1000:03d}"


def hours(ms: int) -> str:
    """`01:02:03`."""
    seconds = ms // 1000
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def moment(at: str | None) -> str:
    """A UTC moment of ISO 8601 as a Chinese court writes it, in Beijing time; empty for None."""
    if at is None:
        return ""
    return datetime.fromisoformat(at).astimezone(BEIJING).strftime("%Y年%m月%d日 %H:%M:%S")


def seat_of(record: CaseRecord, turn: Turn) -> Seat | None:
    """The seat of the turn's speaker."""
    return next((seat for seat in record.hearing.seats if seat.id == turn.seat), None)


def person_of(record: CaseRecord, turn: Turn) -> str:
    """The person as the set-up names them now, else the label that the turn came with."""
    seat = seat_of(record, turn)
    return one_line((seat.person if seat else "") or turn.speaker)


def name_of(record: CaseRecord, turn: Turn) -> str:
    """`审判长 王某`, or as much of it as is known."""
    seat = seat_of(record, turn)
    role, person = one_line(seat.role) if seat else "", person_of(record, turn)
    parts = [role, person if person != role else ""]
    return " ".join(part for part in parts if part) or f"{channel(turn.channel)}发言人"


def channel(number: int | None) -> str:
    """A channel as people count, from 1."""
    return "全部声道" if number is None else f"第{number + 1}声道"


def spoken(record: CaseRecord) -> list[Turn]:
    """The turns that are part of the text: those that no rule holds back."""
    return [turn for turn in record.turns if turn.suppressed is None]


def held_back(record: CaseRecord) -> list[Turn]:
    """The turns that a rule holds back."""
    return [turn for turn in record.turns if turn.suppressed is not None]


def duties(record: CaseRecord) -> list[tuple[int, str]]:
    """What a person marked on the checklist: at_ms, and what the record says (court.md H1 to H7)."""
    return [(mark.at_ms, f"书记员标记：{mark.said}") for mark in record.duty_marks]
