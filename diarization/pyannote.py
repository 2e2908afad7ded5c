"""Another look at a whole hearing: pyannote.audio 4 with a pipeline from a local folder. Needs PyTorch, an extra.

The only file that says `pyannote.audio`. It is told to send nothing anywhere and to fetch nothing before it is
loaded: `PYANNOTE_METRICS_ENABLED` switches its telemetry (on as it comes), `HF_HUB_OFFLINE` the hub.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from casefile.errors import NoPyannote, NotAPipeline
from casefile.model import Mono16k, Speech
from diarization.clustering import Labels
from diarization.stretches import Passage, Stretch

SILENT = {
    "PYANNOTE_METRICS_ENABLED": "false",
    "OTEL_SDK_DISABLED": "true",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}
CONFIG = "config.yaml"
STEPS = {"segmentation": (0.0, 0.4), "embeddings": (0.4, 1.0)}
"""What part of the whole work each of its slow steps is, from and to."""
APART_MS = 1_000
"""Silence between microphones where several are looked at as one sound."""
Tell = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Part:
    """A voice (from 0) from when to when, in ms of the sound. Parts of several voices may overlap."""

    start_ms: int
    end_ms: int
    voice: int


class Pipeline:
    """A pyannote.audio pipeline for speaker diarization, such as speaker-diarization-community-1.

    Raises NoPyannote where the package is not installed, NotAPipeline for a folder that it cannot load.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / CONFIG).is_file():
            raise NotAPipeline(why=CONFIG)
        os.environ.update(SILENT)
        self._torch, loader = _package()
        try:
            with warnings.catch_warnings(action="ignore"):
                self._pipeline = loader.from_pretrained(folder)
        except Exception as error:  # whatever a foreign folder makes a foreign package raise
            raise NotAPipeline(why=type(error).__name__) from error
        if self._pipeline is None:
            raise NotAPipeline(why=CONFIG)

    def parts(self, sound: Mono16k, speakers: int | None, least: int, tell: Tell) -> list[Part]:
        """Who speaks when. `speakers`: how many there are, if that is known; else at least `least`."""
        file = {"waveform": self._torch.from_numpy(sound[None]), "sample_rate": 16_000}
        count = {"num_speakers": speakers} if speakers else {"min_speakers": max(1, least)}
        with warnings.catch_warnings(action="ignore"):
            found = self._pipeline(file, hook=_hook(tell), **count).speaker_diarization
        names = {name: number for number, name in enumerate(found.labels())}
        return [
            Part(round(segment.start * 1000), round(segment.end * 1000), names[name])
            for segment, _, name in found.itertracks(yield_label=True)
        ]


def _package() -> tuple[Any, Any]:
    """PyTorch and pyannote's `Pipeline`. Raises NoPyannote."""
    try:
        with warnings.catch_warnings(action="ignore"):  # it warns of file decoders that are not used here
            import torch  # noqa: PLC0415 - an extra of 7 GB: loaded where it is asked for
            from pyannote.audio import Pipeline as Loader  # noqa: PLC0415
    except (ImportError, OSError) as error:  # OSError: libraries of PyTorch that do not fit this machine
        raise NoPyannote(why=type(error).__name__) from error
    return torch, Loader


def _hook(tell: Tell) -> Callable[..., None]:
    """Its progress, step by step, as a part of the whole."""

    def hook(
        step: str, *_: object, total: int | None = None, completed: int | None = None, **__: object
    ) -> None:
        since, until = STEPS.get(step, (0.0, 0.0))
        if total and completed is not None and until:
            tell(
                since + (until - since) * min(1.0, completed / total)
            )  # its last batch counts as a whole one

    return hook


def joined(passages: Iterable[Speech]) -> tuple[Mono16k, Mapping[int, int]]:
    """What was said on several microphones as one sound, one after the other, with silence between the passages.

    And by channel: where it begins in that sound (ms).
    """
    by_channel: dict[int, list[Speech]] = {}
    for speech in passages:
        by_channel.setdefault(speech.channel, []).append(speech)
    starts, at_ms = dict[int, int](), 0
    for channel, its in sorted(by_channel.items()):
        starts[channel] = at_ms
        at_ms += max(speech.end_ms for speech in its) + APART_MS
    sound = np.zeros(at_ms * 16, np.float32)
    for channel, its in by_channel.items():
        for speech in its:
            at = (starts[channel] + speech.start_ms) * 16
            sound[at : at + len(speech.audio)] = speech.audio
    return sound, starts


def voices(
    parts: Sequence[Part], passages: Sequence[Passage], starts: Mapping[int, int]
) -> Mapping[Stretch, int]:
    """For each stretch of the passages the voice that has most in common with it, -1 where none has any."""
    rows = np.array([(part.start_ms, part.end_ms, part.voice) for part in parts], np.int64).reshape(-1, 3)
    return {
        note.stretch: _voice(note.stretch, rows, starts[passage.channel])
        for passage in passages
        for note in passage.notes
    }


def _voice(stretch: Stretch, rows: Labels, offset_ms: int) -> int:
    if not len(rows):
        return -1
    common = np.zeros(rows[:, 2].max() + 1, np.int64)
    for start, end in stretch.spans:
        shared = np.minimum(rows[:, 1], end + offset_ms) - np.maximum(rows[:, 0], start + offset_ms)
        np.add.at(common, rows[:, 2], np.maximum(shared, 0))
    return int(common.argmax()) if common.any() else -1
