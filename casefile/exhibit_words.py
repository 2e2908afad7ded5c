"""How evidence is spoken of in court: which exhibits a sentence names, what it shows, what the other side says of it.

Rules on text, made to leave a cell empty rather than to fill it wrongly: a question is no view, 证据一份 is no number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from casefile.exhibits import ACCEPTED, DISPUTED, Column

Value = Callable[[str], int | None]
"""The whole number that Chinese numerals say; None: none (`asr.numerals.value`)."""
PARTIES = (
    *("附带民事诉讼原告人", "附带民事诉讼被告人", "被上诉人", "再审申请人", "被申请人", "上诉人", "申请人"),
    *("公诉人", "自诉人", "被害人", "辩护人", "被告人", "第三人", "原告", "被告"),
)
"""Who adduces evidence, the longer name before the one that it holds."""
SHORTS = {"原": "原告", "被": "被告", "三": "第三人", "公": "公诉人", "辩": "辩护人"}
OWN, OTHER = "我方", "对方"
MOST = 300
"""The highest number; more is no exhibit's."""
_N = r"[零〇一二三四五六七八九十百两\d]{1,5}"
_PARTY = "|".join(PARTIES)
_COUNT = r"(?![共些样致般定直起旦份组个件张套种类项页本方])"
_MENTION = re.compile(
    rf"(?:(?P<party>{_PARTY}|我方|我们|对方)(?:方|一方)?(?:提交|提供|出示|举示)?的?)?"
    rf"(?:第(?P<ordinal>{_N})(?:组|份|号|项)证据|(?P<before>{_N})号证据"
    rf"|证据(?:组|第)?(?P<first>{_N})(?:号)?(?P<more>(?:(?:[、和及]|[至到])(?:证据)?{_N})*){_COUNT})"
)
_MORE = re.compile(rf"(?P<how>[、和及至到])(?:证据)?(?P<n>{_N})")
_NAME = re.compile(
    r"[，,：:、]?(?:是|为|系)?(?P<name>[^，。；？！：,;?!:]{2,30}?)(?:，|。|；|,|;|$|(?:拟|用以|用于|用来|欲|以此|以)?证明)"
)
_NO_NAME = re.compile(
    r"^(?:[的能可不没有应也都均请及和]|发表|进行)|真实|合法性|关联|三性|异议|认可|质证|意见|出示|举证|证据"
)
_PURPOSE = re.compile(
    r"(?<!足以)(?<![能法未])证明(?:目的(?:是|为)?|的是)?[：:，,]?(?P<purpose>[^。；;？?]{2,160})"
)
_ASKED = re.compile(
    rf"(?:请|由|让)(?P<party>{_PARTY})(?:方|一方|的?(?:委托)?(?:诉讼)?代理人)?[^，。]{{0,6}}?(?:举证|举示|出示|宣读|提交)"
)
_ASPECTS = {
    "真实性": (Column.AUTHENTICITY,),
    "合法性": (Column.LEGALITY,),
    "关联性": (Column.RELEVANCE,),
    "证明目的": (Column.PROOF,),
    "三性": (Column.AUTHENTICITY, Column.LEGALITY, Column.RELEVANCE),
}
_ASPECT = "(?:" + "|".join(_ASPECTS) + ")"
_NO = r"不(?:能|予|予以)?(?:认可|确认|认同)|(?<![没无])(?:有|持|存)异议"
_YES = (
    r"(?<!有)(?:没有?|无|不持)(?:任何)?(?:异议|意见)|(?<!不)(?<!是否)(?<!不予)(?<!予以)(?:予以)?(?:认可|确认)"
)
_VIEW = rf"(?P<no{{0}}>(?<!是否){_NO})|(?P<yes{{0}}>{_YES})"
_VIEWS = re.compile(
    rf"(?P<named>{_ASPECT}(?:[、和与及，]?(?:其|对)?{_ASPECT})*)[^，。；？,;?]{{0,8}}?(?:{_VIEW.format(1)})(?![^，。；]{{0,2}}吗)"
    rf"|(?:{_VIEW.format(2)})(?:其|该证据的|它的)?(?P<behind>{_ASPECT}(?:[、和与及]{_ASPECT})*)"
)
_WHOLLY = re.compile(_YES)
_QUESTION = re.compile(r"是否|有无|有没有|是不是|吗")


@dataclass(frozen=True, slots=True)
class Mention:
    """Numbers that a text names, whose they are as it says ("": it does not say), and the text behind them."""

    party: str
    numbers: tuple[int, ...]
    behind: str


def party_of(role: str, short: str) -> str:
    """The party for whom this role speaks: 原告 for 原告代理人, "" for the bench and for witnesses."""
    said = next((party for party in PARTIES if party in role), "")
    return said or ("公诉人" if role == "检察员" else SHORTS.get(short[:1], "") if "代理人" in role else "")


def mentions(text: str, value: Value) -> tuple[str, list[Mention]]:
    """The text before the first exhibit that it names, and the exhibits, each with the text up to the next."""
    found = list(_MENTION.finditer(text))
    starts = [one.start() for one in found] + [len(text)]
    named = [
        Mention(_owner(one["party"]), numbers, text[one.end() : next_one])
        for one, next_one in zip(found, starts[1:], strict=True)
        if (numbers := tuple(_numbers(one, value)))
    ]
    return text[: found[0].start()] if found else text, named


def _owner(said: str | None) -> str:
    return OWN if said in {"我方", "我们"} else said or ""


def _numbers(found: re.Match[str], value: Value) -> Iterator[int]:
    last = _number(found["ordinal"] or found["before"] or found["first"], value)
    if last is None:
        return
    yield last
    for one in _MORE.finditer(found["more"] or ""):
        number = _number(one["n"], value)
        if number is None:
            return
        yield from range(last + 1, number) if one["how"] in "至到" else ()
        yield number
        last = number


def _number(said: str, value: Value) -> int | None:
    number = int(said) if said.isdecimal() and said.isascii() else value(said)
    return number if number is not None and 0 < number <= MOST else None


def name_in(behind: str) -> str:
    """What the exhibit is, as said right behind its number; "" where that is not said."""
    found = _NAME.match(behind)
    return found["name"] if found and not _NO_NAME.search(found["name"]) else ""


def purpose_in(behind: str) -> str:
    """What it is to prove, in the words of the party; "" where that is not said."""
    found = _PURPOSE.search(behind)
    return found["purpose"].rstrip("，, ") if found else ""


def views_in(behind: str) -> dict[Column, str]:
    """What is said of 真实性, 合法性, 关联性 and 证明目的: `ACCEPTED` or `DISPUTED`. What is not said is not there."""
    views = dict[Column, str]()
    for found in _VIEWS.finditer(behind):
        if not _QUESTION.search(found[0]):
            view = DISPUTED if found["no1"] or found["no2"] else ACCEPTED
            views |= dict.fromkeys(_aspects(found["named"] or found["behind"]), view)
    return views


def accepts_wholly(behind: str) -> bool:
    """No objection at all, without a word of what it could be to: 对证据一没有异议."""
    return not re.search(_ASPECT, behind) and not _QUESTION.search(behind) and bool(_WHOLLY.search(behind))


def _aspects(text: str) -> list[Column]:
    return [column for one in re.findall(_ASPECT, text) for column in _ASPECTS[one]]


def asked_to_adduce(text: str) -> str:
    """The party whom the bench asks for its evidence; "": none."""
    found = _ASKED.search(text)
    return found["party"] if found else ""


def speaks_of_views(behind: str) -> bool:
    """Whether it says what somebody thinks of an exhibit."""
    return bool(re.search(rf"{_ASPECT}|异议|认可|质证", behind))
