"""What recorders say of themselves, read: who is there, in what state, and what a check found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from casefile.errors import BadRequest, NoRecorder, WrongState
from casefile.soundcheck import Checked

STATE = ("hearing", "state", "disk_free_bytes", "source_ended")
"""What of it changes while it is connected."""


@dataclass(frozen=True, slots=True)
class RecorderState:
    """A connected recorder (`Recorder` of docs/protocol.md §1). Without a device `rate` is 0."""

    name: str
    device: str
    rate: int
    channels: int
    hearing: str | None
    state: str
    devices: tuple[str, ...]
    disk_free_bytes: int
    source_ended: bool = False

    def same(self, other: RecorderState) -> bool:
        """Nothing has changed but the room on its disk."""
        return replace(self, disk_free_bytes=0) == replace(other, disk_free_bytes=0)


def state_of(said: dict[str, object]) -> RecorderState:
    """What a hello says, with what later messages changed in it."""
    hearing = said.get("hearing")
    return RecorderState(
        name=str(said["name"]),
        device=str(said.get("device", "")),
        rate=_number(said.get("rate")),
        channels=_number(said.get("channels")),
        hearing=None if hearing is None else str(hearing),
        state=str(said.get("state", "idle")),
        devices=tuple(str(device) for device in cast("list[object]", said.get("devices", []))),
        disk_free_bytes=_number(said.get("disk_free_bytes")),
        source_ended=said.get("source_ended") is True,
    )


def idle_one(states: Iterable[RecorderState]) -> str:
    """The name of the recorder that can start a hearing. BadRequest (several), WrongState, NoRecorder (none)."""
    known = list(states)
    idle = [state.name for state in known if state.hearing is None]
    if len(idle) > 1:
        raise BadRequest(
            zh_why="有多台录音机空闲，请选择其中一台。", en_why="Several recorders are idle: choose one."
        )
    if not known:
        raise NoRecorder
    if not idle:
        raise WrongState(state="recording", action="start")
    return idle[0]


def checked_of(message: dict[str, object]) -> Checked:
    """What the recorder found when it read its journal again. Raises KeyError."""
    broken = cast("list[int]", message["broken"])
    blocks, length_ms = _number(message["blocks"]), _number(message["length_ms"])
    return Checked(blocks, str(message["digest"]), tuple(broken), length_ms)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
