"""How Mandarin sounds, as far as spelling tells: syllables by pypinyin, and how far apart two of them are.

The only file that says `pypinyin`. Distances add up over a word: 0 the same syllable with its tone, 0.3 another
tone, 0.5 to 1 a pair that speakers or recognizers mix up (n/l, zh/z, f/h, an/ang, g/k, ...), 2 any other.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin, pinyin

TONE = 0.3
FAR = 2.0

_INITIALS = (
    "zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s", "y", "w",
)  # fmt: skip
_PAIRS = {
    0.5: "zh-z ch-c sh-s an-ang en-eng in-ing ian-iang uan-uang",
    0.7: "n-l f-h",
    0.9: "r-l b-p d-t g-k j-q zh-ch z-c",
    1.0: "eng-ong e-uo o-uo u-v ai-ei ao-ou in-en ing-eng un-ong iong-ong ia-ian a-an h-k sh-ch zh-j ch-q sh-x z-j c-q s-x",
}
_COST = {frozenset(pair.split("-")): cost for cost, pairs in _PAIRS.items() for pair in pairs.split()}
_SURNAMES = {
    "单": "shan4", "仇": "qiu2", "区": "ou1", "查": "zha1", "解": "xie4", "曾": "zeng1", "任": "ren2", "盖": "ge3",
    "朴": "piao2", "覃": "qin2", "翟": "zhai2", "缪": "miao4", "种": "chong2", "华": "hua4", "乐": "yue4", "尉": "yu4",
}  # fmt: skip
"""Readings that a character has as a surname only."""


class Syllable(NamedTuple):
    """A spoken syllable: initial (may be empty), final, tone 1 to 5 (5: neutral)."""

    initial: str
    final: str
    tone: int


def syllables(text: str) -> tuple[Syllable, ...]:
    """One syllable for every character of a text of Chinese characters, read in its context."""
    spelled = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=False)
    return tuple(_syllable(one) for one in spelled)


def name_syllables(name: str) -> tuple[Syllable, ...]:
    """A person's name: the first character read as a surname."""
    first = _SURNAMES.get(name[0])
    return (_syllable(first), *syllables(name[1:])) if first else syllables(name)


@cache
def initials(character: str) -> str:
    """The letters with which the readings of a Chinese character begin: "重" -> "cz"; "" for any other character."""
    readings = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    return "".join(sorted({reading[:1] for reading in (readings[0] if readings else ())}))


def first_letter(character: str) -> str:
    """The letter with which the usual reading of a Chinese character begins: "证" -> "z"; "" for any other character."""
    return "".join(lazy_pinyin(character, style=Style.FIRST_LETTER, errors="ignore"))[:1]


@cache
def _syllable(spelled: str) -> Syllable:
    letters, tone = (spelled[:-1], int(spelled[-1])) if spelled[-1:].isdigit() else (spelled, 5)
    initial = next((initial for initial in _INITIALS if letters.startswith(initial)), "")
    return Syllable(initial, letters[len(initial) :], tone)


@cache
def apart(one: Syllable, other: Syllable) -> float:
    """How far apart two syllables sound."""
    return _cost(one.initial, other.initial) + _cost(one.final, other.final) + _tone(one.tone, other.tone)


def _cost(one: str, other: str) -> float:
    return 0.0 if one == other else _COST.get(frozenset((one, other)), FAR)


def _tone(one: int, other: int) -> float:
    return 0.0 if one == other else TONE / 2 if 5 in (one, other) else TONE
