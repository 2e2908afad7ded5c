"""The words of one case: what this court is likely to hear, and how to tell Whisper about it.

A lexicon is built from the hearing itself, from documents (`asr.mentions`), from the court's standing
vocabulary and from words the clerk adds; `asr.correction` mends by it what was misheard.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from casefile.model import Hearing

HAN = re.compile("[\u3400-\u9fff]+")
_FIRM_TAIL = re.compile(
    "(股份有限公司|有限责任公司|有限公司|有限合伙|集团|公司|商行|经营部|工作室|事务所|合作社|银行|中心|厂|店|院)+$"
)
_FIRM_TRADE = re.compile(
    "(商贸|贸易|科技|网络|信息|技术|建筑|建设|工程|装饰|房地产|置业|物业|投资|管理|咨询|服务|文化|传媒|实业|餐饮|食品|"
    "电子|机械|设备|材料|物流|运输|律师|发展|控股|农业|医药|保险|财产|人寿|担保|租赁|开发|制造|智能)+$"
)
_FIRM_HEAD = re.compile(
    "^.{2,3}?(省|市|区|县)|^(北京|上海|天津|重庆|深圳|广州|杭州|南京|苏州|成都|武汉|西安|浙江|江苏|广东)"
)


class Kind(StrEnum):
    """What a word of the lexicon names. Numbers (the last two, case numbers) are shown, never corrected by sound."""

    PERSON = "person"
    FIRM = "firm"
    PLACE = "place"
    CASE_NUMBER = "case_number"
    TERM = "term"
    AMOUNT = "amount"
    DATE = "date"


class Source(StrEnum):
    """Where it comes from, the surest first."""

    CLERK = "clerk"
    HEARING = "hearing"
    DOCUMENT = "document"
    COURT = "court"


WEIGHT: Mapping[Source, float] = {
    Source.CLERK: 1.0,
    Source.HEARING: 1.0,
    Source.DOCUMENT: 0.8,
    Source.COURT: 0.4,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A word of the case. `weight`: how likely it is to be said, 0 to 1."""

    text: str
    kind: Kind
    weight: float
    source: Source

    @classmethod
    def of(cls, text: str, kind: Kind, source: Source) -> Entry:
        """With the usual weight of its source."""
        return cls(text, kind, WEIGHT[source], source)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one case, each text once; a value: adding makes a new one."""

    entries: tuple[Entry, ...] = ()

    def adding(self, entries: Iterable[Entry]) -> Lexicon:
        """With these as well; of two entries with one text the heavier one stays."""
        kept = {entry.text: entry for entry in self.entries}
        for entry in entries:
            if entry.text not in kept or kept[entry.text].weight < entry.weight:
                kept[entry.text] = entry
        return Lexicon(tuple(kept.values()))

    def ranked(self) -> tuple[Entry, ...]:
        """The heaviest first; of equal weight persons, firms, places, then the rest, in the order they came."""
        kinds = list(Kind)
        return tuple(sorted(self.entries, key=lambda entry: (-entry.weight, kinds.index(entry.kind))))


EMPTY = Lexicon()


def words_of_court() -> Lexicon:
    """The standing vocabulary (asr/vocabulary/court.txt)."""
    return Lexicon(tuple(Entry.of(word, Kind.TERM, Source.COURT) for word in court_words()))


@cache
def court_words() -> tuple[str, ...]:
    table = files("asr").joinpath("vocabulary/court.txt").read_text(encoding="utf-8")
    lines = [line for line in table.splitlines() if not line.startswith("#")]
    return tuple(dict.fromkeys(" ".join(lines).split()))


def words_of_hearing(hearing: Hearing) -> Lexicon:
    """Persons and roles of the seats, the courtroom and the case number."""
    seats = hearing.seats
    named = [
        *((seat.person.strip(), _kind_of_person(seat.person)) for seat in seats),
        *((seat.role.strip(), Kind.TERM) for seat in seats),
        (hearing.courtroom.strip(), Kind.PLACE),
        (hearing.case_number.strip(), Kind.CASE_NUMBER),
    ]
    return Lexicon().adding(Entry.of(text, kind, Source.HEARING) for text, kind in named if len(text) > 1)


def _kind_of_person(name: str) -> Kind:
    return Kind.FIRM if len(name) > 4 and firm_core(name) != name else Kind.PERSON


def firm_core(name: str) -> str:
    """What people say of a firm: 德刚 of 北京德刚商贸有限公司; the whole name where nothing sensible is left."""
    core = _FIRM_TRADE.sub("", _FIRM_TAIL.sub("", re.sub("[（(].*?[)）]", "", name)))
    core = _FIRM_HEAD.sub("", core)
    return core if len(core) >= 2 else name
