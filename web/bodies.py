"""The bodies of requests: every key known, every value of its kind, or `BadRequest` / `UnknownKey`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from typing import TypeVar

from rapidfuzz import process

from casefile.errors import BadRequest, UnknownKey
from casefile.model import Hearing, HearingKind, PauseReason, Seat, Secrecy

Body = Mapping[str, object]
Choice = TypeVar("Choice", bound=StrEnum)

HEARING_KEYS = tuple(f.name for f in fields(Hearing) if f.name != "id")
SEAT_KEYS = tuple(f.name for f in fields(Seat))
MAX_TEXT = 200
MAX_SEATS = 64
MAX_CHANNELS = 32
NOT_TEXT = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")


def hearing_of(body: Body, hearing_id: str) -> Hearing:
    """The set-up that the body holds; all keys but `kind` may be left out."""
    only(body, HEARING_KEYS)
    seats = tuple(_seat(item, number) for number, item in enumerate(_items(body, "seats", MAX_SEATS), 1))
    _no_doubles([seat.id for seat in seats], "席位编号", "seat id")
    _no_doubles([channel for seat in seats for channel in seat.channels], "声道", "channel")
    return Hearing(
        id=hearing_id,
        kind=choice(body, "kind", HearingKind),
        case_number=text(body, "case_number"),
        courtroom=text(body, "courtroom"),
        language=text(body, "language") or "zh",
        secrecy=choice(body, "secrecy", Secrecy) if "secrecy" in body else Secrecy.PUBLIC,
        seats=seats,
    )


def pause_reason_of(body: Body) -> PauseReason:
    """One of the three lawful reasons (court.md A2)."""
    only(body, ("reason",))
    return choice(body, "reason", PauseReason)


def recorder_of(body: Body) -> str | None:
    """The recorder's name, or None: the idle one."""
    only(body, ("recorder",))
    return text(body, "recorder") or None


def needed(body: Body, key: str) -> str:
    """The text under the only key; it must not be empty."""
    only(body, (key,))
    value = text(body, key)
    if not value:
        raise _bad(f"缺少“{key}”，请填写。", f"{key} is missing: fill it in.")
    return value


def without_recorder_of(body: Body) -> bool:
    """Whether to close though the recorder cannot be reached."""
    only(body, ("without_recorder",))
    value = body.get("without_recorder", False)
    if not isinstance(value, bool):
        raise _bad("“without_recorder”应为 true 或 false。", "without_recorder must be true or false.")
    return value


def only(body: Body, known: Sequence[str]) -> None:
    """Raises `UnknownKey`, naming the nearest known key, for a key that is not known."""
    for key in body:
        if key not in known:
            near = process.extractOne(key, known, score_cutoff=50)
            zh = f"是否应为“{near[0]}”？" if near else f"可用的项：{'、'.join(known)}。"
            en = f"Did you mean {near[0]}?" if near else f"Known keys: {', '.join(known)}."
            raise UnknownKey(file="请求", key=NOT_TEXT.sub("?", key[:40]), zh_hint=zh, en_hint=en)


def text(body: Body, key: str) -> str:
    """A line of text without control characters, at most 200 characters; left out: empty."""
    value = body.get(key, "")
    if not isinstance(value, str) or len(value) > MAX_TEXT or NOT_TEXT.search(value):
        raise _bad(
            f"“{key}”应为一行文字，不超过 {MAX_TEXT} 字。",
            f"{key} must be one line of text, at most {MAX_TEXT} characters.",
        )
    return value.strip()


def choice(body: Body, key: str, kind: type[Choice]) -> Choice:
    """One of the values of an enumeration."""
    values = [member.value for member in kind]
    value = body.get(key)
    if not isinstance(value, str) or value not in values:
        raise _bad(f"“{key}”只能是：{'、'.join(values)}。", f"{key} must be one of: {', '.join(values)}.")
    return kind(value)


def _seat(item: object, number: int) -> Seat:
    if not isinstance(item, Mapping):
        raise _bad(f"第 {number} 个席位格式不对。", f"Seat {number} is not of the right form.")
    only(item, SEAT_KEYS)
    role = text(item, "role")
    if not role:
        raise _bad(f"第 {number} 个席位没有填写身份。", f"Seat {number} has no role: fill it in.")
    return Seat(
        id=text(item, "id") or f"s{number}",
        role=role,
        short=text(item, "short"),
        person=text(item, "person"),
        channels=tuple(_channel(value) for value in _items(item, "channels", MAX_CHANNELS)),
        pseudonym=text(item, "pseudonym"),
    )


def _channel(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < MAX_CHANNELS:
        raise _bad("声道应为 0 到 31 的整数。", "A channel is a whole number from 0 to 31.")
    return value


def _items(body: Body, key: str, most: int) -> list[object]:
    value = body.get(key, [])
    if not isinstance(value, list) or len(value) > most:
        raise _bad(f"“{key}”应为列表，最多 {most} 项。", f"{key} must be a list of at most {most}.")
    return value


def _no_doubles(values: Sequence[object], zh: str, en: str) -> None:
    if len(set(values)) < len(values):
        raise _bad(
            f"同一个{zh}用了两次，每个{zh}只能属于一个席位。",
            f"A {en} is used twice: each {en} belongs to one seat only.",
        )


def _bad(zh: str, en: str) -> BadRequest:
    return BadRequest(zh_why=zh, en_why=en)
