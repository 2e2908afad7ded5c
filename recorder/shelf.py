"""All journals of this recorder: what the uplink may still have to send, check or let go."""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import dataclass, replace
from pathlib import Path

from casefile.entries import Ended, Entry, Piece, Ranges, whole
from casefile.errors import DamagedRecording, NotFound, TingjiError
from casefile.folders import HEARING_ID, RELEASED
from casefile.soundcheck import Checked, check
from casefile.tape import Pieces, Tape, index_files
from recorder.journal import Deliver, Journal
from recorder.loss import lost_pieces

UNREADABLE = ".unreadable"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Held:
    """A journal the server has not released: number of its last entry, and whether the hearing has ended."""

    hearing_id: str
    last: int
    ended: bool


class Shelf:
    """The journals below one folder, by hearing. Thread-safe. Open journals stay until closed whole."""

    def __init__(self, folder: Path, deliver: Deliver) -> None:
        self._folder, self._deliver = folder, deliver
        self._open: dict[str, Journal] = {}
        self._reading: dict[str, Pieces] = {}
        self._lost: dict[str, dict[int, Piece]] = {}
        self._lock, self._reader = threading.RLock(), threading.RLock()

    def _path(self, hearing_id: str) -> Path:
        if not HEARING_ID.fullmatch(hearing_id):
            raise NotFound
        return self._folder / hearing_id

    def journal(self, hearing_id: str) -> Journal:
        """The journal of a hearing, opened or made. Raises NotFound for an id that is none, OSError."""
        with self._lock:
            if hearing_id not in self._open:
                self._open[hearing_id] = Journal(self._path(hearing_id), self._deliver)
            return self._open[hearing_id]

    def has(self, hearing_id: str) -> bool:
        """Whether there is a journal of this hearing."""
        return hearing_id in self._open or bool(index_files(self._path(hearing_id)))

    def flush(self) -> None:
        """Forces all open journals to the disk; those that have ended are closed when that succeeds."""
        with self._lock:
            journals = list(self._open.values())
        for journal in journals:
            if journal.ended:
                self.put_back(journal)
            else:
                journal.flush()

    def put_back(self, journal: Journal) -> None:
        """Closes a journal; one that its disk does not take stays open, in memory."""
        journal.close()
        if not journal.problem:
            with self._lock:
                self._open.pop(journal.hearing_id, None)

    def holding(self) -> list[Held]:
        """Every journal that the server has not released; one that cannot be read is left out."""
        folders = (
            sorted(path for path in self._folder.iterdir() if path.is_dir()) if self._folder.exists() else []
        )
        names = [path.name for path in folders if not (path / RELEASED).exists()]
        known = [name for name in names if HEARING_ID.fullmatch(name)]
        held = [self._held_if_readable(name) for name in dict.fromkeys([*known, *self._open])]
        return [one for one in held if one and one.last]

    def _held_if_readable(self, hearing_id: str) -> Held | None:
        try:
            return self.held(hearing_id)
        except (OSError, TingjiError) as error:
            log.error("a journal cannot be read: %s", type(error).__name__)
            return None

    def held(self, hearing_id: str) -> Held:
        """How far the journal of a hearing goes; what is not flushed yet is not counted."""
        journal = self._open.get(hearing_id)
        if journal:
            return Held(hearing_id, journal.delivered, journal.ended and journal.delivered == journal.last)
        files = index_files(self._path(hearing_id))
        return _measured(hearing_id, files[-1]) if files else Held(hearing_id, 0, False)

    def piece(self, hearing_id: str, n: int) -> Piece | None:
        """Entry `n` of a hearing as it is in the journal, unchecked; None where there is none.

        One that cannot be read, tried twice, is a declared loss, marked damaged (`recorder.loss`).
        """
        with self._reader:
            try:
                return self._read(hearing_id, n) or self._read(hearing_id, n) or self._loss(hearing_id, n)
            except (OSError, TingjiError) as error:
                log.error("the journal cannot be read: %s", type(error).__name__)
                return None

    def _read(self, hearing_id: str, n: int) -> Piece | None:
        shelf = self._reading.setdefault(hearing_id, Pieces(self._path(hearing_id)))
        journal = self._open.get(hearing_id)
        try:
            piece = journal.piece(n, shelf) if journal else shelf.read(n)
        except (DamagedRecording, OSError):
            piece = None
        if piece is None:
            shelf.close()
        return piece

    def _loss(self, hearing_id: str, n: int) -> Piece | None:
        known = self._lost.get(hearing_id, {})
        if n not in known and 1 <= n <= self.held(hearing_id).last:
            known = self._lost[hearing_id] = lost_pieces(self._path(hearing_id), n)
        return known.get(n)

    def piece_again(self, hearing_id: str, n: int) -> Piece | None:
        """Entry `n`, read from the disk again; marked damaged if it no longer matches its digest there."""
        with self._reader:
            self._close_reading(hearing_id)
            piece = self.piece(hearing_id, n)
        if piece is None or piece.entry.damaged or whole(*piece):
            return piece
        return Piece(replace(piece.entry, damaged=True), piece.pcm)

    def _close_reading(self, hearing_id: str) -> None:
        with self._reader:
            self._lost.pop(hearing_id, None)
            if shelf := self._reading.pop(hearing_id, None):
                shelf.close()

    def acknowledge(self, hearing_id: str, have: Ranges) -> None:
        """The server has these entries on its disk."""
        if journal := self._open.get(hearing_id):
            journal.acknowledge(have)

    def check(self, hearing_id: str) -> Checked:
        """Reads the whole journal from disk again. Raises NotFound."""
        if not self.has(hearing_id):
            raise NotFound
        if journal := self._open.get(hearing_id):
            journal.flush()
        return check(self._path(hearing_id))

    def release(self, hearing_id: str) -> None:
        """The record is sealed: the journal stays but is not announced any more."""
        if self.has(hearing_id):
            (self._path(hearing_id) / RELEASED).touch()
            self._close_reading(hearing_id)

    def set_aside(self, hearing_id: str) -> None:
        """A journal that cannot be opened is kept under another name and not looked at any more. OSError."""
        folder = self._path(hearing_id)
        names = (folder.with_name(f"{folder.name}{UNREADABLE}{number or ''}") for number in range(10**6))
        folder.rename(next(name for name in names if not name.exists()))


def _measured(hearing_id: str, index: Path) -> Held:
    with Tape(index) as tape:
        last = next(iter(deque(iter(tape.step, None), maxlen=1)), None)
        ended = isinstance(last, Entry) and isinstance(last.fact, Ended)
        return Held(hearing_id, tape.n - 1, ended)
