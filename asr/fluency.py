"""How likely a run of Chinese characters is as it stands: a unigram model over common words.

The words and their frequencies are asr/vocabulary/common.txt, made from jieba's dictionary (MIT) by
scripts/common_words.py. Values are log10 probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LONGEST = 12
"""Characters of the longest word that is looked for."""
UNKNOWN = -8.0
"""A character that is in no list."""


@cache
def common_words() -> Mapping[str, float]:
    """Word -> log10 of its share of running text."""
    table = files("asr").joinpath("vocabulary/common.txt").read_text(encoding="utf-8")
    lines = (line.split() for line in table.splitlines() if not line.startswith("#"))
    return {word: float(line[0]) for line in lines for word in line[1:]}


class Reading:
    """The best cuts of one text into words; `extra` adds words to the common ones."""

    def __init__(self, text: str, extra: Mapping[str, float]) -> None:
        self._text, self._extra, self._common = text, extra, common_words()
        n = len(text)
        self._before = [0.0] * (n + 1)
        self._after = [0.0] * (n + 1)
        for end in range(1, n + 1):
            starts = range(max(0, end - LONGEST), end)
            self._before[end] = max(self._before[start] + self._word(start, end) for start in starts)
        for start in range(n - 1, -1, -1):
            ends = range(start + 1, min(n, start + LONGEST) + 1)
            self._after[start] = max(self._word(start, end) + self._after[end] for end in ends)

    @property
    def likely(self) -> float:
        """The log10 probability of the whole text."""
        return self._before[-1]

    @property
    def cuts(self) -> frozenset[int]:
        """The places where a word may end in a best reading."""
        both = zip(self._before, self._after, strict=True)
        return frozenset(at for at, (left, right) in enumerate(both) if left + right > self.likely - 1e-6)

    def gain(self, start: int, end: int, word: float) -> float:
        """How much likelier the text gets when a word of this log10 probability stands at start:end."""
        return self._before[start] + word + self._after[end] - self._before[-1]

    def _word(self, start: int, end: int) -> float:
        word = self._text[start:end]
        found = self._extra.get(word)
        if found is None:
            found = self._common.get(word, UNKNOWN if end - start == 1 else -99.0)
        return found
