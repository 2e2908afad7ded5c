"""Subtitles as SubRip. It has no field for the speaker: the name stands before a turn's first cue."""

from __future__ import annotations

from casefile.export.cues import Cue, cues
from casefile.export.wording import clock
from casefile.model import CaseRecord

_HARMLESS = str.maketrans({"<": "＜", ">": "＞"})
"""SubRip has no escapes, and players take `<...>` for markup and `-->` for a time."""


def write(record: CaseRecord, signed: bool | None = None) -> str:
    """The file's text: UTF-8 to be, lines end with a newline. `signed`: see `signed_text.notice`."""
    return "\n".join(_block(number, cue) for number, cue in enumerate(cues(record, signed), 1))


def _block(number: int, cue: Cue) -> str:
    name = f"{cue.speaker}：" if cue.first else ""
    times = f"{clock(cue.start_ms, ',')} --> {clock(cue.end_ms, ',')}"
    return f"{number}\n{times}\n{(name + cue.text).translate(_HARMLESS)}\n"
