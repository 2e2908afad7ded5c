"""What the pages ask of the program: the conduct of hearings, the recorders, the case files.

The program (`tingji/`) puts the real ones in; tests put small fakes in.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from fastapi import WebSocket

from casefile.duties import DutyMark
from casefile.model import CaseRecord, Hearing, PauseReason
from casefile.summary import HearingSummary


class Conduct(Protocol):
    """The commands of the clerk. All are synchronous and return as soon as the command is passed on.

    Every one raises `NotFound` for an unknown hearing and `WrongState` where the hearing's state forbids it.
    """

    @property
    def recordings(self) -> Path:
        """The folder that holds one folder of sound per hearing."""

    def create(self, hearing: Hearing, by: str) -> str:
        """Sets up a hearing (its `id` is empty) and returns its new id."""

    def change(self, hearing: Hearing, by: str) -> None:
        """Changes the set-up of the hearing `hearing.id`; the whole new state."""

    def start(self, hearing_id: str, recorder: str | None, by: str) -> None:
        """Starts recording with the named recorder, or with the idle one. Raises `NoRecorder`."""

    def pause(self, hearing_id: str, reason: PauseReason, by: str) -> None:
        """A lawful interruption."""

    def resume(self, hearing_id: str, by: str) -> None:
        """The end of a lawful interruption."""

    def enter_stage(self, hearing_id: str, name: str, by: str) -> None:
        """The hearing enters a stage, now."""

    def mark_duty(self, hearing_id: str, mark: DutyMark, by: str) -> None:
        """A person marks a duty of the checklist, now (`at_ms` is set here). Raises `DutyChanged`."""

    def restore(self, hearing_id: str, turn_id: str, by: str) -> None:
        """Takes back a suppression. Raises `NotFound` for an unknown turn."""

    def undo_restore(self, hearing_id: str, turn_id: str, by: str) -> None:
        """Holds a restored turn back again. Raises `NotFound` for an unknown turn."""

    def close(self, hearing_id: str, by: str, without_recorder: bool = False) -> None:
        """Closes the hearing; `without_recorder`: its copy is not waited for, also when closing has begun."""

    def status(self, hearing_id: str) -> dict[str, object]:
        """The `status` message of docs/protocol.md §2."""


class Recorders(Protocol):
    """The recorders that are connected (`web.ingest.Ingest`)."""

    def recorders(self) -> Sequence[object]:
        """`RecorderState`s: their JSON is `Recorder` of docs/protocol.md §1."""

    def choose_device(self, recorder: str, device: str) -> None:
        """Raises `NoRecorder` and `WrongState` (while recording)."""

    async def serve(self, websocket: WebSocket, only: str | None = None) -> None:
        """Serves one recorder until it leaves (docs/protocol.md §3); `only`: the name that its key is for."""


class Summaries(Protocol):
    """The list of hearings (`casefile.store.Store`)."""

    def hearings(self) -> list[HearingSummary]:
        """Newest first."""


class CaseFiles(Protocol):
    """What is on record, and what comes on record (`casefile.feed.Feed`)."""

    @property
    def store(self) -> Summaries:
        """Where the events are."""

    @property
    def viewers(self) -> int:
        """How many live views are open."""

    def record(self, hearing_id: str) -> CaseRecord:
        """The fold of the hearing's events. Raises `NotFound`."""

    def subscribe(self, hearing_id: str, after: int = 0) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """Messages of docs/protocol.md §2 as JSON text. Raises `NotFound`, and `SlowViewer` later."""

    def subscribe_room(self) -> AbstractAsyncContextManager[AsyncIterator[str]]:
        """Messages of `/ws/room` as JSON text."""
