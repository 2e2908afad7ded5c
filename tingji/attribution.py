"""Who spoke, at the clerk's hand: commands become events, and what one says of a voice is offered for the rest.

Implements `web.attribution.Attributions`. A reassignment or a name also teaches: later passages of the voice
follow what stands on record (`tingji.speakers`). While a hearing is being closed only what was proposed may still be decided; a sealed
record is never touched.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from casefile import attribution
from casefile.attribution import is_confirmed, speaker_of
from casefile.errors import NoCutHere, NoSuchSpeaker, OfferGone
from casefile.events import (
    Event,
    ReassigningRefused,
    ReassigningUndone,
    SplitUndone,
    TurnReassigned,
    TurnSplit,
    VoiceNamed,
    VoiceNamingUndone,
)
from casefile.feed import Feed
from casefile.model import (
    OPEN,
    UNSEALED,
    Attribution,
    CaseRecord,
    HearingState,
    Naming,
    Proposal,
    Reassignment,
    Speaker,
    Split,
    Turn,
)
from diarization.diarizer import name_of
from diarization.voices import UNKNOWN
from tingji.states import expected, turn_of
from web.attribution import Choice, Target

ACTION = "更改发言人"


class SpokenWord:
    """Who spoke in all hearings. Thread-safe."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._lock = threading.Lock()

    def reassign(self, hearing_id: str, turn_id: str, to: Target, by: str) -> None:
        """See `Attributions`."""
        with self._lock:
            record = self._expect(hearing_id, *OPEN)
            turn = turn_of(record, turn_id)
            made = Reassignment(turn_id, speaker_of(turn), speaker_meant(record, to, Attribution.CLERK))
            if made.before != made.after:
                self._put(hearing_id, [TurnReassigned(made)], by)

    def name(self, hearing_id: str, label: str, to: Target, by: str) -> None:
        """See `Attributions`."""
        with self._lock:
            record = self._expect(hearing_id, *OPEN)
            before = _name(record, label)
            turns = [turn for turn in record.turns if _is_of(turn, before or _voice(label))]
            if label == UNKNOWN or not (turns or before):
                raise NoSuchSpeaker
            after = speaker_meant(record, to, Attribution.ENROLLED)
            if before != after:
                self._put(hearing_id, [VoiceNamed(Naming(label, before, after))], by)

    def undo_name(self, hearing_id: str, label: str, by: str) -> None:
        """See `Attributions`."""
        with self._lock:
            record = self._expect(hearing_id, *OPEN)
            standing = next((one for one in record.named_voices if one.label == label), None)
            if standing is None:
                raise OfferGone
            self._put(hearing_id, [VoiceNamingUndone(standing)], by)

    def split(self, hearing_id: str, turn_id: str, at_word: int, by: str) -> str:
        """See `Attributions`."""
        with self._lock:
            turn = turn_of(self._expect(hearing_id, *OPEN), turn_id)
            cut = Split(turn_id, at_word, len(turn.words), f"{turn_id}~{at_word}")
            if attribution.split(turn, cut) is None:
                raise NoCutHere
            self._put(hearing_id, [TurnSplit(cut)], by)
        return cut.second_id

    def undo_split(self, hearing_id: str, turn_id: str, by: str) -> None:
        """See `Attributions`."""
        with self._lock:
            record = self._expect(hearing_id, *OPEN)
            cut = next((one for one in reversed(record.splits) if one.turn_id == turn_id), None)
            if cut is None:
                raise OfferGone
            halves = turn_of(record, cut.turn_id), turn_of(record, cut.second_id)
            if attribution.joined(*halves, cut) is None:
                raise OfferGone
            self._put(hearing_id, [SplitUndone(cut)], by)

    def offers(self, hearing_id: str) -> tuple[Reassignment, ...]:
        """See `Attributions`; none after the closing."""
        record = self._feed.record(hearing_id)
        return tuple(offered(record)) if record.state in OPEN else ()

    def proposals(self, hearing_id: str) -> tuple[Proposal, ...]:
        """See `Attributions`; none when the record is sealed."""
        record = self._feed.record(hearing_id)
        return record.proposals if record.state in UNSEALED else ()

    def accept(self, hearing_id: str, choices: Sequence[Choice], by: str) -> None:
        """See `Attributions`."""
        with self._lock:
            chosen = self._chosen(hearing_id, choices)
            self._put(hearing_id, [TurnReassigned(one) for one in chosen], by)

    def refuse(self, hearing_id: str, choices: Sequence[Choice], by: str) -> None:
        """See `Attributions`."""
        with self._lock:
            chosen = self._chosen(hearing_id, choices)
            self._put(hearing_id, [ReassigningRefused(one) for one in chosen], by)

    def undo(self, hearing_id: str, turn_ids: Sequence[str], by: str) -> None:
        """See `Attributions`."""
        with self._lock:
            record = self._expect(hearing_id, *UNSEALED)
            last = {one.turn_id: one for one in record.reassigned}
            turns = {turn.id: turn for turn in record.turns}
            if not all(_can_undo(last.get(one), turns.get(one)) for one in turn_ids):
                raise OfferGone
            self._put(hearing_id, [ReassigningUndone(last[one]) for one in dict.fromkeys(turn_ids)], by)

    def _chosen(self, hearing_id: str, choices: Sequence[Choice]) -> list[Reassignment]:
        """Each chosen offer or proposal, once. Raises OfferGone when one is not there (any more)."""
        self._expect(hearing_id, *UNSEALED)
        there = [*self.offers(hearing_id), *(one.reassignment for one in self.proposals(hearing_id))]
        by_turn = {turn_id: [one for one in there if one.turn_id == turn_id] for turn_id in _ids(there)}
        found = [next(filter(one.names, by_turn.get(one.turn_id, ())), None) for one in choices]
        if None in found or len({choice.turn_id for choice in choices}) < len(choices):
            raise OfferGone
        return [one for one in found if one]

    def _put(self, hearing_id: str, events: Sequence[Event], by: str) -> None:
        if events:
            self._feed.append(hearing_id, events, by)

    def _expect(self, hearing_id: str, *states: HearingState) -> CaseRecord:
        return expected(self._feed, hearing_id, ACTION, *states)


def offered(record: CaseRecord) -> Iterator[Reassignment]:
    """For turns of an unnamed voice: what the clerk said of another turn of it, where all that was said agrees.

    Never a confirmed turn, never one that a person has decided on, and never for speech that is nobody's voice.
    """
    said: dict[str, set[Speaker]] = {}
    for made in record.reassigned:
        if made.before.how is Attribution.CLUSTER and made.before.name != UNKNOWN:
            said.setdefault(made.before.name, set()).add(made.after)
    agreed = {label: next(iter(all_)) for label, all_ in said.items() if len(all_) == 1}
    refused = {(one.turn_id, one.after) for one in record.refused_reassignments}
    for turn in record.turns:
        after = agreed.get(turn.speaker) if turn.how is Attribution.CLUSTER and turn.seat is None else None
        if after and not is_confirmed(turn) and not turn.suppressed and (turn.id, after) not in refused:
            yield Reassignment(turn.id, speaker_of(turn), after)


def _ids(offers: Sequence[Reassignment]) -> set[str]:
    return {one.turn_id for one in offers}


def speaker_meant(record: CaseRecord, to: Target, how: Attribution) -> Speaker:
    """The seat or person that the clerk chose. Raises NoSuchSpeaker for a seat that is not in the set-up."""
    if to.seat is None:
        return Speaker(None, to.name, how)
    seat = next((seat for seat in record.hearing.seats if seat.id == to.seat), None)
    if seat is None:
        raise NoSuchSpeaker
    return Speaker(seat.id, name_of(seat), how)


def _name(record: CaseRecord, label: str) -> Speaker | None:
    return next((one.after for one in record.named_voices if one.label == label), None)


def _voice(label: str) -> Speaker:
    return Speaker(None, label, Attribution.CLUSTER)


def _is_of(turn: Turn, speaker: Speaker) -> bool:
    return (turn.seat, turn.speaker, turn.how) == (speaker.seat, speaker.name, speaker.how)


def _can_undo(made: Reassignment | None, turn: Turn | None) -> bool:
    return bool(made and turn and speaker_of(turn) == made.after and not is_confirmed(turn))
