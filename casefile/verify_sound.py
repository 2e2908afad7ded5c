"""The sound of a sealed record against its chain: indexes with the standard library, samples by decoding."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casefile.chain import GENESIS, entry_digest
from casefile.errors.case_file import BrokenPart
from casefile.manifest import Sound, SoundFile
from casefile.packed import Place
from casefile.verdict import broken_entry, undecodable, unlike

Entry = dict[str, Any]
MALFORMED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading a file raises that is not what it says it is."""
_RUN_BYTES = 8 << 20


@dataclass(slots=True)
class Run:
    """What one index holds: both ends of its chain, its blocks. `problem`: the first thing wrong."""

    first: int = 0
    last: int = 0
    previous: str = GENESIS
    head: str = GENESIS
    blocks: int = 0
    problem: BrokenPart | None = None


def can_decode() -> bool:
    """Whether FLAC can be decoded on this machine."""
    try:
        import casefile.flac  # noqa: F401, PLC0415 - needs numpy and libsndfile
    except (ImportError, OSError):
        return False
    return True


def check_file(folder: Place, sound: SoundFile, decode: bool, damaged: Collection[int]) -> Run:
    """Checks one file of the recording: `folder` is the record's `audio`. Problems are told, not raised.

    `damaged`: entries that were sealed as damaged and need not match their digests.
    """
    run = Run()
    name = f"audio/{Path(sound.wav).stem}.jsonl"
    try:
        entries = _entries(folder.parent / name)
        run.problem = _follow(run, name, entries, damaged) or _unlike(run, name, sound, entries)
        if decode and sound.flac and run.problem is None:
            run.problem = _samples(folder, sound, [e for e in entries if e["kind"] == "block"], damaged)
    except MALFORMED:
        run.problem = broken_entry(name, run.last + 1)
    except (OSError, RuntimeError):
        run.problem = undecodable(name)
    return run


def _entries(index: Place) -> list[Entry]:
    with index.open("rb") as lines:
        return [json.loads(line) for line in lines]


def _follow(run: Run, name: str, entries: Sequence[Entry], damaged: Collection[int]) -> BrokenPart | None:
    """Goes along the chain of one index; entries without samples are checked whole."""
    for entry in entries:
        if run.first == 0:
            run.first, run.last, run.previous = entry["n"], entry["n"] - 1, entry["previous"]
            run.head = run.previous
        linked = entry["previous"] == run.head
        whole = _frames(entry) > 0 or entry_digest(entry) == entry["sha256"]
        if entry["n"] != run.last + 1 or not ((linked and whole) or entry["n"] in damaged):
            return broken_entry(name, entry["n"])
        run.last, run.head = entry["n"], entry["sha256"]
        run.blocks += entry["kind"] == "block"
    return None


def _frames(entry: Entry) -> int:
    return int(entry["frames"]) if entry["kind"] == "block" else 0


def _unlike(run: Run, name: str, sound: SoundFile, entries: Sequence[Entry]) -> BrokenPart | None:
    """The manifest's figures against the index."""
    frames = sum(_frames(entry) for entry in entries)
    channels = sound.channels if sound.frames else 0
    said = (sound.first, sound.last, sound.frames, len(sound.flac))
    if said == (run.first, run.last, frames, channels):
        return None
    return unlike(name)


def _samples(
    folder: Place, sound: SoundFile, blocks: Sequence[Entry], damaged: Collection[int]
) -> BrokenPart | None:
    """Decodes and checks block by block, some megabytes at a time."""
    from casefile.flac import decoded  # noqa: PLC0415 - not there on every machine

    runs = list(_runs(blocks, _RUN_BYTES // (2 * sound.channels)))
    counts = [sum(map(_frames, run)) for run in runs]
    whole = hashlib.sha256()
    paths = [folder / name for name in sound.flac]
    for run, samples in zip(runs, decoded(paths, counts), strict=True):
        pcm = samples.data.cast("B") if len(samples) else memoryview(b"")
        whole.update(pcm)
        wrong = _first_wrong(run, pcm, 2 * sound.channels, damaged)
        if wrong is not None:
            return broken_entry(f"audio/{sound.flac[0]}", wrong["n"])
    return None if whole.hexdigest() == sound.pcm_sha256 else unlike(f"audio/{sound.flac[0]}")


def _runs(blocks: Sequence[Entry], frames: int) -> Iterator[list[Entry]]:
    """Neighbouring blocks, about `frames` frames at a time."""
    run: list[Entry] = []
    held = 0
    for block in blocks:
        run.append(block)
        held += _frames(block)
        if held >= frames:
            yield run
            run, held = [], 0
    if run:
        yield run


def _first_wrong(
    run: Sequence[Entry], pcm: memoryview, frame_bytes: int, damaged: Collection[int]
) -> Entry | None:
    at = 0
    for block in run:
        end = at + _frames(block) * frame_bytes
        fits = block["n"] in damaged or entry_digest(block, pcm[at:end]) == block["sha256"]
        if end > len(pcm) or not fits:
            return block
        at = end
    return None


def link_problems(sealed: Sound, runs: Sequence[Run]) -> list[BrokenPart]:
    """The chain across the files, the holes that were declared, and the end that the manifest names."""
    missing: list[tuple[int, int]] = []
    last, head = 0, GENESIS
    for run in runs:
        if run.first > last + 1:
            missing.append((last + 1, run.first - 1))
        elif (run.first, run.previous) != (last + 1, head) and run.first not in sealed.damaged:
            return [broken_entry("audio", run.first)]
        last, head = run.last, run.head
    same = (tuple(missing), last, head) == (sealed.missing, sealed.last, sealed.head)
    return [] if same else [unlike("audio")]
