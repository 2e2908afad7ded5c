"""The evidence table of a hearing: what was heard of each exhibit, under what a person wrote.

It is made of the turns as they stand, so that a mended text mends the table, and the same record gives the same
table. What a person wrote outweighs what is heard, until they take it out again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from casefile.exhibit_words import (
    OTHER,
    OWN,
    Mention,
    Value,
    accepts_wholly,
    asked_to_adduce,
    mentions,
    name_in,
    party_of,
    purpose_in,
    speaks_of_views,
    views_in,
)
from casefile.exhibits import ACCEPTED, VIEWS, Cell, Column, Exhibit, ExhibitEntry
from casefile.model import CaseRecord, Turn

Key = tuple[str, int]


def evidence(record: CaseRecord, value: Value) -> list[Exhibit]:
    """The table, in the order in which exhibits were first named; those entered by hand behind them."""
    heard = _Heard(value)
    parties = {seat.id: party_of(seat.role, seat.short) for seat in record.hearing.seats}
    for turn in record.turns:
        if not turn.suppressed:
            heard.take(turn, parties.get(turn.seat or "", ""))
    return list(_written(heard.rows, record.exhibit_entries).values())


def _written(rows: dict[Key, Exhibit], entries: Iterable[ExhibitEntry]) -> dict[Key, Exhibit]:
    for entry in entries:
        key = entry.party, entry.number
        row = rows.get(key, Exhibit(*key))
        rows[key] = _with(row, entry.column, entry.of, Cell(entry.value))
    return rows


def _with(row: Exhibit, column: Column, of: str, cell: Cell) -> Exhibit:
    if column not in VIEWS:
        return replace(row, cells={**row.cells, column: cell})
    return replace(row, views={**row.views, of: {**row.views.get(of, {}), column: cell}})


@dataclass
class _Heard:
    """Listens turn by turn. `adducing`: whose evidence is being heard; `current`: the exhibits last spoken of."""

    value: Value
    rows: dict[Key, Exhibit] = field(default_factory=dict)
    adducing: str = ""
    current: tuple[Key, ...] = ()

    def take(self, turn: Turn, party: str) -> None:
        """One more turn; `party` is "" for the bench."""
        head, named = mentions(turn.text, self.value)
        if not party:
            self.adducing = asked_to_adduce(turn.text) or self.adducing
        else:
            self._views(turn, party, head)
        for mention in named:
            self._mention(turn, party, mention)

    def _mention(self, turn: Turn, party: str, mention: Mention) -> None:
        owner = self._owner(party, mention)
        if not owner:
            return
        self.current = tuple((owner, number) for number in mention.numbers)
        for key in self.current:
            self.rows.setdefault(key, Exhibit(*key, turn.id, turn.start_ms))
        if party == owner:
            self.adducing = owner
            self._adduced(turn, mention)
        elif party:
            self._views(turn, party, mention.behind, named=True)

    def _owner(self, party: str, mention: Mention) -> str:
        """Whose exhibit it is: as said; else that of who adduces now; else the speaker's own. "": nobody knows."""
        if mention.party == OWN:
            return party
        if mention.party == OTHER:
            return self.adducing if self.adducing != party else ""
        if mention.party or not party or party == self.adducing:
            return mention.party or self.adducing
        return self.adducing if speaks_of_views(mention.behind) else party

    def _adduced(self, turn: Turn, mention: Mention) -> None:
        said = {Column.NAME: name_in(mention.behind), Column.PURPOSE: purpose_in(mention.behind)}
        for key in self.current:
            for column, text in said.items():
                if text and not (column is Column.NAME and len(self.current) > 1):
                    self.rows[key] = _with(self.rows[key], column, "", Cell(text, turn.id))

    def _views(self, turn: Turn, party: str, text: str, *, named: bool = False) -> None:
        """What this party says of the exhibits that are spoken of, if they are not its own."""
        views = views_in(text)
        if named and not views and accepts_wholly(text):
            views = dict.fromkeys(VIEWS[:3], ACCEPTED)
        for key in self.current:
            for column, view in views.items() if key[0] != party else ():
                self.rows[key] = _with(self.rows[key], column, party, Cell(view, turn.id))
