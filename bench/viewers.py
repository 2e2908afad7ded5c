"""Two hundred people watch one hearing: how late is what they see, does anybody miss anything, what does it cost?

  python -m bench.viewers [--viewers 200] [--stalled 5] [--seconds 60] [--history 600] [--only screen]

The server is the program's own (`bench.speaking_server`); the viewers are in a process of their own, on the same
machine (`bench.onlookers`): first on the clerk's websocket (every event), then on that of the links (parties,
gallery, screens, witnesses by turns). Turns are spoken at the pace of speech, then at ten times it, then at ten
times it beside viewers that have stopped reading in the middle of what was said before they came.

- from the database's commit to the arrival of the message in the viewer's process: median, 95 %, longest;
- missing: viewers that do not hold every event (every line) once and in order at the end;
- CPU seconds of the server, and of the viewers' process, per second; highest memory of the server.

WhisperLiveKit and WhisperLive have no counterpart: their server answers the connection that sends the sound, and
nobody else can watch.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from bench.machine import machine, watched
from bench.rooms import wait
from tingji.api import Api, machine_key

KINDS = ("party", "gallery", "screen", "witness")
SETTLE_S = 3.0
Viewers = list[tuple[str, dict[str, str]]]


class Talker:
    """A program that is told and answers by lines of JSON."""

    def __init__(self, *command: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def tell(self, order: dict[str, object]) -> None:
        """One line."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def hear(self) -> Any:
        """The next answer."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("a program of the benchmark has ended")
        return json.loads(line)

    def close(self) -> None:
        """Ends it."""
        self.process.terminate()
        self.process.wait(60)


@dataclass(frozen=True, slots=True)
class Court:
    """The server, and the hearing in it."""

    talker: Talker
    api: Api
    data: Path
    port: int
    hearing_id: str
    history: int

    def own(self, number: int) -> Viewers:
        """So many viewers with the machine's own key, on the clerk's websocket."""
        address = f"ws://127.0.0.1:{self.port}/ws/hearings/{self.hearing_id}?after=0"
        return [(address, {"Authorization": f"Bearer {machine_key(self.data)}"})] * number

    def by_link(self, number: int) -> Viewers:
        """So many screens, each with a session of its own; every tenth a witness's."""
        host, address = f"http://127.0.0.1:{self.port}", f"ws://127.0.0.1:{self.port}/ws/screen"
        links = f"/api/hearings/{self.hearing_id}/links"
        kinds = [KINDS[3] if n % 10 == 9 else KINDS[n % 3] for n in range(number)]
        tokens = {
            kind: self.api.post(links, {"kind": kind, "label": kind, "hours": 2})["token"] for kind in KINDS
        }
        return [(address, {"Cookie": opened(host, tokens[kind]), "Origin": host}) for kind in kinds]


def opened(host: str, token: str) -> str:
    """The cookie of a browser that has opened a link."""
    body = json.dumps({"token": token}).encode()
    headers = {"Content-Type": "application/json", "X-Tingji": "page", "Origin": host}
    with urllib.request.urlopen(urllib.request.Request(f"{host}/api/link", body, headers), timeout=30) as one:
        return str(one.headers["Set-Cookie"]).partition(";")[0]


@contextmanager
def court(folder: Path, port: int, history: int) -> Iterator[Court]:
    """A server with a hearing that has gone on for a while."""
    talker = Talker("bench.speaking_server", str(folder), str(port))
    try:
        api = Api(f"http://127.0.0.1:{port}", machine_key(folder))
        wait(api.alive, "the server did not start")
        talker.tell({"history": history})
        yield Court(talker, api, folder, port, talker.hear()["hearing_id"], history)
    finally:
        talker.close()


@contextmanager
def stalled(viewers: Viewers) -> Iterator[list[socket.socket]]:
    """Viewers that come, and then read nothing."""
    sockets = [_unread(address, headers) for address, headers in viewers]
    try:
        yield sockets
    finally:
        for one in sockets:
            one.close()


def _unread(address: str, headers: dict[str, str]) -> socket.socket:
    host, _, path = address.removeprefix("ws://").partition("/")
    name, port = host.split(":")
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect((name, int(port)))
    lines = [
        f"GET /{path} HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {b64encode(secrets.token_bytes(16)).decode()}",
        *(f"{key}: {value}" for key, value in headers.items()),
    ]  # fmt: skip
    made.sendall("\r\n".join([*lines, "", ""]).encode())
    return made


def open_views(here: Court) -> int:
    """How many views the server holds open."""
    own = {"Authorization": f"Bearer {machine_key(here.data)}"}
    asked = urllib.request.Request(f"http://127.0.0.1:{here.port}/metrics", headers=own)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        lines = answer.read().decode().splitlines()
    return int(float(next(line.split()[-1] for line in lines if line.startswith("tingji_viewers"))))


def cpu_s(pid: int) -> float:
    """CPU seconds that a process has used."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def round_of(here: Court, viewers: Viewers, still: Viewers, seconds: float, pace: float) -> dict[str, object]:
    """One measurement."""
    with ExitStack() as stack:
        onlookers = Talker("bench.onlookers")
        stack.callback(onlookers.close)
        used = stack.enter_context(watched(here.talker.process.pid))
        began = time.monotonic()
        onlookers.tell({"viewers": viewers})
        onlookers.hear()
        joined_s = time.monotonic() - began
        stack.enter_context(stalled(still))
        time.sleep(SETTLE_S)
        pids = (here.talker.process.pid, onlookers.process.pid)
        views = open_views(here)
        before, load = [cpu_s(pid) for pid in pids], os.getloadavg()[0]
        here.talker.tell({"seconds": seconds, "pace": pace})
        committed = here.talker.hear()["committed"]
        cost = [round((cpu_s(pid) - was) / seconds, 3) for pid, was in zip(pids, before, strict=True)]
        time.sleep(SETTLE_S)
        left = open_views(here)
        onlookers.tell({})
        seen = [onlookers.hear() for _ in viewers]
    return {
        "viewers": len(viewers), "stalled": len(still), "views_at_start": views, "views_at_end": left, "pace": pace, "turns": len(committed),
        **lateness(committed, seen), "all_joined_s": round(joined_s, 1),
        "server_cpu_per_s": cost[0], "viewers_cpu_per_s": cost[1], "server_peak_mib": used.peak_bytes >> 20,
        "load_before": round(load, 2),
    }  # fmt: skip


def lateness(committed: list[tuple[int, int, float]], seen: list[dict[str, Any]]) -> dict[str, object]:
    """How late what was committed arrived, and who does not hold all of it once and in order."""
    at_ms, missing = list[float](), 0
    for viewer in seen:
        screen = viewer["address"].endswith("/ws/screen")
        moments = {start_ms if screen else seq: moment for seq, start_ms, moment in committed}
        arrived = {key: moment for key, moment in viewer["arrived"] if key in moments}
        at_ms += [1000 * (arrived[key] - moment) for key, moment in moments.items() if key in arrived]
        whole = [key for key in viewer["held"] if key in moments] == sorted(moments)
        once = viewer["held"] == sorted(set(viewer["held"]))
        missing += not (whole and once and viewer["closed"] is None)
    ordered = sorted(at_ms)
    place = lambda share: round(ordered[round(share * (len(ordered) - 1))], 1) if ordered else None  # noqa: E731
    return {"p50_ms": place(0.5), "p95_ms": place(0.95), "max_ms": place(1.0), "n": len(ordered), "missing": missing}  # fmt: skip


def figures(given: argparse.Namespace, folder: Path) -> dict[str, object]:
    """The line of JSON."""
    rounds: dict[str, list[dict[str, object]]] = {"hearing": [], "screen": []}
    with court(folder, given.port, given.history) as here:
        ways = {"hearing": here.own, "screen": here.by_link}
        for name, made in ways.items():
            if given.only not in (None, name):
                continue
            viewers, still = made(given.viewers), made(given.stalled)
            for pace, beside in ((1.0, []), (10.0, []), (10.0, still)):
                found = round_of(here, viewers, beside, given.seconds, pace)
                print(name, json.dumps(found), file=sys.stderr, flush=True)
                rounds[name].append(found)
    return {"bench": "viewers", "machine": machine(), "seconds": given.seconds, "history": given.history, **rounds}  # fmt: skip


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--viewers", type=int, default=200)
    parser.add_argument("--stalled", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--history", type=int, default=600)
    parser.add_argument("--only", choices=("hearing", "screen"), help="one of the two websockets")
    parser.add_argument("--port", type=int, default=8437)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        print(json.dumps(figures(given, Path(temporary)), ensure_ascii=False))


if __name__ == "__main__":
    main()
