"""Secrets: made here, kept only as digests, or in files that only their owner can read."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
from pathlib import Path

BYTES = 32


def new_token() -> str:
    """256 random bits, fit for a header, a cookie or the fragment of an address."""
    return secrets.token_urlsafe(BYTES)


def digest_of(token: str) -> str:
    """What is stored of a token. A fast digest is enough: nobody guesses 256 random bits."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def key_in(path: Path) -> str:
    """The key in this file; made first, readable by its owner only, when it is not there. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_key(path, new_token())
    except FileExistsError:
        _refuse_others(path)
    return path.read_text(encoding="ascii").strip()


def write_key(path: Path, key: str) -> None:
    """Writes a key whole or not at all, readable by its owner only. Raises FileExistsError, OSError."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, key.encode("ascii"))
        os.fsync(handle)
        os.link(draft, path)
    finally:
        os.close(handle)
        draft.unlink()


def _refuse_others(path: Path) -> None:
    """A key that others could read is made private again."""
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(0o600)
