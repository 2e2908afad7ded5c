"""A passage taken apart: who speaks when inside it, and how each sounds, still without names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from casefile.model import Mono16k, Speech
from diarization.embedding import FRAME_MS, LEAST_FRAMES, Embedding, Features, VoiceModel, filter_bank
from diarization.segmentation import Activity, SegmentationModel, centre, windows

Mask = NDArray[np.bool_]
HOLE_FRAMES = 15
"""A speaker's silence shorter than 0.25 s, in which nobody else speaks, is a breath."""
LEAST_ACTIVE = 9
"""Activity of less than 0.15 s is no one speaking."""


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """What one voice says within one window of at most ten seconds.

    `spans`: from when to when, in ms of the hearing, in order. `solo_ms`: how much of the sound that
    `embedding` was made of had this voice alone; 0 where it was never alone for 0.2 s, and `embedding` is
    then made of overlapped speech or None.
    """

    spans: tuple[tuple[int, int], ...]
    solo_ms: int
    embedding: Embedding | None

    @property
    def ms(self) -> int:
        """How long the voice speaks in all."""
        return sum(end - start for start, end in self.spans)

    def within(self, start_ms: int, end_ms: int) -> int:
        """How long it speaks from `start_ms` to `end_ms`."""
        return sum(max(0, min(end, end_ms) - max(start, start_ms)) for start, end in self.spans)


@dataclass(frozen=True, slots=True, eq=False)
class Noted:
    """A stretch and the label under which it was first shown (None: nobody's), with the confidence of that."""

    stretch: Stretch
    label: str | None
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """A passage of one channel with what was heard in it."""

    channel: int
    start_ms: int
    end_ms: int
    notes: tuple[Noted, ...]

    def is_of(self, speech: Speech) -> bool:
        """The same sound, heard again: it may be cut a little otherwise."""
        common = min(self.end_ms, speech.end_ms) - max(self.start_ms, speech.start_ms)
        longer = max(self.end_ms - self.start_ms, speech.end_ms - speech.start_ms)
        return self.channel == speech.channel and 2 * common > longer


class Ear:
    """Both models; one may serve all hearings."""

    def __init__(self) -> None:
        self._segmentation = SegmentationModel()
        self.voice = VoiceModel()

    def stretches(self, speech: Speech) -> list[Stretch]:
        """The voices in a passage, window by window (10 s, every 5 s), in order of their first word."""
        found = []
        for start, end, since, until in windows(len(speech.audio)):
            sound = speech.audio[start:end]
            activity = tidy(self._segmentation.activity(sound))
            bounds = (since - start, until - start)
            found += list(self._voices(sound, activity, bounds, speech.start_ms + start / 16))
        return sorted(found, key=lambda stretch: stretch.spans[0])

    def _voices(
        self, sound: Mono16k, activity: Activity, bounds: tuple[int, int], offset_ms: float
    ) -> Iterator[Stretch]:
        features = filter_bank(sound)
        for speaker in np.flatnonzero(activity.any(axis=0)):
            active = activity[:, speaker]
            spans = _spans(active, bounds, len(sound))
            if spans:
                times = tuple((round(offset_ms + a / 16), round(offset_ms + b / 16)) for a, b in spans)
                yield Stretch(times, *self._voice(features, active, activity.sum(axis=1) == 1))

    def _voice(self, features: Features, active: Mask, alone: Mask) -> tuple[int, Embedding | None]:
        """The voice by the frames in which it speaks alone, else by all its frames."""
        solo = features[_at_features(active & alone, len(features))]
        if len(solo) >= LEAST_FRAMES:
            return len(solo) * FRAME_MS, self.voice.embed_features(solo)
        mixed = features[_at_features(active, len(features))]
        return 0, self.voice.embed_features(mixed) if len(mixed) >= LEAST_FRAMES else None


def tidy(activity: Activity) -> Activity:
    """Without holes and specks in any speaker's activity."""
    spoken, activity = np.asarray(activity.any(axis=1)), activity.copy()
    for column in activity.T:
        for start, end in _runs(~column):
            answered = bool(spoken[start:end].any())
            if end - start < HOLE_FRAMES and start > 0 and end < len(column) and not answered:
                column[start:end] = True
        for start, end in _runs(column):
            if end - start < LEAST_ACTIVE:
                column[start:end] = False
    return activity


def _runs(mask: Mask) -> list[tuple[int, int]]:
    """Where `mask` is true: (first, after the last)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _spans(active: Mask, bounds: tuple[int, int], samples: int) -> list[tuple[int, int]]:
    """Runs of frames as samples of the window, cut to `bounds`; a run at an edge reaches that edge."""
    middle = centre(np.arange(len(active) + 1))
    middle[0], middle[-1] = 0, samples
    cut = [(max(int(middle[a]), bounds[0]), min(int(middle[b]), bounds[1])) for a, b in _runs(active)]
    return [(start, end) for start, end in cut if start < end]


def _at_features(mask: Mask, frames: int) -> NDArray[np.int_]:
    """The filter bank's frames (10 ms) whose middle falls into a true frame of `mask` (16.9 ms)."""
    middle = np.arange(frames) * 160 + 200
    nearest = np.clip(np.rint((middle - centre(np.array(0))) / 270).astype(int), 0, len(mask) - 1)
    return np.flatnonzero(mask[nearest])
