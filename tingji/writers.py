"""The exporters of the case file, with what recognition knows of a text: numbers as they are written, fillers."""

from __future__ import annotations

from typing import Any

from asr.fillers import fillers
from asr.numbers import pieces
from casefile import export
from casefile.events import to_json
from casefile.export import json
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


WRITERS = {**export.WRITERS, "json": write_json}
SEALED = {**export.SEALED, "record.json": write_json}
