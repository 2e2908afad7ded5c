"""Many viewers in one process, that note when what arrives.

  python -m bench.onlookers     (told by `bench.viewers` over standard input)

The first line is `{"viewers": [[address, headers], ...]}`; when all of them are caught up it says so. The next line
ends it: it prints for each viewer what arrived when, and what it holds at the end.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass, field

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

SEQ = re.compile(r'"type":"event",.{0,80}?"seq":(\d+)')
AT = re.compile(r'"start_ms": (\d+)')


@dataclass
class Onlooker:
    """`arrived`: [seq of an event, or start_ms of a line of a screen; moment]. `held`: all of these at the end, in order."""

    address: str
    arrived: list[tuple[int, float]] = field(default_factory=list)
    held: list[int] = field(default_factory=list)
    closed: int | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def watch(self, headers: dict[str, str]) -> None:
        """Until the connection is closed."""
        async with connect(
            self.address, additional_headers=headers, max_size=None, compression=None, open_timeout=120
        ) as socket:
            try:
                async for message in socket:
                    self.take(str(message), time.time())
            except ConnectionClosed:
                pass
            self.closed = socket.close_code

    def take(self, message: str, now: float) -> None:
        """One message; it is read only as far as needed, so that viewers cost each other little here."""
        if message.startswith('{"type": "lines"'):
            self._lines(message, now)
        elif found := SEQ.match(message, 1):
            self.arrived.append((int(found[1]), now))
            self.held.append(int(found[1]))
        elif message.startswith('{"type":"events"'):
            self.held += [event["seq"] for event in json.loads(message)["events"]]
        elif message.startswith('{"type":"caught_up"'):
            self.ready.set()

    def _lines(self, message: str, now: float) -> None:
        starts = [int(at) for at in AT.findall(message)]
        if self.ready.is_set():
            self.arrived += [(at, now) for at in starts]
        self.held[json.loads(message)["from"] :] = starts
        self.ready.set()


async def watch_all(viewers: list[tuple[str, dict[str, str]]]) -> list[Onlooker]:
    """All of them, until a line comes."""
    onlookers = [Onlooker(address) for address, _ in viewers]
    tasks = []
    for onlooker, (_, headers) in zip(onlookers, viewers, strict=True):
        tasks.append(asyncio.create_task(onlooker.watch(headers)))
        if len(tasks) % 20 == 0:  # they come one after the other, as people do
            await asyncio.wait_for(onlooker.ready.wait(), 120)
    for onlooker in onlookers:
        await asyncio.wait_for(onlooker.ready.wait(), 120)
    print(json.dumps({"ready": len(onlookers)}), flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return onlookers


def main() -> None:
    """See the module."""
    viewers = json.loads(sys.stdin.readline())["viewers"]
    for onlooker in asyncio.run(watch_all(viewers)):
        told = {key: value for key, value in vars(onlooker).items() if key != "ready"}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
