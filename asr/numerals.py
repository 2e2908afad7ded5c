"""Chinese numerals and the whole numbers they stand for. Values in, values out."""

from __future__ import annotations

import re

DIGITS = "零〇一二三四五六七八九幺"
"""What is said digit by digit; 幺 is one on the telephone, 〇 is 零 on paper."""
NUMERALS = DIGITS + "两十百千万亿"
"""Every character that a numeral is made of."""

_VALUES = {"零": 0, "〇": 0, "幺": 1, "两": 2, **{c: i for i, c in enumerate("零一二三四五六七八九")}}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_SIZES = ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十"))
_NEXT_BELOW = {"百": 10, "千": 100, "万": 1000, "亿": 10**7}
_PAIR_OF = re.compile(r"两(?=[百千万亿])|^两$")
_TEN = re.compile(r"(?<=[百千零万亿])十")
_SHORT = re.compile(r"(.*[^零])?([百千万亿])([一二三四五六七八九])")


def digits(spoken: str) -> str:
    """`二零二四` and `幺三八` as ASCII digits. Raises KeyError for a character that is no digit."""
    return "".join(str(_VALUES[character]) for character in spoken)


def digits_said(number: str) -> str:
    """ASCII digits one by one: `2024` is 二零二四."""
    return "".join(DIGITS.replace("〇", "")[int(character)] for character in number)


def said(number: int) -> str:
    """A whole number from 0 to below 10^16 as it is said: 35000 is 三万五千, 10500 is 一万零五百."""
    spoken = re.sub("^一十", "十", _said(number))
    return re.sub("^二(?=[千万亿])", "两", spoken)


def _said(number: int) -> str:
    for size, name in _SIZES:
        if number >= size:
            high, low = divmod(number, size)
            hole = "零" if 0 < low < size // 10 else ""
            return _said(high) + name + hole + (_said(low) if low else "")
    return digits_said(str(number))


def value(spoken: str) -> int | None:
    """The whole number that these characters say in full, or None where they say none, or not for sure.

    一百零五 and 一百十五 are numbers; 五零二 (digits), 二十七八 (about) and 三万五 (see `short_value`) are not.
    """
    if not spoken or spoken[0] in "百千万亿":
        return None
    number = _summed(spoken) if all(c in NUMERALS and c != "幺" for c in spoken) else -1
    return number if 0 <= number < 10**16 and _plain(said(number)) == _plain(spoken) else None


def short_value(spoken: str) -> int | None:
    """`value`, and also the short way of saying it: 三万五 is 35000, 两千三 is 2300, 一百二 is 120."""
    match = _SHORT.fullmatch(spoken)
    if not match or not match[1]:
        return value(spoken)
    head = value(match[1] + match[2])
    if head is None or (match[2] in "万亿" and head >= 100 * 10 * _NEXT_BELOW[match[2]]):
        return None
    return head + _VALUES[match[3]] * _NEXT_BELOW[match[2]]


def _summed(spoken: str) -> int:
    total = section = digit = 0
    for character in spoken:
        if character in _VALUES:
            digit = _VALUES[character]
        elif character in _SMALL:
            section += (digit or 1) * _SMALL[character]
            digit = 0
        elif character == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        else:
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    return total + section + digit


def _plain(spoken: str) -> str:
    """One spelling for what is said in several ways: 两百, 一百十五, 十万零五千. A short number keeps its 零."""
    spoken = _PAIR_OF.sub("二", spoken.replace("〇", "零"))
    spoken = re.sub("^一十", "十", _TEN.sub("一十", spoken))
    return re.sub("(?<=[万亿])零(?=.[十百千])", "", spoken)
