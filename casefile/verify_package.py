"""Whether an archive or an extract is as the court signed it: proven from the folder or ZIP alone, by the standard library.

An archive: its signature, every file, the sealed record in it by the record's own manifest, the events after sealing as a
continuation of the sealed chain, and the signatures as they stand in the events.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from casefile.chain import GENESIS
from casefile.errors.case_file import BrokenPart
from casefile.manifest import NAME, WITNESSES, Manifest, digests, from_json
from casefile.package import SIGNATURE, UNLISTED, Format, Package, is_package, signed_package
from casefile.packed import Place, read_zip
from casefile.verdict import alien, broken_event, changed, gone, not_continued, repacked, unlike
from casefile.verify import Verified, next_digest, same_digest, verify, walk
from casefile.verify_extract import extract_problems
from casefile.verify_sound import MALFORMED

Progress = Callable[[float], None]


def verify_any(path: Path, court: bytes | None = None, progress: Progress = lambda done: None) -> Verified:
    """Checks a sealed record, an archive or an extract; the latter two as a folder or as a ZIP. Changes nothing.

    `court`: the public key that an archive must be signed by; None: any key. Raises nothing for what is broken.
    """
    place: Place | None = path if path.is_dir() else read_zip(path)
    if place is None:
        return Verified((repacked(path.name),))
    if is_package(place):
        return verify_package(place, court, progress)
    return verify(place, progress) if court is None else Verified((gone(SIGNATURE),))


def verify_package(place: Place, court: bytes | None, progress: Progress = lambda done: None) -> Verified:
    """The same for an archive or an extract at `place`."""
    package, problems = signed_package(place, court)
    if package is None:
        return Verified(tuple(problems))
    if package.format is Format.EXTRACT:
        found = _whole(place, package, problems, "")
        inner = extract_problems(place, package) if not found.problems else []
        return replace(found, problems=(*found.problems, *inner))
    return _archive(place, package, problems, progress)


def _archive(place: Place, package: Package, problems: list[BrokenPart], progress: Progress) -> Verified:
    record = _text(package.facts.get("record"))
    sealed = verify(place / record, progress)
    found = _whole(place, package, problems, record)
    inside = tuple(_inside(record, problem) for problem in sealed.problems)
    new = tuple(
        one for one in inside if one.facts["file"] not in {two.facts["file"] for two in found.problems}
    )
    after = () if found.problems or inside else tuple(_Events(place, package, record).problems())
    return replace(
        sealed,
        problems=(*found.problems, *new, *after),
        hearing_id=package.hearing_id,
        files=found.files + sealed.files,
        bytes=found.bytes + sealed.bytes,
        events=_count(package),
        manifest_sha256=found.manifest_sha256,
        signed_by=package.key,
        sealed_events=sealed.events,
    )


def _count(package: Package) -> int:
    try:
        return int(package.facts["events"]["count"])
    except MALFORMED:
        return 0


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _inside(record: str, problem: BrokenPart) -> BrokenPart:
    return BrokenPart(**{**problem.facts, "file": f"{record}/{problem.facts['file']}"})


def _whole(place: Place, package: Package, problems: list[BrokenPart], record: str) -> Verified:
    """Every file of the manifest; those below `record` are the sealed record's own affair."""
    listed = package.files
    found = {name for name in walk(place) if not _below(name, record) or name in listed}
    wanted = {name for name in UNLISTED if name != WITNESSES["sm3"] or _has_sm3(package)} | set(listed)
    told = {str(problem.facts["file"]) for problem in problems}
    problems += [gone(name) for name in sorted(wanted - found - told)]
    problems += [alien(name) for name in sorted(found - wanted)]
    present = sorted(found & set(listed))
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        fits = list(pool.map(lambda name: _fits(place / name, listed[name]), present))
    problems += [changed(name) for name, fit in zip(present, fits, strict=True) if not fit]
    return Verified(
        tuple(problems),
        hearing_id=package.hearing_id,
        files=len(listed),
        bytes=sum(digest.bytes for digest in listed.values()),
        manifest_sha256=digests(place / NAME).sha256,
        signed_by=package.key,
    )


def _below(name: str, folder: str) -> bool:
    return bool(folder) and name.startswith(f"{folder}/")


def _has_sm3(package: Package) -> bool:
    return any(digest.sm3 for digest in package.files.values())


def _fits(place: Place, listed: Any) -> bool:
    try:
        return same_digest(digests(place), listed)
    except OSError:
        return False


class _Events:
    """All events of an archive against the sealed record, their list of digests and the signatures."""

    def __init__(self, place: Place, package: Package, record: str) -> None:
        self.place, self.package, self.record = place, package, record
        self.facts = package.facts
        self.signed: list[dict[str, Any]] = []

    def problems(self) -> list[BrokenPart]:
        """What is wrong; the first thing that a step finds ends it."""
        try:
            return self._checked()
        except (*MALFORMED, OSError):
            return [unlike(NAME)]

    def _checked(self) -> list[BrokenPart]:
        name = self.facts["events"]["path"]
        seen = self._chained(name)
        if isinstance(seen, BrokenPart):
            return [seen]
        if (len(seen), seen[-1:]) != (self.facts["events"]["count"], [self.facts["events"]["head"]]):
            return [unlike(name)]
        return [*self._lists(seen), *self._continues(name, seen)]

    def _chained(self, name: str) -> list[str] | BrokenPart:
        """The digests of all events."""
        seen: list[str] = []
        with (self.place / name).open("rb") as lines:
            for line in lines:
                try:
                    stored = json.loads(line)
                    previous = seen[-1] if seen else GENESIS
                    seen.append(next_digest(stored, self.package.hearing_id, len(seen) + 1, previous))
                    self._note(stored)
                except MALFORMED:
                    return broken_event(name, len(seen) + 1)
        return seen

    def _note(self, stored: dict[str, Any]) -> None:
        if stored["event"].get("type") == "RecordSigned":
            self.signed.append(stored)

    def _lists(self, seen: list[str]) -> list[BrokenPart]:
        """The list of digests and the list of signatures say what the events say."""
        digest_list, signatures = self.facts["digests"], self.facts["signatures"]
        listed = (self.place / digest_list).read_bytes() == "".join(f"{one}\n" for one in seen).encode()
        signed = json.loads((self.place / signatures).read_bytes())["signed"] == self.signed
        return [unlike(name) for name, fits in ((digest_list, listed), (signatures, signed)) if not fits]

    def _continues(self, name: str, seen: list[str]) -> list[BrokenPart]:
        """The sealed record's events are the first of them, and the next one names its manifest."""
        text = (self.place / self.record / NAME).read_bytes()
        sealed: Manifest = from_json(json.loads(text))
        count = sealed.events.count
        with (self.place / name).open("rb") as lines:
            after = [line for number, line in enumerate(lines) if number == count]
        said = json.loads(after[0])["event"] if after else {}
        whole = sealed.hearing_id == self.package.hearing_id and seen[:count][-1:] == [sealed.events.head]
        named = (
            said.get("manifest_sha256") == hashlib.sha256(text).hexdigest()
            and said.get("type") == "RecordSealed"
        )
        return [] if whole and named else [not_continued(name)]
