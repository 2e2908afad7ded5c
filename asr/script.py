"""Traditional to Simplified script with the words of the court right: OpenCC, and our own table on top.

OpenCC (t2s) settles most by its phrases (乾坤 and 干净, 狼藉 and 借口, 瞭望 and 了解). It leaves what Whisper mixes
into Simplified text: 著 for 着, 覆 for 复, and forms that only Taiwan or Hong Kong writes. Every rule changes one
character into one character, so that the times of words stay true.
"""

from __future__ import annotations

import re
from functools import cache, partial

import opencc

_NAMED = (
    "(?<=[显昭卓名原专编译撰杂巨遗拙土较])著|(?<=论)(?<![讨辩争谈评议]论)著|(?<=合)(?<![配结联混符集整融迎场]合)著|(?<=所)著|(?<=微知)著"
    "|著(?=译|作(?!案|废|证|业|为|假|弊|出|主)|述|书立说|有《|录(?!音|像|制|取|下|口|入|用)|称(?!重|量|呼|之))"
    "|著(?=名(?!字|片|单|义|称|下|册|额|牌|声|誉))|著(?=者(?!，))"
)
"""Where 著 is the word for writing or for being known (著作, 显著): it stays."""

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), simple)
    for pattern, simple in (
        (f"(?P<stays>{_NAMED})|著", "着"),
        ("覆(?=议|核|审|查|函|信|电|命|试|印)|(?<=[答回批函反])覆", "复"),
        ("(?<=[颠倾])复", "覆"),
        ("(?P<stays>(?<=[狼慰蕴酝枕])藉|藉(?=藉)|(?<=藉)藉)|藉", "借"),
        ("瞭(?!望)", "了"),
        ("(?<!神)祇", "只"),
        ("甚(?=么)", "什"),
        ("帐(?=[户号目本款单册面簿务])|(?<=[转入记对欠还查算结做假到进出流挂坏])帐(?!篷|子)", "账"),
        ("(?<=[审议问话天账易面音病讯])纪(?=录(?!片))", "记"),
        ("沈(?=着)", "沉"),
        ("妳", "你"),
        ("牠", "它"),
        ("吿", "告"),
        ("劵", "券"),
        ("倣", "仿"),
        ("暱", "昵"),
        ("慾", "欲"),
        ("菸", "烟"),
    )
)


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """The text in Simplified script, of the same length: what is not one to one stays as it was."""
    converted: str = _converter().convert(text)
    if len(converted) != len(text):
        converted = "".join(_one(character) for character in text)
    return court_words(converted)


def court_words(text: str) -> str:
    """Our own table over Simplified text; one character for one."""
    for pattern, simple in _RULES:
        text = pattern.sub(partial(_chosen, simple), text)
    return text


def _chosen(simple: str, match: re.Match[str]) -> str:
    return match.groupdict().get("stays") or simple


def _one(character: str) -> str:
    converted: str = _converter().convert(character)
    return converted if len(converted) == 1 else character
