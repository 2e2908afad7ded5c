"""Where the case's words would mend turns that are on record already. Nothing here changes anything.

The code and the demands are those of live text (`asr.correction`). A person's decision stands: what was refused
or taken back is not offered again, and what is held back is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from asr.correction import correct
from asr.lexicon import Entry, Lexicon
from casefile.mending import fits
from casefile.model import CaseRecord, Change, Mending, Turn
from tingji.knowledge import lexicon_of, own_words


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was looked for in a turn of this text, and found."""

    text: str
    own: frozenset[Entry]
    found: tuple[Change, ...]


class Offers:
    """The offers of one hearing; remembers what was looked at, so that a new word costs only itself."""

    def __init__(self) -> None:
        self._looked: dict[str, _Looked] = {}

    def of(self, record: CaseRecord) -> tuple[Mending, ...]:
        """Every change that is offered now, in order of the record."""
        if record.hearing.language != "zh":
            return ()
        own = frozenset(own_words(record.hearing, record.case_words).entries)
        lexicon = lexicon_of(record.hearing, record.case_words)
        turns = (turn for turn in record.turns if not turn.suppressed)
        offered = (offer for turn in turns for offer in self._of_turn(turn, own, lexicon))
        return tuple(offer for offer in offered if not any(map(offer.same_place, record.refused_mendings)))

    def _of_turn(self, turn: Turn, own: frozenset[Entry], lexicon: Lexicon) -> Iterator[Mending]:
        looked = self._looked.get(turn.id)
        if looked is None or looked.text != turn.text or looked.own != own:
            looked = self._looked[turn.id] = _Looked(turn.text, own, _look(turn, own, lexicon, looked))
        return (Mending(turn.id, change) for change in looked.found if fits(turn, change))


def _look(turn: Turn, own: frozenset[Entry], lexicon: Lexicon, before: _Looked | None) -> tuple[Change, ...]:
    """Only where a word that was not looked for yet might stand, all of the lexicon has its say."""
    same = before is not None and before.text == turn.text
    new = own - before.own if before and same else own
    again = bool(before and same and before.found)
    if not again and not (new and _changes(turn, Lexicon(tuple(new)))):
        return ()
    return _changes(turn, lexicon)


def _changes(turn: Turn, lexicon: Lexicon) -> tuple[Change, ...]:
    _, changes = correct(turn.words, lexicon)
    return tuple(change for change in changes if change.reason == "lexicon")
