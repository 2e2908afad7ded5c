"""Whose voice a clip holds, and whether it is enough to know the person again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from diarization.embedding import Embedding
from diarization.stretches import Stretch
from diarization.voices import CLEAR_MS, Voices

NEEDED_MS = 3_000
"""Speech alone that a person is enrolled by."""


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The voice that says most in a clip, and for how long it is heard alone.

    `several`: somebody else says as much as can be told to be somebody else.
    """

    ms: int
    embedding: Embedding | None
    several: bool = False

    @property
    def enough(self) -> bool:
        """It can be enrolled."""
        return self.embedding is not None and self.ms >= NEEDED_MS and not self.several


def sample(stretches: Sequence[Stretch]) -> Sample:
    """What was heard in a clip, as one voice."""
    voices, heard = Voices(), dict[str, list[Stretch]]()
    for stretch in stretches:
        label = None
        if stretch.embedding is not None:
            label = voices.name(stretch.embedding, stretch.solo_ms).label
        if label:
            heard.setdefault(label, []).append(stretch)
    lengths = {label: sum(stretch.solo_ms for stretch in its) for label, its in heard.items()}
    if not lengths:
        return Sample(0, None)
    most = max(lengths, key=lambda label: lengths[label])
    several = any(ms >= CLEAR_MS for label, ms in lengths.items() if label != most)
    return Sample(lengths[most], _centre(heard[most]), several)


def _centre(stretches: Sequence[Stretch]) -> Embedding:
    total = np.sum([one.solo_ms * one.embedding for one in stretches if one.embedding is not None], axis=0)
    centre: Embedding = (total / np.linalg.norm(total)).astype(np.float32)
    return centre
