"""Several courtrooms at once: does every one keep its text, and how late is it?

  python -m bench.rooms FOLDER [FOLDER ...] [--rooms 4] [--minutes 10] [--threads 2] [--no-alone]

A FOLDER is what `make_hearing.py` wrote (../shared/speech/README.md): a sound, `mix.wav` or the one that `--sound`
names, and its reference.json. One `tingji serve` with recognition and a `tingji record` for each room play them at
1x for so many minutes. Rooms share the folders in turn; each begins at another place of its hearing and begins
again at its end, so that no two say the same at once. The first room is played alone before, for as long.

What is measured for each room, by a viewer on this machine, with the functions of `bench.live`:
- final text: from the end of speech until its final text, after every utterance and after those that nobody
  followed for 700 ms;
- lost: utterances of the reference of which less than half is covered by final text that is shown, and how many of
  these lie under text that was suppressed (it is on the record, flagged);
- tentative messages per minute, beside those of the first room when it was alone.
CPU seconds per second of the wall clock and highest memory: of the server, and of all recorders.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from bench.live import Clock, final_text
from bench.machine import Usage, machine, watched
from bench.scoring import percentiles
from bench.shown import alone
from bench.viewer import Seen, watch
from tingji.api import Api, Refused, Unreachable, machine_key

BEFORE_MS = 300
LOOK_S = 0.5
PATIENCE_S = 60.0
Turns = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Room:
    """One courtroom: its recorder's name, what is played there, and what is said in it."""

    name: str
    sound: Path
    turns: Turns
    seats: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Played:
    """What a viewer saw of one room, and when its sound was heard."""

    room: Room
    seen: Seen
    clock: Clock


def make_room(number: int, of: int, source: Path, name: str, minutes: float, folder: Path) -> Room:
    """Writes the room's sound: the hearing from its own place on, again and again until it is long enough."""
    reference = json.loads((source / "reference.json").read_text(encoding="utf-8"))
    sound, rate = soundfile.read(source / name, dtype="int16", always_2d=True)
    turns = sorted(reference["turns"], key=lambda turn: turn["start_ms"])
    whole_ms = len(sound) * 1000 // rate
    from_ms = beginning(turns, whole_ms * number // of)
    frames = int(minutes * 60 * rate)
    played = np.roll(sound, -from_ms * rate // 1000, axis=0)
    path = folder / f"room{number + 1}.wav"
    soundfile.write(path, np.tile(played, (frames // len(played) + 1, 1))[:frames], rate, subtype="PCM_16")
    seats = reference["seats"] if sound.shape[1] > 1 else []
    return Room(path.stem, path, moved(turns, from_ms, whole_ms, int(minutes * 60_000)), seats)


def beginning(turns: Turns, near_ms: int) -> int:
    """A moment near this one at which somebody is about to speak and nobody does."""
    spans = [(int(turn["start_ms"]), int(turn["end_ms"])) for turn in turns]
    free = [start for start, _ in spans if alone(spans, start, before=True)]
    return max(0, min(free, key=lambda start: abs(start - near_ms)) - BEFORE_MS)


def moved(turns: Turns, from_ms: int, whole_ms: int, length_ms: int) -> Turns:
    """The turns as they are said in a sound that begins at `from_ms` and goes round; only whole ones."""
    found = []
    for turn in turns:
        long_ms = turn["end_ms"] - turn["start_ms"]
        first = (turn["start_ms"] - from_ms) % whole_ms
        for start in range(first, length_ms - long_ms - BEFORE_MS, whole_ms):
            found.append({**turn, "start_ms": start, "end_ms": start + long_ms})
    return sorted(found, key=lambda turn: turn["start_ms"])


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A part of the product, until the block ends."""
    started = subprocess.Popen([sys.executable, "-m", "tingji", *arguments], stdout=subprocess.DEVNULL)
    try:
        yield started
    finally:
        started.terminate()
        started.wait(60)


@contextmanager
def viewer(url: str, data: Path, hearing_id: str) -> Iterator[Seen]:
    """Somebody who watches this hearing until the block ends."""
    seen, over = Seen(hearing_id=hearing_id), threading.Event()
    thread = threading.Thread(target=watch, args=(url, data, seen, over), daemon=True)
    thread.start()
    yield seen
    over.set()


def play(
    rooms: Sequence[Room], data: Path, port: int, threads: int
) -> tuple[list[Played], Usage, list[Usage]]:
    """All rooms at once through the real programs; what the server used, and what each recorder did."""
    url = f"http://127.0.0.1:{port}"
    api = Api(url, machine_key(data))
    with ExitStack() as programs:
        enter = programs.enter_context
        server = enter(process("serve", "--data", str(data), "--port", str(port), "--threads", str(threads)))
        wait(api.alive, "the server did not start")
        for room in rooms:
            enrol(api, room, data, port)
        recorders = [enter(process(*recorder(room, data, port))) for room in rooms]
        wait(lambda: len(api.get("/api/recorders")) == len(rooms), "a recorder did not come")
        used = enter(watched(server.pid))
        each = [enter(watched(process.pid)) for process in recorders]
        hearings = [begin(api, room) for room in rooms]
        viewers = [enter(viewer(url, data, hearing_id)) for hearing_id in hearings]
        conduct(api, hearings)
        clocks = [Clock(data / "recordings" / hearing_id) for hearing_id in hearings]
    played = [Played(*each) for each in zip(rooms, viewers, clocks, strict=True)]
    return played, used, each


def recorder(room: Room, data: Path, port: int) -> list[str]:
    """The command line of a room's recorder; each has a data folder of its own."""
    own = ["--data", str(data.parent / f"{data.name}-{room.name}"), "--name", room.name]
    return ["record", *own, "--port", str(port), "--replay", str(room.sound), "--speed", "1"]


def enrol(api: Api, room: Room, data: Path, port: int) -> None:
    """Gives the room's recorder its own key, as on a machine of its own."""
    code = str(api.post("/api/recorders/codes", {"name": room.name})["code"])
    own = ["--data", str(data.parent / f"{data.name}-{room.name}"), "--port", str(port)]
    subprocess.run([sys.executable, "-m", "tingji", "recorder", "enrol", code, *own], check=True)


def begin(api: Api, room: Room) -> str:
    """Creates the hearing of a room and starts it; its id."""
    seats = [
        {"id": f"s{number}", "role": seat["role"], "channels": [seat["channel"]]}
        for number, seat in enumerate(room.seats)
    ]
    hearing_id = str(api.post("/api/hearings", {"kind": "庭审", "language": "zh", "seats": seats})["id"])
    api.post(f"/api/hearings/{hearing_id}/start", {"recorder": room.name})
    return hearing_id


def conduct(api: Api, hearings: Sequence[str]) -> None:
    """Closes each hearing when its sound has ended, and returns when all text of all is on record."""
    left = dict.fromkeys(hearings, "recording")
    while left:
        time.sleep(LOOK_S)
        ended = {state["hearing"] for state in api.get("/api/recorders") if state["source_ended"]}
        now = {row["id"]: row["state"] for row in api.get("/api/hearings")}
        for hearing_id in [one for one in left if now[one] in ("closing", "sealed")]:
            del left[hearing_id]
        for hearing_id in ended & left.keys():
            close(api, hearing_id)


def close(api: Api, hearing_id: str) -> None:
    """Closes it, unless it is being closed already."""
    try:
        api.post(f"/api/hearings/{hearing_id}/close")
    except Refused as refusal:
        if refusal.code != "wrong_state":
            raise


def wait(condition: Any, why: str) -> None:
    """Until it is so."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            if condition():
                return
        except Unreachable:
            pass
        time.sleep(0.1)
    raise SystemExit(why)


def covered_ms(turn: dict[str, Any], finals: Turns) -> int:
    """How much of an utterance final text lies over."""
    at, covered = turn["start_ms"], 0
    for final in sorted(finals, key=lambda final: int(final["start_ms"])):
        start, end = max(at, final["start_ms"]), min(turn["end_ms"], final["end_ms"])
        covered += max(0, end - start)
        at = max(at, end)
    return covered


def lost(turns: Turns, finals: Turns) -> Turns:
    """The utterances of which less than half is covered."""
    return [turn for turn in turns if covered_ms(turn, finals) < (turn["end_ms"] - turn["start_ms"]) / 2]


def figures_of(played: Played, minutes: float) -> dict[str, object]:
    """One room's figures."""
    turns, seen = played.room.turns, played.seen
    finals = [final for _, final in seen.finals]
    without = lost(turns, [final for final in finals if final["text"] and not final["suppressed"]])
    return {
        "room": played.room.name,
        "utterances": len(turns),
        "final_text_s": percentiles(final_text(seen, played.clock, turns, every=False)),
        "final_text_every_utterance_s": percentiles(final_text(seen, played.clock, turns, every=True)),
        "lost": len(without),
        "lost_as_suppressed": len(without) - len(lost(without, finals)),
        "tentative_per_minute": round((len(seen.texts) - len(seen.finals)) / minutes, 1),
    }


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--sound", default="mix.wav")
    parser.add_argument("--rooms", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--port", type=int, default=8433)
    parser.add_argument("--no-alone", action="store_true", help="leave the first room alone out")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        print(json.dumps(figures(given, Path(temporary)), ensure_ascii=False))


def figures(given: argparse.Namespace, folder: Path) -> dict[str, object]:
    """The line of JSON."""
    count, sources = given.rooms, given.folders
    rooms = [
        make_room(number, count, sources[number % len(sources)], given.sound, given.minutes, folder)
        for number in range(count)
    ]
    single: list[Played] = []
    if not given.no_alone:
        single, _, _ = play(rooms[:1], folder / "alone", given.port, given.threads)
    began = time.monotonic()
    together, server, recorders = play(rooms, folder / "data", given.port, given.threads)
    seconds = time.monotonic() - began
    latencies = [
        one for played in together for one in final_text(played.seen, played.clock, played.room.turns, True)
    ]
    return {
        "bench": "rooms",
        "rooms": count,
        "minutes": given.minutes,
        "machine": machine(),
        "final_text_every_utterance_s": percentiles(latencies),
        "each": [figures_of(played, given.minutes) for played in together],
        "alone": [figures_of(played, given.minutes) for played in single],
        "server_cpu_per_s": round(server.cpu_s / seconds, 3),
        "recorders_cpu_per_s": round(sum(usage.cpu_s for usage in recorders) / seconds, 3),
        "server_peak_mib": server.peak_bytes >> 20,
        "recorders_peak_mib": sum(usage.peak_bytes for usage in recorders) >> 20,
    }


if __name__ == "__main__":
    main()
