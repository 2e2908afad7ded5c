"""The text at the clerk's hand: edits, confirmations, marks, omissions and joinings become events.

Implements `web.editing.Editing`. A command is carried out on the text that the person saw, or not at all.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from itertools import pairwise

from asr.numbers import pieces as numbers
from casefile.editing import omits, reworded
from casefile.errors import NotSideBySide, ProtectedWords, TextChanged, UnfitText
from casefile.events import (
    ConfirmationUndone,
    Event,
    JoiningUndone,
    OmissionsUndone,
    PiecesOmitted,
    TagRemoved,
    TurnConfirmed,
    TurnEdited,
    TurnsJoined,
    TurnTagged,
)
from casefile.export.wording import one_line
from casefile.feed import Feed
from casefile.model import (
    UNSEALED,
    CaseRecord,
    Edit,
    Join,
    Omission,
    Tag,
    Turn,
    TurnState,
    WordKind,
)
from tingji.states import expected, turn_of

ACTION = "修改笔录"
MOST = 5_000
"""Characters of one turn."""
_MEANING = re.compile(r"[不没未无非否别勿0-9零〇二两三四五六七八九十百千万亿幺]|可能|大概|也许|好像|应该")
"""Negations, doubts and numerals (court.md §6.2); of 一, which stands in many other words, only numbers."""
_NAMES = frozenset({WordKind.PERSON, WordKind.FIRM, WordKind.PLACE, WordKind.CASE_NUMBER})


class Texts:
    """The text of all hearings. Thread-safe."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._lock = threading.Lock()

    def edit(self, hearing_id: str, turn_id: str, before: str, after: str, by: str) -> None:
        """See `Editing`."""
        text = one_line(after)
        if not text or len(text) > MOST:
            raise UnfitText(most=MOST)
        with self._lock:
            turn = self._as_seen(hearing_id, turn_id, before)
            if text != before:
                self._put(hearing_id, TurnEdited(Edit(turn_id, before, reworded(turn, text))), by)

    def confirm(self, hearing_id: str, turn_id: str, text: str, by: str) -> None:
        """See `Editing`."""
        with self._lock:
            turn = self._as_seen(hearing_id, turn_id, text)
            if turn.suppressed:
                raise TextChanged
            if turn.state is not TurnState.CONFIRMED:
                self._put(hearing_id, TurnConfirmed(turn_id, text), by)

    def undo_confirm(self, hearing_id: str, turn_id: str, by: str) -> None:
        """See `Editing`."""
        with self._lock:
            if self._turn(hearing_id, turn_id).state is TurnState.CONFIRMED:
                self._put(hearing_id, ConfirmationUndone(turn_id), by)

    def tag(self, hearing_id: str, turn_id: str, tag: Tag, by: str) -> None:
        """See `Editing`."""
        with self._lock:
            if tag not in self._turn(hearing_id, turn_id).tags:
                self._put(hearing_id, TurnTagged(turn_id, tag), by)

    def untag(self, hearing_id: str, turn_id: str, tag: Tag, by: str) -> None:
        """See `Editing`."""
        with self._lock:
            if tag in self._turn(hearing_id, turn_id).tags:
                self._put(hearing_id, TagRemoved(turn_id, tag), by)

    def omit(self, hearing_id: str, turn_id: str, pieces: Sequence[Omission], anyway: bool, by: str) -> None:
        """See `Editing`."""
        with self._lock:
            record = self._expect(hearing_id)
            turn = turn_of(record, turn_id)
            if not omits(turn, pieces):
                raise TextChanged
            if not anyway and any(_is_protected(record, turn, piece) for piece in pieces):
                raise ProtectedWords
            self._put(hearing_id, PiecesOmitted(turn_id, tuple(pieces)), by)

    def undo_omit(self, hearing_id: str, turn_id: str, pieces: Sequence[Omission], by: str) -> None:
        """See `Editing`."""
        with self._lock:
            standing = self._turn(hearing_id, turn_id).omissions
            if any(piece not in standing for piece in pieces):
                raise TextChanged
            self._put(hearing_id, OmissionsUndone(turn_id, tuple(pieces)), by)

    def join(self, hearing_id: str, turn_id: str, second_id: str, by: str) -> None:
        """See `Editing`."""
        with self._lock:
            turns = [turn for turn in self._expect(hearing_id).turns if not turn.suppressed]
            pair = next(
                (one for one in pairwise(turns) if [turn.id for turn in one] == [turn_id, second_id]), None
            )
            if pair is None:
                raise NotSideBySide
            join = Join(turn_id, second_id, tuple(len(one.words) for one in pair))
            self._put(hearing_id, TurnsJoined(join), by)

    def undo_join(self, hearing_id: str, turn_id: str, by: str) -> None:
        """See `Editing`."""
        with self._lock:
            record = self._expect(hearing_id)
            made = next((one for one in reversed(record.joins) if one.turn_id == turn_id), None)
            if made is None:
                raise NotSideBySide
            self._put(hearing_id, JoiningUndone(made), by)

    def _as_seen(self, hearing_id: str, turn_id: str, text: str) -> Turn:
        turn = self._turn(hearing_id, turn_id)
        if turn.text != text:
            raise TextChanged
        return turn

    def _turn(self, hearing_id: str, turn_id: str) -> Turn:
        return turn_of(self._expect(hearing_id), turn_id)

    def _expect(self, hearing_id: str) -> CaseRecord:
        return expected(self._feed, hearing_id, ACTION, *UNSEALED)

    def _put(self, hearing_id: str, event: Event, by: str) -> None:
        self._feed.append(hearing_id, [event], by)


def _is_protected(record: CaseRecord, turn: Turn, piece: Omission) -> bool:
    """Whether leaving the piece out may change what was said."""
    spans = [(one.start, one.end) for one in numbers(turn.text)]
    spans += [span for name in _names(record) for span in _places(turn.text, name)]
    meets = any(start < piece.end and piece.at < end for start, end in spans)
    return meets or Tag.ADMISSION in turn.tags or bool(_MEANING.search(piece.text))


def _names(record: CaseRecord) -> Iterator[str]:
    seats = record.hearing.seats
    yield from (name for seat in seats for name in (seat.person, seat.pseudonym) if name)
    yield from (word.text for word in record.case_words if word.kind in _NAMES)


def _places(text: str, name: str) -> Iterator[tuple[int, int]]:
    return ((found.start(), found.end()) for found in re.finditer(re.escape(name), text))
