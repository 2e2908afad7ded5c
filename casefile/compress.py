"""A recording, as it was written, into the sealed record: FLAC per channel, the samples unchanged."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from casefile.chain import GENESIS
from casefile.entries import HEADER_BYTES, Entry, Start, whole
from casefile.errors import CompressionFailed, DamagedRecording
from casefile.flac import Compressor, pcm_sha256
from casefile.manifest import Sound, SoundFile
from casefile.model import AudioFormat
from casefile.tape import Tape, Unreadable, index_files

Progress = Callable[[float], None]
WORKERS = os.cpu_count() or 1
_COPY = "server copy"


@dataclass
class _File:
    """A pair of files on its way into the record."""

    index: Path
    format: AudioFormat
    declared: Collection[int]
    first: int = 0
    last: int = 0
    previous: str = GENESIS
    head: str = GENESIS
    damaged: list[int] = field(default_factory=list)
    sound: SoundFile | None = None

    def note(self, entry: Entry) -> None:
        """Takes in the next entry. Raises DamagedRecording when it does not follow the one before."""
        if not self.first:
            self.first, self.previous = entry.n, entry.previous
        elif (entry.n, entry.previous) != (self.last + 1, self.head):
            self.excuse(entry)
        self.last, self.head = entry.n, entry.sha256

    def excuse(self, entry: Entry) -> None:
        """Notes that `entry` is damaged. Raises DamagedRecording when nobody has said so."""
        if not entry.damaged and entry.n not in self.declared:
            raise DamagedRecording(where=_COPY, number=entry.n)
        if entry.n not in self.damaged:
            self.damaged.append(entry.n)


def sound_bytes(recording: Path) -> int:
    """Bytes of all sound files of a recording."""
    return sum(index.with_suffix(".wav").stat().st_size for index in index_files(recording))


def compress(recording: Path, into: Path, progress: Progress, declared: Collection[int] = ()) -> Sound:
    """Writes indexes and FLAC files of `recording` into the folder `into`.

    Every block is checked on the way, and every FLAC is decoded again. An entry that is damaged and marked
    so, in its index or in `declared`, is taken as it is. Raises DamagedRecording for any other that does not
    match, CompressionFailed, OSError.
    """
    files = list(_files(recording, declared))
    total, done = max(1, sound_bytes(recording)), 0
    with ThreadPoolExecutor(WORKERS) as pool:
        jobs = {pool.submit(_compress, file, into): file for file in files}
        try:
            for job in as_completed(jobs):
                job.result()
                done += jobs[job].index.with_suffix(".wav").stat().st_size
                progress(done / total)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return _joined([file for file in files if file.first])


def _files(recording: Path, declared: Collection[int]) -> Iterator[_File]:
    """The files in order, each with the format that the last `start` entry before its sound names."""
    known: AudioFormat | None = None
    for index in index_files(recording):
        with Tape(index) as tape:
            entry = tape.step()
        if isinstance(entry, Entry) and isinstance(entry.fact, Start):
            known = entry.fact.format
        yield _File(index, _format(index, known), declared)


def _format(index: Path, known: AudioFormat | None) -> AudioFormat:
    """The header's format; the chained `start` entry outweighs it where both have as many channels."""
    with index.with_suffix(".wav").open("rb") as file:
        header = file.read(HEADER_BYTES)
    channels, rate = int.from_bytes(header[22:24], "little"), int.from_bytes(header[24:28], "little")
    if known and known.channels == channels:
        return known
    try:
        return AudioFormat(rate, channels)
    except ValueError as error:
        raise DamagedRecording(where=_COPY, number=int(index.stem)) from error


def _compress(file: _File, into: Path) -> None:
    stem, channels = file.index.stem, file.format.channels
    paths = [into / f"{stem}-ch{channel:02d}.flac" for channel in range(1, channels + 1)]
    with Compressor(paths, file.format.rate) as out, Tape(file.index) as tape:
        while (entry := tape.step()) is not None:
            out.write(_taken(tape, entry, file))
    if out.frames == 0:
        for path in paths:
            path.unlink()
    elif pcm_sha256(paths) != (out.frames, out.sha256):
        raise CompressionFailed(file=stem)
    _copy_lines(file.index, into / file.index.name)
    names = tuple(path.name for path in paths) if out.frames else ()
    facts = (out.frames, file.format.rate, channels, file.first, file.last)
    file.sound = SoundFile(f"{stem}.wav", names, out.sha256, *facts)


def _taken(tape: Tape, entry: Entry | Unreadable, file: _File) -> bytes:
    """The samples of `entry`, checked; a damaged block that is short is filled up with silence."""
    if isinstance(entry, Unreadable):
        raise DamagedRecording(where=_COPY, number=entry.n)
    file.note(entry)
    pcm = tape.take(entry)
    if entry.damaged or not whole(entry, pcm):
        file.excuse(entry)
    return pcm.ljust(tape.size(entry), b"\0")


def _copy_lines(index: Path, to: Path) -> None:
    """Without the torn line that a crash may have left."""
    lines = index.read_bytes()
    to.write_bytes(lines[: lines.rfind(b"\n") + 1])


def _joined(files: list[_File]) -> Sound:
    """All files as one. Raises DamagedRecording where two neighbours are not chained."""
    missing: list[tuple[int, int]] = []
    last, head = 0, GENESIS
    for file in files:
        if file.first > last + 1:
            missing.append((last + 1, file.first - 1))
        elif (file.first, file.previous) != (last + 1, head) and file.first not in file.declared:
            raise DamagedRecording(where=_COPY, number=file.first)
        last, head = file.last, file.head
    return Sound(
        first=files[0].first if files else 0,
        last=last,
        head=head,
        files=tuple(file.sound for file in files if file.sound),
        missing=tuple(missing),
        damaged=tuple(n for file in files for n in file.damaged),
    )
