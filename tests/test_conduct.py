"""tingji.conduct, .standing, .listening: commands go out, reports come back as events, once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casefile.errors import DiskFull, NoRecorder, NotFound, OrderLapsed, WrongState
from casefile.events import HearingClosed, RecordingStarted, TurnAdded
from casefile.feed import Feed
from casefile.model import (
    SCREEN_KINDS,
    AudioFormat,
    ClockStep,
    Gap,
    GapReason,
    Hearing,
    HearingKind,
    HearingState,
    LinkKind,
    PauseReason,
    Seat,
    Turn,
    Word,
)
from casefile.soundcheck import Checked
from casefile.store import Store
from tests.fakes import FakeIngest
from tingji.closing import Closings
from tingji.conduct import Commands, Reporter
from tingji.listening import Listening
from tingji.screens import Screens
from tingji.speakers import Speakers
from tingji.standing import Standing

FORMAT = AudioFormat(16_000, 2)
HEARING = Hearing("", HearingKind.TRIAL, seats=(Seat("s1", "审判长", "审", "王某", (0,)),))


class Court:
    """Commands and reporter over a real case file; recorder and engine are not there."""

    def __init__(self, folder: Path) -> None:
        self.feed = Feed(Store(folder / "tingji.db"))
        self.ingest = FakeIngest()
        listening = Listening(self.feed, None, folder, Speakers(self.feed, folder / "voices"))
        self.standing = Standing(self.feed, listening, folder)
        self.standing.recorders = self.ingest.recorders
        self.closings = Closings(self.feed, listening, self.standing, folder, folder / "records")
        self.begun: list[str] = []
        self.closings.begin = self._begin  # type: ignore[method-assign]
        self.commands = Commands(self.feed, self.ingest, folder, self.closings, self.standing)  # type: ignore[arg-type]
        self.reporter = Reporter(self.feed, listening, self.closings, self.standing)

    def _begin(self, hearing_id: str) -> None:
        self.begun.append(hearing_id)

    def started(self) -> str:
        hearing_id = self.commands.create(HEARING, "clerk")
        self.commands.start(hearing_id, None, "clerk")
        self.reporter.started(hearing_id, FORMAT, "desk", 10_000)
        return hearing_id

    def types(self, hearing_id: str) -> list[str]:
        return [type(stored.event).__name__ for stored in self.feed.store.events(hearing_id)]


@pytest.fixture
def court(tmp_path: Path) -> Iterator[Court]:
    court = Court(tmp_path)
    yield court
    court.feed.store.close()


def test_a_command_has_no_effect_before_the_recorder_has_done_it(court: Court) -> None:
    hearing_id = court.commands.create(HEARING, "clerk")
    court.commands.start(hearing_id, None, "clerk")
    assert court.feed.record(hearing_id).state is HearingState.DRAFT
    court.reporter.started(hearing_id, FORMAT, "desk", 10_000)
    assert court.feed.record(hearing_id).state is HearingState.RECORDING
    assert court.ingest.commands == [("start", hearing_id)]


def test_ids_are_random_and_say_nothing(court: Court) -> None:
    one, other = court.commands.create(HEARING, "clerk"), court.commands.create(HEARING, "clerk")
    assert one != other
    assert len(one) == 32


def test_a2_pause_and_resume_come_on_record_from_the_recorder(court: Court) -> None:
    hearing_id = court.started()
    court.commands.pause(hearing_id, PauseReason.RECESS, "clerk")
    court.reporter.paused(hearing_id, 5000, PauseReason.RECESS)
    assert court.feed.record(hearing_id).state is HearingState.PAUSED
    court.commands.resume(hearing_id, "clerk")
    court.reporter.resumed(hearing_id, Gap(5000, 9000, GapReason.PAUSE))
    (pause,) = court.feed.record(hearing_id).pauses
    assert (pause.start_ms, pause.end_ms, pause.reason) == (5000, 9000, PauseReason.RECESS)


def test_every_report_may_come_twice(court: Court) -> None:
    hearing_id = court.started()
    gap, step = Gap(100, 200, GapReason.OVERFLOW), ClockStep(300, -3_600_000)
    for _ in range(2):
        court.reporter.started(hearing_id, FORMAT, "desk", 10_000)
        court.reporter.gap_found(hearing_id, gap)
        court.reporter.clock_changed(hearing_id, step)
        court.reporter.paused(hearing_id, 400, PauseReason.MEDIATION)
        court.reporter.resumed(hearing_id, Gap(400, 900, GapReason.PAUSE))
    assert court.types(hearing_id) == [
        "HearingCreated", "RecordingStarted", "GapFound", "ClockChanged",
        "PauseStarted", "ScreensBlanked", "PauseEnded", "ScreensLit",
    ]  # fmt: skip


def test_a_report_of_a_closed_hearing_changes_nothing(court: Court) -> None:
    hearing_id = court.started()
    court.reporter.ended(hearing_id, 1000)
    assert court.begun == [hearing_id]


@pytest.mark.parametrize(
    "command",
    [
        lambda court, hearing: court.commands.pause(hearing, PauseReason.RECESS, "clerk"),
        lambda court, hearing: court.commands.resume(hearing, "clerk"),
        lambda court, hearing: court.commands.close(hearing, "clerk"),
        lambda court, hearing: court.commands.enter_stage(hearing, "法庭调查", "clerk"),
    ],
)
def test_what_the_state_forbids_is_refused(court: Court, command: Any) -> None:
    hearing_id = court.commands.create(HEARING, "clerk")
    with pytest.raises(WrongState):
        command(court, hearing_id)
    assert court.ingest.commands == []


def test_starting_twice_is_refused(court: Court) -> None:
    hearing_id = court.started()
    with pytest.raises(WrongState):
        court.commands.start(hearing_id, None, "clerk")


def test_an_unknown_hearing_is_refused(court: Court) -> None:
    with pytest.raises(NotFound):
        court.commands.start("nobody", None, "clerk")


def test_without_a_recorder_closing_must_be_asked_for(court: Court) -> None:
    hearing_id = court.started()
    court.ingest.away = True
    with pytest.raises(NoRecorder):
        court.commands.close(hearing_id, "clerk")
    court.commands.close(hearing_id, "clerk", without_recorder=True)
    assert court.begun == [hearing_id]
    assert court.ingest.left == [hearing_id]
    assert court.feed.record(hearing_id).recorder_given_up


def test_a_recorder_may_be_given_up_while_closing_waits_for_it(court: Court) -> None:
    hearing_id = court.started()
    court.commands.close(hearing_id, "clerk")
    court.feed.append(hearing_id, [HearingClosed(1000)], "closing")
    with pytest.raises(WrongState):
        court.commands.close(hearing_id, "clerk")
    court.commands.close(hearing_id, "clerk", without_recorder=True)
    assert court.feed.record(hearing_id).recorder_given_up


def test_a_strange_recorder_of_the_same_name_keeps_nobody_from_closing(court: Court) -> None:
    hearing_id = court.started()
    court.commands.close(hearing_id, "clerk", without_recorder=True)
    assert court.begun == [hearing_id]


@pytest.mark.parametrize("again", [5000, 5100], ids=["at once", "later"])
def test_a2_an_old_pause_told_again_does_not_end_the_present_one(court: Court, again: int) -> None:
    hearing_id = court.started()
    reports = [
        lambda: court.reporter.paused(hearing_id, 1000, PauseReason.RECESS),
        lambda: court.reporter.resumed(hearing_id, Gap(1000, 5000, GapReason.PAUSE)),
        lambda: court.reporter.paused(hearing_id, again, PauseReason.MEDIATION),
    ]
    for report in [*reports, *reports]:
        report()
    assert court.feed.record(hearing_id).state is HearingState.PAUSED
    assert court.feed.record(hearing_id).pauses[1].end_ms is None
    court.reporter.resumed(hearing_id, Gap(again, 9000, GapReason.PAUSE))
    assert [pause.end_ms for pause in court.feed.record(hearing_id).pauses] == [5000, 9000]


def test_what_cannot_be_stored_is_told_and_comes_again(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    hearing_id = court.started()
    real = court.feed.append

    def full(*_arguments: Any, **_more: Any) -> Any:
        raise DiskFull(where="server")

    monkeypatch.setattr(court.feed, "append", full)
    gap = Gap(100, 200, GapReason.OVERFLOW)
    with pytest.raises(DiskFull):
        court.reporter.gap_found(hearing_id, gap)
    assert court.commands.status(hearing_id)["problem"]["code"] == "disk_full"  # type: ignore[index]
    monkeypatch.setattr(court.feed, "append", real)
    court.reporter.gap_found(hearing_id, gap)
    assert court.feed.record(hearing_id).gaps == (gap,)
    assert court.commands.status(hearing_id)["problem"] is None


def test_nothing_follows_the_closing(court: Court) -> None:
    hearing_id = court.started()
    court.feed.append(hearing_id, [HearingClosed(1000)], "closing")
    before = court.types(hearing_id)
    court.reporter.started(hearing_id, FORMAT, "desk", 0)
    court.reporter.gap_found(hearing_id, Gap(100, 200, GapReason.OVERFLOW))
    court.reporter.paused(hearing_id, 300, PauseReason.RECESS)
    assert court.types(hearing_id) == before
    with pytest.raises(WrongState):
        court.commands.restore(hearing_id, "0-0", "clerk")


def test_a_recorder_of_an_unknown_hearing_is_no_trouble(court: Court) -> None:
    court.reporter.gap_found("nobody", Gap(100, 200, GapReason.OVERFLOW))


def test_stages_stand_at_the_recorders_time(court: Court) -> None:
    hearing_id = court.started()
    court.reporter.health("r", hearing_id, {"at_ms": 61_000, "state": "paused", "backlog_ms": 0})
    court.commands.enter_stage(hearing_id, "法庭调查", "clerk")
    (stage,) = court.feed.record(hearing_id).stages
    assert (stage.name, stage.start_ms) == ("法庭调查", 61_000)


def test_a_stage_is_stored_with_what_it_does_to_the_screens(court: Court) -> None:
    hearing_id = court.started()
    court.reporter.health("r", hearing_id, {"at_ms": 61_000, "state": "paused", "backlog_ms": 0})
    court.commands.enter_stage(hearing_id, "休庭", "clerk")
    court.commands.enter_stage(hearing_id, "法庭辩论", "clerk")
    record = court.feed.record(hearing_id)
    assert {(span.kind, span.start_ms, span.end_ms) for span in record.blanked} == {
        (kind, 61_000, 61_000) for kind in SCREEN_KINDS
    }


def test_the_screens_are_blanked_at_the_recorders_time(court: Court) -> None:
    hearing_id = court.started()
    screens = Screens(court.feed, court.standing.now_ms, court.standing.place)
    assert screens.place(hearing_id) is None, "no recorder has told yet"
    court.reporter.health("r", hearing_id, {"at_ms": 61_000, "state": "paused", "backlog_ms": 0})
    assert screens.place(hearing_id) == 61_000
    screens.blank(hearing_id, [LinkKind.GALLERY], "clerk")
    (span,) = court.feed.record(hearing_id).blanked
    assert (span.kind, span.start_ms, span.end_ms) == (LinkKind.GALLERY, 61_000, None)


def test_only_a_turn_that_is_there_is_restored(court: Court) -> None:
    hearing_id = court.started()
    with pytest.raises(NotFound):
        court.commands.restore(hearing_id, "0-0", "clerk")


def test_status_says_what_is_wrong(court: Court) -> None:
    hearing_id = court.started()
    assert court.commands.status(hearing_id)["recorder_connected"] is False
    assert court.commands.status(hearing_id)["copies"] == "unknown"
    court.ingest.hearing = hearing_id
    court.reporter.health("r", hearing_id, {"at_ms": 1000, "state": "recording", "backlog_ms": 60_000})
    status = court.commands.status(hearing_id)
    assert (status["recorder_connected"], status["copies"], status["asr"]) == (True, "behind", "missing")
    court.reporter.problem(hearing_id, DiskFull(where="服务器").as_json())
    assert court.commands.status(hearing_id)["problem"]["code"] == "disk_full"  # type: ignore[index]
    court.reporter.problem(hearing_id, None)
    assert court.commands.status(hearing_id)["problem"] is None


def test_an_order_that_lapsed_stands_until_a_command_has_its_effect(court: Court) -> None:
    hearing_id = court.started()
    court.reporter.refused(hearing_id, OrderLapsed(command="pause").as_json())
    court.reporter.gap_found(hearing_id, Gap(100, 200, GapReason.RECORDER_STOPPED))
    assert court.commands.status(hearing_id)["problem"]["code"] == "order_lapsed"  # type: ignore[index]
    court.reporter.paused(hearing_id, 300, PauseReason.RECESS)
    assert court.commands.status(hearing_id)["problem"] is None


def test_a_new_command_takes_the_word_of_the_one_that_lapsed(court: Court) -> None:
    hearing_id = court.started()
    court.reporter.refused(hearing_id, OrderLapsed(command="pause").as_json())
    court.commands.pause(hearing_id, PauseReason.RECESS, "clerk")
    assert court.commands.status(hearing_id)["problem"] is None


def test_status_tells_what_was_accepted_and_is_still_to_be_done(court: Court) -> None:
    hearing_id = court.started()
    assert court.commands.status(hearing_id)["waiting"] == []
    court.standing.waiting = lambda of: ["pause", "close"] if of == hearing_id else []
    status = court.commands.status(hearing_id)
    assert status["waiting"] == ["pause", "close"]
    assert status["closing"] is True, "close was pressed, whatever became of it since"


def test_a_recorders_trouble_is_shown_until_it_is_over(court: Court) -> None:
    hearing_id = court.started()
    health = {"at_ms": 1, "state": "recording", "backlog_ms": 0}
    court.reporter.health("r", hearing_id, {**health, "problem": DiskFull(where="录音机").as_json()})
    assert court.commands.status(hearing_id)["problem"]["code"] == "disk_full"  # type: ignore[index]
    court.reporter.health("r", hearing_id, {**health, "problem": None})
    assert court.commands.status(hearing_id)["problem"] is None


def test_the_setup_may_change_while_recording(court: Court) -> None:
    hearing_id = court.started()
    changed = Hearing(hearing_id, HearingKind.TRIAL, seats=(Seat("s1", "审判长", "审", "张某", (1,)),))
    court.commands.change(changed, "clerk")
    assert court.feed.record(hearing_id).hearing == changed


def test_checked_without_a_closing_is_ignored(court: Court) -> None:
    court.reporter.checked(court.started(), Checked(1, "", (), 0))


def test_turns_are_restored(court: Court) -> None:
    hearing_id = court.started()
    turn = Turn("0-0", "s1", "王某", 0, 0, 900, (Word("是", 0, 900, 0.5),), suppressed="no_speech")
    court.feed.append(hearing_id, [TurnAdded(turn, 900)], "recognition")
    court.commands.restore(hearing_id, "0-0", "clerk")
    assert court.feed.record(hearing_id).turns[0].suppressed is None
    court.commands.undo_restore(hearing_id, "0-0", "clerk")
    assert court.feed.record(hearing_id).turns[0].suppressed == "no_speech"
    for command in (court.commands.restore, court.commands.undo_restore):
        with pytest.raises(NotFound):
            command(hearing_id, "0-9", "clerk")
    assert isinstance(court.feed.store.events(hearing_id)[1].event, RecordingStarted)
