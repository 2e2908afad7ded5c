"""Whether a sealed record is as it was sealed: proven from its folder alone.

Needs the standard library only. Where libsndfile (`soundfile`) is installed the sound is decoded as well and
every block of samples is checked against the chain; `Verified.decoded` says whether that was done.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from casefile.chain import GENESIS, chain
from casefile.errors.case_file import BrokenPart
from casefile.manifest import (
    FORMAT,
    HAS_SM3,
    NAME,
    WITNESSES,
    FileDigest,
    Manifest,
    SoundFile,
    digests,
    from_json,
    witness,
)
from casefile.packed import Packed, Place
from casefile.verdict import alien, broken_event, changed, gone, unknown, unlike
from casefile.verify_sound import MALFORMED, can_decode, check_file, link_problems

Progress = Callable[[float], None]
Key = bytes
"""The 32 bytes of an Ed25519 public key."""
_EVENTS = "events.jsonl"


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found. `problems`: every broken thing, the first first; none means that the record is whole.

    `damaged`: blocks that were sealed as damaged. `missing`: ranges of entries that no copy had at sealing.
    `decoded`, `sm3`: whether samples and SM3 digests could be checked on this machine. `signed_by`: the public key of
    an archive's signature; `sealed_events`: how many of its events the sealed record holds.
    """

    problems: tuple[BrokenPart, ...]
    hearing_id: str = ""
    files: int = 0
    bytes: int = 0
    events: int = 0
    blocks: int = 0
    damaged: tuple[int, ...] = ()
    missing: tuple[tuple[int, int], ...] = ()
    manifest_sha256: str = ""
    decoded: bool = False
    sm3: bool = HAS_SM3
    signed_by: Key = b""
    sealed_events: int = 0

    @property
    def ok(self) -> bool:
        """Nothing is broken."""
        return not self.problems


def verify(folder: Place, progress: Progress = lambda done: None) -> Verified:
    """Checks every file, the chain of events and the chain of sound of a sealed record. Changes nothing.

    `progress` is told 0 to 1. Raises nothing for a broken record: what is broken is in `problems`.
    """
    problems = _witness_problems(folder)
    manifest = None if problems and problems[0].facts["file"] == NAME else _manifest(folder, problems)
    if manifest is None:
        return Verified(tuple(problems))
    audit = _Audit(folder, manifest, problems, progress)
    audit.run()
    progress(1.0)
    return audit.verdict()


def _witness_problems(folder: Place) -> list[BrokenPart]:
    """The manifest against its digests. Where one fits and another does not, the other one is broken."""
    try:
        text = (folder / NAME).read_bytes()
    except OSError:
        return [gone(NAME)]
    fits = {file: _fits(folder / file, algorithm, text) for algorithm, file in WITNESSES.items()}
    known = {file: fit for file, fit in fits.items() if fit is not None}
    if known and not any(known.values()):
        return [changed(NAME)]
    return [changed(file) for file, fit in known.items() if not fit]


def _fits(path: Place, algorithm: str, text: bytes) -> bool | None:
    """None: there is no such digest, or it cannot be made here."""
    if not path.exists() or (algorithm == "sm3" and not HAS_SM3):
        return None
    return path.read_bytes() == witness(algorithm, text).encode()


def _manifest(folder: Place, problems: list[BrokenPart]) -> Manifest | None:
    try:
        manifest = from_json(json.loads((folder / NAME).read_bytes()))
    except MALFORMED:
        manifest = None
    if manifest is None or manifest.format != FORMAT:
        problems.append(unknown(NAME))
        return None
    return manifest


class _Audit:
    """One verification: what it looks at, what it found, how far it is (in bytes)."""

    def __init__(
        self, folder: Place, manifest: Manifest, problems: list[BrokenPart], progress: Progress
    ) -> None:
        self.folder, self.manifest, self.problems = folder, manifest, problems
        self.decode = can_decode()
        self.blocks = 0
        self._progress, self._done = progress, 0
        read = sum(file.bytes for file in manifest.files.values())
        self._total = max(1, read + sum(map(self._weight, manifest.audio.files)))

    def run(self) -> None:
        """All steps, the quick ones first."""
        good = self._names()
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            good -= self._digests(good, pool)
            self._events(good)
            self._sound(good, pool)

    def verdict(self) -> Verified:
        """What was found."""
        return Verified(
            problems=tuple(self.problems),
            hearing_id=self.manifest.hearing_id,
            files=len(self.manifest.files),
            bytes=sum(file.bytes for file in self.manifest.files.values()),
            events=self.manifest.events.count,
            blocks=self.blocks,
            damaged=self.manifest.audio.damaged,
            missing=self.manifest.audio.missing,
            manifest_sha256=digests(self.folder / NAME).sha256,
            decoded=self.decode,
            sm3=HAS_SM3,
        )

    def _did(self, weight: int) -> None:
        self._done += weight
        self._progress(min(1.0, self._done / self._total))

    def _weight(self, file: SoundFile) -> int:
        return file.frames * file.channels * 2 if self.decode else 0

    def _names(self) -> set[str]:
        """Tells what is missing and what is alien; returns the files of the manifest that are there."""
        found = set(walk(self.folder))
        wanted = {NAME, WITNESSES["sha256"], *self.manifest.files}
        if any(file.sm3 for file in self.manifest.files.values()):
            wanted.add(WITNESSES["sm3"])
        self.problems += [gone(name) for name in sorted(wanted - found)]
        self.problems += [alien(name) for name in sorted(found - wanted)]
        return found & set(self.manifest.files)

    def _digests(self, present: set[str], pool: ThreadPoolExecutor) -> set[str]:
        """Reads every file; returns the names of those that changed."""
        jobs = {pool.submit(digests, self.folder / name): name for name in sorted(present)}
        for job in as_completed(jobs):
            self._did(self.manifest.files[jobs[job]].bytes)
        bad = {name for job, name in jobs.items() if not _same(job, self.manifest.files[name])}
        self.problems += [changed(name) for name in sorted(bad)]
        return bad

    def _events(self, good: set[str]) -> None:
        """The chain of events, from the first to the head that the manifest names."""
        if _EVENTS not in self.manifest.files:
            self.problems.append(unlike(_EVENTS))
        elif _EVENTS in good:
            sealed = self.manifest.events
            with (self.folder / _EVENTS).open("rb") as lines:
                broken = first_broken(lines, self.manifest.hearing_id, sealed.count, sealed.head)
            self.problems += [broken_event(_EVENTS, broken)] if broken else []

    def _sound(self, good: set[str], pool: ThreadPoolExecutor) -> None:
        """Every index with its samples, then the chain from one to the next.

        Files that are known to be broken are not looked into: that would only say the same again.
        """
        files = self.manifest.audio.files
        unlisted = [file for file in files if not _parts(file) <= set(self.manifest.files)]
        self.problems += [unlike(f"audio/{file.wav}") for file in unlisted]
        whole = [file for file in files if _parts(file) <= good]
        known = frozenset(self.manifest.audio.damaged)
        check = partial(check_file, self.folder / "audio", decode=self.decode, damaged=known)
        jobs = {pool.submit(check, file): file for file in whole}
        for job in as_completed(jobs):
            self._did(self._weight(jobs[job]))
        runs = [job.result() for job in jobs]
        self.blocks = sum(run.blocks for run in runs)
        self.problems += [run.problem for run in runs if run.problem]
        if len(runs) == len(files) and not any(run.problem for run in runs):
            self.problems += link_problems(self.manifest.audio, runs)


def walk(folder: Place) -> Iterator[str]:
    """Every file of the record by its path inside; what is linked from elsewhere is marked by an arrow."""
    if isinstance(folder, Packed):
        yield from folder.names()
        return
    for root, folders, files in os.walk(folder):
        for name in [*files, *(name for name in folders if Path(root, name).is_symlink())]:
            path = Path(root, name)
            yield path.relative_to(folder).as_posix() + (" ->" if path.is_symlink() else "")


def same_digest(found: FileDigest, sealed: FileDigest) -> bool:
    """Size and digests are the same, as far as both are known."""
    same_sm3 = None in (found.sm3, sealed.sm3) or found.sm3 == sealed.sm3
    return (found.bytes, found.sha256) == (sealed.bytes, sealed.sha256) and same_sm3


def _same(job: Future[FileDigest], sealed: FileDigest) -> bool:
    try:
        found = job.result()
    except OSError:
        return False
    return same_digest(found, sealed)


def first_broken(lines: Iterable[bytes], hearing_id: str, count: int, head: str) -> int | None:
    """The number of the first event that is not as it was chained, None when all are."""
    seq, digest = 0, GENESIS
    for seq, line in enumerate(lines, 1):
        try:
            digest = next_digest(json.loads(line), hearing_id, seq, digest)
        except MALFORMED:
            return seq
    return None if (seq, digest) == (count, head) else seq + 1


def next_digest(stored: dict[str, Any], hearing_id: str, seq: int, previous: str) -> str:
    """The digest of a stored event that is number `seq`. Raises one of MALFORMED when it is another."""
    digest = chain(previous, hearing_id, seq, stored["at"], stored["by"], stored["event"])
    said = (stored["hearing_id"], stored["seq"], stored["previous"], stored["digest"])
    if said != (hearing_id, seq, previous, digest):
        raise ValueError("not the event that was chained")
    return digest


def _parts(file: SoundFile) -> set[str]:
    return {f"audio/{Path(file.wav).stem}.jsonl", *(f"audio/{name}" for name in file.flac)}
