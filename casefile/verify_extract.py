"""Whether an extract belongs to the signed whole it was taken from (docs/formats.md §7; court.md F4). Standard library alone.

The whole's signed manifest names the sealed record's manifest, that one the indexes of the sound; an index holds the digest
of every block, and the samples are here. Of the events the whole signs the list of all digests; each event here is one of it.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Collection, Iterator
from typing import Any

from casefile.chain import chain, entry_digest
from casefile.errors.case_file import BrokenPart
from casefile.manifest import FileDigest, Manifest, digests, from_json
from casefile.package import SIGNATURE, Package, signed_package
from casefile.packed import Place
from casefile.verdict import broken_entry, broken_event, foreign, unlike
from casefile.verify_sound import MALFORMED

WHOLE, RECORD_MANIFEST, DIGESTS = "whole", "record-manifest.json", "events.digests"
HEADER_BYTES = 44


def extract_problems(place: Place, package: Package) -> list[BrokenPart]:
    """What of the extract cannot be shown to belong to the whole; its own files are known to be as signed."""
    whole, problems = signed_package(place / WHOLE, package.key)
    if whole is None or problems:
        return [BrokenPart(**{**one.facts, "file": f"{WHOLE}/{one.facts['file']}"}) for one in problems]
    if whole.hearing_id != package.hearing_id:
        return [foreign(f"{WHOLE}/{SIGNATURE}")]
    try:
        return list(itertools.chain(_links(place, whole), _sound(place, package), _events(place, package)))
    except (*MALFORMED, OSError):
        return [unlike(WHOLE)]


def _links(place: Place, whole: Package) -> Iterator[BrokenPart]:
    """The whole names what stands beside its manifest here."""
    named = {RECORD_MANIFEST: f"{whole.facts['record']}/manifest.json", DIGESTS: whole.facts["digests"]}
    for name, there in named.items():
        if not _is(place / WHOLE / name, whole.files[there]):
            yield unlike(f"{WHOLE}/{name}")


def _is(place: Place, listed: FileDigest) -> bool:
    found = digests(place)
    return (found.bytes, found.sha256) == (listed.bytes, listed.sha256)


def _sound(place: Place, package: Package) -> Iterator[BrokenPart]:
    record = from_json(json.loads((place / WHOLE / RECORD_MANIFEST).read_bytes()))
    for part in package.facts["sound"]:
        if not _is(place / part["index"], record.files[f"audio/{part['index'].rpartition('/')[2]}"]):
            yield unlike(part["index"])
        elif (problem := _blocks(place, part, record)) is not None:
            yield problem


def _blocks(place: Place, part: dict[str, Any], record: Manifest) -> BrokenPart | None:
    """The samples, block by block, against the digests of the index."""
    stem = part["index"].rpartition("/")[2].removesuffix(".jsonl")
    width = 2 * next(file.channels for file in record.audio.files if file.wav == f"{stem}.wav")
    with (place / part["index"]).open("rb") as lines:
        entries = [json.loads(line) for line in lines]
    wanted = [one for one in entries if one["kind"] == "block" and part["first"] <= one["n"] <= part["last"]]
    with (place / part["wav"]).open("rb") as sound:
        sound.seek(HEADER_BYTES)
        for entry in wanted:
            if not _holds(entry, sound.read(entry["frames"] * width), record.audio.damaged):
                return broken_entry(part["wav"], entry["n"])
        return unlike(part["wav"]) if sound.read(1) or not wanted else None


def _holds(entry: dict[str, Any], samples: bytes, damaged: Collection[int]) -> bool:
    return entry["n"] in damaged or entry_digest(entry, samples) == entry["sha256"]


def _events(place: Place, package: Package) -> Iterator[BrokenPart]:
    known = (place / WHOLE / DIGESTS).read_bytes().decode().split("\n")
    with (place / package.facts["events"]).open("rb") as lines:
        for line in lines:
            said = json.loads(line)
            seq, hearing_id = said["seq"], package.hearing_id
            digest = chain(said["previous"], hearing_id, seq, said["at"], said["by"], said["event"])
            before = known[seq - 2] if seq > 1 else hashlib.sha256().digest_size * "00"
            if (said["digest"], known[seq - 1], said["previous"]) != (digest, digest, before):
                yield broken_event(package.facts["events"], seq)
