"""Finding what was said in a hearing: by words, the initials of their pinyin, speaker, stage, tag and time.

Punctuation, spaces, case and width of the letters do not count. The text of a hearing is one string, so that
eight hours are one pass of a regular expression: SQLite's full-text search cannot find two Chinese characters.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from string import ascii_lowercase

from casefile.model import CaseRecord, HearingState, Seat

Initials = Callable[[str], str]
"""The letters with which the readings of a character may begin: "重" -> "cz"."""
Spans = list[tuple[int, int]]
"""From and to (exclusive), in characters."""

BEFORE, LONGEST = 12, 64
"""Characters of an excerpt: before the first match, and in all."""
_BETWEEN = "\n"


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for; all that is given must hold. `words`: terms with spaces between, in any order.

    `speaker`: a seat's id, role or person, or the label of a voice. `to_ms` None: to the end.
    """

    words: str = ""
    speaker: str = ""
    stage: str = ""
    tag: str = ""
    from_ms: int = 0
    to_ms: int | None = None

    @property
    def terms(self) -> list[str]:
        """What must stand in a turn."""
        return [term for term in map(folded, self.words.split()) if term]

    @property
    def empty(self) -> bool:
        """It looks for nothing."""
        wanted = self.words.strip() or self.speaker or self.stage or self.tag or self.from_ms
        return not wanted and self.to_ms is None


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an excerpt: one that was looked for, or what stands around."""

    text: str
    match: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A turn that was found. `who`: the seat's role, or what the voice is called; `at`: the character of the
    turn's text at which the first match begins; `held`: it is held back from the record."""

    turn_id: str
    start_ms: int
    seat: str | None
    who: str
    stage: str
    held: bool
    at: int
    excerpt: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The first hits in order of time, and how many turns there are in all. `seq`: of the record searched."""

    seq: int
    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A turn as far as it can be looked for: its words are not kept, so that many hearings fit in memory."""

    turn_id: str
    start_ms: int
    end_ms: int
    seat: str | None
    who: str
    names: frozenset[str]
    stage: str
    tags: tuple[str, ...]
    held: bool
    text: str

    def passes(self, query: Query) -> bool:
        """All but the words."""
        return (
            self.end_ms > query.from_ms
            and (query.to_ms is None or self.start_ms < query.to_ms)
            and (not query.speaker or query.speaker in self.names)
            and (not query.stage or query.stage == self.stage)
            and (not query.tag or query.tag in self.tags)
        )


class _Folding(dict[int, str]):
    """Per character: letters and digits in their plain small form, nothing for all others."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code)).casefold()
        self[code] = "".join(letter for letter in plain if letter.isalnum())
        return self[code]


_FOLDING = _Folding()


def folded(text: str) -> str:
    """The text as it is compared."""
    return text.translate(_FOLDING)


class Searchable:
    """What a record says, ready to be searched. `initials` is asked once for every character that occurs.

    `earlier`: what was made of the same hearing when it was shorter; its work is not done again. `whole`: the
    record is sealed.
    """

    def __init__(self, record: CaseRecord, initials: Initials, earlier: Searchable | None = None) -> None:
        self.seq, self.whole = record.seq, record.state is HearingState.SEALED
        self.lines = tuple(_lines(record))
        known: dict[str, str] = earlier._plain if earlier else {}
        self._plain: dict[str, str] = {
            line.text: known.get(line.text) or folded(line.text) for line in self.lines
        }
        plain = [self._plain[line.text] for line in self.lines]
        self._text = _BETWEEN.join(plain)
        self._starts = list(accumulate((len(one) + 1 for one in plain), initial=0))
        self._by_letter = _by_letter(self._text, initials)

    @property
    def characters(self) -> int:
        """How long its text is."""
        return len(self._text)

    def find(self, query: Query, most: int) -> Found:
        """The turns that fit, the first `most` of them as hits."""
        terms = [self._matches(term) for term in query.terms]
        if query.words.strip() and not terms:
            return Found(self.seq, 0, ())
        numbers = set.intersection(*map(set, terms)) if terms else range(len(self.lines))
        fitting = [number for number in sorted(numbers) if self.lines[number].passes(query)]
        hits = (
            self._hit(number, [span for term in terms for span in term[number]]) for number in fitting[:most]
        )
        return Found(self.seq, len(fitting), tuple(hits))

    def _matches(self, term: str) -> dict[int, Spans]:
        """Number of the line -> where in its folded text the term stands."""
        found: defaultdict[int, Spans] = defaultdict(list)
        for match in re.finditer(self._pattern(term), self._text):
            number = bisect_right(self._starts, match.start()) - 1
            begin = self._starts[number]
            found[number].append((match.start() - begin, match.end() - begin))
        return found

    def _pattern(self, term: str) -> str:
        """A letter stands for itself and for every character whose reading begins with it; alone, for itself."""
        if len(term) == 1:
            return re.escape(term)
        return "".join(f"[{letter}{self._by_letter.get(letter, '')}]" for letter in term)

    def _hit(self, number: int, spans: Spans) -> Hit:
        line = self.lines[number]
        places = _unfolded(line.text, spans)
        excerpt = tuple(_excerpt(line.text, places))
        at = places[0][0] if places else 0
        return Hit(line.turn_id, line.start_ms, line.seat, line.who, line.stage, line.held, at, excerpt)


def _lines(record: CaseRecord) -> Iterator[Line]:
    seats = {seat.id: _sitting(seat) for seat in record.hearing.seats}
    stages = sorted(record.stages, key=lambda stage: stage.start_ms)
    begins = [stage.start_ms for stage in stages]
    for turn in record.turns:
        stage = bisect_right(begins, turn.start_ms)
        who, names = seats.get(turn.seat or "", (turn.speaker, frozenset((turn.speaker,))))
        yield Line(
            turn.id,
            turn.start_ms,
            turn.end_ms,
            turn.seat,
            who,
            names,
            stages[stage - 1].name if stage else "",
            turn.tags,
            turn.suppressed is not None,
            turn.text,
        )


def _sitting(seat: Seat) -> tuple[str, frozenset[str]]:
    """What a seat is called in a hit, and all that it may be looked for by."""
    return seat.role, frozenset({seat.id, seat.role, seat.person} - {""})


def _by_letter(text: str, initials: Initials) -> dict[str, str]:
    """Letter -> the characters of this text that may be read so that it comes first."""
    found = defaultdict(list)
    for character in set(text) - set(_BETWEEN):
        for letter in set(initials(character)) & set(ascii_lowercase) - {character}:
            found[letter].append(character)
    return {letter: "".join(characters) for letter, characters in found.items()}


def _unfolded(text: str, spans: Spans) -> Spans:
    """Spans of the folded text as spans of the text, in order, those that touch joined."""
    origins = [at for at, character in enumerate(text) for _ in folded(character)]
    joined: Spans = []
    for begin, end in sorted((origins[begin], origins[end - 1] + 1) for begin, end in spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _excerpt(text: str, places: Spans) -> Iterator[Piece]:
    """Text around the first match, with what else matches in sight."""
    first = max(0, min(places[0][0] - BEFORE, len(text) - LONGEST)) if places else 0
    last = min(len(text), first + LONGEST)
    here = first
    lead = "…" if first else ""
    for begin, end in [*(place for place in places if place[0] < last), (last, last)]:
        if begin > here or lead:
            yield Piece(lead + text[here:begin], match=False)
            lead = ""
        if min(end, last) > begin:
            yield Piece(text[begin : min(end, last)], match=True)
        here = end
    if last < len(text):
        yield Piece("…", match=False)
