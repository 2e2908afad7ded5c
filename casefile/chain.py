"""The hash chains of the case file and of the sound, with the standard library alone.

`casefile.events` and `casefile.verify` share these few lines, so that a record is checked by what sealed it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

GENESIS = "0" * 64
"""The `previous` of the first event of a hearing, and of the first entry of a recording."""

_UNCHAINED = ("sha256", "hearing", "damaged")


def canonical(data: Any) -> bytes:
    """JSON with sorted keys and no spaces, UTF-8 (in the spirit of RFC 8785). NaN raises ValueError."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def chain(previous: str, hearing_id: str, seq: int, at: str, by: str, event: Mapping[str, Any]) -> str:
    """SHA-256 over the previous digest and everything that the event says, hex."""
    body = {"hearing_id": hearing_id, "seq": seq, "at": at, "by": by, "event": event, "previous": previous}
    return hashlib.sha256(canonical(body)).hexdigest()


def entry_digest(entry: Mapping[str, Any], samples: bytes | memoryview = b"") -> str:
    """SHA-256 of an entry of a recording's index and its samples (docs/formats.md §2), hex."""
    said = {key: value for key, value in entry.items() if key not in _UNCHAINED}
    digest = hashlib.sha256(bytes.fromhex(entry["previous"]))
    digest.update(canonical(said))
    digest.update(samples)
    return digest.hexdigest()
