"""Who says who he is: 我是原告张三. An offer to the clerk, never more; a sentence in doubt says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casefile.model import Attribution, CaseRecord, Speaker, Turn, WordKind
from diarization.diarizer import name_of
from diarization.voices import number_of
from web.enrolment import Offer

I_AM = r"(?:我(?:是|叫|的名字是|的名字叫|姓名是)|本人(?:是|叫)?|姓名(?:是|叫)?)"
OFFICES = (
    "本案", "本院", "一审", "二审", "上诉人", "被上诉人", "原告人", "原告", "被告人", "被告", "第三人", "反诉", "申请人", "被申请人",
    "公诉人", "公诉机关", "检察员", "辩护人", "委托", "诉讼", "法定", "指定", "代理人", "代表人", "代理律师", "律师", "负责人", "公司",
    "审判长", "代理审判员", "审判员", "人民陪审员", "陪审员", "法官", "法官助理", "书记员", "证人", "鉴定人", "翻译", "一方", "方", "的",
)  # fmt: skip
"""What may stand between 我是 and the name, besides the roles of the seats."""
AFTER = r"(?=$|[\s，。！？；、,.!?;]|今年|现年|男|女|住|出生|身份证|汉族|啊|呀)"
"""What may stand behind the name: 我是张三的律师 is somebody else."""


def introductions(record: CaseRecord) -> Iterator[Offer]:
    """Each unnamed voice's own word on who it is; of several, the last one."""
    names = _names(record)
    if not names:
        return
    pattern = _pattern([*names], [seat.role for seat in record.hearing.seats])
    last: dict[str, Offer] = {}
    for turn in record.turns:
        found = set(pattern.findall(turn.text)) if _is_unnamed(turn) else set()
        if len(found) == 1:
            name = found.pop()
            last[turn.speaker] = Offer(turn.id, turn.speaker, names[name].seat, names[name].name)
    yield from last.values()


def _is_unnamed(turn: Turn) -> bool:
    numbered = number_of(turn.speaker) is not None
    return turn.how is Attribution.CLUSTER and turn.seat is None and numbered and not turn.suppressed


def _names(record: CaseRecord) -> dict[str, Speaker]:
    """Whose name it is: that of one seat, or of a person among the case's words; of two seats, nobody's."""
    words = [word.text for word in record.case_words if word.kind is WordKind.PERSON]
    names = {word: Speaker(None, word, Attribution.ENROLLED) for word in words}
    persons = [seat.person for seat in record.hearing.seats]
    for seat in record.hearing.seats:
        if persons.count(seat.person) > 1:
            names.pop(seat.person, None)
        elif len(seat.person) > 1:
            names[seat.person] = Speaker(seat.id, name_of(seat), Attribution.ENROLLED)
    return names


def _pattern(names: list[str], roles: list[str]) -> re.Pattern[str]:
    between = "|".join(map(re.escape, sorted({*OFFICES, *roles}, key=len, reverse=True)))
    people = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"(?<![不问找])(?<!是不是){I_AM}(?:{between})*({people}){AFTER}")
