"""What leaves the court signed: an archive or an extract (docs/formats.md §6). Standard library alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from casefile.ed25519 import to_pem, verify
from casefile.errors.case_file import BrokenPart
from casefile.manifest import HAS_SM3, NAME, WITNESSES, FileDigest, file_digest, witness
from casefile.packed import Place
from casefile.verdict import changed, foreign, gone, unknown
from casefile.verify_sound import MALFORMED

SIGNATURE, PUBLIC = "manifest.sig", "court.pub"
UNLISTED = frozenset({NAME, SIGNATURE, PUBLIC, WITNESSES["sha256"], WITNESSES["sm3"]})
"""The files that no manifest can list."""


class Format(StrEnum):
    """What a signed manifest is of."""

    ARCHIVE = "tingji-archive/1"
    EXTRACT = "tingji-extract/1"


class Volume(StrEnum):
    """The two volumes of a case file; counsel never sees the second (court.md C2)."""

    OPEN = "正卷"
    INNER = "副卷"


class Retention(StrEnum):
    """How long a case file is kept (court.md C3)."""

    PERMANENT = "永久"
    SIXTY_YEARS = "60年"
    THIRTY_YEARS = "30年"


@dataclass(frozen=True, slots=True)
class Package:
    """A signed manifest. `key`: the signing key's public half; `facts`: what else the format says."""

    format: Format
    hearing_id: str
    made_at: str
    key: bytes
    files: Mapping[str, FileDigest]
    facts: Mapping[str, Any]

    def text(self) -> bytes:
        """As it stands in `manifest.json`."""
        said = {
            "format": self.format,
            "hearing_id": self.hearing_id,
            "made_at": self.made_at,
            "key": self.key.hex(),
            **self.facts,
            "files": {name: _said(digest) for name, digest in self.files.items()},
        }
        return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"


def _said(digest: FileDigest) -> dict[str, Any]:
    return {"bytes": digest.bytes, "sha256": digest.sha256, "sm3": digest.sm3}


def package_of(text: bytes) -> Package:
    """The inverse of `Package.text`. Raises one of MALFORMED when it is none."""
    data = json.loads(text)
    files = {str(name): file_digest(facts) for name, facts in data.pop("files").items()}
    head = {name: str(data.pop(name)) for name in ("format", "hearing_id", "made_at", "key")}
    return Package(
        Format(head["format"]), head["hearing_id"], head["made_at"], bytes.fromhex(head["key"]), files, data
    )


def is_package(place: Place) -> bool:
    """Whether a signed manifest lies there; a sealed record's own manifest is not signed."""
    return (place / SIGNATURE).exists() or (place / PUBLIC).exists()


def signed_package(place: Place, court: bytes | None) -> tuple[Package | None, list[BrokenPart]]:
    """The manifest at `place`, and what is wrong with it and its signature.

    `court`: the key that it must be signed by; None: any. A manifest that is not as it was signed is not looked into.
    """
    try:
        text, signature = (place / NAME).read_bytes(), (place / SIGNATURE).read_bytes()
    except OSError:
        return None, [gone(name) for name in (NAME, SIGNATURE) if not (place / name).exists()]
    witnesses = {name: _fits(place, name, text) for name in _witnesses(place)}
    try:
        package = package_of(text)
    except MALFORMED:
        return None, [changed(NAME) if not all(witnesses.values()) else unknown(NAME)]
    if not verify(package.key, text, signature):
        return None, [changed(SIGNATURE if all(witnesses.values()) else NAME)]
    problems = [changed(name) for name, fits in witnesses.items() if not fits]
    problems += _key_problems(place, package.key)
    return package, problems + ([foreign(SIGNATURE)] if court not in (None, package.key) else [])


def _witnesses(place: Place) -> list[str]:
    """The digests of the manifest that can be checked here; one that is missing does not fit."""
    return [
        WITNESSES["sha256"],
        *([WITNESSES["sm3"]] if HAS_SM3 and (place / WITNESSES["sm3"]).exists() else []),
    ]


def _fits(place: Place, name: str, text: bytes) -> bool:
    algorithm = next(algorithm for algorithm, file in WITNESSES.items() if file == name)
    try:
        return (place / name).read_bytes() == witness(algorithm, text).encode()
    except OSError:
        return False


def _key_problems(place: Place, key: bytes) -> list[BrokenPart]:
    """The public key beside the manifest is the one that signed it."""
    if not (place / PUBLIC).exists():
        return [gone(PUBLIC)]
    return [] if (place / PUBLIC).read_bytes() == to_pem(key).encode() else [changed(PUBLIC)]
