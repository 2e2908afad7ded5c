"""Reading the sound of a recording, also while it is written. The queue of the pipeline is the disk.

The writers are `casefile.recording` (both copies) and `recorder.journal`. A reader never waits and never
holds more than the sound it was asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from casefile.entries import Block, Ended, Entry, PauseBegun, Start
from casefile.model import AudioChunk, AudioFormat, ClockStep, Gap, GapReason
from casefile.soundcheck import Checked, check
from casefile.tape import Pieces, Tape, Unreadable, entries, index_files

__all__ = ["Checked", "Follower", "Pieces", "check", "entries", "read_range", "sound_ranges"]


class Follower:
    """Hands out a recording in order of its entries, as it is written: the queue that is the disk.

    `from_ms`: sound that ends before is passed over. With `wait` it stays in front of an entry that has not
    arrived yet (the recorder's backlog will bring it); without, it goes on behind it.
    """

    def __init__(self, folder: Path, from_ms: int = 0, *, wait: bool = True) -> None:
        self.ended = False
        self.format: AudioFormat | None = None
        self._folder, self._from_ms, self._wait = folder, from_ms, wait
        self._tape: Tape | None = None
        self._origin_ms = 0
        self._n = 1
        self._skip_ahead()

    def _skip_ahead(self) -> None:
        for index in index_files(self._folder) if self._from_ms else []:
            with Tape(index) as tape:
                entry = tape.step()
            if isinstance(entry, Entry) and not self._adopt(entry):
                return

    def _adopt(self, entry: Entry) -> bool:
        """Begins with the file that begins with `entry`, unless it begins too late."""
        begin_ms = _begin_ms(entry, self.format, self._origin_ms)
        if begin_ms > self._from_ms:
            return False
        if isinstance(entry.fact, Start):
            self._take_up(entry.fact)
        self._n = entry.n
        return True

    def _take_up(self, start: Start) -> None:
        self.format, self._origin_ms = start.format, start.origin_ms

    def read(self, max_ms: int = 2000) -> list[AudioChunk | Gap]:
        """What follows, about `max_ms` of sound at most; joined where contiguous. [] when nothing is new."""
        heard: list[AudioChunk | Gap] = []
        run: list[AudioChunk] = []
        taken_ms = 0
        while taken_ms < max_ms and (item := self._next()) is not None:
            if run and not (isinstance(item, AudioChunk) and _joins(run[-1], item)):
                heard.append(_joined(run))
                run = []
            if isinstance(item, AudioChunk):
                taken_ms += item.end_ms - item.start_ms
                run.append(item)
            else:
                heard.append(item)
        return [*heard, _joined(run)] if run else heard

    def _next(self) -> AudioChunk | Gap | None:
        while (entry := self._step()) is not None:
            item = self._item(entry)
            if item is not None and item.end_ms > self._from_ms:
                return item
        return None

    def _step(self) -> Entry | Unreadable | None:
        while not self.ended and (tape := self._tape or self._open()) is not None:
            entry = tape.step()
            if entry is None and self._following() is not None:
                entry = tape.step()  # lines that came before the next file did
                if entry is None:
                    self.close()
                    continue
            self._n = tape.n
            return entry
        return None

    def _open(self) -> Tape | None:
        index = self._following()
        self._tape = Tape(index) if index else None
        return self._tape

    def _following(self) -> Path | None:
        """The file in which entry `_n` lies, if not the one that is open; without waiting, any later one."""
        opened = self._tape.first if self._tape else 0
        index = self._folder / f"{self._n:010d}.jsonl"
        if opened != self._n and index.exists():
            return index
        later = index_files(self._folder) if not self._wait else []
        return next((path for path in later if int(path.stem) > max(self._n, opened)), None)

    def _item(self, entry: Entry | Unreadable) -> AudioChunk | Gap | None:
        assert self._tape is not None
        if isinstance(entry, Unreadable):
            return None
        match entry.fact:
            case Start() as start:
                self._take_up(start)
            case Gap() as gap:
                return gap
            case Ended():
                self.ended = True
                self.close()
            case Block() as block if self.format:
                return self._sound(entry, block, self.format)
        return None

    def _sound(self, entry: Entry, block: Block, form: AudioFormat) -> AudioChunk | Gap | None:
        assert self._tape is not None
        start_ms = self._origin_ms + form.ms(block.frame)
        end_ms = self._origin_ms + form.ms(block.frame + block.frames)
        if end_ms <= self._from_ms:
            self._tape.skip(entry)
            return None
        size = self._tape.size(entry)
        pcm = self._tape.take(entry)
        if entry.damaged or len(pcm) < size:
            return Gap(start_ms, end_ms, GapReason.DAMAGED)
        return AudioChunk(form, start_ms, np.frombuffer(pcm, "<i2").reshape(-1, form.channels))

    def close(self) -> None:
        """Closes the file that is open; reading may go on."""
        if self._tape:
            self._tape.close()
        self._tape = None


def _begin_ms(entry: Entry, form: AudioFormat | None, origin_ms: int) -> int:
    match entry.fact:
        case Block() as block if form:
            return origin_ms + form.ms(block.frame)
        case Gap() as gap:
            return gap.start_ms
        case PauseBegun() | ClockStep() as mark:
            return mark.at_ms
        case Start() as start:
            return start.origin_ms
    return origin_ms


def _joins(left: AudioChunk, right: AudioChunk) -> bool:
    return left.format == right.format and abs(right.start_ms - left.end_ms) <= 1


def _joined(run: list[AudioChunk]) -> AudioChunk:
    return AudioChunk(run[0].format, run[0].start_ms, np.concatenate([chunk.pcm for chunk in run]))


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
    """Where there is sound: `[(start_ms, end_ms), ...]`, holes shorter than `bridge_ms` bridged."""
    found: list[tuple[int, int]] = []
    start: Start | None = None
    for entry in entries(folder):
        if isinstance(entry.fact, Start):
            start = entry.fact
        if not isinstance(entry.fact, Block) or start is None:
            continue
        begin = start.origin_ms + start.format.ms(entry.fact.frame)
        end = start.origin_ms + start.format.ms(entry.fact.frame + entry.fact.frames)
        if found and begin - found[-1][1] < bridge_ms:
            begin = found.pop()[0]
        found.append((begin, end))
    return found
