"""Is somebody speaking? A cheap gate for silent channels, a gain for soft voices, and Silero as the judge.

All look at frames of 512 samples (32 ms) of one channel at 16 kHz. Source: Silero VAD v6 (MIT, the ONNX file
that faster-whisper carries). Silero misses soft voices (`bench/vad.py`: at 30 dB less, a fifth of the onsets),
so what it hears is brought to one level first; the sound itself stays as it is.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime

from casefile.errors import ModelMissing
from casefile.model import Mono16k

FRAME = 512
FRAME_MS = 32
CONTEXT = 64


class SpeechDetector(Protocol):
    """The seam: one detector per channel, fed frame after frame without a hole."""

    def probability(self, frame: Mono16k) -> float:
        """How sure it is, 0 to 1, that this frame (512 samples) holds speech."""


@cache
def _session() -> Any:
    """Silero's network, loaded once; state is kept by each detector. Raises ModelMissing."""
    package = find_spec("faster_whisper")
    origin = package.origin if package else None
    path = Path(origin or "").parent / "assets" / "silero_vad_v6.onnx"
    if not path.is_file():
        raise ModelMissing(name="silero-vad")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


class Silero:
    """The judge: recurrent, so it hears frames in order; one per channel."""

    def __init__(self) -> None:
        self._session = _session()
        self.reset()

    def reset(self) -> None:
        """Forget what was heard (after a hole in the sound)."""
        self._h = np.zeros((1, 1, 128), np.float32)
        self._c = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros(CONTEXT, np.float32)

    def probability(self, frame: Mono16k) -> float:
        """See `SpeechDetector`."""
        window = np.concatenate([self._context, frame])[None]
        self._context = frame[-CONTEXT:]
        probability, self._h, self._c = self._session.run(None, {"input": window, "h": self._h, "c": self._c})
        return float(probability.reshape(-1)[0])


class Gated:
    """Silero behind a gate and a gain: a silent room costs next to nothing, and a soft voice counts like a loud one.

    While the gate is shut, frames wait in a short memory; when it opens, Silero hears them first, so that it
    judges the onset with its usual context.
    """

    def __init__(self, judge: SpeechDetector | None = None, *, hold: int = 12, memory: int = 10) -> None:
        self._judge = judge or Silero()
        self._hold = hold
        self._quiet = hold
        self._memory: deque[Mono16k] = deque(maxlen=memory)
        self._room = RoomLevel()
        self._gain = Gain()

    def probability(self, frame: Mono16k) -> float:
        """See `SpeechDetector`; 0.0 while the gate is shut."""
        self._quiet = 0 if self._room.exceeded(frame) else self._quiet + 1
        heard = self._gain.applied(frame)
        if self._quiet >= self._hold:
            self._memory.append(heard)
            return 0.0
        while self._memory:
            self._judge.probability(self._memory.popleft())
        return self._judge.probability(heard)


class RoomLevel:
    """The gate: does a frame stand out of the room's steady noise?

    The level is that of the sample-to-sample difference: hum and rumble, which waver, are weak in it, and
    speech is not. The room's level follows every lower frame at once and rises by `rise_db` a frame.
    """

    def __init__(self, over_db: float = 2.0, rise_db: float = 0.02, least_db: float = -90.0) -> None:
        self._over, self._rise, self._least = over_db, rise_db, least_db
        self._level = -40.0

    def exceeded(self, frame: Mono16k) -> bool:
        """Whether the frame is `over_db` above the room."""
        level = level_db(frame[1:] - frame[:-1])
        self._level = max(self._least, min(level, self._level + self._rise))
        return level > self._level + self._over


class Gain:
    """Brings the loudest of the last seconds to `target_db` (RMS of a frame), by `most_db` at most; never softer."""

    def __init__(self, target_db: float = -25.0, most_db: float = 40.0, release_db: float = 0.2) -> None:
        self._target, self._most, self._release = target_db, most_db, release_db
        self._level = -120.0

    def applied(self, frame: Mono16k) -> Mono16k:
        """The frame as the judge should hear it."""
        self._level = max(level_db(frame), self._level - self._release)
        gain_db = min(self._most, max(0.0, self._target - self._level))
        return frame * np.float32(10 ** (gain_db / 20))


def level_db(samples: Mono16k) -> float:
    """RMS in dB full scale; -120 for digital silence."""
    return 10 * math.log10(float(np.dot(samples, samples)) / len(samples) + 1e-12)


DetectorFactory = Callable[[], SpeechDetector]
