"""One recorder's connection: what it sends is kept, flushed in groups, and acknowledged."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections import deque
from typing import Protocol

from fastapi import WebSocket
from starlette.websockets import WebSocketDisconnect

from casefile.entries import Piece, from_line
from casefile.errors import DamagedRecording, DiskFailed, DiskFull, TingjiError
from web.intake import Intake

GROUP_S = 0.05  # at least, from flush to flush: lines are seen, and words heard, only after one
GROUP_BYTES = 512 << 10
RETRY_S = 1.0
INBOX = 64
Json = dict[str, object]
log = logging.getLogger(__name__)


class Desk(Protocol):
    """What a connection needs of `web.ingest.Ingest`. Called on worker threads."""

    def intake(self, hearing_id: str) -> Intake:
        """The hearing's intake. Raises NotFound for an id that is none, OSError."""

    def may_send(self, station: Station, hearing_id: str) -> bool:
        """Whether this recorder's sound belongs to the hearing."""

    def holds(self, station: Station, hearing_id: str) -> None:
        """This recorder has a journal of the hearing."""

    def acknowledged(self, station: Station, hearing_id: str) -> None:
        """The recorder was told that more of this hearing is safe. Raises OSError."""

    def said(self, station: Station, message: Json) -> None:
        """A text message came, other than the first hello."""

    def stuck(self, hearing_id: str, error: TingjiError | None) -> None:
        """The disk takes nothing of this hearing; None: it does again."""


class Station:
    """A connected recorder. `send` may be called from any thread."""

    def __init__(self, websocket: WebSocket, desk: Desk, only: str | None = None) -> None:
        self.only = only
        self.hello: Json = {}
        self.hearings: set[str] = set()
        self._websocket, self._desk = websocket, desk
        self._loop = asyncio.get_running_loop()
        self._inbox: asyncio.Queue[bytes | str] = asyncio.Queue(INBOX)
        self._outbox: asyncio.Queue[Json] = asyncio.Queue()
        self._dirty, self._plenty = asyncio.Event(), asyncio.Event()
        self._unflushed = 0
        self._waiting: dict[str, Piece | None] = {}
        self._retry_at = self._flushed_at = 0.0
        self._disk = threading.Lock()
        self._acknowledged: dict[str, list[tuple[int, int]]] = {}

    @property
    def name(self) -> str:
        """The recorder's name."""
        return str(self.hello["name"])

    def send(self, message: Json) -> None:
        """Sends a text message as soon as possible."""
        self._loop.call_soon_threadsafe(self._outbox.put_nowait, message)

    async def greet(self) -> None:
        """Waits for the first hello. Raises ValueError, WebSocketDisconnect."""
        self.hello = json.loads(await self._websocket.receive_text())
        holding = self.hello.get("holding")
        if (
            self.hello.get("type") != "hello"
            or self.hello.get("protocol") != 1
            or not isinstance(holding, list)
        ):
            raise ValueError("no hello")
        self.hearings = {str(held["hearing_id"]) for held in holding}

    async def serve(self) -> None:
        """Until either side leaves. What came is flushed then."""
        await self._welcome()
        tasks = [asyncio.create_task(step()) for step in (self._read, self._keep, self._flush, self._write)]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except (WebSocketDisconnect, RuntimeError, OSError):
            log.info("a recorder left")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.to_thread(self._flush_all)

    async def close(self) -> None:
        """Closes the connection: another one of the same recorder came."""
        await self._websocket.close(1012)

    async def _welcome(self) -> None:
        """Says what is here; the recorder sends all the rest, also what it has sent already."""
        self._outbox.put_nowait(await asyncio.to_thread(self._have))

    def _have(self) -> Json:
        with self._disk:
            have = {}
            for hearing_id in sorted(self.hearings):
                try:
                    have[hearing_id] = self._desk.intake(hearing_id).flush().pairs()
                except (TingjiError, OSError) as error:
                    log.error("a recording cannot be opened: %s", type(error).__name__)
            return {"type": "welcome", "have": have}

    async def _read(self) -> None:
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect
            await self._inbox.put(message.get("bytes") or message.get("text") or "")

    async def _write(self) -> None:
        while True:
            message = await self._outbox.get()
            await self._websocket.send_text(json.dumps(message, ensure_ascii=False))

    async def _keep(self) -> None:
        while True:
            batch = deque([await self._inbox.get()])
            while not self._inbox.empty() and len(batch) < INBOX:
                batch.append(self._inbox.get_nowait())
            lost_thread = await asyncio.to_thread(self._take, batch)
            self._unflushed += sum(len(message) for message in batch)
            self._dirty.set()
            if self._unflushed >= GROUP_BYTES:
                self._plenty.set()
            if lost_thread:
                await self._welcome()

    def _take(self, batch: deque[bytes | str]) -> bool:
        """Keeps a batch. True when a message could not be read: the recorder must send again."""
        unreadable = False
        for message in batch:
            try:
                self._take_text(message) if isinstance(message, str) else self._take_piece(message)
            except (ValueError, KeyError, TypeError, AttributeError):
                log.warning("a message could not be read")
                unreadable = True
        return unreadable

    def _take_text(self, message: str) -> None:
        data = json.loads(message)
        if data.get("type") == "hello":
            self.hello = {**data, "name": self.name}  # who it is was settled at its first hello
            held = {str(one["hearing_id"]) for one in data["holding"]}
            self.hearings |= {one for one in held if self._desk.may_send(self, one)}
        self._desk.said(self, data)

    def _take_piece(self, message: bytes) -> None:
        line, _, pcm = message.partition(b"\n")
        hearing_id = str(json.loads(line)["hearing"])
        if not self._desk.may_send(self, hearing_id):
            return log.error("an entry was not taken: another recorder has this hearing")
        with self._disk:
            if hearing_id not in self._waiting:
                self._keep_piece(hearing_id, Piece(from_line(line), pcm))

    def _keep_piece(self, hearing_id: str, piece: Piece) -> None:
        try:
            self._desk.intake(hearing_id).keep(piece)
            if hearing_id not in self.hearings:
                self.hearings.add(hearing_id)
                self._desk.holds(self, hearing_id)
        except DamagedRecording:
            self.send({"type": "resend", "hearing_id": hearing_id, "n": piece.entry.n})
        except (DiskFull, DiskFailed) as error:
            self._stick(hearing_id, piece, error)
        except TingjiError as error:
            log.error("an entry was not taken: %s", error.code)

    def _stick(self, hearing_id: str, piece: Piece | None, error: TingjiError) -> None:
        """Takes nothing more of this hearing, acknowledges nothing, and tries again in a second."""
        self._waiting[hearing_id] = piece
        self._retry_at = time.monotonic() + RETRY_S
        self._desk.stuck(hearing_id, error)

    async def _flush(self) -> None:
        while True:
            await self._due()
            self._dirty.clear()
            self._plenty.clear()
            self._unflushed = 0
            freed = await asyncio.to_thread(self._flush_all)
            self._flushed_at = time.monotonic()
            if freed:
                await self._welcome()

    async def _due(self) -> None:
        """At once when something came, unless the last flush was just now; or a full disk is to be tried again."""
        if not self._waiting:
            await self._dirty.wait()
        try:
            await asyncio.wait_for(self._plenty.wait(), self._flushed_at + GROUP_S - time.monotonic())
        except TimeoutError:
            return

    def _flush_all(self) -> bool:
        """Flushes and acknowledges. True when a disk takes sound again that took none before."""
        with self._disk:
            freed = self._waiting and time.monotonic() >= self._retry_at and self._try_again()
            for hearing_id in self.hearings - set(self._waiting):
                self._flush_one(hearing_id)
            return bool(freed)

    def _try_again(self) -> bool:
        for hearing_id, piece in list(self._waiting.items()):
            del self._waiting[hearing_id]
            if piece:
                self._keep_piece(hearing_id, piece)
            if hearing_id not in self._waiting and self._flush_one(hearing_id):
                self._desk.stuck(hearing_id, None)
                return True
        return False

    def _flush_one(self, hearing_id: str) -> bool:
        try:
            self._acknowledge(hearing_id, self._desk.intake(hearing_id).flush().pairs())
        except (DiskFull, DiskFailed) as error:
            self._stick(hearing_id, None, error)
            return False
        except (TingjiError, OSError) as error:
            log.error("a recording cannot be flushed: %s", type(error).__name__)
            return False
        return True

    def _acknowledge(self, hearing_id: str, have: list[tuple[int, int]]) -> None:
        if have != self._acknowledged.get(hearing_id):
            self._acknowledged[hearing_id] = have
            self.send({"type": "ack", "hearing_id": hearing_id, "have": have})
            self._desk.acknowledged(self, hearing_id)
