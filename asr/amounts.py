"""Shares, money, quantities, strings of digits, plain numbers. Rules for `asr.numbers`."""

from __future__ import annotations

import re

from asr.measures import LOOSE, THINGS, UNITS
from asr.numerals import DIGITS, NUMERALS, digits, short_value, value
from asr.rules import AMOUNT, LEFT, RIGHT, WHOLE, Kind, Rule

_SHARE = re.compile(rf"(?P<of>百|千|万)分之(?P<n>{AMOUNT}|\d+(?:\.\d+)?){RIGHT}(?![到至][{NUMERALS}\d])")
_FRACTION = re.compile(rf"{LEFT}(?P<below>{WHOLE})分之(?P<above>{WHOLE}){RIGHT}")
_NO_MONEY = "(?!旦|宵|素|件|年|老|月|化|论|催|桥|里|区|宝|某|组|醇|酸|方程|函|复始|及第|金|说)"
_FEN = "分(?!之|钟|别|歧|析|期|成|公|配|割|批|行|局|院|段|红|摊|两|三)"
_MONEY = re.compile(
    rf"{LEFT}(?P<yuan>{AMOUNT})(?P<unit>元{_NO_MONEY}|块)"
    rf"(?:(?:(?P<jiao>[一二三四五六七八九])[角毛]零?)?(?:零?(?P<fen>[一二三四五六七八九]){_FEN})?)(?P<sum>[整正](?!常|式|在|当|个|理|改|体))?"
    rf"(?P<tail>[一二三四五六七八九](?![{NUMERALS}\u4e00-\u9fff]))?"
)
_TERM = re.compile(
    rf"{LEFT}(?P<years>{WHOLE})年(?P<and>[零又]?)(?P<months>[一二三四五六七八九十]{{1,2}})个月"
)
_QUANTITY = re.compile(
    rf"{LEFT}(?P<n>{AMOUNT})(?:(?P<to>[到至])(?P<m>{AMOUNT}))?(?P<unit>(?P<measure>{UNITS})|(?P<thing>{THINGS})|{LOOSE})"
)
_WORDS = {"二次", "二天", "二套", "二张", "二户", "二包"}
_KILO = re.compile(rf"{LEFT}(?P<n>[{NUMERALS}]+)千(?P<unit>克(?!服|扣|拉)|米|瓦时|瓦)")
_STRING = re.compile(rf"(?<![{NUMERALS}几数第])(?P<run>[{DIGITS}]{{3,}}[Xx]?)(?![{NUMERALS}几多余来点])")
_DECIMAL = re.compile(rf"{LEFT}(?<![有共])(?P<n>{WHOLE}点[{DIGITS}]+){RIGHT}")
_MIXED = re.compile(r"(?<![\d.,])(?P<big>\d{1,4})万(?P<small>\d)千(?![\d几多余来])")
_NUMBER = re.compile(rf"{LEFT}(?P<n>{WHOLE}){RIGHT}")
_ENDS = re.compile(r"$|[，。、；：？！,.;:?!）)\s]|左右|上下|的")
_LISTED = "有下共充几这那以"
"""Behind these, 三点 counts points: 有三点一是…"""


def amount(spoken: str) -> str | None:
    """`15,300`, `500万`, `3.5万`: a spoken whole number or decimal in digits, or None."""
    whole, _, fraction = spoken.partition("点")
    number = value(whole)
    if not fraction or number is None:
        return _grouped(whole, number)
    size = fraction[-1] if fraction[-1] in "万亿" else ""
    return f"{number:,}.{digits(fraction.rstrip('万亿'))}{size}"


def _grouped(spoken: str, number: int | None) -> str | None:
    head = value(spoken[:-1])
    if number and spoken[-1] in "万亿" and head is not None and head < 10_000:
        return f"{head}{spoken[-1]}"
    return None if number is None else f"{number:,}"


def share(match: re.Match[str]) -> str | None:
    """57%, 3‰, and 万分之5, which has no sign that every font holds."""
    n = match["n"]
    number = "100" if n == "百" else n if n[0].isascii() else amount(n)
    if number is None:
        return None
    return f"万分之{number}" if match["of"] == "万" else number + {"百": "%", "千": "‰"}[match["of"]]


def fraction(match: re.Match[str]) -> str | None:
    """1/3."""
    below, above = value(match["below"]), value(match["above"])
    return None if not below or above is None else f"{above}/{below}"


def money(match: re.Match[str]) -> str | None:
    """35,000元, 320.50元, 3.50元 of 三块五; 块 without more stays 块."""
    parts = match["jiao"] or match["fen"]
    number = amount(match["yuan"])
    if number is None and match["unit"] == "块" and not parts and not match["tail"]:
        short = short_value(match["yuan"])
        number = None if short is None else f"{short:,}"
    if number is None:
        return None
    if parts:
        return None if "点" in match["yuan"] or match["tail"] else _with_fen(match)
    if match["tail"]:
        return f"{number}.{digits(match['tail'])}0元" if match["unit"] == "块" and number.isdigit() else None
    return number + match["unit"]


def _with_fen(match: re.Match[str]) -> str:
    return f"{value(match['yuan']):,}.{digits(match['jiao'] or '零')}{digits(match['fen'] or '零')}元"


def term(match: re.Match[str]) -> str | None:
    """3年6个月."""
    years, months = value(match["years"]), value(match["months"])
    return None if years is None or months is None else f"{years}年{match['and']}{months}个月"


def quantity(match: re.Match[str]) -> str | None:
    """3台, 15,000米, 3到5年; 一台 and 三个 stay."""
    low, high = match["n"], match["m"]
    if _points(match) or (not high and _idle(match, low)):
        return None
    first, last = amount(low), amount(high) if high else ""
    if first is None or last is None:
        return None
    return f"{first}{match['to'] or ''}{last}{match['unit']}"


def _points(match: re.Match[str]) -> bool:
    before = match.string[match.start() - 1 : match.start()]
    return "点" in match["n"] and before != "" and before in _LISTED


def _idle(match: re.Match[str], low: str) -> bool:
    """A one before a thing, or up to ten before a loose unit, reads better as it was said; 零件, 二次 are words."""
    if match["measure"]:
        return match["unit"] == "倍" and low == "一"
    if match["thing"]:
        return low in ("一", "零") or low + match["unit"] in _WORDS
    return len(low) == 1


def kilo(match: re.Match[str]) -> str | None:
    """5千克, 120千克: the 千 belongs to the unit where a number is left before it."""
    head = value(match["n"])
    return None if head is None else f"{head:,}千{match['unit']}"


def string(match: re.Match[str]) -> str | None:
    """502, 13800138000: digits stay digits. Counting aloud (一二三) and short runs in doubt stay."""
    run = match["run"]
    number = digits(run.rstrip("Xx")) + run[len(run.rstrip("Xx")) :].upper()
    counting = number in "123456789" and "幺" not in run
    short = len(run) == 3 and not re.search("[零〇幺]", run)
    return None if (counting or short) and not _numbered(match) else number


def _numbered(match: re.Match[str]) -> bool:
    before, after = match.string[: match.start()], match.string[match.end() : match.end() + 1]
    return after in set("号室房弄栋幢") or before.endswith(("号码", "尾号", "编号", "末尾", "房间", "尾数"))


def decimal(match: re.Match[str]) -> str | None:
    """3.14, 0.5. 三点五 alone may be a time, 九点零五 too."""
    whole, _, fraction_ = match["n"].partition("点")
    if whole != "零" and (len(fraction_) < 2 or fraction_[0] in "零〇"):
        return None
    return amount(match["n"])


def mixed(match: re.Match[str]) -> str:
    """What a recognizer wrote half in digits: 3万5千 is 35,000."""
    return f"{int(match['big']) * 10_000 + int(match['small']) * 1000:,}"


def number(match: re.Match[str]) -> str | None:
    """153,000 or 120; two characters only if they end in 万 or 亿 and nothing follows that they might count."""
    spoken = match["n"]
    if len(spoken) < 2 or not re.search("[十百千万亿]", spoken):
        return None
    if len(spoken) == 2 and not (spoken[1] in "万亿" and _ENDS.match(match.string, match.end())):
        return None
    whole, short = amount(spoken), short_value(spoken)
    return whole or (None if short is None else f"{short:,}")


RULES = (
    Rule(Kind.SHARE, _SHARE, share),
    Rule(Kind.SHARE, _FRACTION, fraction),
    Rule(Kind.MONEY, _MONEY, money),
    Rule(Kind.QUANTITY, _TERM, term),
    Rule(Kind.QUANTITY, _KILO, kilo),
    Rule(Kind.QUANTITY, _QUANTITY, quantity),
    Rule(Kind.DIGITS, _STRING, string),
    Rule(Kind.NUMBER, _DECIMAL, decimal),
    Rule(Kind.NUMBER, _MIXED, mixed),
    Rule(Kind.NUMBER, _NUMBER, number),
)
