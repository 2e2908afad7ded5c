"""The voices of one hearing as they turn up: each keeps its label from first to last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from math import exp

import numpy as np

from diarization.embedding import Embedding

UNKNOWN = "未识别"
"""Speech too short and too unlike every voice to be anybody's; with a number, a voice that nobody has named."""
SAME = 0.6
"""Likeness from which a stretch is the same voice. In five simulated Mandarin hearings two stretches of one voice
of 3 s or more are alike by 0.71 (99 in 100), of two voices by 0.52 at most (99 in 100)."""
SAME_SHORT = 0.5
"""The same for a stretch too short to found a voice: its likeness to its own voice is lower."""
CLEAR_MS = 1_500
"""Speech alone of this length can found a voice, and teaches the one it belongs to."""
ENROLLED_MS = 10_000
"""What a word of the clerk counts for, beside what is heard."""
MOST_MS = 60_000
"""Beyond this a voice is known; what is heard later moves it no less than what came before."""


def number_of(label: str) -> int | None:
    """The number of a voice that nobody has named; None for any other name."""
    found = re.fullmatch(rf"{UNKNOWN} (\d+)", label)
    return int(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class Named:
    """Whose voice it is: `label` None where it is like nobody's and too short to be a new one.

    `confidence` from 0 to 1: how much liker it is to this voice than to any other.
    """

    label: str | None
    confidence: float


class Voices:
    """One per hearing and never shared: what a voice sounds like is forgotten with it (court.md G6).

    Labels of voices that nobody has named are numbered in order of appearance and never change.
    """

    def __init__(self, labels: int = 0) -> None:
        self._sums: dict[str, Embedding] = {}
        self._ms: dict[str, int] = {}
        self.labels = labels
        """How many labels are taken."""

    def teach(self, label: str, embedding: Embedding, ms: int = ENROLLED_MS) -> None:
        """`embedding` is a voice of `label`: by the clerk's word or by what was heard."""
        weight = float(min(ms, ENROLLED_MS))
        total, known = self._sums.get(label, np.zeros_like(embedding)), self._ms.get(label, 0)
        fading = max(0.0, 1 - weight / MOST_MS) if known >= MOST_MS else 1.0
        self._sums[label] = (total * fading + weight * embedding).astype(np.float32)
        self._ms[label] = min(known + int(weight), MOST_MS)

    def name(self, embedding: Embedding, solo_ms: int) -> Named:
        """Whose voice this is; a new label for a clear voice that is like none so far."""
        label, best, second = self._nearest(embedding)
        if label is not None and best >= (SAME if solo_ms >= CLEAR_MS else SAME_SHORT):
            if solo_ms >= CLEAR_MS:
                self.teach(label, embedding, solo_ms)
            return Named(label, _confidence(best, max(second, SAME_SHORT)))
        return self._found(embedding, solo_ms, best)

    def nearest(self, embedding: Embedding) -> str | None:
        """The voice that this clear one is, of those that are known."""
        label, best, _ = self._nearest(embedding)
        return label if best >= SAME else None

    def fresh(self) -> Iterator[str]:
        """The labels that the next new voices will get."""
        return (f"{UNKNOWN} {number}" for number in count(self.labels + 1))

    def _found(self, embedding: Embedding, solo_ms: int, best: float) -> Named:
        if solo_ms < CLEAR_MS:
            return Named(None, 0.0)
        label = next(self.fresh())
        self.labels += 1
        self.teach(label, embedding, solo_ms)
        return Named(label, _confidence(SAME, best))

    def _nearest(self, embedding: Embedding) -> tuple[str | None, float, float]:
        """The most similar voice, its likeness and that of the next one."""
        likeness = sorted(
            (
                (float(total @ embedding / np.linalg.norm(total)), label)
                for label, total in self._sums.items()
            ),
            reverse=True,
        )
        best, label = likeness[0] if likeness else (0.0, None)
        return label, best, likeness[1][0] if len(likeness) > 1 else 0.0


def _confidence(likeness: float, rival: float) -> float:
    """A logistic of the lead over the next best explanation; a lead of 0.1 gives 0.88."""
    return 1 / (1 + exp(20 * (rival - likeness)))
