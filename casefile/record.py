"""The fold: from the events of a hearing to what is on the record.

`Fold` takes events one by one at a cost that does not grow with the record; the `CaseRecord` is made when
somebody asks for it.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from casefile.attribution import Spoken, joined, split
from casefile.blanking import Blanking
from casefile.duties import DutyMark, DutyState
from casefile.editing import confirmed, edited, made_one, omits, unconfirmed, with_again, without
from casefile.errors import NotFound
from casefile.events import (
    BlankingRuled,
    CaseWordRemoved,
    CaseWordsAdded,
    ClockChanged,
    ConfirmationUndone,
    CopiesCompared,
    CorrectionDecided,
    CorrectionRequested,
    DutyMarked,
    EnrolmentWithdrawn,
    Event,
    ExhibitWritten,
    FaultExplained,
    FaultReviewed,
    GapFound,
    HearingChanged,
    HearingClosed,
    HearingCreated,
    JoiningUndone,
    MendingRefused,
    MendingUndone,
    OmissionsUndone,
    PassageMissed,
    PauseEnded,
    PauseStarted,
    PiecesOmitted,
    ReassigningRefused,
    ReassigningUndone,
    RecorderGivenUp,
    RecordingStarted,
    RecordRead,
    RecordSealed,
    RecordSigned,
    RestoringUndone,
    ScreensBlanked,
    ScreensLit,
    SignatoryNamed,
    SignatoryRemoved,
    SpeakersProposed,
    SplitUndone,
    StageEntered,
    Stored,
    TagRemoved,
    TurnAdded,
    TurnConfirmed,
    TurnEdited,
    TurnHeldBack,
    TurnMended,
    TurnReassigned,
    TurnRestored,
    TurnsJoined,
    TurnSplit,
    TurnTagged,
    VoiceEnrolled,
    VoiceNamed,
    VoiceNamingUndone,
    to_json,
)
from casefile.exhibits import ExhibitEntry
from casefile.faults import FaultExplanation, FaultReview
from casefile.mending import fits, mended, parted, rejoined, undone
from casefile.model import (
    AudioFormat,
    CaseRecord,
    CaseWord,
    ClockStep,
    Gap,
    GapReason,
    Hearing,
    Join,
    Mending,
    Missed,
    Pause,
    Stage,
    Turn,
    TurnState,
)
from casefile.signing import Signing
from casefile.summary import HearingSummary, advance, begin

Position = tuple[int, int, int]
"""Where a turn stands: start_ms, channel, and the order of arrival."""
Joined = tuple[Join, Turn, Turn, Turn, str | None]
"""Two turns as they were, the one that was made of them, and the second one's voice label."""


class Fold:
    """Folds the events of one hearing, in order of `seq`.

    A fact that comes twice (a gap, a turn with the same id) stands once, as it came first.
    """

    def __init__(self) -> None:
        self.seq = 0
        self.heard_to_ms: dict[int, int] = {}
        """By channel: all speech before this moment has been dealt with."""
        self._summary: HearingSummary | None = None
        self._hearing: Hearing | None = None
        self._format: AudioFormat | None = None
        self._turns: dict[str, Turn] = {}
        self._order: list[tuple[Position, str]] = []
        self._held: dict[str, str] = {}
        self._stages: list[Stage] = []
        self._pauses: list[Pause] = []
        self._gaps: dict[Gap, None] = {}
        self._missed: dict[Missed, None] = {}
        self._clock_steps: dict[ClockStep, None] = {}
        self._digests: dict[str, Any] = {}
        self._given_up = False
        self._words: tuple[CaseWord, ...] = ()
        self._removed_words: set[str] = set()
        self._refused: tuple[Mending, ...] = ()
        self._spoken = Spoken()
        self._exhibit_entries: dict[tuple[str, int, str, str], ExhibitEntry] = {}
        self._duty_marks: dict[tuple[str, str], DutyMark] = {}
        self._joins: dict[str, Joined] = {}
        self._signing = Signing()
        self._explanations: dict[FaultExplanation, None] = {}
        self._reviews: dict[str, FaultReview] = {}
        self._blanking = Blanking()
        self._in_order: tuple[Turn, ...] | None = ()
        self._record: CaseRecord | None = None

    def add(self, stored: Stored) -> None:
        """Takes in one more event."""
        if self._summary is None:
            self._summary = begin(stored.hearing_id, stored.at)
        self._summary = advance(self._summary, stored)
        self.seq = stored.seq
        self._record = None
        take = _TAKERS.get(type(stored.event))
        if take is not None:
            take(self, stored.event)

    @property
    def hearing(self) -> Hearing:
        """The set-up as it stands. Raises NotFound before the first event."""
        if self._hearing is None:
            raise NotFound
        return self._hearing

    @property
    def record(self) -> CaseRecord:
        """What is on the record now. Raises NotFound before the first event."""
        if self._record is None:
            self._record = self._snapshot()
        return self._record

    def stand(self, event: Event) -> list[Turn]:
        """The turns that a person's hand on their text has changed, as they stand now."""
        match event:
            case TurnEdited(edit=edit):
                ids = [edit.turn_id]
            case TurnConfirmed() | ConfirmationUndone() | TurnTagged() | TagRemoved():
                ids = [event.turn_id]
            case PiecesOmitted() | OmissionsUndone():
                ids = [event.turn_id]
            case TurnsJoined(join=join) | JoiningUndone(join=join):
                ids = [join.turn_id, join.second_id]
            case _:
                ids = []
        return [self._turns[one] for one in ids if one in self._turns]

    def turn_of(self, event: Event) -> Turn | None:
        """The turn that this event added or changed, as it stands now."""
        match event:
            case TurnAdded(turn=turn):
                return self._turns[turn.id]
            case TurnMended(mending=mending) | MendingUndone(mending=mending):
                return self._turns.get(mending.turn_id)
            case SplitUndone(split=cut):
                return self._turns.get(cut.turn_id)
        return None

    def _snapshot(self) -> CaseRecord:
        if self._hearing is None or self._summary is None:
            raise NotFound
        return CaseRecord(
            hearing=self._hearing,
            state=self._summary.state,
            seq=self.seq,
            opened_at=self._summary.opened_at,
            closed_at=self._summary.closed_at,
            format=self._format,
            length_ms=self._summary.length_ms,
            turns=self._turns_in_order(),
            stages=tuple(self._stages),
            pauses=tuple(self._pauses),
            gaps=tuple(self._gaps_in_order()),
            missed=tuple(self._missed),
            clock_steps=tuple(self._clock_steps),
            recorder_given_up=self._given_up,
            case_words=self._words,
            removed_words=tuple(sorted(self._removed_words)),
            refused_mendings=self._refused,
            reassigned=tuple(self._spoken.made),
            refused_reassignments=tuple(self._spoken.refused),
            named_voices=self._spoken.names,
            enrolments=tuple(self._spoken.enrolled.values()),
            splits=tuple(self._spoken.splits),
            proposals=self._spoken.proposed(self._turns),
            joins=tuple(self._standing_joins()),
            exhibit_entries=tuple(self._exhibit_entries.values()),
            duty_marks=tuple(self._duty_marks.values()),
            signatories=tuple(self._signing.signatories.values()),
            read=dict(self._signing.read),
            requests=tuple(self._signing.requests.values()),
            decisions=tuple(self._signing.decisions.values()),
            signatures=tuple(self._signing.signatures.values()),
            fault_explanations=tuple(self._explanations),
            fault_reviews=tuple(self._reviews.values()),
            blanked=self._blanking.blanked,
            blanking_rules=self._blanking.rules,
            digests=dict(self._digests),
        )

    def _turns_in_order(self) -> tuple[Turn, ...]:
        if self._in_order is None:
            self._in_order = tuple(self._turns[turn_id] for _, turn_id in self._order)
        return self._in_order

    def _gaps_in_order(self) -> list[Gap]:
        """Without the silence of a pause that is listed as a pause."""
        listed = [gap for gap in self._gaps if not self._is_pause(gap)]
        return sorted(listed, key=lambda gap: gap.start_ms)

    def _is_pause(self, gap: Gap) -> bool:
        return gap.reason is GapReason.PAUSE and any(_overlap(pause, gap) for pause in self._pauses)

    def _hearing_set(self, event: HearingCreated | HearingChanged) -> None:
        self._hearing = event.hearing

    def _recording_started(self, event: RecordingStarted) -> None:
        self._format = event.format

    def _pause_started(self, event: PauseStarted) -> None:
        lasting = self._pauses and self._pauses[-1].end_ms is None
        if not lasting and all(pause.start_ms != event.at_ms for pause in self._pauses):
            self._pauses.append(Pause(event.at_ms, None, event.reason))

    def _pause_ended(self, event: PauseEnded) -> None:
        if self._pauses and self._pauses[-1].start_ms <= event.at_ms:
            self._end_pause(event.at_ms)

    def _end_pause(self, at_ms: int) -> None:
        if self._pauses and self._pauses[-1].end_ms is None:
            self._pauses[-1] = replace(self._pauses[-1], end_ms=at_ms)

    def _gap_found(self, event: GapFound) -> None:
        self._gaps.setdefault(event.gap)

    def _clock_changed(self, event: ClockChanged) -> None:
        self._clock_steps.setdefault(event.step)

    def _stage_entered(self, event: StageEntered) -> None:
        self._stages.append(Stage(event.name, event.at_ms))

    def _turn_added(self, event: TurnAdded) -> None:
        turn = event.turn
        self._heard(turn.channel, event.heard_to_ms)
        if turn.id in self._turns:
            return
        self._place(self._spoken.heard(turn))

    def _place(self, turn: Turn) -> None:
        insort(self._order, ((turn.start_ms, turn.channel, len(self._order)), turn.id))
        self._change(turn)

    def _change(self, turn: Turn) -> None:
        self._turns[turn.id] = turn
        self._in_order = None

    def _turn_held_back(self, event: TurnHeldBack) -> None:
        turn = self._turns.get(event.turn_id)
        if turn is None or len(turn.words) != event.words or turn.id in self._held:
            return
        if turn.suppressed is None and turn.state is TurnState.FINAL:
            self._change(replace(turn, suppressed=event.rule))

    def _turn_restored(self, event: TurnRestored) -> None:
        turn = self._turns.get(event.turn_id)
        if turn is not None and turn.suppressed:
            self._held.setdefault(turn.id, turn.suppressed)
            self._change(replace(turn, suppressed=None))

    def _restoring_undone(self, event: RestoringUndone) -> None:
        rule = self._held.get(event.turn_id)
        if rule is not None:
            self._change(replace(self._turns[event.turn_id], suppressed=rule))

    def _words_added(self, event: CaseWordsAdded) -> None:
        known = {word.text: word for word in self._words}
        added = {word.text: word for word in event.words}
        self._words = tuple((known | added).values())
        self._removed_words -= added.keys()

    def _word_removed(self, event: CaseWordRemoved) -> None:
        self._words = tuple(word for word in self._words if word.text != event.text)
        self._removed_words.add(event.text)

    def _turn_mended(self, event: TurnMended) -> None:
        turn = self._turns.get(event.mending.turn_id)
        if turn is not None and fits(turn, event.mending.change):
            self._change(mended(turn, event.mending.change))

    def _mending_undone(self, event: MendingUndone) -> None:
        turn = self._turns.get(event.mending.turn_id)
        if turn is not None and event.mending.change in turn.changes:
            self._change(undone(turn, event.mending.change))
            self._refused += (event.mending,)

    def _mending_refused(self, event: MendingRefused) -> None:
        self._refused += (event.mending,)

    def _turn_reassigned(self, event: TurnReassigned) -> None:
        self._spoken.reassign(self._turns, event.reassignment)
        self._in_order = None

    def _reassigning_refused(self, event: ReassigningRefused) -> None:
        self._spoken.refuse(event.reassignment)

    def _reassigning_undone(self, event: ReassigningUndone) -> None:
        self._spoken.undo(self._turns, event.reassignment)
        self._in_order = None

    def _voice_named(self, event: VoiceNamed) -> None:
        self._spoken.name(self._turns, event.naming)
        self._in_order = None

    def _voice_naming_undone(self, event: VoiceNamingUndone) -> None:
        self._spoken.undo_name(self._turns, event.naming)
        self._in_order = None

    def _voice_enrolled(self, event: VoiceEnrolled) -> None:
        self._spoken.enrol(event.enrolment)

    def _enrolment_withdrawn(self, event: EnrolmentWithdrawn) -> None:
        self._spoken.withdraw(event.speaker)

    def _speakers_proposed(self, event: SpeakersProposed) -> None:
        self._spoken.propose(event.proposals)

    def _turn_split(self, event: TurnSplit) -> None:
        cut, turn = event.split, self._turns.get(event.split.turn_id)
        halves = split(turn, cut) if turn and cut.second_id not in self._turns else None
        if halves is None:
            return
        first, second = halves
        self._change(first)
        self._place(second)
        if first.id in self._held:
            self._held[second.id] = self._held[first.id]
        self._spoken.cut(cut)
        self._refused = tuple(parted(one, cut, len(first.text)) for one in self._refused)

    def _split_undone(self, event: SplitUndone) -> None:
        cut = event.split
        first, second = self._turns.get(cut.turn_id), self._turns.get(cut.second_id)
        whole = joined(first, second, cut) if first and second and cut in self._spoken.splits else None
        if first is None or whole is None:
            return
        self._change(whole)
        self._remove(cut.second_id)
        self._held.pop(cut.second_id, None)
        self._spoken.uncut(cut)
        self._refused = tuple(rejoined(one, cut, len(first.text)) for one in self._refused)

    def _with(self, turn_id: str, made: Callable[[Turn], Turn | None]) -> None:
        turn = self._turns.get(turn_id)
        after = made(turn) if turn else None
        if after is not None:
            self._change(after)

    def _turn_edited(self, event: TurnEdited) -> None:
        self._with(event.edit.turn_id, lambda turn: edited(turn, event.edit))

    def _turn_confirmed(self, event: TurnConfirmed) -> None:
        self._with(event.turn_id, lambda turn: confirmed(turn, event.text))

    def _confirmation_undone(self, event: ConfirmationUndone) -> None:
        self._with(event.turn_id, unconfirmed)

    def _turn_tagged(self, event: TurnTagged) -> None:
        tags = (event.tag,)
        self._with(event.turn_id, lambda turn: replace(turn, tags=tuple(dict.fromkeys(turn.tags + tags))))

    def _tag_removed(self, event: TagRemoved) -> None:
        self._with(
            event.turn_id,
            lambda turn: replace(turn, tags=tuple(one for one in turn.tags if one != event.tag)),
        )

    def _pieces_omitted(self, event: PiecesOmitted) -> None:
        pieces = event.pieces
        self._with(event.turn_id, lambda turn: without(turn, pieces) if omits(turn, pieces) else None)

    def _omissions_undone(self, event: OmissionsUndone) -> None:
        self._with(event.turn_id, lambda turn: with_again(turn, event.pieces))

    def _turns_joined(self, event: TurnsJoined) -> None:
        join = event.join
        first, second = self._turns.get(join.turn_id), self._turns.get(join.second_id)
        whole = made_one(first, second, join) if first and second else None
        if first is None or second is None or whole is None:
            return
        self._remove(second.id)
        self._joins[second.id] = (join, first, second, whole, self._spoken.gone(second.id))
        self._change(whole)

    def _joining_undone(self, event: JoiningUndone) -> None:
        pair = self._joins.get(event.join.second_id)
        if pair is None or self._turns.get(event.join.turn_id) != pair[3]:
            return
        _, first, second, _, label = self._joins.pop(event.join.second_id)
        self._change(first)
        self._place(second)
        self._spoken.back(second.id, label)

    def _standing_joins(self) -> Iterator[Join]:
        """Those that can be taken back: the turn is as the joining made it."""
        return (
            join for join, _, _, whole, _ in self._joins.values() if self._turns.get(join.turn_id) == whole
        )

    def _remove(self, turn_id: str) -> None:
        del self._turns[turn_id]
        self._order = [one for one in self._order if one[1] != turn_id]
        self._in_order = None

    def _exhibit_written(self, event: ExhibitWritten) -> None:
        self._exhibit_entries.pop(event.entry.place, None)
        if event.entry.value:
            self._exhibit_entries[event.entry.place] = event.entry

    def _fault_explained(self, event: FaultExplained) -> None:
        self._explanations.setdefault(event.explanation)

    def _fault_reviewed(self, event: FaultReviewed) -> None:
        self._reviews.setdefault(event.review.digest, event.review)

    def _duty_marked(self, event: DutyMarked) -> None:
        self._duty_marks.pop(event.mark.place, None)
        if event.mark.state is not DutyState.HEARD:
            self._duty_marks[event.mark.place] = event.mark

    def _screens_blanked(self, event: ScreensBlanked) -> None:
        self._blanking.blank(event)

    def _screens_lit(self, event: ScreensLit) -> None:
        self._blanking.light(event)

    def _blanking_ruled(self, event: BlankingRuled) -> None:
        self._blanking.rule(event.rule)

    def _passage_missed(self, event: PassageMissed) -> None:
        self._missed.setdefault(event.missed)
        self._heard(event.missed.channel, event.missed.end_ms)

    def _heard(self, channel: int, to_ms: int) -> None:
        self.heard_to_ms[channel] = max(to_ms, self.heard_to_ms.get(channel, 0))

    def _hearing_closed(self, event: HearingClosed) -> None:
        self._end_pause(event.length_ms)

    def _recorder_given_up(self, event: RecorderGivenUp) -> None:
        self._given_up = True

    def _copies_compared(self, event: CopiesCompared) -> None:
        self._digests["copies"] = to_json(event)

    def _record_sealed(self, event: RecordSealed) -> None:
        self._digests |= to_json(event)


_TAKERS: dict[type[Any], Callable[[Fold, Any], None]] = {
    HearingCreated: Fold._hearing_set,
    HearingChanged: Fold._hearing_set,
    RecordingStarted: Fold._recording_started,
    PauseStarted: Fold._pause_started,
    PauseEnded: Fold._pause_ended,
    GapFound: Fold._gap_found,
    ClockChanged: Fold._clock_changed,
    StageEntered: Fold._stage_entered,
    TurnAdded: Fold._turn_added,
    TurnHeldBack: Fold._turn_held_back,
    TurnRestored: Fold._turn_restored,
    RestoringUndone: Fold._restoring_undone,
    CaseWordsAdded: Fold._words_added,
    CaseWordRemoved: Fold._word_removed,
    TurnMended: Fold._turn_mended,
    MendingUndone: Fold._mending_undone,
    MendingRefused: Fold._mending_refused,
    TurnReassigned: Fold._turn_reassigned,
    ReassigningRefused: Fold._reassigning_refused,
    ReassigningUndone: Fold._reassigning_undone,
    VoiceNamed: Fold._voice_named,
    VoiceNamingUndone: Fold._voice_naming_undone,
    VoiceEnrolled: Fold._voice_enrolled,
    EnrolmentWithdrawn: Fold._enrolment_withdrawn,
    TurnSplit: Fold._turn_split,
    SplitUndone: Fold._split_undone,
    SpeakersProposed: Fold._speakers_proposed,
    TurnEdited: Fold._turn_edited,
    TurnConfirmed: Fold._turn_confirmed,
    ConfirmationUndone: Fold._confirmation_undone,
    TurnTagged: Fold._turn_tagged,
    TagRemoved: Fold._tag_removed,
    PiecesOmitted: Fold._pieces_omitted,
    OmissionsUndone: Fold._omissions_undone,
    TurnsJoined: Fold._turns_joined,
    JoiningUndone: Fold._joining_undone,
    ExhibitWritten: Fold._exhibit_written,
    DutyMarked: Fold._duty_marked,
    ScreensBlanked: Fold._screens_blanked,
    ScreensLit: Fold._screens_lit,
    BlankingRuled: Fold._blanking_ruled,
    SignatoryNamed: lambda fold, event: fold._signing.name(event.signatory),
    SignatoryRemoved: lambda fold, event: fold._signing.remove(event.signatory_id),
    RecordRead: lambda fold, event: fold._signing.has_read(event.signatory_id, event.seq),
    CorrectionRequested: lambda fold, event: fold._signing.ask(event.request),
    CorrectionDecided: lambda fold, event: fold._signing.decide(event.decision),
    RecordSigned: lambda fold, event: fold._signing.sign(event.signature),
    FaultExplained: Fold._fault_explained,
    FaultReviewed: Fold._fault_reviewed,
    PassageMissed: Fold._passage_missed,
    RecorderGivenUp: Fold._recorder_given_up,
    HearingClosed: Fold._hearing_closed,
    CopiesCompared: Fold._copies_compared,
    RecordSealed: Fold._record_sealed,
}


def _overlap(pause: Pause, gap: Gap) -> bool:
    return pause.start_ms < gap.end_ms and (pause.end_ms is None or gap.start_ms < pause.end_ms)


def fold(events: Iterable[Stored]) -> CaseRecord:
    """The record after `events`. Raises NotFound when there are none."""
    folding = Fold()
    for stored in events:
        folding.add(stored)
    return folding.record
