"""What a court cites by number: cases, articles, evidence. Rules for `asr.numbers`."""

from __future__ import annotations

import re

from asr.numerals import DIGITS, NUMERALS, digits, value
from asr.rules import Kind, Rule

_COURTS = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新兵军"
_TYPES = """
民初 民终 民申 民再 民监 民抗 民辖 民辖终 民辖监 民特 民特监 民撤 民破 民催 民督 民保令 民算 诉前调 民诉前调 诉讼调 民诉调
刑初 刑终 刑再 刑申 刑监 刑抗 刑更 刑更备 刑更监 刑核 刑核缓 刑医 刑医复 刑没 刑辖 刑止 刑减 刑执
行初 行终 行再 行申 行监 行抗 行审 行审复 行辖 行保 行他 行赔初 行赔终 行赔申 行赔再 行诉前调
执 执异 执复 执监 执恢 执保 执协 执他 执转破 执督 执请 执惩 执救
破 破申 破终 破监 强清 清申 清终 清监 财保 行保 证保 知民初 知民终 知民辖终 知行初 知行终 知刑初 知刑终
委赔 法赔 赔监 国赔 司赔 司救 司救民 司救刑 司救执 司惩 司惩复 认港 认台 认澳 认复 协外认 外仲认 请台送 民他 刑他 商初 商终 少刑初 少民初
"""
_TYPE = "|".join(sorted(set(_TYPES.split()), key=len, reverse=True))
_NUMBER = rf"[{NUMERALS}]+|\d+"
_YEAR = rf"(?P<year>[{DIGITS}]{{4}}|\d{{4}})"
_BRACKETED = rf"(?:左?括号|[（(])?{_YEAR}年?(?:右?括号|括弧|[）)])?[，、]?"
_CODE = rf"(?P<court>[{_COURTS}]|最高法)(?P<code>[{DIGITS}]{{2,4}}|\d{{2,4}}|)"
_CASE = re.compile(rf"{_BRACKETED}{_CODE}(?P<type>{_TYPE})第?(?P<number>{_NUMBER})号")
_OLD_CASE = re.compile(
    rf"{_BRACKETED}(?P<court>[\u4e00-\u9fff]{{1,3}}?)(?P<code>)(?P<type>(?:{_TYPE})字第)(?P<number>{_NUMBER})号"
)

_LEFT = rf"(?<![{NUMERALS}几数])"
_RIGHT = rf"(?![{NUMERALS}几多余来])"
_N = rf"[{NUMERALS}]+"
_RANGE = rf"(?P<n>{_N})(?:(?P<to>[到至])(?P<again>第?)(?P<m>{_N}))?"
_PART = (
    "条(?!件|例)|款(?!项|式)|项(?!目)|目(?!击|标|的|前|录)|页|卷(?!烟|入|走)|号|组(?!织)|行(?!政|为|使|业|动)"
    "|编(?!辑|号|制)|章(?!程)|节(?!目)|批|册|栏|段|次庭审|次开庭"
)
_ARTICLE = re.compile(rf"第{_RANGE}(?P<unit>{_PART})")
_AFTER = rf"(?=$|[，。、；：？！,.;:?!）)\s]|[的和与及到至是系为中证真无没不予可均显我原被第]){_RIGHT}"
_EVIDENCE = re.compile(rf"(?P<what>证据组?|附件|附表|附图){_RANGE}{_AFTER}")
_ONE_IS_NO_NUMBER = re.compile("[是为真可均显我原被]")


def number_of(spoken: str) -> str | None:
    """ASCII digits of a numeral or a string of digits, either in characters or already in digits."""
    if spoken.isascii():
        return spoken
    if all(character in DIGITS for character in spoken):
        return digits(spoken)
    number = value(spoken)
    return None if number is None else str(number)


def case_number(match: re.Match[str]) -> str | None:
    """`（2024）京0105民初12345号`, the form of 法〔2015〕137号; an old one keeps its 字第."""
    number, year, code = (number_of(match[name] or "0") for name in ("number", "year", "code"))
    if number is None or year is None or not "1949" <= year <= "2100":
        return None
    return f"（{year}）{match['court']}{code if match['code'] else ''}{match['type']}{number}号"


def article(match: re.Match[str]) -> str | None:
    """第584条, 第2款, 第35页, 第35到37页."""
    inner = _range(match)
    return None if inner is None else f"第{inner}{match['unit']}"


def evidence(match: re.Match[str]) -> str | None:
    """证据3, 证据组2, 证据1至5. 证据一 is left where 一 may belong to what follows."""
    following = match.string[match.end() : match.end() + 1]
    inner = _range(match)
    if inner is None or (match["n"] == "一" and not match["to"] and _ONE_IS_NO_NUMBER.match(following)):
        return None
    return match["what"] + inner


def _range(match: re.Match[str]) -> str | None:
    first = value(match["n"])
    if first is None or not match["to"]:
        return None if first is None else str(first)
    last = value(match["m"])
    return None if last is None else f"{first}{match['to']}{match['again']}{last}"


RULES = (
    Rule(Kind.CASE, _CASE, case_number),
    Rule(Kind.CASE, _OLD_CASE, case_number),
    Rule(Kind.ARTICLE, _ARTICLE, article),
    Rule(Kind.EVIDENCE, _EVIDENCE, evidence),
)
