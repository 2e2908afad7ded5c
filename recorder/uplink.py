"""The recorder's side of the wire (docs/protocol.md §3): live entries first, the backlog between them.

The journal is the queue: nothing here is the only copy of anything. A break on either side costs a new hello;
what the server then says it has is never sent again.
"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from collections import deque
from collections.abc import Callable
from functools import partial
from threading import Thread

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from casefile.entries import Piece, Ranges
from casefile.errors import TingjiError
from casefile.events import to_json
from recorder.commands import refusal
from recorder.lane import Lane
from recorder.shelf import Shelf

BACKLOG_BYTES = 1 << 20
LIVE_BYTES = 16 << 20
FIRST_PAUSE_S, LAST_PAUSE_S = 0.2, 5.0
PING_S, PONG_S = 5, 10
NOT_ENROLLED = 4003
Json = dict[str, object]
log = logging.getLogger(__name__)


class Uplink:
    """Keeps the server supplied. `obey` carries out a command or raises TingjiError, and may have an answer;
    `hello` introduces us.

    `run` belongs to one event loop; `deliver`, `tell` and `greet` may be called from any thread.
    """

    def __init__(
        self,
        url: str,
        shelf: Shelf,
        obey: Callable[[Json], Json | None],
        hello: Callable[[], Json],
        key: str = "",
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._key, self._trust = key, trust
        self._url, self._shelf, self._obey, self._hello = url, shelf, obey, hello
        self.connected = self._talking = False
        self._lanes: dict[str, Lane] = {}
        self._live: deque[tuple[str, Piece]] = deque()
        self._texts: deque[str] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._greeting = False
        self._checking: set[str] = set()

    @property
    def backlog_ms(self) -> int:
        """About how much sound the server does not have on its disk yet."""
        return sum(lane.backlog_ms for lane in list(self._lanes.values()))

    def deliver(self, hearing_id: str, pieces: list[Piece]) -> None:
        """New entries of a journal."""
        self._soon(self._take, hearing_id, pieces)

    def tell(self, message: Json) -> None:
        """Sends a text message, if the server is there."""
        self._soon(self._say, message)

    def greet(self) -> None:
        """Says hello again: something about the recorder has changed."""
        self._soon(self._set_greeting)

    def _soon(self, call: Callable[..., None], *values: object) -> None:
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *values)

    def _set_greeting(self) -> None:
        self._greeting = True
        self._wake.set()

    def _say(self, message: Json) -> None:
        if self._talking:  # also before the welcome: the server may ask something at once
            self._texts.append(json.dumps(message, ensure_ascii=False))
            self._wake.set()

    def _take(self, hearing_id: str, pieces: list[Piece]) -> None:
        lane = self._lane(hearing_id)
        for piece in pieces:
            lane.heard(piece)
        if self.connected:
            self._live.extend((hearing_id, piece) for piece in pieces)
        self._wake.set()

    def _lane(self, hearing_id: str) -> Lane:
        return self._lanes.setdefault(hearing_id, Lane(hearing_id))

    async def run(self) -> None:
        """Connects, again and again, until it is cancelled."""
        self._loop = asyncio.get_running_loop()
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                async with self._connection() as socket:
                    await self._talk(socket)
                pause_s = FIRST_PAUSE_S
            except ConnectionClosed as error:
                if error.rcvd and error.rcvd.code == NOT_ENROLLED:
                    log.error("the server does not know this recorder: run tingji recorder enrol CODE here")
            except (OSError, WebSocketException, TimeoutError) as error:
                log.info("server away: %s", type(error).__name__)
            except Exception as error:
                log.error("broke off: %s", type(error).__name__)  # what is sent must not end the recording
            pause_s = FIRST_PAUSE_S if self.connected else min(LAST_PAUSE_S, pause_s * 2)
            self.connected = self._talking = False
            self._live.clear()
            self._texts.clear()
            await asyncio.sleep(pause_s)

    def _connection(self) -> connect:
        patience = partial(
            connect, ping_interval=PING_S, ping_timeout=PONG_S, open_timeout=5, close_timeout=1
        )
        own = {"Authorization": f"Bearer {self._key}"}
        return patience(
            self._url, compression=None, proxy=None, additional_headers=own, ssl=self._secure_by()
        )

    def _secure_by(self) -> ssl.SSLContext | bool | None:
        """None: no TLS; True: what the system believes."""
        return (self._trust or True) if self._url.startswith("wss:") else None

    async def _talk(self, socket: ClientConnection) -> None:
        await self._introduce(socket)
        self._talking = True
        tasks = {asyncio.create_task(self._send(socket)), asyncio.create_task(self._listen(socket))}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
        for task in done:
            task.result()

    async def _introduce(self, socket: ClientConnection) -> None:
        holding = await asyncio.to_thread(self._shelf.holding)
        for held in holding:
            lane = self._lane(held.hearing_id)
            lane.last = max(lane.last, held.last)
        hello = self._hello() | {"holding": [to_json(held) for held in holding]}
        await socket.send(json.dumps(hello, ensure_ascii=False))

    async def _listen(self, socket: ClientConnection) -> None:
        async for message in socket:
            data: Json = json.loads(message)
            match data.get("type"):
                case "welcome":
                    self._welcome(data)
                case "ack":
                    self._acknowledge(str(data["hearing_id"]), _ranges(data["have"]))
                case "check":
                    self._check(str(data["hearing_id"]))
                case "resend":
                    await self._resend(str(data["hearing_id"]), int(str(data["n"])))
                case "release":
                    await self._release(str(data["hearing_id"]))
                case _:
                    await self._command(data)

    def _welcome(self, data: Json) -> None:
        have = data["have"]
        assert isinstance(have, dict)
        for hearing_id, lane in self._lanes.items():
            lane.welcome(_ranges(have.get(hearing_id, [])))
        self.connected = True
        self._wake.set()

    def _acknowledge(self, hearing_id: str, have: Ranges) -> None:
        if lane := self._lanes.get(hearing_id):
            lane.acknowledged(have)
            self._shelf.acknowledge(hearing_id, have)
            self._wake.set()

    def _check(self, hearing_id: str) -> None:
        """Reads the journal again in a thread of its own, once at a time: it takes minutes and is asked for
        again meanwhile. A recorder that is stopped does not wait for it."""
        if hearing_id not in self._checking:
            self._checking.add(hearing_id)
            Thread(target=self._check_now, args=(hearing_id,), name="check", daemon=True).start()

    def _check_now(self, hearing_id: str) -> None:
        asked: Json = {"type": "check", "hearing_id": hearing_id}
        try:
            checked = self._shelf.check(hearing_id)
            self.tell({"type": "checked", "hearing_id": hearing_id, **to_json(checked)})
        except (TingjiError, OSError) as error:
            self.tell(refusal(asked, error))
        finally:
            self._soon(self._checking.discard, hearing_id)

    async def _resend(self, hearing_id: str, n: int) -> None:
        piece = await asyncio.to_thread(self._shelf.piece_again, hearing_id, n)
        if piece and (lane := self._lanes.get(hearing_id)):
            lane.again(n)
            self._live.appendleft((hearing_id, piece))
            self._wake.set()

    async def _release(self, hearing_id: str) -> None:
        await asyncio.to_thread(self._shelf.release, hearing_id)
        self._lanes.pop(hearing_id, None)

    async def _command(self, data: Json) -> None:
        try:
            answer = await asyncio.to_thread(self._obey, data)
            if answer:
                return self._say(answer)
        except (TingjiError, OSError) as error:
            self._say(refusal(data, error))
        self._set_greeting()

    async def _send(self, socket: ClientConnection) -> None:
        """The only sender: texts, then live entries, then one of the backlog."""
        while True:
            self._wake.clear()
            if not self.connected:
                await self._wake.wait()
            elif self._greeting:
                self._greeting = False
                await self._introduce(socket)
            elif self._texts:
                await socket.send(self._texts.popleft())
            elif (message := await self._next_live() or await self._next_backlog()) is not None:
                await socket.send(message)
            else:
                await self._wake.wait()

    async def _next_live(self) -> bytes | None:
        while self._live:
            hearing_id, piece = self._live[0]
            lane = self._lanes.get(hearing_id)
            if lane and lane.needs_start(piece.entry.n):
                return await self._fetch(hearing_id, lane, lane.start, live=True)
            self._live.popleft()
            if lane and piece.entry.n not in lane.sent and lane.flying_bytes(live=True) < LIVE_BYTES:
                return lane.message(piece, live=True)
        return None

    async def _next_backlog(self) -> bytes | None:
        for hearing_id, lane in list(self._lanes.items()):
            n = lane.sent.next_missing()
            if n <= lane.last and self._backlog_bytes() < BACKLOG_BYTES:
                return await self._fetch(hearing_id, lane, n, live=False)
        return None

    def _backlog_bytes(self) -> int:
        return sum(lane.flying_bytes(live=False) for lane in self._lanes.values())

    async def _fetch(self, hearing_id: str, lane: Lane, n: int, *, live: bool) -> bytes | None:
        piece = await asyncio.to_thread(self._shelf.piece, hearing_id, n)
        if piece is None:
            log.warning("entry %d cannot be read from the journal", n)
            lane.sent.add(n)
            self._wake.set()
            return None
        return lane.message(piece, live=live)


def _ranges(pairs: object) -> Ranges:
    assert isinstance(pairs, list)
    return Ranges(pairs)
