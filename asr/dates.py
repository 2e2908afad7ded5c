"""Dates and times of day. Rules for `asr.numbers`."""

from __future__ import annotations

import re

from asr.numerals import DIGITS, NUMERALS, digits, value
from asr.rules import LEFT, Kind, Rule

_SMALL = r"[一二三四五六七八九十]{1,3}"
_YEAR = rf"(?P<year>[{DIGITS}]{{4}}|[{DIGITS}]{{2}})年"
_MONTH = r"(?P<month>[一二三四五六七八九十]{1,2})月"
_HALF_MONTH = r"(?P<month>[一二三四五六七八九十]{1,2}|\d{1,2})月"
_DAY = rf"(?P<day>{_SMALL})(?P<name>[日号])"
_NO_DAY = rf"(?!初|[{NUMERALS}几多余来])"
_START = rf"(?<![{NUMERALS}几数第])"

_FULL = re.compile(rf"{_START}{_YEAR}{_HALF_MONTH}(?:{_DAY}|{_NO_DAY})")
_YEAR_ALONE = re.compile(rf"{_START}{_YEAR}(?!级|代|龄|华)")
_MONTH_DAY = re.compile(rf"{LEFT}{_MONTH}{_DAY}")
_YEARS = ("去年", "今年", "明年", "前年", "当年", "每年", "本年", "次年", "同年", "后年")
_WHICH_YEAR = "|".join(f"(?<={year})" for year in _YEARS)
_MONTH_ALONE = re.compile(rf"{LEFT}(?:{_WHICH_YEAR}|(?<=[年从自在到至于])){_MONTH}{_NO_DAY}(?![内后之以间])")
_MONTH_PART = re.compile(rf"{LEFT}{_MONTH}(?=份|底|初(?![{NUMERALS}])|上旬|中旬|下旬)")
_WHICH_MONTH = "(?<=月份)|(?<=[本当上次每]月)|(?<=这个月)"
_DAY_ALONE = re.compile(rf"(?:{_WHICH_MONTH}|(?<=\d月)){_DAY}")

_PART = "凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|晚间|夜里|夜间|当晚|今早|今晚|昨晚|昨夜"
_MINUTE = rf"(?:(?P<minute>零?{_SMALL})(?:分(?!之|钟|别|歧|析|期|批|次|成|工|配)(?:钟)?(?:(?P<second>零?{_SMALL})秒)?|(?P<open>)))"
_CLOCK = re.compile(
    rf"{LEFT}(?P<part>{_PART})?(?P<hour>零|两|{_SMALL})(?P<sep>[点时])"
    rf"(?:(?P<half>半)|(?P<quarter>[一三])刻|{_MINUTE}|(?P<sharp>[整钟]))?(?![{NUMERALS}几多余来])"
)

_TIME_BEFORE = re.compile("[日号天晚早午夜在于到至从约]")
"""Before 三点十分; otherwise it may be three points that are 十分 clear."""


def date(match: re.Match[str]) -> str | None:
    """2023年6月5日, 2023年, 6月5号; nothing for a date that no calendar has, or that may be a duration."""
    found = match.groupdict()
    month, day = found.get("month") or "", found.get("day") or ""
    if (month and not _within(month, 12)) or (day and not _within(day, 31)):
        return None
    year = _year(found.get("year") or "", bool(month))
    if year is None:
        return None
    return f"{year}{_count(month, '月')}{_count(day, found.get('name') or '')}"


def _within(spoken: str, most: int) -> bool:
    number = int(spoken) if spoken.isascii() else value(spoken)
    return number is not None and 1 <= number <= most


def _count(spoken: str, unit: str) -> str:
    return f"{spoken if spoken.isascii() else value(spoken)}{unit}" if spoken else ""


def _year(spoken: str, sure: bool) -> str | None:
    """三五年 is three to five years, 七八年 may be; 九五年, 零三年, 一五年 are years."""
    if not spoken:
        return ""
    number = digits(spoken)
    tens, ones = int(number[0]), int(number[1])
    doubtful = ones == tens + 1 or 3 <= tens <= 5
    if len(number) == 2 and not sure and "0" not in number and doubtful:
        return None
    return f"{number}年"


def clock(match: re.Match[str]) -> str | None:
    """上午9时30分. Without 上午 or 分 it must read as a time: 九点三十, 三点半; 有三点 is no time."""
    hour, minute = value(match["hour"]), _minute(match)
    if hour is None or hour > 24 or minute is None:
        return None
    if not match["part"] and not _surely_time(match):
        return None
    return f"{match['part'] or ''}{hour}时{minute}{_second(match)}"


def _surely_time(match: re.Match[str]) -> bool:
    if match["half"] or match["quarter"]:
        return match["sep"] == "点"
    minute = match["minute"]
    if minute == "十":
        before = match.string[match.start() - 1 : match.start()]
        return match["open"] is None and _TIME_BEFORE.match(before) is not None
    if minute:
        return match["open"] is None or (len(minute) > 1 and "十" in minute)
    return match["sharp"] == "钟"


def _minute(match: re.Match[str]) -> str | None:
    """The minutes with 分, empty for a full hour, None where they are no minutes."""
    if match["half"] or match["quarter"]:
        return {"一": "15分", "三": "45分", None: "30分"}[match["quarter"]]
    if not match["minute"]:
        return "整" if match["sharp"] == "整" else ""
    number = value(match["minute"].removeprefix("零"))
    if number is None or number > 59 or (match["open"] is not None and len(match["minute"]) == 1):
        return None
    return f"{number:02d}分"


def _second(match: re.Match[str]) -> str:
    number = value(match["second"].removeprefix("零")) if match["second"] else None
    return "" if number is None else f"{number:02d}秒"


RULES = (
    Rule(Kind.DATE, _FULL, date),
    Rule(Kind.DATE, _MONTH_DAY, date),
    Rule(Kind.DATE, _MONTH_ALONE, date),
    Rule(Kind.DATE, _MONTH_PART, date),
    Rule(Kind.DATE, _DAY_ALONE, date),
    Rule(Kind.DATE, _YEAR_ALONE, date),
    Rule(Kind.CLOCK, _CLOCK, clock),
)
