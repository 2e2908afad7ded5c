"""The exporters of the case file, with what recognition knows of a text: numbers as they are written, fillers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from asr.fillers import fillers, gone_on
from asr.numbers import pieces
from casefile import export
from casefile.events import to_json
from casefile.export import json, srt, txt, vtt
from casefile.export.reading import VERBATIM, Edit, Reading, as_read
from casefile.export.signed_text import complete
from casefile.model import CaseRecord, Hearing, Turn


def annotated(turn: Turn) -> dict[str, Any]:
    """Spans of the turn's text (offsets in characters): numbers in their written form, and fillers."""
    return {"written": to_json(pieces(turn.text)), "fillers": to_json(fillers(turn.text))}


def marks(hearing: Hearing, turn: Turn) -> dict[str, Any] | None:
    """The same for the pages; None where there is nothing to mark, or the hearing is not in Mandarin."""
    found = annotated(turn) if hearing.language == "zh" else {}
    return found if any(found.values()) else None


def write_json(record: CaseRecord) -> str:
    """The JSON of a hearing; spans of Mandarin are annotated."""
    return json.write(record, annotated) if record.hearing.language == "zh" else json.write(record)


def write_as(name: str, record: CaseRecord, reading: Reading = VERBATIM) -> str:
    """The record in this format, in Mandarin as it is wanted to be read; JSON always holds all forms."""
    if name == "json":
        return write_json(record)
    mandarin = record.hearing.language == "zh"
    wanted = reading if mandarin else Reading(condensed=reading.condensed)
    if wanted == VERBATIM:
        return export.WRITERS[name](record)
    read = as_read(record, lambda turn: list(_edits(turn, wanted)))
    text = _MARKED[name](read, complete(record)) if name in _MARKED else export.WRITERS[name](read)
    return f"{text}\n{_told(wanted)}\n" if name == "txt" else text


_MARKED = {"txt": txt.write, "srt": srt.write, "vtt": vtt.write}
"""Forms that carry the mark until all have signed: what they signed is the record, not as it is read here."""


def _edits(turn: Turn, reading: Reading) -> Iterator[Edit]:
    out = [Edit(piece.at, piece.end, "") for piece in turn.omissions] if reading.condensed else []
    yield from out
    for edit in _marked(turn.text, reading):
        if all(edit.end <= piece.start or piece.end <= edit.start for piece in out):
            yield edit


def _marked(text: str, reading: Reading) -> Iterator[Edit]:
    if reading.written_numbers:
        yield from (Edit(piece.start, piece.end, piece.written) for piece in pieces(text))
    if reading.without_fillers:
        yield from (Edit(filler.start, gone_on(text, filler), "") for filler in fillers(text))


def _told(reading: Reading) -> str:
    """A text that is not verbatim says so."""
    chosen = {
        "数字改为书面写法": reading.written_numbers,
        "略去口头语": reading.without_fillers,
        "只含精简笔录": reading.condensed,
    }
    return f"（本文本{'，'.join(what for what, wanted in chosen.items() if wanted)}；逐字原文见案卷。）"


WRITERS: dict[str, Callable[..., str]] = {name: partial(write_as, name) for name in export.WRITERS}
SEALED = {**export.SEALED, "record.json": write_json}
