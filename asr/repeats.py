"""Words that two microphones wrote down of the same sound: the same words, as far as they sound, at the same time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from asr.sound import Syllable, apart, syllables
from casefile.model import Word

NEAR_MS = 700
"""Two recognitions of one sound place a word so far apart, at most."""
ALIKE = 1.0
"""Syllables that a recognizer takes for each other are so far apart, at most (see `asr.sound`)."""
MOST_BETWEEN = 2
"""Syllables between two repeated ones that were heard otherwise the second time."""
_UNIT = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_\u3400-\u9fff\uf900-\ufaff]+")


class _Unit(NamedTuple):
    """A syllable, or a word of other script, its word's number and about when it was said."""

    sound: Syllable | str
    word: int
    at_ms: float


def repeated(words: Sequence[Word], others: Sequence[Word], near_ms: int = NEAR_MS) -> list[range]:
    """Which of `words` (numbers from 0) stand in `others`, too: runs of them, in order.

    By an alignment that keeps the order and finds the most units alike; within a run at least three of five are.
    A single syllable is a run only where nothing else was said.
    """
    mine, theirs = list(_units(words)), list(_units(others))
    runs = [run for run in _runs(_matched(_alike(mine, theirs, near_ms))) if len(run) > 1 or len(mine) == 1]
    found = [range(mine[run[0]].word, mine[run[-1]].word + 1) for run in runs]
    return _joined(found)


def _units(words: Sequence[Word]) -> Iterator[_Unit]:
    for number, word in enumerate(words):
        sounds = [sound for part in _UNIT.findall(word.text) for sound in _sounds(part)]
        for at, sound in enumerate(sounds):
            share = (at + 0.5) / len(sounds)
            yield _Unit(sound, number, word.start_ms + share * (word.end_ms - word.start_ms))


def _sounds(part: str) -> Sequence[Syllable | str]:
    return syllables(part) if part[0] >= "\u3400" else (part.lower(),)


def _alike(mine: Sequence[_Unit], theirs: Sequence[_Unit], near_ms: int) -> NDArray[np.bool_]:
    """[mine, theirs]: they sound alike and were said at the same time."""
    alike = np.zeros((len(mine), len(theirs)), np.bool_)
    for i, one in enumerate(mine):
        for j, other in enumerate(theirs):
            alike[i, j] = abs(one.at_ms - other.at_ms) <= near_ms and _same(one.sound, other.sound)
    return alike


def _same(one: Syllable | str, other: Syllable | str) -> bool:
    if isinstance(one, Syllable) and isinstance(other, Syllable):
        return apart(one, other) <= ALIKE
    return one == other


def _matched(alike: NDArray[np.bool_]) -> list[int]:
    """The rows of the longest common subsequence."""
    length = np.zeros((alike.shape[0] + 1, alike.shape[1] + 1), np.int64)
    for i, j in np.ndindex(*alike.shape):
        diagonal = length[i, j] + alike[i, j]
        length[i + 1, j + 1] = max(diagonal, length[i, j + 1], length[i + 1, j])
    rows, (i, j) = list[int](), alike.shape
    while i and j:
        if length[i, j] == length[i - 1, j]:
            i -= 1
        elif length[i, j] == length[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            rows.insert(0, i)
    return rows


def _runs(rows: Sequence[int]) -> list[list[int]]:
    """Rows with few others between them."""
    runs: list[list[int]] = []
    for row in rows:
        near = runs and row - runs[-1][-1] <= MOST_BETWEEN + 1
        if near and (len(runs[-1]) + 1) * 5 >= (row - runs[-1][0] + 1) * 3:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _joined(ranges: Sequence[range]) -> list[range]:
    """Ranges that share a word are one."""
    joined: list[range] = []
    for one in ranges:
        if joined and one.start < joined[-1].stop:
            joined[-1] = range(joined[-1].start, one.stop)
        else:
            joined.append(one)
    return joined
