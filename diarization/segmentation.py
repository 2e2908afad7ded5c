"""Who speaks when within ten seconds: changes of speaker and overlap, without names."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from casefile.model import Mono16k
from diarization.inference import session

Activity = NDArray[np.bool_]
"""Who of up to three local speakers speaks in each frame, shape (frames, 3); column order means nothing."""
STEP = 270
"""Samples from one frame to the next at 16 kHz (16.9 ms)."""
FIELD = 991
"""Samples that one frame looks at (61.9 ms)."""
WINDOW = 160_000
"""Samples of ten seconds, what the model was trained on."""
POWERSET = np.array(
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], dtype=np.bool_
)
"""The model's seven classes: nobody, one of three, two of three."""


class SegmentationModel:
    """pyannote/segmentation-3.0 (Plaquet and Bredin, Interspeech 2023, arXiv:2310.13025).

    One may serve all hearings: it keeps nothing between calls.
    """

    def __init__(self) -> None:
        self._session = session("segmentation-3.0")

    def activity(self, sound: Mono16k) -> Activity:
        """Who speaks in each frame of `sound`, at most ten seconds; frame i is centred at `centre(i)`.

        Empty for sound shorter than one frame. Raises ValueError for more than ten seconds.
        """
        if len(sound) > WINDOW:
            raise ValueError(f"at most {WINDOW} samples, not {len(sound)}")
        if len(sound) < FIELD:
            return np.zeros((0, 3), np.bool_)
        scores = self._session.run(None, {"sound": sound[None, None]})[0][0]
        activity: Activity = POWERSET[scores.argmax(axis=1)]
        return activity


def centre(frame: NDArray[np.int_]) -> NDArray[np.int_]:
    """The sample in the middle of each frame."""
    return frame * STEP + FIELD // 2


def windows(samples: int, hop: int = WINDOW // 2) -> list[tuple[int, int, int, int]]:
    """How to cut `samples` into windows: (start, end, from, to), each speaking for `from` to `to` only.

    Every sample is spoken for once, by the window in which it is farthest from an edge.
    """
    if samples <= WINDOW:
        return [(0, samples, 0, samples)]
    starts = [*range(0, samples - WINDOW, hop), samples - WINDOW]
    cuts = [0, *((a + b + WINDOW) // 2 for a, b in pairwise(starts)), samples]
    return [(start, start + WINDOW, a, b) for start, (a, b) in zip(starts, pairwise(cuts), strict=True)]
