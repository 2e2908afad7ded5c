"""What the screens of one hearing show: made once for all of a kind, however many watch.

A board is a row of lines. A screen remembers which board it was sent, and is sent the lines from the first that
is not the same; most screens come from the same board to the same board, so that text is made once, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from casefile.blanking import is_dark, unseen
from casefile.model import CaseRecord, LinkKind, Turn


@dataclass(frozen=True, slots=True)
class Line:
    """A turn as a screen shows it: role or pseudonym, never a name (court.md G3). `turn_id` is not sent."""

    turn_id: str
    start_ms: int
    end_ms: int
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Board:
    """All that a screen shows. `blanked`: no text now, and `lines` are none."""

    kind: str
    state: str
    stage: str
    blanked: bool
    lines: tuple[Line, ...]

    def only(self, lines: tuple[Line, ...]) -> Board:
        """The same with these lines."""
        return Board(self.kind, self.state, self.stage, self.blanked, lines)


def change(old: Board | None, new: Board) -> str | None:
    """The `lines` message of docs/protocol.md §5 that makes `new` of `old`; None: they look the same."""
    start = _first_different(old.lines if old else (), new.lines)
    same = old is not None and start == len(old.lines) == len(new.lines)
    if old is not None and same and old.only(()) == new.only(()):
        return None
    lines = [{"start_ms": line.start_ms, "who": line.who, "text": line.text} for line in new.lines[start:]]
    head = {"type": "lines", "kind": new.kind, "state": new.state, "stage": new.stage}
    return json.dumps({**head, "blanked": new.blanked, "from": start, "lines": lines}, ensure_ascii=False)


def _first_different(old: tuple[Line, ...], new: tuple[Line, ...]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(old), len(new)))


class Painter:
    """The boards of one hearing as its record grows. Lives on one event loop; what did not change is not made again."""

    def __init__(self) -> None:
        self._lines: dict[str, tuple[Turn, Line]] = {}
        self._boards: dict[LinkKind, tuple[CaseRecord, Board]] = {}
        self._changes: dict[LinkKind, tuple[Board | None, Board, str | None]] = {}

    def board(self, record: CaseRecord, kind: LinkKind) -> Board:
        """What screens of this kind show of the record; the same object while it is the same record."""
        known = self._boards.get(kind)
        if known is None or known[0] is not record:
            known = self._boards[kind] = record, self._painted(record, kind)
        return known[1]

    def change(self, kind: LinkKind, old: Board | None, new: Board) -> str | None:
        """`change`, made once for all that come from `old`."""
        known = self._changes.get(kind)
        if known is None or known[0] is not old or known[1] is not new:
            known = self._changes[kind] = old, new, change(old, new)
        return known[2]

    def _painted(self, record: CaseRecord, kind: LinkKind) -> Board:
        dark = is_dark(record, kind)
        stage = record.stages[-1].name if record.stages else ""
        lines = () if dark else tuple(self._seen(record, kind))
        return Board(record.hearing.kind, record.state, stage, dark, lines)

    def _seen(self, record: CaseRecord, kind: LinkKind) -> Iterator[Line]:
        hidden = unseen(record, kind)
        roles = {seat.id: seat.pseudonym or seat.role for seat in record.hearing.seats}
        for turn in record.turns:
            if turn.suppressed is None and not _lies_in(turn, hidden):
                yield self._line(turn, roles.get(turn.seat or "", ""))

    def _line(self, turn: Turn, who: str) -> Line:
        known = self._lines.get(turn.id)
        if known is None or known[0] is not turn or known[1].who != who:
            line = Line(turn.id, turn.start_ms, turn.end_ms, who, turn.text)
            known = self._lines[turn.id] = turn, line
        return known[1]


def _lies_in(turn: Turn, hidden: Iterable[tuple[int, int]]) -> bool:
    """Whether any of it was said while the screens were dark."""
    return any(turn.start_ms < end and turn.end_ms > start for start, end in hidden)


class Painters:
    """One painter for each hearing that screens watch."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Painter, int]] = {}

    @contextmanager
    def of(self, hearing_id: str) -> Iterator[Painter]:
        """The hearing's painter, shared by all that ask until the last of them has left."""
        painter, watching = self._known.get(hearing_id, (Painter(), 0))
        self._known[hearing_id] = painter, watching + 1
        try:
            yield painter
        finally:
            painter, watching = self._known[hearing_id]
            self._known[hearing_id] = painter, watching - 1
            if watching == 1:
                del self._known[hearing_id]


def for_witness(board: Board, record: CaseRecord, known: Iterable[str], since_ms: int) -> Board:
    """What a witness sees of the board: only turns that came on record and were begun since, and since it was lit last."""
    lit_ms = max((end for _, end in unseen(record, LinkKind.WITNESS)), default=0)
    known, from_ms = set(known), max(since_ms, lit_ms)
    return board.only(
        tuple(line for line in board.lines if line.turn_id in known and line.start_ms >= from_ms)
    )
