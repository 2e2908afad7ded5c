"""How loud a recording is over its whole length: one byte per tenth of a second, made once, extended as it grows.

0 is no sound at all (a pause, a gap, damage), 1 silence, 255 full scale; between, the square root of the highest
sample of any channel, so that quiet speech can be seen. Eight hours are 288,000 bytes. Of a sealed recording
they are kept in a file beside the sound that is no part of the record: it may be deleted at any time.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from casefile.audio import Follower
from casefile.model import AudioChunk

log = logging.getLogger(__name__)

STEP_MS = 100
FILE = "peaks"
MAGIC = b"tingji peaks 1\n"
MOST_KEPT = 16
"""Hearings in memory."""

Levels = NDArray[np.uint8]


class Peaks:
    """Of one recording. Thread-safe. `sealed`: it grows no more, so what is found is kept in a file."""

    def __init__(self, folder: Path, *, sealed: bool = False) -> None:
        self._file, self.sealed = folder / FILE, sealed
        self._levels = bytearray()
        self._lock = Lock()
        self._follower: Follower | None = None
        if not (sealed and self._load()):
            self._follower = Follower(folder)
            if sealed:
                self._follower.finish_without_end()

    def _load(self) -> bool:
        try:
            stored = self._file.read_bytes()
        except OSError:
            return False
        if not stored.startswith(MAGIC):
            return False
        self._levels += stored.removeprefix(MAGIC)
        return True

    @property
    def known_ms(self) -> int:
        """How far the recording has been looked at."""
        return len(self._levels) * STEP_MS

    def read_on(self, budget_s: float, clock: Callable[[], float] = time.monotonic) -> bool:
        """Takes in what was recorded since, for about so long; False when there is more than that. OSError."""
        end = clock() + budget_s
        with self._lock:
            while self._follower and (items := self._follower.read()):
                for item in items:
                    if isinstance(item, AudioChunk):
                        self._add(item)
                if clock() > end:
                    return False
            if self._follower and self._follower.ended:
                self._complete()
        return True

    def _complete(self) -> None:
        """Nothing more comes."""
        self._follower = None
        if self.sealed:
            try:
                draft = self._file.with_suffix(".draft")
                draft.write_bytes(MAGIC + self._levels)
                draft.replace(self._file)
            except OSError as error:  # it is made anew the next time
                log.warning("peaks were not kept: error %s", error.errno)

    def _add(self, chunk: AudioChunk) -> None:
        first, last = chunk.start_ms // STEP_MS, -(-chunk.end_ms // STEP_MS)
        if first >= last:
            return
        self._levels.extend(bytes(max(0, last - len(self._levels))))
        there = np.frombuffer(self._levels, np.uint8)[
            first:last
        ]  # a view: what a block began, the next one ends
        np.maximum(there, _levels(chunk, first, last), out=there)

    def points(self, from_ms: int, to_ms: int, count: int) -> list[int]:
        """The loudest of each of `count` equal parts of the stretch; 0 where there is no sound, or none known yet."""
        with self._lock:
            levels = np.frombuffer(bytes(self._levels), np.uint8)
        edges = (from_ms + (to_ms - from_ms) * np.arange(count + 1) // count) // STEP_MS
        begins, ends = edges[:-1], np.maximum(edges[1:], edges[:-1] + 1)
        padded = np.append(levels[: ends[-1]], np.zeros(max(0, ends[-1] - len(levels)) + 1, np.uint8))
        pairs = np.stack((begins, ends), axis=1).ravel()
        return [int(level) for level in np.maximum.reduceat(padded, pairs)[::2]]


def _levels(chunk: AudioChunk, first: int, last: int) -> Levels:
    """The level of each step from number `first` on, as far as the chunk fills it."""
    starts_ms = np.maximum(np.arange(first, last) * STEP_MS - chunk.start_ms, 0)
    frames = np.minimum(starts_ms * chunk.format.rate // 1000, len(chunk.pcm) - 1)
    flat, places = chunk.pcm.ravel(), frames * chunk.format.channels
    high, low = np.maximum.reduceat(flat, places), np.minimum.reduceat(flat, places)
    loudest = np.maximum(high.astype(np.int32), -low.astype(np.int32)) / 32768
    return np.asarray(1 + np.rint(254 * np.sqrt(loudest)), np.uint8)


class KeptPeaks:
    """Of all recordings below a folder; those last asked for stay in memory. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, Lock()
        self._kept: OrderedDict[str, Peaks] = OrderedDict()

    def of(self, hearing_id: str, *, sealed: bool) -> Peaks:
        """The peaks as far as they are known. What came when the hearing was open is looked at again once it is
        sealed: holes were filled and damage repaired meanwhile."""
        with self._lock:
            kept = self._kept.get(hearing_id)
            if kept is None or kept.sealed != sealed:
                kept = self._kept[hearing_id] = Peaks(self._folder / hearing_id, sealed=sealed)
            self._kept.move_to_end(hearing_id)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
            return kept
