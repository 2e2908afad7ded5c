"""What a signatory is shown: exactly the text that is signed, line by line, with its words' times (court.md E6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from casefile.editing import condensed
from casefile.export.reading import Edit, reworded
from casefile.export.signed_text import around, said_by, turns_read
from casefile.export.wording import name_of, one_line
from casefile.model import CaseRecord, Hearing, Turn, Word
from casefile.signatures import CorrectionRequest, Scope, Signatory

ACCUSING = frozenset({"公诉人", "检察员", "自诉人", "被告人"})


@dataclass(frozen=True, slots=True)
class Line:
    """A turn, or what stands between turns (`turn_id` None): a stage, pause or gap. `own`: this person said it.

    The texts of `words` joined are `text`, but for double spaces.
    """

    turn_id: str | None
    start_ms: int
    end_ms: int
    who: str
    text: str
    own: bool = False
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A line that reads otherwise than it did: "" where it did not or does not stand."""

    turn_id: str | None
    start_ms: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch of sound; `channel` None: all microphones mixed."""

    from_ms: int
    to_ms: int
    channel: int | None


def is_criminal(hearing: Hearing) -> bool:
    """Whether what was said may not be changed (刑诉解释 art. 293): by the case number, without one by the seats."""
    if hearing.case_number:
        return "刑" in hearing.case_number
    return any(seat.role in ACCUSING for seat in hearing.seats)


def lines(record: CaseRecord, signatory: Signatory) -> list[Line]:
    """What this person reads and signs, in its order; the head of the record stands apart."""
    said = [(turn.start_ms, 1, _line(record, turn, signatory)) for turn in turns_read(record, signatory)]
    rest = [
        (start_ms, rank, Line(None, start_ms, start_ms, "", text)) for start_ms, rank, text in around(record)
    ]
    shown = [*said, *(rest if signatory.scope is Scope.WHOLE else ())]
    return [line for _, _, line in sorted(shown, key=lambda one: one[:2])]


def _line(record: CaseRecord, turn: Turn, signatory: Signatory) -> Line:
    own, words = said_by(record, turn, signatory), tuple(_timed(turn))
    text = one_line(condensed(turn))
    return Line(turn.id, turn.start_ms, turn.end_ms, name_of(record, turn), text, own, words)


def _timed(turn: Turn) -> Iterator[Word]:
    """The words of the condensed text."""
    words = reworded(turn.words, [Edit(piece.at, piece.end, "") for piece in turn.omissions])
    cut = sum(len(word.text) for word in words) - len(condensed(turn))
    for word in words:
        text, cut = word.text[cut:], max(0, cut - len(word.text))
        if text:
            yield replace(word, text=text)


def changes(old: CaseRecord, new: CaseRecord, signatory: Signatory) -> list[Change]:
    """What this person's part reads otherwise than it did, in order of time."""
    before, after = _by_place(old, signatory), _by_place(new, signatory)
    places = sorted({**before, **after}, key=lambda place: (after.get(place) or before[place]).start_ms)
    found = (_change(before.get(place), after.get(place)) for place in places)
    return [change for change in found if change.before != change.after]


def _by_place(record: CaseRecord, signatory: Signatory) -> dict[str, Line]:
    return {line.turn_id or f"{line.start_ms} {line.text}": line for line in lines(record, signatory)}


def _change(old: Line | None, new: Line | None) -> Change:
    line = new or old
    assert line
    return Change(line.turn_id, line.start_ms, _shown(old), _shown(new))


def _shown(line: Line | None) -> str:
    return "：".join(part for part in (line.who, line.text) if part) if line else ""


def part_heard(
    record: CaseRecord, signatory: Signatory, turn_id: str, from_ms: int, to_ms: int
) -> Heard | None:
    """The sound that this person may hear of a stretch of a turn; None: not theirs.

    Of their own testimony they hear the turn's own microphone, between its first and last word, and nothing else.
    """
    turn = next((one for one in turns_read(record, signatory) if one.id == turn_id), None)
    if turn is None:
        return None
    if signatory.scope is Scope.WHOLE:
        return Heard(from_ms, to_ms, None)
    return Heard(max(from_ms, turn.start_ms), min(to_ms, turn.end_ms), turn.channel)


def proposed(turn: Turn, request: CorrectionRequest) -> str:
    """The turn's text with what was asked for, at the place that the sound names."""
    if request.before:
        at = _place(turn, request)
        return turn.text if at is None else _put(turn.text, at, at + len(request.before), request.wanted)
    at = sum(len(word.text) for word in turn.words if word.start_ms < request.end_ms)
    return _put(turn.text, at, at, request.wanted)


def _put(text: str, start: int, end: int, wanted: str) -> str:
    return text[:start] + wanted + text[end:]


def _place(turn: Turn, request: CorrectionRequest) -> int | None:
    """Where the piece stands: the place whose sound begins nearest to what the request names."""
    times = [word.start_ms for word in turn.words for _ in word.text]
    places = [at for at in range(len(turn.text)) if turn.text.startswith(request.before, at)]
    return min(places, key=lambda at: abs(times[at] - request.start_ms), default=None)
