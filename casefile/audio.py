"""Following the sound of a recording, also while it is written. The queue of the pipeline is the disk.

The writers are `casefile.recording` (both copies) and `recorder.journal`. A reader never waits and never
holds more than the sound it was asked for.
"""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from casefile.entries import Block, Ended, Entry, PauseBegun, Start
from casefile.model import AudioChunk, AudioFormat, ClockStep, Gap, GapReason
from casefile.tape import Tape, Unreadable, file_of, index_files


class Follower:
    """Hands out a recording in order of its entries, as it is written: the queue that is the disk.

    `from_ms`: sound that ends before is passed over. With `wait` it stays in front of an entry that has not
    arrived yet (the recorder's backlog will bring it); without, it goes on behind it.
    """

    def __init__(self, folder: Path, from_ms: int = 0, *, wait: bool = True) -> None:
        self.ended = False
        self.format: AudioFormat | None = None
        self._folder, self._from_ms, self._wait = folder, from_ms, wait
        self._finishing = threading.Event()
        self._tape: Tape | None = None
        self._origin_ms = 0
        self._n, self._looked_at = 1, 0
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
        while not self.ended:
            last_look = self._finishing.is_set()
            if (entry := self._read_on()) is not None:
                return entry
            if not self._move():
                self.ended = last_look
                return None
        return None

    def _read_on(self) -> Entry | Unreadable | None:
        """Entry `_n` from the file that is open, if it is there: after a move it may begin before."""
        if self._tape is None:
            return None
        self._tape.seek(self._n)
        entry = self._tape.step() if self._tape.n == self._n else None
        if entry is not None:
            self._n = self._tape.n
        return entry

    def _move(self) -> bool:
        """Opens the file in which entry `_n` must come, unless it is open; without waiting, a later one.

        A server whose disk was full, or that was cut off, takes back lines and writes the same entries into
        a file of their own: so a file is never believed to be the right one for good.
        """
        index = file_of(self._folder, self._n)
        if index and not self._is_open(index):
            return self._turn_to(index)
        later = index_files(self._folder) if self._finishing.is_set() or not self._wait else []
        behind = next((path for path in later if int(path.stem) > self._n), None)
        if behind is None:
            return False
        if self._looked_at != self._n:  # lines may have come before that file did: once more
            self._looked_at = self._n
            return True
        self._n = int(behind.stem)
        return self._turn_to(behind)

    def _is_open(self, index: Path) -> bool:
        return (
            self._tape is not None and self._tape.first == int(index.stem) and not self._tape.replaced(index)
        )

    def _turn_to(self, index: Path) -> bool:
        self.close()
        try:
            self._tape = Tape(index)
        except FileNotFoundError:  # taken back between two looks
            return False
        return True

    def finish_without_end(self) -> None:
        """Nothing more will come: reads behind holes to the end of the files, and has `ended` there.

        May be called from any thread, and twice.
        """
        self._finishing.set()

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
        pcm = self._tape.take(entry)
        if entry.damaged or len(pcm) != block.frames * form.frame_bytes:
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
