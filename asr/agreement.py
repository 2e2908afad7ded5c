"""Calm tentative text: what is shown of an open passage will hardly be taken back by its final words.

LocalAgreement (Liu, Spanakis, Niehues 2020; Macháček, Dabre, Bojar 2023) over characters, with the recognizer's
own probability of each: a character that successive hypotheses agree on stands, and it is shown when it is
sure enough; between sure ones an unsure one is shown as `GAP`. (Shown whole, every second character that
Whisper base says of an open passage is taken back; agreed on, one in ten; agreed on and sure, one in forty.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casefile.model import Word

GAP = "…"
SURE = ((120, 0.75), (350, 0.6), (900, 0.5))
"""A character that has stood unchanged while so many ms of sound came is shown when it is so probable."""
FIRST, FIRST_SURE = 2, 0.6
"""As long as nothing is shown, one of so many first characters is shown at once when it is so probable and another
follows it (the last one of a hypothesis may be half a syllable)."""


@dataclass(slots=True)
class _Heard:
    character: str
    probability: float
    since_ms: int
    sure: bool = False


class Agreement:
    """One per open passage."""

    def __init__(self) -> None:
        self._heard: list[_Heard] = []

    @property
    def settled(self) -> str:
        """The beginning that stands, unsure characters in it included: the next hypothesis begins with it."""
        return "".join(heard.character for heard in self._heard[: self._stands])

    @property
    def shown(self) -> str:
        """The beginning that stands, unsure characters as gaps."""
        text = ""
        for heard in self._heard[: self._stands]:
            if heard.sure or not heard.character.isalnum():
                text += heard.character
            elif not text.endswith(GAP):
                text += GAP
        return text

    def update(self, hypothesis: Sequence[Word], length_ms: int) -> str:
        """Take the newest hypothesis of a passage that is now `length_ms` long; returns what to show."""
        newest = [
            _Heard(character, word.confidence, length_ms) for word in hypothesis for character in word.text
        ]
        stands = self._heard[: self._stands]
        for old, new in zip(stands, newest, strict=False):
            new.character, new.sure = old.character, old.sure
        newest += stands[len(newest) :]
        for old, new in zip(self._heard, newest, strict=False):
            if old.character != new.character:
                break
            new.since_ms = old.since_ms
        self._heard = newest
        self._judge(length_ms)
        return self.shown

    @property
    def _stands(self) -> int:
        return max((at + 1 for at, heard in enumerate(self._heard) if heard.sure), default=0)

    def _judge(self, length_ms: int) -> None:
        for heard in self._heard:
            stood_ms = length_ms - heard.since_ms
            heard.sure = heard.sure or any(
                stood_ms >= enough_ms and heard.probability >= enough for enough_ms, enough in SURE
            )
        if not self._stands:
            self._begin()

    def _begin(self) -> None:
        for heard in self._heard[:-1][:FIRST]:
            if heard.character.isalnum() and heard.probability >= FIRST_SURE:
                heard.sure = True
                return
