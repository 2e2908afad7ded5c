"""FILE.toml -> Hearing: a hearing set up beforehand (docs/formats.md §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from casefile.errors import BadSetting
from casefile.model import Hearing, HearingKind, Seat, Secrecy
from tingji.keys import refuse_unknown
from tingji.settings import read_toml

KEYS = ("kind", "case_number", "courtroom", "language", "secrecy", "seats")
SEAT_KEYS = ("id", "role", "short", "person", "channels", "pseudonym")
LAST_CHANNEL = 31

Table = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Values of one table with the file's name for the messages."""

    file: str
    table: Table

    def wrong(self, key: str, zh: str, en: str) -> BadSetting:
        return BadSetting(file=self.file, key=key, zh_why=zh, en_why=en)

    def text(self, key: str, default: str = "") -> str:
        value = self.table.get(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, "应为文字（写在引号内）。", "it must be text (in quotes).")
        return value

    def one_of(self, key: str, known: list[str], default: str) -> str:
        value = self.text(key, default)
        if value not in known:
            raise self.wrong(key, f"应为：{'、'.join(known)}。", f"it must be one of {', '.join(known)}.")
        return value


def default_hearing() -> Hearing:
    """A 庭审 with no seats, for sound without a FILE.toml."""
    return Hearing(id="", kind=HearingKind.TRIAL)


def read_hearing(path: Path) -> Hearing:
    """The hearing that the file describes, with an empty id: whoever creates it gives one.

    Raises UnreadableFile, UnknownKey (with the nearest known key) or BadSetting (what to write instead).
    """
    table = read_toml(path)
    reader = _Reader(path.name, table)
    refuse_unknown(path.name, table, KEYS)
    kind = reader.one_of("kind", [kind.value for kind in HearingKind], "")
    secrecy = reader.one_of("secrecy", [secrecy.value for secrecy in Secrecy], Secrecy.PUBLIC.value)
    seats = _seats(reader)
    return Hearing(
        id="",
        kind=HearingKind(kind),
        case_number=reader.text("case_number"),
        courtroom=reader.text("courtroom"),
        language=reader.text("language", "zh"),
        secrecy=Secrecy(secrecy),
        seats=seats,
    )


def _seats(reader: _Reader) -> tuple[Seat, ...]:
    tables = reader.table.get("seats", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise reader.wrong(
            "seats", "每个席位应写成一节 [[seats]]。", "write every seat as a section [[seats]]."
        )
    seats = tuple(_seat(reader.file, number, table) for number, table in enumerate(tables, start=1))
    _refuse_shared(reader, seats)
    return seats


def _seat(file: str, number: int, table: Table) -> Seat:
    refuse_unknown(f"{file} [[seats]] {number}", table, SEAT_KEYS)
    reader = _Reader(f"{file} [[seats]] {number}", table)
    role = reader.text("role")
    if not role:
        raise reader.wrong(
            "role", '不能为空，例如 role = "审判长"。', 'it must not be empty, for example role = "审判长".'
        )
    return Seat(
        id=reader.text("id") or f"s{number}",
        role=role,
        short=reader.text("short") or role[0],
        person=reader.text("person"),
        channels=_channels(reader),
        pseudonym=reader.text("pseudonym"),
    )


def _channels(reader: _Reader) -> tuple[int, ...]:
    channels = reader.table.get("channels", [])
    if not isinstance(channels, list) or not all(_is_channel(channel) for channel in channels):
        raise reader.wrong(
            "channels",
            "应为通道号列表，从 0 数起，例如 channels = [0]。",
            "it must be a list of channel numbers from 0, for example channels = [0].",
        )
    return tuple(channels)


def _is_channel(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LAST_CHANNEL


def _refuse_shared(reader: _Reader, seats: tuple[Seat, ...]) -> None:
    """A microphone belongs to one seat only, and every seat has its own id."""
    channels = [channel for seat in seats for channel in seat.channels]
    twice = next((channel for channel in channels if channels.count(channel) > 1), None)
    if twice is not None:
        raise reader.wrong(
            "channels", f"通道 {twice} 只能属于一个席位。", f"channel {twice} may belong to one seat only."
        )
    ids = [seat.id for seat in seats]
    if len(set(ids)) < len(ids):
        raise reader.wrong("id", "席位的 id 不能重复。", "every seat needs an id of its own.")
