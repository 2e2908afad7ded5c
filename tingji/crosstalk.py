"""One voice in several microphones stands on record once: words that only leaked into the others are held back.

Most crosstalk is kept out by its sound (`diarization.channels`). What comes through is known by its words: two
microphones wrote the same at the same time, and the sound of that stretch says where it was said. What one person
alone said is never held back, nor what two said at once, each into the own microphone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from asr.repeats import repeated
from casefile.attribution import split
from casefile.events import TurnHeldBack, TurnSplit
from casefile.model import Hearing, Mono16k, Speech, Split, Turn, TurnState
from diarization.diarizer import seat_alone
from diarization.echo import echoes

RULE = "crosstalk"
AROUND_MS = 100
"""Sound around the words that is compared, too: their times are not exact."""
LEAST_MS = 200
"""Less sound in common tells nothing."""
Held = TurnSplit | TurnHeldBack


class Repeats:
    """One per run of sound: remembers the passages that a later one may repeat, or that may repeat it."""

    def __init__(self) -> None:
        self._recent: list[Speech] = []

    def held_back(self, speech: Speech, hearing: Hearing, turns: Iterable[Turn]) -> list[Held]:
        """What follows from a passage; its turns are among `turns`, as are those of earlier passages.

        Passages come in the order in which they close. Of a turn that repeats another one in part, that part
        is cut out. What a person has edited, confirmed or restored is left alone.
        """
        self._recent = [one for one in self._recent if one.end_ms > speech.start_ms - 30_000]
        at_once = [one for one in self._recent if _at_once(one, speech)]
        self._recent.append(speech)
        events = list[Held]()
        there = {turn.id: turn for turn in turns if _is_open(turn)} if at_once else {}
        for other in at_once:
            found = _between(speech, other, hearing, list(there.values()))
            there = {turn.id: turn for turn in applied(there.values(), found) if _is_open(turn)}
            events += found
        return events


def applied(turns: Iterable[Turn], events: Sequence[Held]) -> list[Turn]:
    """The turns as `casefile.record` has them after these events."""
    standing = {turn.id: turn for turn in turns}
    for event in events:
        if isinstance(event, TurnHeldBack):
            standing[event.turn_id] = replace(standing[event.turn_id], suppressed=event.rule)
        elif halves := split(standing[event.split.turn_id], event.split):
            standing |= {half.id: half for half in halves}
    return list(standing.values())


def _is_open(turn: Turn) -> bool:
    return turn.suppressed is None and turn.state is TurnState.FINAL


def _at_once(one: Speech, other: Speech) -> bool:
    """In different microphones, with enough time in common."""
    common_ms = min(one.end_ms, other.end_ms) - max(one.start_ms, other.start_ms)
    return one.channel != other.channel and common_ms > LEAST_MS


def _between(one: Speech, other: Speech, hearing: Hearing, turns: Sequence[Turn]) -> list[Held]:
    """Of two passages at most one repeats the other."""
    mine, theirs = (_turns_of(speech, turns) for speech in (one, other))
    return list(_repeats(one, mine, other, theirs, hearing)) or list(
        _repeats(other, theirs, one, mine, hearing)
    )


def _turns_of(speech: Speech, turns: Iterable[Turn]) -> list[Turn]:
    return [
        turn
        for turn in turns
        if turn.channel == speech.channel and speech.start_ms <= turn.start_ms < speech.end_ms
    ]


def _repeats(
    one: Speech, mine: Sequence[Turn], other: Speech, theirs: Sequence[Turn], hearing: Hearing
) -> Iterator[Held]:
    """What of `mine` only repeats `theirs`."""
    others = [word for turn in theirs for word in turn.words]
    same_seat = _same_seat(hearing, one.channel, other.channel)
    for turn in mine:
        whole = turn
        for run in reversed(repeated(turn.words, others)):
            since, until = turn.words[run.start].start_ms, turn.words[run.stop - 1].end_ms
            parts = [_part(speech, since, until, one, other) for speech in (one, other)]
            if len(parts[0]) >= LEAST_MS * 16 and echoes(*parts, same_seat=same_seat):
                held, whole = _cut_out(whole, run)
                yield from held


def _same_seat(hearing: Hearing, channel: int, other: int) -> bool:
    seat = seat_alone(hearing, channel)
    return seat is not None and seat == seat_alone(hearing, other)


def _part(speech: Speech, since_ms: int, until_ms: int, *heard: Speech) -> Mono16k:
    """The sound of `speech` between these moments, as far as all of `heard` have it."""
    since = max(since_ms - AROUND_MS, *(one.start_ms for one in heard))
    until = min(until_ms + AROUND_MS, *(one.end_ms for one in heard))
    part = speech.audio[16 * (since - speech.start_ms) : 16 * max(since, until) - 16 * speech.start_ms]
    return np.ascontiguousarray(part)


def _cut_out(turn: Turn, run: range) -> tuple[list[Held], Turn]:
    """The words of `run` as a turn of their own, held back; and what stands of the turn before them."""
    events = list[Held]()
    before, held = _cut(turn, run.start, events) if run.start else (turn, turn)
    if held and run.stop < len(turn.words):
        held, _ = _cut(held, run.stop - run.start, events)
    if held is None:
        return [], turn
    return [*events, TurnHeldBack(held.id, RULE, len(held.words))], before or turn


def _cut(turn: Turn, at_word: int, events: list[Held]) -> tuple[Turn, Turn] | tuple[None, None]:
    """Both halves; None where a change stands across the border, or the second would have the first one's id."""
    border_ms = max(turn.words[at_word].start_ms, turn.start_ms + 1)
    cut = Split(turn.id, at_word, len(turn.words), f"{turn.channel}-{border_ms}")
    halves = split(turn, cut)
    events += [TurnSplit(cut)] if halves else []
    return halves or (None, None)
