"""Statutes: the articles of a law's text, and the citations of laws in what was said or written.

A citation is known where it names a law that is there and an article of it; 该法, 同法 and a bare 第五百条 say no law,
and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from asr.numerals import NUMERALS, value

_N = rf"(?:[{NUMERALS}]+|\d+)"
_ARTICLE = rf"第(?P<article>{_N})条(?:之(?P<sub>[一二三四五六七八九十]|\d+))?"
_BELOW = rf"(?:[，、]?第(?P<paragraph>{_N})款)?(?:[，、]?第(?P<item>{_N})项)?"
_HEAD = re.compile(rf"^[#*\s\u3000]*{_ARTICLE}[*\s\u3000]*")
_PART = re.compile(rf"^[#*\s\u3000]*第{_N}(?:编|分编|章|节)[\s\u3000*]")
_COUNTRY = "中华人民共和国"


@dataclass(frozen=True, slots=True)
class Citation:
    """`text[start:end]` cites this article ("584", "133-1") of `law`; paragraph 款 and item 项, 0: none named."""

    start: int
    end: int
    law: str
    article: str
    paragraph: int = 0
    item: int = 0


def articles(text: str) -> dict[str, str]:
    """The articles of a law by number; each as its paragraphs, a line for each, without its own 第…条.

    A line that begins with 第…条 begins an article; headings of parts, chapters and sections belong to none.
    """
    found: dict[str, list[str]] = {}
    lines: list[str] | None = None
    for line in text.splitlines():
        head = _HEAD.match(line)
        if head and (key := _key(head)):
            lines = found.setdefault(key, [])
        elif _PART.match(line):
            lines = None
        said = (line[head.end() :] if head else line).strip(" \t\u3000*#")
        if lines is not None and said:
            lines.append(said)
    return {key: "\n".join(said) for key, said in found.items() if said}


def short_name(law: str) -> str:
    """The name without the country's, brackets and version: 民法典."""
    return re.sub(r"[（(][^）)]*[）)]$", "", law.strip("《》 \u3000")).removeprefix(_COUNTRY)


def citations(text: str, laws: Collection[str]) -> list[Citation]:
    """The citations of these laws (by short name) in a text, spoken or written, in order."""
    if not laws:
        return []
    names = "|".join(re.escape(name) for name in sorted(laws, key=len, reverse=True))
    cited = re.compile(rf"《?(?:{_COUNTRY})?(?P<law>{names})》?(?:的)?{_ARTICLE}{_BELOW}")
    return [found for match in cited.finditer(text) for found in _citation(match)]


def _citation(match: re.Match[str]) -> Iterator[Citation]:
    key = _key(match)
    if key:
        paragraph, item = (_number(match[name]) for name in ("paragraph", "item"))
        yield Citation(match.start(), match.end(), match["law"], key, paragraph, item)


def _key(match: re.Match[str]) -> str:
    article, sub = _number(match["article"]), _number(match["sub"])
    return "" if not article else f"{article}-{sub}" if sub else str(article)


def _number(said: str | None) -> int:
    return 0 if said is None else int(said) if said.isdigit() and said.isascii() else value(said) or 0


Library = Mapping[str, Mapping[str, str]]
"""Articles by short name of the law, then by number."""
