"""The record in the forms that others read. Every writer is a pure function of a `CaseRecord`."""

from __future__ import annotations

from collections.abc import Callable

from casefile.export import json, rttm, srt, txt, vtt
from casefile.model import CaseRecord

Writer = Callable[[CaseRecord], str]

WRITERS: dict[str, Writer] = {
    "json": json.write,
    "txt": txt.write,
    "srt": srt.write,
    "vtt": vtt.write,
    "rttm": rttm.write,
}
"""By the name of the format, which is the ending of the file too."""

SEALED: dict[str, Writer] = {f"record.{ending}": WRITERS[ending] for ending in ("json", "txt", "srt", "vtt")}
"""The files of a sealed record (docs/formats.md §5)."""
