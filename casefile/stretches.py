"""Any stretch of a recording's sound, and where there is sound: for whoever listens to it again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from casefile.audio import Follower
from casefile.entries import Block, Entry, Start
from casefile.model import AudioChunk, Gap
from casefile.tape import Tape, index_files


def read_range(folder: Path, from_ms: int, to_ms: int) -> Iterator[AudioChunk | Gap]:
    """The sound from `from_ms` to `to_ms` in pieces of about a second, cut to the range."""
    follower = Follower(folder, from_ms, wait=False)
    try:
        while items := follower.read(1000):
            for item in items:
                if item.start_ms >= to_ms:
                    return
                if (piece := _cut(item, from_ms, to_ms)) is not None:
                    yield piece
    finally:
        follower.close()


def _cut(item: AudioChunk | Gap, from_ms: int, to_ms: int) -> AudioChunk | Gap | None:
    start_ms, end_ms = max(item.start_ms, from_ms), min(item.end_ms, to_ms)
    if start_ms >= end_ms:
        return None
    if isinstance(item, Gap):
        return Gap(start_ms, end_ms, item.reason, item.channel)
    first, last = item.format.frames(start_ms - item.start_ms), item.format.frames(end_ms - item.start_ms)
    return AudioChunk(item.format, start_ms, item.pcm[first:last])


def sound_ranges(folder: Path, bridge_ms: int = 2000) -> list[tuple[int, int]]:
    """Where there is sound: `[(start_ms, end_ms), ...]`, holes shorter than `bridge_ms` bridged.

    Only files that have changed since the last call are read.
    """
    found: list[tuple[int, int]] = []
    start: Start | None = None
    for index in index_files(folder):
        seen = index.stat()
        stretches, start = _stretches(index, start, (seen.st_ino, seen.st_size, seen.st_mtime_ns))
        for begin, end in stretches:
            _bridge(found, begin, end, bridge_ms)
    return found


@lru_cache(2048)
def _stretches(
    index: Path, start: Start | None, _version: tuple[int, int, int]
) -> tuple[tuple[tuple[int, int], ...], Start | None]:
    """Unbroken stretches of sound of one pair of files in ms, and the last `Start`, given the one before."""
    found: list[tuple[int, int]] = []
    with Tape(index) as tape:
        while (entry := tape.step()) is not None:
            if isinstance(entry, Entry) and isinstance(entry.fact, Start):
                start = entry.fact
            elif isinstance(entry, Entry) and isinstance(entry.fact, Block) and start:
                form, block = start.format, entry.fact
                begin, end = form.ms(block.frame), form.ms(block.frame + block.frames)
                _bridge(found, start.origin_ms + begin, start.origin_ms + end, 1)
    return tuple(found), start


def _bridge(found: list[tuple[int, int]], begin: int, end: int, bridge_ms: int) -> None:
    """Adds a stretch, joined to the last one if less than `bridge_ms` lies between."""
    if found and begin - found[-1][1] < bridge_ms:
        begin = found.pop()[0]
    found.append((begin, end))
