"""The fold: what the record says after these events."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.errors import NotFound
from casefile.events import (
    ClockChanged,
    CopiesCompared,
    Event,
    GapFound,
    HearingChanged,
    HearingClosed,
    HearingCreated,
    PassageMissed,
    PauseEnded,
    PauseStarted,
    RecordingStarted,
    RecordSealed,
    RestoringUndone,
    StageEntered,
    Stored,
    TurnAdded,
    TurnHeldBack,
    TurnRestored,
)
from casefile.model import (
    AudioFormat,
    CaseRecord,
    ClockStep,
    Gap,
    GapReason,
    Hearing,
    HearingKind,
    HearingState,
    Missed,
    Pause,
    PauseReason,
    Stage,
    Turn,
    TurnState,
    Word,
)
from casefile.record import Fold, fold

HEARING = Hearing("h1", HearingKind.TRIAL, "（2024）京0105民初1号", "第一法庭")
STARTED = RecordingStarted(AudioFormat(48000, 4), "mic", 10_000)


def stored(events: Iterable[Event]) -> list[Stored]:
    said = [HearingCreated(HEARING), *events]
    return [Stored("h1", seq, f"2024-01-01T00:00:{seq:02d}", "x", e, "", "") for seq, e in enumerate(said, 1)]


def after(*events: Event) -> CaseRecord:
    return fold(stored(events))


def turn(number: int, start_ms: int, channel: int = 0, suppressed: str | None = None) -> Turn:
    word = Word("好", start_ms, start_ms + 100, 0.5)
    return Turn(f"t{number}", None, "", channel, start_ms, start_ms + 100, (word,), suppressed=suppressed)


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], HearingState.DRAFT),
        ([STARTED], HearingState.RECORDING),
        ([STARTED, PauseStarted(5, PauseReason.RECESS)], HearingState.PAUSED),
        ([STARTED, PauseStarted(5, PauseReason.RECESS), STARTED], HearingState.PAUSED),
        ([STARTED, PauseStarted(5, PauseReason.RECESS), PauseEnded(9)], HearingState.RECORDING),
        ([STARTED, HearingClosed(9)], HearingState.CLOSING),
        (
            [STARTED, PauseStarted(5, PauseReason.RECESS), HearingClosed(9), PauseEnded(9)],
            HearingState.CLOSING,
        ),
        ([STARTED, HearingClosed(9), RecordSealed("aa", None)], HearingState.SEALED),
        ([STARTED, HearingClosed(9), RecordSealed("aa", None), HearingClosed(9)], HearingState.SEALED),
    ],
)
def test_the_state_follows_the_events(events: list[Event], state: HearingState) -> None:
    assert after(*events).state is state


def test_a3_opening_and_closing_times_are_those_of_the_events() -> None:
    record = after(STARTED, STARTED, HearingClosed(9_000), HearingClosed(9_999))
    assert (record.opened_at, record.closed_at) == ("2024-01-01T00:00:02", "2024-01-01T00:00:04")
    assert (record.length_ms, record.format, record.seq) == (9_000, AudioFormat(48000, 4), 5)


def test_turns_stand_in_order_of_time_then_channel() -> None:
    record = after(
        *(TurnAdded(t, 0) for t in (turn(1, 500), turn(2, 100, 1), turn(3, 100, 0), turn(4, 100, 1)))
    )
    assert [t.id for t in record.turns] == ["t3", "t2", "t4", "t1"]


def test_a_turn_that_comes_twice_stands_once_as_it_came_first() -> None:
    record = after(TurnAdded(turn(1, 100), 0), TurnAdded(turn(1, 900), 0))
    assert [t.start_ms for t in record.turns] == [100]


def test_a_suppression_can_be_taken_back() -> None:
    held = TurnAdded(turn(1, 100, suppressed="silence"), 0)
    assert after(held).turns[0].suppressed == "silence"
    assert after(held, TurnRestored("t1"), TurnRestored("t9")).turns[0].suppressed is None


def test_a_turn_on_record_can_be_held_back_later_and_restored() -> None:
    plain, later = TurnAdded(turn(1, 100), 0), TurnHeldBack("t1", "crosstalk", 1)
    assert after(plain, later).turns[0].suppressed == "crosstalk"
    assert after(plain, later, TurnRestored("t1")).turns[0].suppressed is None
    assert after(plain, later, TurnRestored("t1"), RestoringUndone("t1")).turns[0].suppressed == "crosstalk"


def test_what_changed_meanwhile_or_was_restored_is_not_held_back_later() -> None:
    plain, later = TurnAdded(turn(1, 100), 0), TurnHeldBack("t1", "crosstalk", 1)
    assert after(plain, TurnHeldBack("t1", "crosstalk", 2)).turns[0].suppressed is None
    assert after(plain, later, TurnRestored("t1"), later).turns[0].suppressed is None
    assert (
        after(TurnAdded(replace(turn(1, 100), state=TurnState.CONFIRMED), 0), later).turns[0].suppressed
        is None
    )
    assert after(plain, TurnHeldBack("t9", "crosstalk", 1)).turns == after(plain).turns


def test_a_restoration_can_be_undone_and_made_again() -> None:
    held, plain = TurnAdded(turn(1, 100, suppressed="loop"), 0), TurnAdded(turn(2, 900), 0)
    back = [held, plain, TurnRestored("t1"), TurnRestored("t2"), RestoringUndone("t1"), RestoringUndone("t2")]
    assert [one.suppressed for one in after(*back).turns] == ["loop", None]
    assert after(*back, TurnRestored("t1")).turns[0].suppressed is None
    assert after(*back, RestoringUndone("t9")).turns == after(*back).turns


def test_a2_pauses_have_their_reason_and_end() -> None:
    pause = [PauseStarted(1_000, PauseReason.RECESS), PauseEnded(5_000)]
    record = after(STARTED, *pause, pause[0], PauseStarted(7_000, PauseReason.MEDIATION))
    assert record.pauses == (
        Pause(1_000, 5_000, PauseReason.RECESS),
        Pause(7_000, None, PauseReason.MEDIATION),
    )


def test_a_pause_that_lasts_ends_with_the_hearing() -> None:
    record = after(STARTED, PauseStarted(1_000, PauseReason.RECESS), HearingClosed(3_000))
    assert record.pauses == (Pause(1_000, 3_000, PauseReason.RECESS),)


def test_the_silence_of_a_pause_is_not_listed_twice() -> None:
    gap = GapFound(Gap(1_000, 5_000, GapReason.PAUSE))
    pause = [PauseStarted(1_000, PauseReason.RECESS), PauseEnded(5_000)]
    assert after(STARTED, gap, *pause).gaps == ()
    assert after(STARTED, *pause, gap).gaps == ()
    assert after(STARTED, gap).gaps == (gap.gap,)


def test_a4_gaps_stand_once_and_in_order() -> None:
    late, early = Gap(900, 950, GapReason.OVERFLOW), Gap(100, 200, GapReason.UNPLUGGED, 2)
    record = after(STARTED, GapFound(late), GapFound(early), GapFound(late))
    assert record.gaps == (early, late)


def test_h5_stages_are_a_log_that_may_go_back() -> None:
    record = after(*(StageEntered(name, at) for at, name in enumerate(["法庭调查", "法庭辩论", "法庭调查"])))
    assert record.stages == (Stage("法庭调查", 0), Stage("法庭辩论", 1), Stage("法庭调查", 2))


def test_set_up_missed_passages_clock_and_digests() -> None:
    changed = Hearing("h1", HearingKind.INQUIRY, "", "第二法庭")
    missed, step = Missed(1, 5, 9, "model_failed"), ClockStep(7, -3_600_000)
    compared = CopiesCompared(10, False, (3,), "note")
    record = after(
        HearingChanged(changed), PassageMissed(missed), ClockChanged(step), compared, RecordSealed("aa", "bb")
    )
    assert (record.hearing, record.missed, record.clock_steps) == (changed, (missed,), (step,))
    assert record.digests == {
        "copies": {"blocks": 10, "same": False, "repaired": [3], "note": "note"},
        "manifest_sha256": "aa",
        "manifest_sm3": "bb",
    }


def test_the_length_grows_with_what_is_known_until_the_hearing_is_closed() -> None:
    assert after(STARTED, TurnAdded(turn(1, 100), 700)).length_ms == 700
    assert after(STARTED, HearingClosed(500), TurnAdded(turn(1, 100), 700)).length_ms == 500


def test_heard_to_is_the_farthest_per_channel() -> None:
    folding = Fold()
    said = [TurnAdded(turn(1, 100), 700), TurnAdded(turn(2, 100), 600), PassageMissed(Missed(3, 0, 900, "x"))]
    for one in stored(said):
        folding.add(one)
    assert folding.heard_to_ms == {0: 700, 3: 900}


def test_no_event_is_no_hearing() -> None:
    with pytest.raises(NotFound):
        fold([])


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 3)), max_size=30))
def test_a_fold_that_is_asked_in_between_ends_the_same(places: list[tuple[int, int]]) -> None:
    said = stored(TurnAdded(turn(i, at, channel), at) for i, (at, channel) in enumerate(places))
    folding = Fold()
    for one in said:
        folding.add(one)
        assert folding.record.seq == one.seq
    assert folding.record == fold(said)
    assert list(folding.record.turns) == sorted(folding.record.turns, key=lambda t: (t.start_ms, t.channel))


def test_five_thousand_turns_cost_five_times_a_thousand() -> None:
    def work(turns: int) -> Callable[[], None]:
        said = stored(TurnAdded(turn(i, (i * 7919) % 100_000, i % 4), i) for i in range(turns))
        return lambda: fold(said) and None

    few, many = calls(work(1_000)), calls(work(5_000))
    assert few > 1_000
    assert many < 5.5 * few


def calls(work: Callable[[], None]) -> int:
    """How many calls of functions `work` takes: a cost that does not depend on the machine's mood."""
    count = 0

    def tick(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tick)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count
