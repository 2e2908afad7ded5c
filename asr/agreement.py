"""Calm tentative text: what two successive hypotheses agree on will not change before the final text.

LocalAgreement-2 (Liu, Spanakis, Niehues 2020; Macháček, Dabre, Bojar 2023), over characters.
"""

from __future__ import annotations

from itertools import takewhile


class Agreement:
    """One per open passage: `update` returns (text, how many leading characters are settled)."""

    def __init__(self) -> None:
        self._last = ""
        self._settled = ""

    @property
    def settled(self) -> str:
        """The beginning that stands."""
        return self._settled

    def update(self, hypothesis: str) -> tuple[str, int]:
        """Take the newest hypothesis; what was settled stays, whatever it says."""
        if not hypothesis.startswith(self._settled):
            hypothesis = self._settled + hypothesis[len(self._settled) :]
        self._settled = max(self._settled, _common(self._last, hypothesis), key=len)
        self._last = hypothesis
        return hypothesis, len(self._settled)


def _common(one: str, other: str) -> str:
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(character for character, _ in pairs)
