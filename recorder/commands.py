"""What the server may tell the recorder to do, carried out at once, and an order of the clerk only once."""

from __future__ import annotations

import threading
from base64 import b64encode
from typing import Protocol

from casefile.errors import BadRequest, DiskFailed, TingjiError, WrongState
from casefile.model import PauseReason
from recorder.capture import Capture
from recorder.state import Memory


class Changeable(Protocol):
    """A source whose device can be chosen."""

    device: str

    def use(self, device: str) -> None:
        """Hear this device from now on."""


class Commands:
    """Commands wait until `ready` is set: a hearing that is gone on with has told first what it missed, so that
    a pause does not begin before the recorder was back."""

    def __init__(self, capture: Capture, memory: Memory, ear: Changeable) -> None:
        self.ready = threading.Event()
        self._capture, self._memory, self._ear = capture, memory, ear

    def obey(self, command: dict[str, object]) -> dict[str, object] | None:
        """Carries out a command, and remembers the id of an order; returns the answer to a question.

        Raises TingjiError, OSError.
        """
        self.ready.wait()
        if command.get("type") == "clip":
            return self._clip(command)
        order = str(command.get("id", ""))
        if order not in self._memory.now.obeyed:
            self._carry_out(command)
            if order:
                self._memory.obeyed(order)
        return None

    def _clip(self, command: dict[str, object]) -> dict[str, object]:
        """A piece of sound from before the hearing (docs/protocol.md §3)."""
        clip = self._capture.clip(int(str(command["channel"])), int(str(command["ms"])))
        pcm = b64encode(clip.pcm.astype("<i2").tobytes()).decode()
        return {"type": "clip", "clip": command["clip"], "rate": clip.format.rate, "pcm": pcm}

    def _carry_out(self, command: dict[str, object]) -> None:
        hearing_id = str(command.get("hearing_id", ""))
        match command.get("type"):
            case "start":
                self._start(hearing_id)
            case "pause" if hearing_id == self._capture.hearing_id:
                self._capture.pause(_pause_reason(command.get("reason")))
            case "resume" if hearing_id == self._capture.hearing_id:
                self._capture.resume()
            case "close":
                self._close(hearing_id)
            case "device":
                self._use(str(command.get("device", "")))
            case "pause" | "resume":
                return
            case _:
                raise BadRequest(
                    zh_why="录音程序不认识这条命令，请升级庭记。", en_why="Unknown command: upgrade Tingji."
                )

    def _start(self, hearing_id: str) -> None:
        self._capture.device = self._ear.device
        if self._capture.hearing_id is None:
            self._memory.keep(hearing=hearing_id)
        try:
            self._capture.start(hearing_id)
        finally:
            self._memory.keep(hearing=self._capture.hearing_id)

    def _close(self, hearing_id: str) -> None:
        self._capture.close(hearing_id)
        self._memory.keep(hearing=self._capture.hearing_id)

    def _use(self, device: str) -> None:
        if self._capture.hearing_id:
            raise WrongState(state=self._capture.state, action="device")
        self._ear.use(device)
        self._memory.keep(device=device)


def refusal(command: dict[str, object], error: TingjiError | OSError) -> dict[str, object]:
    """The answer to a command that could not be carried out (docs/protocol.md §3)."""
    if isinstance(error, OSError):
        error = DiskFailed(where="journal", number=error.errno or 0)
    about: dict[str, object] = {key: command[key] for key in ("hearing_id", "id", "clip") if key in command}
    return {"type": "refused", "command": command.get("type"), "error": error.as_json(), **about}


def _pause_reason(value: object) -> PauseReason:
    try:
        return PauseReason(str(value))
    except ValueError as error:
        raise BadRequest(
            zh_why="中断录制只有三种法定情形。", en_why="There are three lawful reasons for a pause."
        ) from error
