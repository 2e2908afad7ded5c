"""A hearing that runs by itself from a sound file: created, started, closed at the sound's end, sealed.

It asks the server what is so and does the next thing, so it may be killed and begun again at any moment: a
hearing that is still open in the data folder is gone on with, never created twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from casefile.errors import RunFailed
from casefile.events import to_json
from casefile.model import Hearing
from tingji.api import Api, Refused, Unreachable

RECORDED = ("recording", "paused")
NOT_YET = ("no_recorder", "wrong_state")
"""Refusals that pass by themselves: the recorder is connecting, or the command has had its effect."""
OF_RECOGNITION = ("model_missing", "model_damaged", "recognition_off", "recognition_failed")
"""Troubles that keep no record from being sealed; the person was told of them at the start."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where the rehearsal stands: `state` of the hearing (or `waiting`), and its id once there is one.

    `trouble`: what keeps the server from closing it, as the server says it. `undecided`: so many proposals on
    who spoke wait for the clerk before the seal.
    """

    state: str
    hearing_id: str | None = None
    trouble: Refused | None = None
    undecided: int = 0


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`recorder` plays the file (None: the clerk starts); `close_at_end`: close when the file has ended.

    `prepare`: called with the hearing's id before it is started; may come again after a restart.
    `real`: ids of hearings that came from microphones; a file leaves them alone.
    """

    api: Api
    hearing: Hearing
    recorder: str | None
    close_at_end: bool
    real: frozenset[str] = frozenset()
    prepare: Callable[[str], None] = lambda _hearing_id: None

    def steps(self) -> Iterator[Step]:
        """One step per look at the server, without end unless closed at the end: the last one is `sealed`, or what is undecided.

        Raises RunFailed when the hearing cannot go on, Refused when the server does not take the set-up.
        """
        step = Step("waiting")
        while True:
            try:
                step = self._look(step.hearing_id or self._prepared(self._found() or self._created()))
            except Unreachable:
                step = Step("waiting", step.hearing_id)
            yield step
            if self.close_at_end and (step.state == "sealed" or step.undecided):
                return

    def _prepared(self, hearing_id: str) -> str:
        self.prepare(hearing_id)
        return hearing_id

    def _look(self, hearing_id: str) -> Step:
        state = self._state(hearing_id)
        self._push(hearing_id, state)
        if state != "closing":
            return Step(state, hearing_id)
        return Step(state, hearing_id, self._trouble(hearing_id), self._undecided(hearing_id))

    def _undecided(self, hearing_id: str) -> int:
        try:
            return len(self.api.get(f"/api/hearings/{hearing_id}/speakers")["proposals"])
        except Refused:  # looked at again at the next step
            return 0

    def _trouble(self, hearing_id: str) -> Refused | None:
        try:
            problem = self.api.get(f"/api/hearings/{hearing_id}/status")["problem"]
        except Refused as refusal:  # told like any trouble: closing goes on without it
            return refusal
        return None if problem is None or problem["code"] in OF_RECOGNITION else Refused(0, problem)

    def _found(self) -> str | None:
        """The newest hearing that is still open, or a draft that was made for this and not yet started.

        One that waits for the clerk before its seal is over for us.
        """
        for summary in self.api.get("/api/hearings"):
            hearing_id, state = str(summary["id"]), summary["state"]
            if hearing_id not in self.real and (
                (state in self._open() and not (state == "closing" and self._undecided(hearing_id)))
                or (state == "draft" and self._is_ours(hearing_id))
            ):
                return hearing_id
        return None

    def _open(self) -> tuple[str, ...]:
        """A closing hearing keeps nobody from the next one, but who waits for the seal waits for its own."""
        return (*RECORDED, "closing") if self.close_at_end else RECORDED

    def _is_ours(self, hearing_id: str) -> bool:
        there: dict[str, Any] = self.api.get(f"/api/hearings/{hearing_id}")["hearing"]
        return bool({**there, "id": ""} == to_json(self.hearing))

    def _created(self) -> str:
        body = {key: value for key, value in to_json(self.hearing).items() if key != "id"}
        return str(self.api.post("/api/hearings", body)["id"])

    def _state(self, hearing_id: str) -> str:
        for summary in self.api.get("/api/hearings"):
            if summary["id"] == hearing_id:
                return str(summary["state"])
        raise RunFailed(zh_why="庭审不见了", en_why="the hearing is gone")

    def _push(self, hearing_id: str, state: str) -> None:
        if state == "draft" and self.recorder:
            self._command(hearing_id, "start", {"recorder": self.recorder})
        elif state == "recording" and self.close_at_end and self._has_ended():
            self._command(hearing_id, "close", None)

    def _command(self, hearing_id: str, command: str, body: dict[str, str] | None) -> None:
        try:
            self.api.post(f"/api/hearings/{hearing_id}/{command}", body)
        except Refused as refusal:
            if refusal.code not in NOT_YET:
                raise

    def _has_ended(self) -> bool:
        recorders = self.api.get("/api/recorders")
        return any(each["name"] == self.recorder and each["source_ended"] for each in recorders)
