"""The server's side of the recorders: who is connected, what they send, what they are told to do."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from casefile.errors import BadRequest, DiskFailed, DiskFull, NoRecorder, NotFound, TingjiError, WrongState
from casefile.folders import GIVEN_UP, HEARING_ID, RELEASED
from casefile.hold import Hold
from casefile.model import PauseReason
from casefile.soundcheck import Checked
from web.intake import Counts, Intake, Listener
from web.metrics import Figure
from web.station import Json, Station

__all__ = ["Counts", "Ingest", "Listener", "RecorderState"]
_STATE = ("hearing", "state", "disk_free_bytes", "source_ended")


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


class Ingest:
    """Keeps the second copy of all recordings in `recordings`/HEARING. Public methods are thread-safe.

    Commands return when they are passed on; those to a recorder that is not connected raise NoRecorder. The
    folder is held until `close_files`: raises FolderInUse when another server writes it.
    """

    def __init__(self, recordings: Path, listener: Listener) -> None:
        self._hold = Hold(recordings)
        self._recordings, self._listener = recordings, listener
        self._stations: dict[str, Station] = {}
        self._states: dict[str, RecorderState] = {}
        self._holders: dict[str, str] = {}
        self._intakes: dict[str, _Slot] = {}
        self._lock = threading.RLock()

    async def serve(self, websocket: WebSocket) -> None:
        """Serves one recorder until it leaves; the newer of two connections with one name stays."""
        await websocket.accept()
        station = Station(websocket, self)
        try:
            await station.greet()
        except (ValueError, KeyError, TypeError, AttributeError):
            await websocket.close(1008)
            return
        except WebSocketDisconnect:
            return
        await self._enter(station)
        try:
            await station.serve()
        finally:
            await asyncio.to_thread(self._leave, station)

    async def _enter(self, station: Station) -> None:
        name = str(station.hello["name"])
        older = self._stations.get(name)
        with self._lock:
            self._stations[name] = station
        if older:
            with suppress(RuntimeError, TimeoutError):
                await asyncio.wait_for(older.close(), 1)
        await asyncio.to_thread(self._introduced, station)

    def _introduced(self, station: Station) -> None:
        known = {hearing_id for hearing_id in station.hearings if HEARING_ID.fullmatch(hearing_id)}
        over = {hearing_id for hearing_id in known if self._is_over(hearing_id)}
        station.hearings = known - over
        self._note(station, station.hello)
        for hearing_id in sorted(over):
            _dismiss(station, hearing_id)

    def _is_over(self, hearing_id: str) -> bool:
        """Whether the hearing is sealed, or was closed without its recorder."""
        folder = self._path(hearing_id)
        return (folder / RELEASED).exists() or (folder / GIVEN_UP).exists()

    def _leave(self, station: Station) -> None:
        name = str(station.hello["name"])
        with self._lock:
            if self._stations.get(name) is not station:
                return
            del self._stations[name]
            self._states.pop(name, None)
        self._listener.recorders_changed()

    def _note(self, station: Station, message: Json) -> None:
        """Takes the recorder's state from a hello or a health message."""
        name = str(station.hello["name"])
        with self._lock:
            if self._stations.get(name) is not station:
                return
            before = self._states.get(name)
            station.hello |= {key: message[key] for key in _STATE if key in message}
            self._states[name] = now = _state(station.hello)
            self._holders |= dict.fromkeys(station.hearings, name)
            if now.hearing:
                self._holders[now.hearing] = name
        if before is None or _without_disk(before) != _without_disk(now):
            self._listener.recorders_changed()

    def intake(self, hearing_id: str) -> Intake:
        """See `web.station.Desk`."""
        return self._slot(hearing_id).open(self._recover)

    def _slot(self, hearing_id: str) -> _Slot:
        folder = self._path(hearing_id)
        with self._lock:
            return self._intakes.setdefault(hearing_id, _Slot(folder))

    def _recover(self, folder: Path) -> Intake:
        sealed = (folder / RELEASED).exists()
        intake = Intake(folder.name, folder, self._listener, sealed=sealed)
        if (folder / GIVEN_UP).exists():
            intake.retire()
        return intake

    def open(self, hearing_id: str) -> None:
        """Brings the hearing's recording into order after a crash: before anybody follows it.

        Takes seconds after a long hearing. Raises NotFound for an id that is none, OSError.
        """
        intake, folder = self.intake(hearing_id), self._path(hearing_id)
        if (folder / GIVEN_UP).exists() and not (folder / RELEASED).exists():
            intake.tell_all()

    def _path(self, hearing_id: str) -> Path:
        if not HEARING_ID.fullmatch(hearing_id):
            raise NotFound
        return self._recordings / hearing_id

    def stuck(self, hearing_id: str, error: TingjiError | None) -> None:
        """See `web.station.Desk`."""
        self._listener.problem(hearing_id, error.as_json() if error else None)

    def holds(self, station: Station, hearing_id: str) -> None:
        """See `web.station.Desk`."""
        with self._lock:
            self._holders[hearing_id] = str(station.hello["name"])

    def said(self, station: Station, message: Json) -> None:
        """See `web.station.Desk`."""
        name, hearing_id = str(station.hello["name"]), cast("str | None", message.get("hearing_id"))
        match message.get("type"):
            case "hello":
                self._note(station, message)
            case "health":
                self._note(station, message)
                hearing = cast("str | None", message.get("hearing"))
                self._listener.health(name, hearing, message | {"recorder": name})
            case "checked":
                self._listener.checked(str(hearing_id), _checked(message))
            case "refused":
                self._listener.refused(hearing_id, cast("dict[str, str]", message["error"]))
            case "source_ended":
                self._note(station, {"source_ended": True})
                self._listener.source_ended(name)

    def recorders(self) -> list[RecorderState]:
        """The recorders that are connected, by name."""
        with self._lock:
            return [self._states[name] for name in sorted(self._states)]

    def start(self, hearing_id: str, recorder: str | None = None) -> None:
        """Starts a hearing with this recorder, or the idle one. NoRecorder, WrongState, BadRequest."""
        with self._lock:
            name = recorder or self._idle()
            state = self._states.get(name)
            if state is None:
                raise NoRecorder
            if state.hearing not in (None, hearing_id):
                raise WrongState(state=state.state, action="start")
            self._holders[hearing_id] = name
        self._command(hearing_id, {"type": "start"})

    def _idle(self) -> str:
        idle = [state.name for state in self._states.values() if state.hearing is None]
        if len(idle) > 1:
            raise BadRequest(
                zh_why="有多台录音机空闲，请选择其中一台。", en_why="Several recorders are idle: choose one."
            )
        if not idle and self._states:
            raise WrongState(state="recording", action="start")
        return idle[0] if idle else ""

    def pause(self, hearing_id: str, reason: PauseReason) -> None:
        """Begins a lawful interruption. NoRecorder."""
        self._command(hearing_id, {"type": "pause", "reason": reason.value})

    def resume(self, hearing_id: str) -> None:
        """Ends it. NoRecorder."""
        self._command(hearing_id, {"type": "resume"})

    def close(self, hearing_id: str) -> None:
        """Closes the hearing. NoRecorder."""
        self._command(hearing_id, {"type": "close"})

    def check(self, hearing_id: str) -> None:
        """Asks the recorder to read its journal again; the answer is `Listener.checked`. NoRecorder."""
        self._command(hearing_id, {"type": "check"})

    def repair(self, hearing_id: str, broken: Sequence[int]) -> None:
        """Asks the recorder for entries damaged here; `repaired` tells which came whole. NoRecorder."""
        for n in broken:
            self.intake(hearing_id).want(n)
            self._command(hearing_id, {"type": "resend", "n": n})

    def repaired(self, hearing_id: str) -> tuple[int, ...]:
        """The entries that were damaged on this disk and are whole again."""
        return tuple(sorted(self.intake(hearing_id).repaired))

    def release(self, hearing_id: str) -> None:
        """The record is sealed: the recorder, now or when it comes, need not announce its journal."""
        self._end(hearing_id, RELEASED)

    def given_up(self, hearing_id: str) -> None:
        """The hearing is closed without its recorder: its recording is not written any more from here on.

        The recorder, now or when it comes, is told to close; what still comes is kept beside. Raises OSError.
        """
        self._end(hearing_id, GIVEN_UP)

    def _end(self, hearing_id: str, marker: str) -> None:
        folder = self._path(hearing_id)
        if marker == GIVEN_UP or folder.exists():
            _mark(folder, marker)
            self._slot(hearing_id).retire()
        if marker == GIVEN_UP:
            self.intake(hearing_id).tell_all()
        with self._lock:
            station = self._stations.get(self._holders.get(hearing_id, ""))
        if station:
            _dismiss(station, hearing_id)

    def choose_device(self, recorder: str, device: str) -> None:
        """Use another input device and remember it. NoRecorder, WrongState (while recording)."""
        with self._lock:
            station, state = self._stations.get(recorder), self._states.get(recorder)
        if station is None or state is None:
            raise NoRecorder
        if state.hearing:
            raise WrongState(state=state.state, action="device")
        station.send({"type": "device", "device": device})

    def _command(self, hearing_id: str, message: Json) -> None:
        with self._lock:
            station = self._stations.get(self._holders.get(hearing_id, ""))
        if station is None:
            raise NoRecorder
        station.send(message | {"hearing_id": hearing_id})

    def close_files(self) -> None:
        """Flushes and closes all recordings, at the end of the program."""
        for intake in self._open_intakes().values():
            with suppress(DiskFull, DiskFailed):
                intake.close()
        self._hold.release()

    def _open_intakes(self) -> dict[str, Intake]:
        with self._lock:
            found = {hearing_id: slot.intake for hearing_id, slot in self._intakes.items()}
        return {hearing_id: intake for hearing_id, intake in found.items() if intake}

    def figures(self) -> Iterator[Figure]:
        """What was written and what is missing, by hearing, for `/metrics`."""
        for hearing_id, intake in self._open_intakes().items():
            labels, count = {"hearing": hearing_id}, intake.counts
            yield Figure("tingji_lost_samples_total", count.lost_samples, labels)
            yield Figure("tingji_audio_written_bytes_total", count.written_bytes, labels)
            yield Figure("tingji_audio_written_seconds_total", count.written_seconds, labels)


class _Slot:
    """The place of one hearing's intake: opening takes seconds, and holds up this hearing only."""

    def __init__(self, folder: Path) -> None:
        self.intake: Intake | None = None
        self._folder = folder
        self._lock = threading.Lock()

    def open(self, recover: Callable[[Path], Intake]) -> Intake:
        with self._lock:
            if self.intake is None:
                self.intake = recover(self._folder)
            return self.intake

    def retire(self) -> None:
        with self._lock:
            if self.intake:
                self.intake.retire()


def _mark(folder: Path, marker: str) -> None:
    """Leaves an empty file that survives a power cut."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / marker).touch()
    for place in (folder, folder.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _dismiss(station: Station, hearing_id: str) -> None:
    """Nothing more is wanted of this hearing."""
    station.send({"type": "close", "hearing_id": hearing_id})
    station.send({"type": "release", "hearing_id": hearing_id})


def _state(said: Json) -> RecorderState:
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


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _without_disk(state: RecorderState) -> RecorderState:
    return replace(state, disk_free_bytes=0)


def _checked(message: Json) -> Checked:
    broken = cast("list[int]", message["broken"])
    blocks, length_ms = _number(message["blocks"]), _number(message["length_ms"])
    return Checked(blocks, str(message["digest"]), tuple(broken), length_ms)
