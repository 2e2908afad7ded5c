"""The manifest of a sealed record (docs/formats.md §5) and the digests in it. Standard library alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casefile.packed import Place

FORMAT = "tingji-record/1"
NAME = "manifest.json"
HAS_SM3 = "sm3" in hashlib.algorithms_available
WITNESSES = {"sha256": "manifest.sha256", "sm3": "manifest.sm3"}
"""By algorithm, the file that holds the digest of the manifest itself."""
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A file's size and digests, hex; `sm3` is None where OpenSSL could not make it."""

    bytes: int
    sha256: str
    sm3: str | None


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A file of the recording, and its FLAC files by channel (none when it holds no sound).

    `pcm_sha256`: of all samples interleaved, as recorded. `first`, `last`: numbers of its entries.
    """

    wav: str
    flac: tuple[str, ...]
    pcm_sha256: str
    frames: int
    rate: int
    channels: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Sound:
    """All of the sound: both ends of its chain, entries that no copy has, blocks damaged in every copy."""

    first: int
    last: int
    head: str
    files: tuple[SoundFile, ...]
    missing: tuple[tuple[int, int], ...]
    damaged: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """How many events, and the digest of the last."""

    count: int
    head: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a sealed record holds; `files` by path inside the record, with `/`."""

    format: str
    hearing_id: str
    sealed_at: str
    events: Chain
    audio: Sound
    files: Mapping[str, FileDigest]


def digests(path: Place) -> FileDigest:
    """Reads the file once. Raises OSError."""
    running = {name: hashlib.new(name) for name in (("sha256", "sm3") if HAS_SM3 else ("sha256",))}
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            for digest in running.values():
                digest.update(chunk)
    return FileDigest(size, running["sha256"].hexdigest(), running["sm3"].hexdigest() if HAS_SM3 else None)


def witness(algorithm: str, manifest: bytes) -> str:
    """The text of `manifest.sha256` or `manifest.sm3`: a line that `sha256sum --check` understands."""
    return f"{hashlib.new(algorithm, manifest).hexdigest()}  {NAME}\n"


def from_json(data: Any) -> Manifest:
    """The manifest in `data`. Raises KeyError, TypeError, ValueError, AttributeError when it is none."""
    return Manifest(
        format=_text(data["format"]),
        hearing_id=_text(data["hearing_id"]),
        sealed_at=_text(data["sealed_at"]),
        events=Chain(int(data["events"]["count"]), _text(data["events"]["head"])),
        audio=_sound(data["audio"]),
        files={_text(path): file_digest(facts) for path, facts in data["files"].items()},
    )


def _sound(data: Any) -> Sound:
    files = tuple(_sound_file(facts) for facts in data["files"])
    missing = tuple((int(first), int(last)) for first, last in data["missing"])
    damaged = tuple(int(n) for n in data["damaged"])
    return Sound(int(data["first"]), int(data["last"]), _text(data["head"]), files, missing, damaged)


def _sound_file(data: Any) -> SoundFile:
    numbers = (int(data[name]) for name in ("frames", "rate", "channels", "first", "last"))
    flac = tuple(_text(name) for name in data["flac"])
    return SoundFile(_text(data["wav"]), flac, _text(data["pcm_sha256"]), *numbers)


def file_digest(data: Any) -> FileDigest:
    """One entry of `files`. Raises what `from_json` raises."""
    sm3 = None if data["sm3"] is None else _text(data["sm3"])
    return FileDigest(int(data["bytes"]), _text(data["sha256"]), sm3)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
