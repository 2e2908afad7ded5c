"""After the last word: all voices of the hearing at once, and which turns they would give to somebody else."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

from casefile.attribution import Who, identity, is_confirmed, speaker_of
from casefile.model import Attribution, CaseRecord, Proposal, Reassignment, Speaker, Turn
from diarization.clustering import Labels, cluster
from diarization.stretches import Passage, Stretch
from diarization.voices import SAME_SHORT, UNKNOWN

SURE = 0.9
"""A turn that is less surely another's is left alone: a list of guesses is no help."""
BY_VOICE = (Attribution.CLUSTER, Attribution.ENROLLED)
Grouping = Callable[[Sequence[Stretch]], Labels]
"""Which stretches are one voice: a label from 0 for each, -1 where nothing can be said."""


@dataclass(slots=True)
class _Sum:
    """The voices of a speaker or a turn, added up by the length of speech alone."""

    vector: NDArray[np.float32]

    def likeness(self, other: NDArray[np.float32]) -> float:
        """From -1 to 1; 0 where there is nothing."""
        length = float(np.linalg.norm(self.vector) * np.linalg.norm(other))
        return float(self.vector @ other) / length if length else 0.0


def proposed(
    record: CaseRecord, passages: Sequence[Passage], grouping: Grouping = cluster
) -> tuple[Proposal, ...]:
    """Turns that were named by their voice, and that the voices of the whole hearing give to another name.

    The names are those on record, the clerk's word included; a turn that a person has decided on or confirmed
    is left alone. Whoever does the `grouping`, a turn is proposed only where it also sounds like the other name's.
    """
    turns = {turn.id: turn for turn in record.turns}
    heard = list(_heard(record.turns, passages))
    stretches = [stretch for stretch, _ in heard]
    owners = _owners([turns[one] for _, one in heard], stretches, grouping(stretches))
    by_turn: dict[str, list[tuple[Stretch, Who | None]]] = {}
    for (stretch, turn_id), owner in zip(heard, owners, strict=True):
        by_turn.setdefault(turn_id, []).append((stretch, owner))
    sums = _sums(by_turn, turns)
    decided = {made.turn_id for made in record.reassigned}
    open_ = [
        turn for turn in record.turns if turn.id in by_turn and turn.id not in decided and _is_open(turn)
    ]
    found = (_proposal(turn, by_turn[turn.id], sums, record.turns) for turn in open_)
    return tuple(one for one in found if one)


def _heard(turns: Sequence[Turn], passages: Sequence[Passage]) -> Iterator[tuple[Stretch, str]]:
    """Each stretch with the turn that its longest part lies in."""
    by_channel: dict[int, list[Turn]] = {}
    for turn in sorted(turns, key=lambda one: one.start_ms):
        by_channel.setdefault(turn.channel, []).append(turn)
    starts = {channel: [turn.start_ms for turn in its] for channel, its in by_channel.items()}
    for passage in passages:
        for note in passage.notes:
            start, end = max(note.stretch.spans, key=lambda span: span[1] - span[0])
            middle, channel = (start + end) // 2, passage.channel
            at = bisect_right(starts.get(channel, []), middle) - 1
            if at >= 0 and middle < by_channel[channel][at].end_ms:
                yield note.stretch, by_channel[channel][at].id


def _owners(turns: Sequence[Turn], stretches: Sequence[Stretch], labels: Labels) -> list[Who | None]:
    """For each stretch, who has most of the speech of the voices that it is one of."""
    groups = labels.tolist()
    shares: dict[int, dict[Who, int]] = {}
    for group, turn, stretch in zip(groups, turns, stretches, strict=True):
        if turn.speaker != UNKNOWN:
            mine = shares.setdefault(group, {})
            mine[_whose(turn)] = mine.get(_whose(turn), 0) + stretch.ms
    owner = {group: max(its, key=lambda who: its[who]) for group, its in shares.items() if group >= 0}
    return [owner.get(group) for group in groups]


def _sums(
    by_turn: Mapping[str, Sequence[tuple[Stretch, Who | None]]], turns: Mapping[str, Turn]
) -> dict[Who, _Sum]:
    sums: dict[Who, _Sum] = {}
    for turn_id, its in by_turn.items():
        who = _whose(turns[turn_id])
        sums[who] = _Sum((sums[who].vector if who in sums else 0) + _sum(its))
    return sums


def _sum(its: Sequence[tuple[Stretch, Who | None]]) -> NDArray[np.float32]:
    total = np.zeros(192, np.float32)
    for stretch, _ in its:
        if stretch.embedding is not None:
            total += max(stretch.solo_ms, 1) * stretch.embedding
    return total


def _proposal(
    turn: Turn, its: Sequence[tuple[Stretch, Who | None]], sums: Mapping[Who, _Sum], turns: Sequence[Turn]
) -> Proposal | None:
    """Another name for most of the turn, if its voice is surely liker to that name's turns than to its own others.

    A voice without a name has none to lose: its turns need only be surely a seat's.
    """
    votes: dict[Who | None, int] = {}
    for stretch, owner in its:
        votes[owner] = votes.get(owner, 0) + stretch.ms
    who = max(votes, key=lambda one: votes[one])
    if who is None or who == _whose(turn) or 2 * votes[who] <= sum(votes.values()):
        return None
    voice, now = _sum(its), sums[_whose(turn)].vector
    nameless = turn.seat is None and (turn.speaker == UNKNOWN or who[0] is not None)
    rival = 0.0 if nameless else _Sum(now - voice).likeness(voice)
    confidence = 1 / (1 + exp(20 * (max(rival, SAME_SHORT) - sums[who].likeness(voice))))
    if confidence < SURE:
        return None
    after = next(speaker_of(one) for one in turns if _whose(one) == who)
    return Proposal(Reassignment(turn.id, speaker_of(turn), _found(after, confidence)), confidence)


def _found(speaker: Speaker, certainty: float) -> Speaker:
    how = Attribution.ENROLLED if speaker.seat else Attribution.CLUSTER
    return Speaker(speaker.seat, speaker.name, how, certainty)


def _is_open(turn: Turn) -> bool:
    return turn.how in BY_VOICE and not turn.suppressed and not is_confirmed(turn)


def _whose(turn: Turn) -> Who:
    return identity(speaker_of(turn))
