"""One hearing on the wire: what the server has of it, what was sent on this connection, what is in flight."""

from __future__ import annotations

from typing import NamedTuple

from casefile.entries import Piece, Ranges, Start, to_line

BLOCK_MS = 100


class Sent(NamedTuple):
    """A message in flight: its bytes, and whether it went ahead of the backlog."""

    size: int
    live: bool


class Lane:
    """`last`: number of the last entry there is; `start`: of the last `Start` heard live (0: none)."""

    def __init__(self, hearing_id: str) -> None:
        self.last, self.start = 0, 0
        self._hearing_id = hearing_id
        self.welcome(Ranges())

    def welcome(self, have: Ranges) -> None:
        """A connection begins: the server has these, and nothing is in flight."""
        self.have, self.sent = have, have.copy()
        self.flying: dict[int, Sent] = {}

    def acknowledged(self, have: Ranges) -> None:
        """The server has these on its disk."""
        self.have = have
        for first, last in have.pairs():
            self.sent.add(first, last)
        self.flying = {n: sent for n, sent in self.flying.items() if n not in have}

    def heard(self, piece: Piece) -> None:
        """A new entry of the journal."""
        self.last = max(self.last, piece.entry.n)
        self.start = piece.entry.n if isinstance(piece.entry.fact, Start) else self.start

    def needs_start(self, n: int) -> bool:
        """Entry `n` must wait: the entry that gives its format was not sent yet."""
        return bool(self.start) and self.start not in self.sent and n > self.start

    def again(self, n: int) -> None:
        """Entry `n` is to be sent once more."""
        parts = [part for a, b in self.sent.pairs() for part in ((a, min(b, n - 1)), (max(a, n + 1), b))]
        self.sent = Ranges((a, b) for a, b in parts if a <= b)

    def message(self, piece: Piece, *, live: bool) -> bytes:
        """The entry as it goes over the wire; it is in flight from now on."""
        message = to_line(piece.entry, self._hearing_id) + piece.pcm
        self.sent.add(piece.entry.n)
        self.flying[piece.entry.n] = Sent(len(message), live)
        return message

    def flying_bytes(self, *, live: bool) -> int:
        """How much of either kind is in flight."""
        return sum(sent.size for sent in self.flying.values() if sent.live is live)

    @property
    def backlog_ms(self) -> int:
        """About how much sound the server does not have on its disk yet."""
        return (self.last - self.have.count(self.last)) * BLOCK_MS
