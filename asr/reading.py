"""How written numbers are said: the way back from `asr.numbers.written_form`, and for what Whisper wrote in digits."""

from __future__ import annotations

import re
from collections.abc import Callable

from asr.measures import PAIRED
from asr.numeral_words import titles
from asr.numerals import digits_said, said

_NUMBER = r"\d{1,3}(?:,\d{3})+|\d+"
_AMOUNT = rf"(?<![\d.,])(?P<n>(?:{_NUMBER})(?:\.\d+)?)"


def spoken_form(text: str) -> str:
    """The text with every written number as it is said; names between 《 and 》 stay as they are.

    A bare run of digits is said digit by digit where it begins with 0, holds one in the middle, or is long.
    """
    out, at = [], 0
    for start, end in titles(text):
        out += [_read(text[at:start]), text[start:end]]
        at = end
    return "".join(out) + _read(text[at:])


def _read(text: str) -> str:
    for pattern, reading in _READINGS:
        text = pattern.sub(reading, text)
    return text


def _case(match: re.Match[str]) -> str:
    year, court, code, kind, number = match.groups()
    return f"{digits_said(year)}{court}{digits_said(code)}{kind}{digits_said(number)}号"


def _month(match: re.Match[str]) -> str:
    day = f"{said(int(match[2]))}{match[3]}" if match[2] else ""
    return f"{said(int(match[1]))}月{day}"


def _time(match: re.Match[str]) -> str:
    hour, minute, second = match[1], match[2], match[4]
    if int(hour) > 24 or int(minute) > 59:
        return match[0]
    after = f"{_sixty(second)}秒" if second else ""
    return f"{_hour(hour)}{'' if minute == '00' else _sixty(minute) + '分'}{after}"


def _hour(number: str) -> str:
    return ("两" if int(number) == 2 else said(int(number))) + "点"


def _sixty(number: str) -> str:
    return ("零" if number[0] == "0" else "") + said(int(number))


def _plain(number: str) -> str:
    whole, _, fraction = number.replace(",", "").partition(".")
    return said(int(whole)) + ("点" + digits_said(fraction) if fraction else "")


def _counted(number: str) -> str:
    return "两" if number == "2" else _plain(number)


def _yuan(number: str) -> str:
    whole, _, fraction = number.replace(",", "").partition(".")
    if len(fraction) != 2 or fraction == "00":
        return _counted(number if fraction != "00" else whole) + "元"
    if int(whole) == 0:
        return _plain(number) + "元"
    jiao, fen = (said(int(digit)) for digit in fraction)
    tail = ("" if jiao == "零" else "角") + ("" if fen == "零" else fen + "分")
    return f"{_counted(whole)}元{jiao}{tail}"


def _any(match: re.Match[str]) -> str:
    number = match["n"]
    if number.isdigit() and (len(number) > 3 or number[0] == "0" != number or "0" in number[1:-1]):
        return digits_said(number)
    return _plain(number)


def _calendar_date(match: re.Match[str]) -> str:
    return f"{digits_said(match[1])}年{said(int(match[3]))}月{said(int(match[4]))}日"


def _percent(match: re.Match[str]) -> str:
    return "百分之" + ("百" if match["n"] == "100" else _plain(match["n"]))


_READINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"[（(](\d{4})[）)]([\u4e00-\u9fff]{1,3})(\d*)([\u4e00-\u9fff]{1,6}?)(\d+)号"), _case),
    (re.compile(r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)"), _calendar_date),
    (re.compile(r"(?<!\d)(\d{4}|0\d|\d\d(?=年\d{1,2}月\d{1,2}[日号]))(?=年)"), lambda m: digits_said(m[1])),
    (re.compile(r"(?<!\d)(\d{1,2})月(?:(\d{1,2})([日号]))?"), _month),
    (re.compile(r"(?<![\d.,])(\d{1,2})(?:时|:)(\d\d)(分?)(?:(\d\d)秒)?(?!\d)"), _time),
    (re.compile(r"(?<=[午晨上间里晚早天日夜])(\d{1,2})时"), lambda m: _hour(m[1])),
    (re.compile(r"(?<![\d.,])(\d{1,2})时(?![间长效限段代])"), lambda m: _hour(m[1]) + "钟"),
    (re.compile(rf"(?<=万分之){_AMOUNT}"), lambda m: _plain(m["n"])),
    (re.compile(rf"{_AMOUNT}[%％]"), _percent),
    (re.compile(rf"{_AMOUNT}‰"), lambda m: "千分之" + _plain(m["n"])),
    (re.compile(r"(?<![\d/.])(\d+)/(\d+)(?![\d/])"), lambda m: f"{said(int(m[2]))}分之{said(int(m[1]))}"),
    (re.compile(rf"{_AMOUNT}元"), lambda m: _yuan(m["n"])),
    (re.compile(rf"{_AMOUNT}(?=[万亿])"), lambda m: _counted(m["n"])),
    (re.compile(r"(?<=第)(\d{1,9})(?!\d)"), lambda m: said(int(m[1]))),
    (re.compile(r"(?<!\d)(\d{3,4})(?=室|房)"), lambda m: digits_said(m[1])),
    (re.compile(rf"{_AMOUNT}(?={PAIRED})"), lambda m: _counted(m["n"])),
    (re.compile(rf"{_AMOUNT}(?![\d]|[.,]\d)"), _any),
    (re.compile(r"\d+"), lambda m: digits_said(m[0])),
)
