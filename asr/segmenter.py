"""Cuts one channel into passages that hold speech: values in, values out."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from asr.vad import FRAME_MS
from casefile.model import Mono16k, Speech, Voicing


@dataclass(frozen=True, slots=True)
class SegmenterOptions:
    """When a passage begins, ends and is cut. Probabilities 0 to 1, times in ms.

    After `fading_ms` of silence a passage holds all that it will hold, should it end here.
    `min_speech_ms` counts frames judged as speech: a word of 200 ms (是, 有, 不) gives at least four.
    The silence that ends a passage shrinks from `silence_ms` to `silence_late_ms` between `late_ms` and
    `max_ms`, so that a long passage ends at a breath rather than at a cut.
    """

    onset: float = 0.5
    offset: float = 0.3
    min_speech_ms: int = 128
    silence_ms: int = 608
    silence_late_ms: int = 224
    late_ms: int = 6_000
    max_ms: int = 14_000
    before_ms: int = 256
    after_ms: int = 192
    fading_ms: int = 224

    def __post_init__(self) -> None:
        if not 0 < self.offset <= self.onset < 1:
            raise ValueError("0 < offset <= onset < 1")
        if not self.silence_ms < self.late_ms < self.max_ms <= 29_000:
            raise ValueError("silence_ms < late_ms < max_ms <= 29000")
        if not self.after_ms < self.fading_ms < self.silence_ms:
            raise ValueError("after_ms < fading_ms < silence_ms")


class Segmenter:
    """Push frames of 512 samples with their probability; get passages back when they close.

    `open` is the passage that is still growing, for tentative text.
    """

    def __init__(self, channel: int, start_ms: int = 0, options: SegmenterOptions | None = None) -> None:
        self._channel = channel
        self._options = options or SegmenterOptions()
        self._now_ms = start_ms
        self._before: deque[Mono16k] = deque(maxlen=self._options.before_ms // FRAME_MS)
        self._forget()

    def _forget(self) -> None:
        self._frames: list[Mono16k] = []
        self._probabilities: list[float] = []
        self._start_ms = self._now_ms
        self._speaking = False
        self._voiced = 0
        self._last_voiced = 0

    def push(self, frame: Mono16k, probability: float) -> list[Speech]:
        """Take the next frame; return the passages that it closes (none, or one)."""
        self._now_ms += FRAME_MS
        threshold = self._options.offset if self._speaking else self._options.onset
        self._speaking = probability >= threshold
        if not self._frames and not self._speaking:
            self._before.append(frame)
            return []
        if not self._frames:
            self._begin()
        self._frames.append(frame)
        self._probabilities.append(probability)
        if self._speaking:
            self._voiced += 1
            self._last_voiced = len(self._frames)
        return self._close_if_due()

    def flush(self) -> list[Speech]:
        """Close what is open (the sound has ended or has a hole); the next frame starts afresh."""
        closed = self._close() if self._frames else []
        self._before.clear()
        return closed

    def skip_to(self, start_ms: int) -> None:
        """After `flush`: the next frame begins at `start_ms`."""
        self._now_ms = start_ms

    @property
    def now_ms(self) -> int:
        """The end of the last frame pushed."""
        return self._now_ms

    @property
    def open(self) -> Speech | None:
        """What is heard so far of the passage that is still open, if it is long enough to be one."""
        if self._voiced * FRAME_MS < self._options.min_speech_ms:
            return None
        return self._speech(min(len(self._frames), self._last_voiced + self._after))

    @property
    def fading(self) -> Speech | None:
        """The passage as it will be if nothing more is said: it may be recognized before it is closed."""
        silent = (len(self._frames) - self._last_voiced) * FRAME_MS
        return self.open if silent >= self._options.fading_ms else None

    @property
    def _after(self) -> int:
        return self._options.after_ms // FRAME_MS

    def _begin(self) -> None:
        self._frames = list(self._before)
        self._probabilities = [0.0] * len(self._frames)
        self._start_ms = self._now_ms - FRAME_MS * (len(self._frames) + 1)
        self._before.clear()

    def _close_if_due(self) -> list[Speech]:
        silence = (len(self._frames) - self._last_voiced) * FRAME_MS
        if silence >= self._silence_needed():
            return self._close()
        if len(self._frames) * FRAME_MS >= self._options.max_ms:
            return self._cut()
        return []

    def _silence_needed(self) -> float:
        o = self._options
        age = (len(self._frames) * FRAME_MS - o.late_ms) / (o.max_ms - o.late_ms)
        return o.silence_ms - min(1.0, max(0.0, age)) * (o.silence_ms - o.silence_late_ms)

    def _close(self) -> list[Speech]:
        end = min(len(self._frames), self._last_voiced + self._after)
        heard = self._voiced * FRAME_MS >= self._options.min_speech_ms
        closed = [self._speech(end)] if heard else []
        self._before.extend(self._frames[end:] if heard else self._frames)
        self._forget()
        return closed

    def _cut(self) -> list[Speech]:
        """Too long: cut at the weakest moment of the later half; the rest stays open."""
        half = len(self._frames) // 2
        smooth = np.convolve(self._probabilities, np.ones(5) / 5, "same")[half:-5]
        at = half + int(np.argmin(smooth)) + 1
        closed = self._speech(at)
        self._start_ms += at * FRAME_MS
        self._frames, self._probabilities = self._frames[at:], self._probabilities[at:]
        self._voiced = sum(p >= self._options.offset for p in self._probabilities)
        self._last_voiced = max(0, self._last_voiced - at)
        return [closed]

    def _speech(self, end: int) -> Speech:
        voiced = [p for p in self._probabilities[:end] if p >= self._options.offset]
        voicing = Voicing(len(voiced) * FRAME_MS, sum(voiced) / max(1, len(voiced)))
        return Speech(self._channel, self._start_ms, np.concatenate(self._frames[:end]), voicing)
