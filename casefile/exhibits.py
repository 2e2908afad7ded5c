"""The evidence table's nouns: exhibits by party and number, and what a person wrote into a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

CLEARED = "—"
"""What a person writes into a cell that was heard and is to stay empty."""


class Column(StrEnum):
    """A column of the table; those of `VIEWS` hold what another party says of the exhibit."""

    NAME = "name"
    PURPOSE = "purpose"
    SOURCE = "source"
    ORIGINAL = "original"
    NOTE = "note"
    AUTHENTICITY = "authenticity"
    LEGALITY = "legality"
    RELEVANCE = "relevance"
    PROOF = "proof"
    STRUCK = "struck"


VIEWS = (Column.AUTHENTICITY, Column.LEGALITY, Column.RELEVANCE, Column.PROOF)
"""真实性, 合法性, 关联性, 证明目的."""
ACCEPTED, DISPUTED = "认可", "不认可"


@dataclass(frozen=True, slots=True)
class ExhibitEntry:
    """A person wrote `value` into a cell, in place of `before` that a person had written ("": nobody had).

    "" as value: what is heard counts again. `of`: the party whose view it is, "" outside of `VIEWS`.
    """

    party: str
    number: int
    column: Column
    of: str
    value: str
    before: str = ""

    @property
    def place(self) -> tuple[str, int, Column, str]:
        """The cell."""
        return self.party, self.number, self.column, self.of


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell. `turn_id`: where it was said; None: a person wrote it."""

    value: str
    turn_id: str | None = None


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A row: 原告's 证据 number 1, first named in `turn_id` at `at_ms` (None: entered by hand).

    `views`: by party, what it says of the exhibit.
    """

    party: str
    number: int
    turn_id: str | None = None
    at_ms: int | None = None
    cells: Mapping[Column, Cell] = field(default_factory=dict)
    views: Mapping[str, Mapping[Column, Cell]] = field(default_factory=dict)
