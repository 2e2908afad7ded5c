"""The written form: Simplified script, full-width punctuation, words with their marks."""

from __future__ import annotations

import re
from sys import intern

from asr.script import simplified
from casefile.model import Word

_FULL_WIDTH = str.maketrans(",;:?!()", "，；：？！（）")
_CJK = "\u3400-\u9fff\uf900-\ufaff"
_ASCII_MARK = re.compile(rf"(?<=[{_CJK}])\s*([,;:?!()])\s*|([,;:?!()])\s*(?=[{_CJK}])")
_ASCII_STOP = re.compile(rf"(?<=[{_CJK}])\.(?!\d)")
_SPACE = re.compile(rf"(?<=[{_CJK}，。？！；：、])\s+|\s+(?=[{_CJK}，。？！；：、])")
MARKS = "，。？！；：、,.?!;:…）)”』」》"
"""Punctuation that belongs to the word before it."""


def punctuated(text: str) -> str:
    """ASCII marks beside Chinese characters become full-width; spaces beside them go; numbers stay."""
    text = _ASCII_MARK.sub(lambda m: (m[1] or m[2]).translate(_FULL_WIDTH), text)
    return _SPACE.sub("", _ASCII_STOP.sub("。", text)).strip()


def written(text: str, language: str) -> str:
    """Recognized text as it is shown: for Chinese in Simplified script with full-width marks."""
    return punctuated(simplified(text)) if language == "zh" else text.strip()


def written_words(words: list[Word], language: str) -> tuple[Word, ...]:
    """The words of a passage in their written form; joined they are `written` of the words joined."""
    joined = _attached(words)
    if language != "zh":
        return _trimmed(joined)
    script = simplified("".join(word.text for word in joined))
    out, at = [], 0
    for word in joined:
        out.append(_with_text(word, script[at : at + len(word.text)]))
        at += len(word.text)
    return _trimmed(_punctuate_words(out))


def _attached(words: list[Word]) -> list[Word]:
    """Marks join the word before them."""
    out: list[Word] = []
    for word in words:
        if out and word.text.strip() and all(c in MARKS or c.isspace() for c in word.text):
            out[-1] = _with_text(out[-1], out[-1].text + word.text)
        elif word.text:
            out.append(word)
    return out


def _punctuate_words(words: list[Word]) -> list[Word]:
    """`punctuated` of the whole text, given back to the words it came from."""
    text = punctuated("".join(word.text for word in words))
    out, at = [], 0
    for word in words:
        taken = at
        for character in word.text:
            if taken < len(text) and _same(character, text[taken]):
                taken += 1
        out.append(_with_text(word, text[at:taken]))
        at = taken
    return out


def _same(before: str, after: str) -> bool:
    return before == after or before.translate(_FULL_WIDTH) == after or (before == "." and after == "。")


def _trimmed(words: list[Word]) -> tuple[Word, ...]:
    if words:
        words[0] = _with_text(words[0], words[0].text.lstrip())
        words[-1] = _with_text(words[-1], words[-1].text.rstrip())
    return tuple(word for word in words if word.text)


def _with_text(word: Word, text: str) -> Word:
    """Hours of Mandarin are the same three thousand characters: each is kept once."""
    return Word(intern(text), word.start_ms, word.end_ms, word.confidence)
