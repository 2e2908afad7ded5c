"""Subtitles as WebVTT, with the speaker as its voice tag."""

from __future__ import annotations

from html import escape

from casefile.export.cues import Cue, cues
from casefile.export.signed_text import notice
from casefile.export.wording import clock
from casefile.model import CaseRecord


def write(record: CaseRecord, signed: bool | None = None) -> str:
    """The file's text: UTF-8 to be, lines end with a newline. `signed`: see `signed_text.notice`."""
    mark = notice(record, signed)
    head = f"WEBVTT\n\nNOTE {mark}\n" if mark else "WEBVTT\n"
    return "\n".join([head, *(_block(cue) for cue in cues(record, signed))])


def _block(cue: Cue) -> str:
    text = escape(cue.text, quote=False)
    if cue.speaker:
        text = f"<v {escape(cue.speaker, quote=False)}>{text}</v>"
    return f"{clock(cue.start_ms)} --> {clock(cue.end_ms)}\n{text}\n"
