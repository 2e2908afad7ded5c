"""What a rule for writing numbers is made of, and the pieces of pattern that the rules share."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from asr.numerals import DIGITS, NUMERALS

LEFT = rf"(?<![{NUMERALS}几数第点之\d.])"
"""No numeral goes on to the left, and the number is not an ordinal."""
RIGHT = rf"(?![{NUMERALS}几多余来半\d])"
"""No numeral goes on to the right, and it is not said to be about that number."""
WHOLE = rf"[{NUMERALS}]+"
AMOUNT = rf"[{NUMERALS}]+(?:点[{DIGITS}]+[万亿]?)?"
"""A whole number or a decimal, with 万 or 亿 behind it or not."""


class Kind(StrEnum):
    """What sort of number a piece is."""

    CASE = "case_number"
    ARTICLE = "article"
    EVIDENCE = "evidence"
    DATE = "date"
    CLOCK = "clock"
    SHARE = "share"
    MONEY = "money"
    QUANTITY = "quantity"
    DIGITS = "digits"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Rule:
    """Where `pattern` matches, `write` gives the written form, or None where it is in doubt."""

    kind: Kind
    pattern: re.Pattern[str]
    write: Callable[[re.Match[str]], str | None]
