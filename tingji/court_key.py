"""The court's key: Ed25519 (RFC 8032), made once, kept outside the data folder. It signs archives and extracts."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from casefile.ed25519 import fingerprint, from_pem, to_pem
from casefile.errors import CourtKeyInside, CourtKeyLocked, NoCourtKey, UnfitCourtKey

SHORTEST_PASSPHRASE = 8


@dataclass(frozen=True, slots=True)
class CourtKey:
    """The private key, opened. `public`: 32 bytes."""

    private: Ed25519PrivateKey
    public: bytes

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self.private.sign(message)


def public_file(key: Path) -> Path:
    """The public half, beside the private one."""
    return key.with_name(key.name + ".pub")


def make(path: Path, data: Path, passphrase: str | None) -> str:
    """Writes the key to `path` (0600) and its public half beside it; returns the fingerprint.

    `passphrase` None: not encrypted. Raises CourtKeyInside, FileExistsError, OSError.
    """
    _refuse_inside(path, data)
    path.parent.mkdir(parents=True, exist_ok=True)
    private = Ed25519PrivateKey.generate()
    hidden = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, _encryption(passphrase))
    public = _public(private)
    _write(path, hidden, 0o600)
    _write(public_file(path), to_pem(public).encode(), 0o644)
    return fingerprint(public)


def _encryption(passphrase: str | None) -> KeySerializationEncryption:
    return BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()


def _public(private: Ed25519PrivateKey) -> bytes:
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _write(path: Path, data: bytes, mode: int) -> None:
    """Never over a file that is there: a key that was lost cannot be made again."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(data)
        os.fsync(file.fileno())


def _refuse_inside(path: Path, data: Path) -> None:
    if path.resolve().is_relative_to(data.resolve()):
        raise CourtKeyInside


def open_key(path: Path | None, data: Path, passphrase: str | None) -> CourtKey:
    """The court's key at `path`. Raises NoCourtKey, CourtKeyInside, CourtKeyLocked, UnfitCourtKey."""
    if path is None or not path.is_file():
        raise NoCourtKey
    _refuse_inside(path, data)
    if path.stat().st_mode & 0o077:
        raise UnfitCourtKey(
            zh_why="其他用户也能读取它，请运行 chmod 600。", en_why="others may read it: chmod 600."
        )
    private = _private(path.read_bytes(), passphrase)
    return CourtKey(private, _public(private))


def _private(pem: bytes, passphrase: str | None) -> Ed25519PrivateKey:
    locked = b"ENCRYPTED" in pem
    if locked and not passphrase:
        raise CourtKeyLocked
    try:
        private = load_pem_private_key(pem, passphrase.encode() if locked and passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise CourtKeyLocked if locked else _unfit() from None
    if not isinstance(private, Ed25519PrivateKey):
        raise _unfit()
    return private


def _unfit() -> UnfitCourtKey:
    return UnfitCourtKey(zh_why="不是 Ed25519 私钥。", en_why="it is no Ed25519 private key.")


def is_locked(path: Path) -> bool:
    """Whether the key asks for a passphrase. Raises OSError."""
    return b"ENCRYPTED" in path.read_bytes()


def read_public(path: Path) -> bytes:
    """A public key as a file, 32 bytes. Raises UnfitCourtKey."""
    try:
        return from_pem(path.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise UnfitCourtKey(
            zh_why="公钥文件无法读取。", en_why="the public key's file cannot be read."
        ) from error
