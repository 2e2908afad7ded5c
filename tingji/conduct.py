"""The conduct of hearings: the clerk's commands go to the recorder, what the recorder did goes on record.

A command is passed on and has no effect of its own: the effect is the entry that the recorder wrote, which
comes back through `Reporter` and becomes an event. So record and sound never tell different stories.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from casefile.blanking import with_screens
from casefile.checklist import duty_marked
from casefile.duties import DutyMark
from casefile.errors import NoRecorder, NotFound, TingjiError
from casefile.events import (
    ClockChanged,
    Event,
    GapFound,
    HearingChanged,
    PauseEnded,
    PauseStarted,
    RecorderGivenUp,
    RecordingStarted,
    RestoringUndone,
    StageEntered,
    TurnRestored,
)
from casefile.feed import Feed
from casefile.model import (
    OPEN,
    AudioFormat,
    CaseRecord,
    ClockStep,
    Gap,
    GapReason,
    Hearing,
    HearingState,
    PauseReason,
)
from casefile.soundcheck import Checked
from tingji.closing import Closings
from tingji.listening import Listening
from tingji.standing import Standing
from tingji.states import expected
from web.ingest import Ingest

EFFECTS = (RecordingStarted, PauseStarted, PauseEnded)
"""What a command of the clerk brings about."""
RECORDER = "recorder"
"""The name under which the recorder's own reports stand on the record."""


class Commands:
    """The clerk's commands (`web.conduct.Conduct`). Thread-safe."""

    def __init__(
        self, feed: Feed, ingest: Ingest, recordings: Path, closings: Closings, standing: Standing
    ) -> None:
        self.recordings, self._marking = recordings, threading.Lock()
        self._feed, self._ingest, self._closings, self._standing = feed, ingest, closings, standing

    def create(self, hearing: Hearing, by: str) -> str:
        """See `Conduct`."""
        hearing = replace(hearing, id=uuid4().hex)
        self._feed.create(hearing, by)
        return hearing.id

    def change(self, hearing: Hearing, by: str) -> None:
        """See `Conduct`."""
        self._expect(hearing.id, "修改设置", HearingState.DRAFT, *OPEN)
        self._feed.append(hearing.id, [HearingChanged(hearing)], by)

    def start(self, hearing_id: str, recorder: str | None, by: str) -> None:
        """See `Conduct`."""
        self._expect(hearing_id, "开始录音", HearingState.DRAFT)
        self._ingest.start(hearing_id, recorder)
        self._accepted(hearing_id)

    def pause(self, hearing_id: str, reason: PauseReason, by: str) -> None:
        """See `Conduct`."""
        self._expect(hearing_id, "暂停", HearingState.RECORDING)
        self._ingest.pause(hearing_id, reason)
        self._accepted(hearing_id)

    def resume(self, hearing_id: str, by: str) -> None:
        """See `Conduct`."""
        self._expect(hearing_id, "继续", HearingState.PAUSED)
        self._ingest.resume(hearing_id)
        self._accepted(hearing_id)

    def enter_stage(self, hearing_id: str, name: str, by: str) -> None:
        """See `Conduct`."""
        record = self._expect(hearing_id, "进入阶段", *OPEN)
        entered = StageEntered(name, self._standing.now_ms(hearing_id))
        self._feed.append(hearing_id, with_screens(record, entered), by)

    def mark_duty(self, hearing_id: str, mark: DutyMark, by: str) -> None:
        """See `Conduct`; what is closed is not marked any more."""
        with self._marking:
            record = self._expect(hearing_id, "标记核对清单", *OPEN)
            marked = replace(mark, at_ms=self._standing.now_ms(hearing_id))
            self._feed.append(hearing_id, [duty_marked(record, marked)], by)

    def restore(self, hearing_id: str, turn_id: str, by: str) -> None:
        """See `Conduct`; what is closed is not changed any more."""
        self._put_on_turn(hearing_id, "恢复文字", TurnRestored(turn_id), by)

    def undo_restore(self, hearing_id: str, turn_id: str, by: str) -> None:
        """See `Conduct`; it is held back by the rule that first held it."""
        self._put_on_turn(hearing_id, "撤销恢复", RestoringUndone(turn_id), by)

    def _put_on_turn(
        self, hearing_id: str, action: str, event: TurnRestored | RestoringUndone, by: str
    ) -> None:
        record = self._expect(hearing_id, action, *OPEN)
        if all(turn.id != event.turn_id for turn in record.turns):
            raise NotFound
        self._feed.append(hearing_id, [event], by)

    def close(self, hearing_id: str, by: str, without_recorder: bool = False) -> None:
        """See `Conduct`. Without the recorder its copy cannot be compared; the record says so."""
        more = (HearingState.CLOSING,) if without_recorder else ()
        record = self._expect(hearing_id, "闭庭", *OPEN, *more)
        with suppress(NoRecorder) if without_recorder else nullcontext():
            self._ingest.close(hearing_id)
        self._standing.closing(hearing_id)
        if without_recorder and not record.recorder_given_up:
            self._feed.append(hearing_id, [RecorderGivenUp()], by)
            self._ingest.given_up(hearing_id)
        if without_recorder:
            self._closings.begin(hearing_id)

    def _accepted(self, hearing_id: str) -> None:
        """What went wrong with an earlier command is over, and the page hears what is still to be done."""
        self._standing.trouble(hearing_id, "command", None)

    def status(self, hearing_id: str) -> dict[str, object]:
        """See `Conduct`."""
        return self._standing.status(hearing_id)

    def _expect(self, hearing_id: str, action: str, *states: HearingState) -> CaseRecord:
        return expected(self._feed, hearing_id, action, *states)


class Reporter:
    """What recorders report becomes events (`web.ingest.Listener`).

    Every report may come twice; what cannot be stored raises, and is reported again. Nothing that comes after
    the closing changes the record.
    """

    def __init__(self, feed: Feed, listening: Listening, closings: Closings, standing: Standing) -> None:
        self._feed, self._listening = feed, listening
        self._closings, self._standing = closings, standing
        self._one_at_a_time = threading.Lock()

    def started(self, hearing_id: str, format: AudioFormat, device: str, pre_roll_ms: int) -> None:
        """See `Listener`: the first start opens the hearing, later ones are restarts of the recorder."""
        event = RecordingStarted(format, device, pre_roll_ms)
        self._put(hearing_id, event, lambda record: record.opened_at is None)
        if self._is_open(hearing_id):
            self._listening.begin(hearing_id)

    def paused(self, hearing_id: str, at_ms: int, reason: PauseReason) -> None:
        """See `Listener`."""
        self._put(hearing_id, PauseStarted(at_ms, reason), lambda record: not _has_pause(record, at_ms))

    def resumed(self, hearing_id: str, pause: Gap) -> None:
        """See `Listener`."""
        self._put(hearing_id, PauseEnded(pause.end_ms), lambda record: _lasts(record, pause.start_ms))

    def gap_found(self, hearing_id: str, gap: Gap) -> None:
        """See `Listener`; a lawful pause is no fault and has its own events."""
        if gap.reason is not GapReason.PAUSE:
            self._put(hearing_id, GapFound(gap), lambda record: gap not in record.gaps)

    def clock_changed(self, hearing_id: str, step: ClockStep) -> None:
        """See `Listener`."""
        self._put(hearing_id, ClockChanged(step), lambda record: step not in record.clock_steps)

    def ended(self, hearing_id: str, length_ms: int) -> None:
        """See `Listener`: all of the sound is here."""
        self._standing.closing(hearing_id)
        self._closings.begin(hearing_id)

    def checked(self, hearing_id: str, checked: Checked) -> None:
        """See `Listener`."""
        self._closings.checked(hearing_id, checked)

    def health(self, recorder: str, hearing_id: str | None, message: dict[str, object]) -> None:
        """See `Listener`."""
        self._standing.health(recorder, hearing_id, message)

    def recorders_changed(self) -> None:
        """See `Listener`."""
        self._standing.recorders_changed()

    def refused(self, hearing_id: str | None, error: dict[str, str]) -> None:
        """See `Listener`: shown until a command has its effect, or a new one is given."""
        if hearing_id is not None:
            self._standing.trouble(hearing_id, "command", error)

    def problem(self, hearing_id: str, error: dict[str, str] | None) -> None:
        """See `Listener`: the server's own disk takes nothing (None: it does again)."""
        self._standing.trouble(hearing_id, "disk", error)

    def source_ended(self, recorder: str) -> None:
        """See `Listener`."""
        self._standing.recorders_changed()

    def _is_open(self, hearing_id: str) -> bool:
        return self._feed.record(hearing_id).state in OPEN

    def _put(self, hearing_id: str, event: Event, is_new: Callable[[CaseRecord], bool]) -> None:
        """Stores the event if it is new. Raises TingjiError: the report will come again."""
        try:
            with self._one_at_a_time:
                record = self._feed.record(hearing_id)
                if record.state not in (HearingState.DRAFT, *OPEN) or not is_new(record):
                    return
                self._feed.append(hearing_id, with_screens(record, event), RECORDER)
        except NotFound:
            return  # a recorder of another court's case file: its sound is kept, nothing is on record here
        except TingjiError as error:
            self._standing.trouble(hearing_id, "store", error)
            raise
        self._standing.trouble(hearing_id, "store", None)
        if isinstance(event, EFFECTS):
            self._standing.trouble(hearing_id, "command", None)


def _has_pause(record: CaseRecord, at_ms: int) -> bool:
    return any(pause.start_ms == at_ms for pause in record.pauses)


def _lasts(record: CaseRecord, start_ms: int) -> bool:
    """The pause that began here is open. (One may begin where the one before it ended.)"""
    last = record.pauses[-1:]
    return bool(last) and last[0].end_ms is None and last[0].start_ms == start_ms
