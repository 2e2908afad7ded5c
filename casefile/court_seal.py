"""The court's seal on what leaves it: the manifest of a folder, signed (docs/formats.md §6)."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from casefile.compress import WORKERS
from casefile.ed25519 import to_pem
from casefile.manifest import HAS_SM3, NAME, WITNESSES, FileDigest, digests, witness
from casefile.package import PUBLIC, SIGNATURE, Format, Package


class Signer(Protocol):
    """The court's key (`tingji.court_key.CourtKey`). `public`: 32 bytes."""

    @property
    def public(self) -> bytes:
        """The key's public half."""

    def sign(self, message: bytes) -> bytes:
        """An Ed25519 signature."""


def file_digests(folder: Path, below: str = "") -> dict[str, FileDigest]:
    """Of every file in `folder`; of what lies in the sealed record `below` only its manifest, which names the rest."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    wanted = [
        name for name in names if not (below and name.startswith(f"{below}/")) or name == f"{below}/{NAME}"
    ]
    with ThreadPoolExecutor(WORKERS) as pool:
        found = list(pool.map(lambda name: digests(folder / name), wanted))
    return dict(zip(wanted, found, strict=True))


def sign(
    folder: Path,
    form: Format,
    hearing_id: str,
    files: Mapping[str, FileDigest],
    facts: Mapping[str, object],
    key: Signer,
) -> bytes:
    """Writes the signed manifest with its digests, its signature and the public key; returns the manifest."""
    made_at = datetime.now(UTC).isoformat(timespec="milliseconds")
    text = Package(form, hearing_id, made_at, key.public, files, facts).text()
    (folder / NAME).write_bytes(text)
    for algorithm in ("sha256", "sm3") if HAS_SM3 else ("sha256",):
        (folder / WITNESSES[algorithm]).write_text(witness(algorithm, text))
    (folder / SIGNATURE).write_bytes(key.sign(text))
    (folder / PUBLIC).write_text(to_pem(key.public))
    return text
