"""A hearing as JSON (docs/formats.md §3)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from casefile.editing import condensed, verbatim
from casefile.events import to_json
from casefile.export.signed_text import notice
from casefile.export.wording import held_back, person_of, seat_of, spoken
from casefile.model import CaseRecord, Turn

_SIGNING = ("signatories", "requests", "decisions", "signatures")

Annotate = Callable[[Turn], dict[str, Any]]
"""What is known of a turn besides its words; its fields stand beside them."""


def write(record: CaseRecord, annotate: Annotate = lambda _turn: {}) -> str:
    """The JSON text, indented, ending with a newline."""
    return json.dumps(as_json(record, annotate), ensure_ascii=False, indent=1) + "\n"


def as_json(record: CaseRecord, annotate: Annotate = lambda _turn: {}) -> dict[str, Any]:
    """The same as plain values."""
    return {
        "notice": notice(record),
        "hearing": _hearing(record),
        "turns": [_turn(record, turn) | annotate(turn) for turn in spoken(record)],
        "suppressed": [_suppressed(turn) for turn in held_back(record)],
        **{
            name: to_json(getattr(record, name))
            for name in ("gaps", "pauses", "stages", "duty_marks", "missed", "clock_steps", *_SIGNING)
        },
    }


def _hearing(record: CaseRecord) -> dict[str, Any]:
    """The set-up, with the times of the hearing beside it."""
    times = ("opened_at", "closed_at", "length_ms")
    return {**to_json(record.hearing), **{name: getattr(record, name) for name in times}}


def _turn(record: CaseRecord, turn: Turn) -> dict[str, Any]:
    seat = seat_of(record, turn)
    return {
        "seat": seat.role if seat else None,
        "speaker": person_of(record, turn),
        "channel": turn.channel,
        "start_ms": turn.start_ms,
        "end_ms": turn.end_ms,
        "text": turn.text,
        "words": to_json(turn.words),
        "changes": to_json(turn.changes),
        "state": turn.state.value,
        "tags": to_json(turn.tags),
        **({"verbatim": verbatim(turn)} if turn.heard else {}),
        **({"condensed": condensed(turn)} if turn.omissions else {}),
    }


def _suppressed(turn: Turn) -> dict[str, Any]:
    return {
        "channel": turn.channel,
        "start_ms": turn.start_ms,
        "end_ms": turn.end_ms,
        "text": turn.text,
        "reason": turn.suppressed,
    }
