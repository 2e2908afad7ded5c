"""The server's side of the recorders: who is connected, what they send, what they are told to do."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from casefile.errors import NoRecorder, OrderLapsed, TingjiError, WrongState
from casefile.folders import GIVEN_UP, HEARING_ID, RELEASED
from casefile.model import AudioChunk, PauseReason
from web.clips import Clips
from web.intake import Intake, Listener
from web.metrics import Figure
from web.orders import Orders
from web.reports import STATE, RecorderState, checked_of, idle_one, state_of
from web.second_copies import SecondCopies
from web.station import Json, Station

ORDERS = "orders.json"
CLIP_S = 3.0
"""So long a piece of sound may be on its way."""
log = logging.getLogger(__name__)


class Ingest:
    """Keeps the second copy of all recordings in `recordings`/HEARING. Public methods are thread-safe.

    Commands return when they are passed on; those to a recorder that is not connected raise NoRecorder. Start,
    pause, resume and close are kept until the recorder has carried them out (`web.orders`). The folder is held
    until `close_files`: raises FolderInUse when another server writes it.
    """

    def __init__(self, recordings: Path, listener: Listener) -> None:
        self._copies, self._listener = SecondCopies(recordings, listener), listener
        self._orders, self._clips = Orders(recordings / ORDERS), Clips()
        self._stations: dict[str, Station] = {}
        self._states: dict[str, RecorderState] = {}
        self._holders: dict[str, str] = {}
        self._lock = threading.RLock()

    async def serve(self, websocket: WebSocket, only: str | None = None) -> None:
        """Serves one recorder until it leaves; the newer of two connections with one name stays.

        `only`: the name for which its key was given; it may not say that it is another.
        """
        await websocket.accept()
        station = Station(websocket, self, only)
        try:
            await station.greet()
        except (ValueError, KeyError, TypeError, AttributeError):
            await websocket.close(1008)
            return
        except WebSocketDisconnect:
            return
        if only not in (None, station.name):
            await websocket.close(1008)
            return
        await self._enter(station)
        try:
            await station.serve()
        finally:
            await asyncio.to_thread(self._leave, station)

    async def _enter(self, station: Station) -> None:
        older = self._stations.get(station.name)
        with self._lock:
            self._stations[station.name] = station
        if older:
            with suppress(RuntimeError, TimeoutError):
                await asyncio.wait_for(older.close(), 1)
        await asyncio.to_thread(self._introduced, station)

    def _introduced(self, station: Station) -> None:
        station.hearings = {
            one for one in station.hearings if HEARING_ID.fullmatch(one) and self.may_send(station, one)
        }
        self._note(station, station.hello)
        self._remind(station)
        for hearing_id in sorted(filter(self._copies.is_over, station.hearings)):
            self._dismiss(station, hearing_id)

    def _remind(self, station: Station) -> None:
        """Gives again what was accepted and not carried out; what is too old for that is told to the clerk."""
        for order in self._orders.lapse(station.name):
            self._listener.refused(order.hearing_id, OrderLapsed(command=order.command).as_json())
        for order in self._orders.to_give(station.name):
            station.send(order.message())

    def _leave(self, station: Station) -> None:
        with self._lock:
            if self._stations.get(station.name) is not station:
                return
            del self._stations[station.name]
            self._states.pop(station.name, None)
        self._listener.recorders_changed()

    def _note(self, station: Station, message: Json) -> None:
        """Takes the recorder's state from a hello or a health message."""
        self._orders.done(cast("Collection[str]", message.get("obeyed") or ()))
        with self._lock:
            if self._stations.get(station.name) is not station:
                return
            before = self._states.get(station.name)
            station.hello |= {key: message[key] for key in STATE if key in message}
            self._states[station.name] = now = state_of(station.hello)
            mine = {one for one in (*station.hearings, now.hearing) if one and self.may_send(station, one)}
            self._holders |= dict.fromkeys(mine, station.name)
        if before is None or not now.same(before):
            self._listener.recorders_changed()

    def intake(self, hearing_id: str) -> Intake:
        """See `web.station.Desk`."""
        return self._copies.intake(hearing_id)

    def open(self, hearing_id: str) -> None:
        """Brings the hearing's recording into order after a crash: before anybody follows it.

        Takes seconds after a long hearing. Raises NotFound for an id that is none, OSError.
        """
        self._copies.recover(hearing_id)

    def stuck(self, hearing_id: str, error: TingjiError | None) -> None:
        """See `web.station.Desk`."""
        self._listener.problem(hearing_id, error.as_json() if error else None)

    def may_send(self, station: Station, hearing_id: str) -> bool:
        """See `web.station.Desk`: a recorder's own key takes no hearing from another that is here and has it."""
        with self._lock:
            holder = self._holders.get(hearing_id, station.name)
            return not station.only or holder == station.name or holder not in self._stations

    def holds(self, station: Station, hearing_id: str) -> None:
        """See `web.station.Desk`."""
        with self._lock:
            self._holders[hearing_id] = station.name

    def acknowledged(self, station: Station, hearing_id: str) -> None:
        """See `web.station.Desk`: of a hearing that is over, the last of what its recorder had is here."""
        if self.intake(hearing_id).late_complete:
            station.send({"type": "release", "hearing_id": hearing_id})

    def said(self, station: Station, message: Json) -> None:
        """See `web.station.Desk`."""
        hearing_id = cast("str | None", message.get("hearing_id"))
        match message.get("type"):
            case "hello":
                self._note(station, message)
            case "health":
                self._note(station, message)
                hearing = cast("str | None", message.get("hearing"))
                self._listener.health(station.name, hearing, message | {"recorder": station.name})
            case "checked":
                self._listener.checked(str(hearing_id), checked_of(message))
            case "clip":
                self._clips.answered(message)
            case "refused" if "clip" in message:
                self._clips.answered(message)
            case "refused":
                self._orders.done([str(message.get("id"))])
                self._listener.refused(hearing_id, cast("dict[str, str]", message["error"]))
            case "source_ended":
                self._note(station, {"source_ended": True})
                self._listener.source_ended(station.name)

    def clip(self, recorder: str, channel: int, ms: int) -> AudioChunk:
        """What an idle recorder hears at one microphone; it is not recorded. Waits. Raises NoClip, NoRecorder."""
        with self._lock:
            station = self._stations.get(recorder)
        if station is None:
            raise NoRecorder
        return self._clips.ask(station.send, channel, ms, CLIP_S)

    def recorders(self) -> list[RecorderState]:
        """The recorders that are connected, by name."""
        with self._lock:
            return [self._states[name] for name in sorted(self._states)]

    def waiting(self, hearing_id: str) -> list[str]:
        """Commands that were accepted and are not yet known to be carried out, oldest first."""
        return self._orders.waiting(hearing_id)

    def start(self, hearing_id: str, recorder: str | None = None) -> None:
        """Starts a hearing with this recorder, or the idle one. NoRecorder, WrongState, BadRequest."""
        with self._lock:
            name = recorder or idle_one(self._states.values())
            state = self._states.get(name)
            if state is None:
                raise NoRecorder
            if state.hearing not in (None, hearing_id):
                raise WrongState(state=state.state, action="start")
            self._holders[hearing_id] = name
        self._order(hearing_id, "start")

    def pause(self, hearing_id: str, reason: PauseReason) -> None:
        """Begins a lawful interruption. NoRecorder."""
        self._order(hearing_id, "pause", reason)

    def resume(self, hearing_id: str) -> None:
        """Ends it. NoRecorder."""
        self._order(hearing_id, "resume")

    def close(self, hearing_id: str) -> None:
        """Closes the hearing. NoRecorder."""
        self._order(hearing_id, "close")

    def check(self, hearing_id: str) -> None:
        """Asks the recorder to read its journal again; the answer is `Listener.checked`. NoRecorder."""
        self._station(hearing_id).send({"type": "check", "hearing_id": hearing_id})

    def repair(self, hearing_id: str, broken: Sequence[int]) -> None:
        """Asks the recorder for entries damaged here; `repaired` tells which came whole. NoRecorder."""
        for n in broken:
            self.intake(hearing_id).want(n)
            self._station(hearing_id).send({"type": "resend", "hearing_id": hearing_id, "n": n})

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
        self._copies.end(hearing_id, marker)
        self._orders.forget(hearing_id)
        with suppress(NoRecorder):
            self._dismiss(self._station(hearing_id), hearing_id)

    def _dismiss(self, station: Station, hearing_id: str) -> None:
        """The recorder shall stop, and is let go as soon as all that it has is here, be it beside the record."""
        station.send({"type": "close", "hearing_id": hearing_id})
        try:
            self.acknowledged(station, hearing_id)
        except OSError as error:
            log.error("a recording cannot be opened: %s", type(error).__name__)

    def choose_device(self, recorder: str, device: str) -> None:
        """Use another input device and remember it. NoRecorder, WrongState (while recording)."""
        with self._lock:
            station, state = self._stations.get(recorder), self._states.get(recorder)
        if station is None or state is None:
            raise NoRecorder
        if state.hearing:
            raise WrongState(state=state.state, action="device")
        station.send({"type": "device", "device": device})

    def _order(self, hearing_id: str, command: str, reason: PauseReason | None = None) -> None:
        """Kept first, then sent: should the recorder leave between, it is given again when it is back."""
        order = self._orders.give(self._station(hearing_id).name, hearing_id, command, reason)
        with suppress(NoRecorder):
            self._station(hearing_id).send(order.message())

    def _station(self, hearing_id: str) -> Station:
        with self._lock:
            station = self._stations.get(self._holders.get(hearing_id, ""))
        if station is None:
            raise NoRecorder
        return station

    def close_files(self) -> None:
        """Flushes and closes all recordings, at the end of the program."""
        self._copies.close()

    def figures(self) -> Iterator[Figure]:
        """See `SecondCopies`."""
        return self._copies.figures()
