"""How the numbers in a text are written. The spoken form is never lost: a piece names its place in it.

Precision goes first: what might be a name, a word or an estimate (万一, 三星, 二十七八) stays as it was said, and
digits stay digits (五零二 is 502 and never a time). Only Mandarin; no model.
"""

from __future__ import annotations

from dataclasses import dataclass

from asr import amounts, citations, dates
from asr.numeral_words import Span, cuts, titles, words
from asr.numerals import NUMERALS
from asr.rules import Kind, Rule

RULES: tuple[Rule, ...] = (*citations.RULES, *dates.RULES, *amounts.RULES)
"""In order: what an earlier rule has taken, a later one does not see."""


@dataclass(frozen=True, slots=True)
class Piece:
    """`text[start:end]` is `spoken` (offsets in characters); `written` has the same value."""

    start: int
    end: int
    spoken: str
    written: str
    kind: Kind


def pieces(text: str) -> tuple[Piece, ...]:
    """The numbers of a Mandarin text that have a written form, in order, without overlap."""
    if not any(character in NUMERALS or character.isdigit() for character in text):
        return ()
    kept, guarded, found = titles(text), words(text), list[Piece]()
    for rule in RULES:
        for piece in _matches(rule, text):
            span = (piece.start, piece.end)
            if not any(_meet(span, other) for other in kept) and not any(
                cuts(span, word) for word in guarded
            ):
                found.append(piece)
                kept.append(span)
    return tuple(sorted(found, key=lambda piece: piece.start))


def _matches(rule: Rule, text: str) -> list[Piece]:
    found = []
    for match in rule.pattern.finditer(text):
        written = rule.write(match)
        if written is not None and written != match[0]:
            found.append(Piece(*match.span(), match[0], written, rule.kind))
    return found


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def written_form(text: str) -> str:
    """The text with every number in its written form: 人民币三万五千元整 becomes 人民币35,000元."""
    out, at = [], 0
    for piece in pieces(text):
        out += [text[at : piece.start], piece.written]
        at = piece.end
    return "".join(out) + text[at:]
