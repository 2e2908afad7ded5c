"""Is somebody speaking? A cheap gate for silent channels, and Silero as the judge.

Both look at frames of 512 samples (32 ms) of one channel at 16 kHz. Sources: webrtcvad (WebRTC's Gaussian
mixture detector), Silero VAD v6 (MIT, the ONNX file that faster-whisper carries).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime
import webrtcvad

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
    """Silero behind the gate: silent frames cost next to nothing, and the frames before speech are not lost.

    While the gate is shut, frames wait in a short memory; when it opens, Silero hears them first, so that it
    judges the onset with its usual context. Below `floor_db` (RMS, dB full scale) nothing passes.
    """

    def __init__(
        self,
        judge: SpeechDetector | None = None,
        *,
        floor_db: float = -66.0,
        hold: int = 12,
        memory: int = 10,
    ) -> None:
        self._judge = judge or Silero()
        self._vad = webrtcvad.Vad(1)
        self._floor = 10 ** (floor_db / 20)
        self._hold = hold
        self._quiet = hold
        self._memory: deque[Mono16k] = deque(maxlen=memory)

    def probability(self, frame: Mono16k) -> float:
        """See `SpeechDetector`; 0.0 while the gate is shut."""
        self._quiet = 0 if self._lively(frame) else self._quiet + 1
        if self._quiet >= self._hold:
            self._memory.append(frame)
            return 0.0
        while self._memory:
            self._judge.probability(self._memory.popleft())
        return self._judge.probability(frame)

    def _lively(self, frame: Mono16k) -> bool:
        if float(np.sqrt(np.mean(frame**2))) < self._floor:
            return False
        pcm = (np.clip(frame[:480], -1, 1) * 32767).astype("<i2").tobytes()
        return bool(self._vad.is_speech(pcm, 16_000))


DetectorFactory = Callable[[], SpeechDetector]
