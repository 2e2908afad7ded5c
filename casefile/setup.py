"""The set-up of a hearing as people write it, in a FILE.toml or on the page: every key known, every value fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TypeVar

from casefile.errors import BadSetting
from casefile.keys import NOT_TEXT, refuse_unknown
from casefile.languages import LANGUAGES, nearest_language
from casefile.model import Hearing, HearingKind, Seat, Secrecy

Table = Mapping[str, object]
Choice = TypeVar("Choice", bound=StrEnum)

KEYS = tuple(field.name for field in fields(Hearing) if field.name != "id")
SEAT_KEYS = tuple(field.name for field in fields(Seat))
MOST_TEXT = 200
MOST_SEATS = 64
CHANNELS = range(32)


def hearing_of(table: Table, file: str) -> Hearing:
    """The hearing that the table describes, with an empty id; all keys but `kind` may be left out.

    `file` is the name for the messages. Raises UnknownKey (with the nearest known key), or BadSetting, whose
    fact `seat` is the number of the seat that is meant, or None.
    """
    refuse_unknown(file, table, KEYS)
    values = Values(file, table)
    return Hearing(
        id="",
        kind=values.choice("kind", HearingKind, None),
        case_number=values.text("case_number"),
        courtroom=values.text("courtroom"),
        language=_language(values),
        secrecy=values.choice("secrecy", Secrecy, Secrecy.PUBLIC),
        seats=_seats(values),
    )


@dataclass(frozen=True, slots=True)
class Values:
    """The values of one table, each of its kind or BadSetting. `file` and `seat`: where it stands."""

    file: str
    table: Table
    seat: int | None = None

    def wrong(self, key: str, zh: str, en: str) -> BadSetting:
        """The error for the value of a key: why, and what to write instead."""
        file = f"{self.file} [[seats]] {self.seat}" if self.seat else self.file
        return BadSetting(file=file, key=key, zh_why=zh, en_why=en, seat=self.seat)

    def text(self, key: str) -> str:
        """A line of text without control characters, at most 200 characters; left out: empty."""
        value = self.table.get(key, "")
        if not isinstance(value, str) or len(value) > MOST_TEXT or NOT_TEXT.search(value):
            raise self.wrong(
                key,
                f"应为一行文字（写在引号内），不超过 {MOST_TEXT} 字。",
                f"it must be one line of text (in quotes), at most {MOST_TEXT} characters.",
            )
        return value.strip()

    def choice(self, key: str, kind: type[Choice], default: Choice | None) -> Choice:
        """One of the values of an enumeration; left out: `default`, or an error when there is none."""
        known = [member.value for member in kind]
        value = self.table.get(key, default)
        if not isinstance(value, str) or value not in known:
            raise self.wrong(key, f"应为：{'、'.join(known)}。", f"it must be one of {', '.join(known)}.")
        return kind(value)

    def items(self, key: str, most: int) -> list[object]:
        """A list of at most `most`; left out: empty."""
        value = self.table.get(key, [])
        if not isinstance(value, list) or len(value) > most:
            raise self.wrong(key, f"应为列表，最多 {most} 项。", f"it must be a list of at most {most}.")
        return value


def _language(values: Values) -> str:
    language = values.text("language") or "zh"
    if language not in LANGUAGES:
        near = nearest_language(language) or "zh"
        raise values.wrong(
            "language",
            f"应为语言代码，例如 zh、yue、en；是否想写“{near}”？",
            f"it must be the code of a language, such as zh, yue, en. Did you mean {near}?",
        )
    return language


def _seats(values: Values) -> tuple[Seat, ...]:
    items = values.items("seats", MOST_SEATS)
    seats = tuple(_seat(values.file, number, item) for number, item in enumerate(items, start=1))
    channels = [channel for seat in seats for channel in seat.channels]
    if (channel := _twice(channels)) is not None:
        raise values.wrong(
            "channels",
            f"通道 {channel} 只能属于一个席位。",
            f"channel {channel} may belong to one seat only.",
        )
    if _twice([seat.id for seat in seats]) is not None:
        raise values.wrong("id", "席位的 id 不能重复。", "every seat needs an id of its own.")
    return seats


def _seat(file: str, number: int, item: object) -> Seat:
    if not isinstance(item, Mapping):
        raise Values(file, {}).wrong(
            "seats", "每个席位应写成一节 [[seats]]。", "write every seat as a section [[seats]]."
        )
    refuse_unknown(f"{file} [[seats]] {number}", item, SEAT_KEYS)
    values = Values(file, item, number)
    role = values.text("role")
    if not role:
        raise values.wrong("role", "不能为空，例如“审判长”。", 'it must not be empty, for example "审判长".')
    return Seat(
        id=values.text("id") or f"s{number}",
        role=role,
        short=values.text("short") or role[0],
        person=values.text("person"),
        channels=_channels(values),
        pseudonym=values.text("pseudonym"),
    )


def _channels(values: Values) -> tuple[int, ...]:
    items = values.items("channels", len(CHANNELS))
    channels = tuple(item for item in items if type(item) is int and item in CHANNELS)
    if len(channels) < len(items):
        raise values.wrong(
            "channels",
            "应为通道号列表，从 0 数起，最大 31，例如 [0]。",
            "it must be a list of channel numbers from 0 to 31, for example [0].",
        )
    return channels


def _twice(values: Sequence[object]) -> object | None:
    return next((value for value in values if values.count(value) > 1), None)
