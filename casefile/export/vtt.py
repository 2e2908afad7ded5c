"""Subtitles as WebVTT, with the speaker as its voice tag."""

from __future__ import annotations

from html import escape

from casefile.export.cues import Cue, cues
from casefile.export.wording import NOTICE, clock
from casefile.model import CaseRecord


def write(record: CaseRecord) -> str:
    """The file's text: UTF-8 to be, lines end with a newline."""
    return "\n".join([f"WEBVTT\n\nNOTE {NOTICE}\n", *(_block(cue) for cue in cues(record))])


def _block(cue: Cue) -> str:
    text = escape(cue.text, quote=False)
    if cue.speaker:
        text = f"<v {escape(cue.speaker, quote=False)}>{text}</v>"
    return f"{clock(cue.start_ms)} --> {clock(cue.end_ms)}\n{text}\n"
