"""Finding in eight hours of hearing, over HTTP on a real server.

What: the time from sending a question to the whole answer, first questions apart. Data: made up here, from a
fixed seed. 5,000 turns in eight hours (about 24 characters each, 120,000 in all) of four seats and two voices in
four stages: words of the court's standing vocabulary (asr/vocabulary/court.txt) and common words by how often
they are said, with punctuation. Asked: words of two, three and four characters that occur, one character, pinyin
initials of words that occur, words split by punctuation, words with each filter, and two letters that fit a great
many turns. Then the hearing grows by an event before each question; then all of twenty such hearings, sealed, from
nothing and again. The server is the real application with a real store on disk, under uvicorn in a process of its
own; the client is one connection on the same machine. Run with nothing else at work: python -m bench.find
[--turns 5000 --hearings 20 --questions 200 --peaks]. With --peaks also the waveform of eight hours of sound (four
channels at 16 kHz, 3.7 GB on disk): first look, later looks, and a look after the server was started again.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np

from asr.sound import initials
from bench.machine import machine
from bench.scoring import percentiles
from casefile.events import Event, HearingClosed, RecordingStarted, RecordSealed, StageEntered, TurnAdded
from casefile.feed import Feed
from casefile.model import Turn, Word
from casefile.store import Store
from tests.courthouse import FORMAT, HEARING, SEATS, tone, write_recording
from tests.hall import until
from tingji.api import machine_key
from tingji.server import serve
from tingji.settings import Settings, read_settings

HOURS_MS = 8 * 3_600_000
STAGES = ("宣布开庭", "法庭调查", "举证质证", "法庭辩论")
VOCABULARY = Path("asr/vocabulary")
PUNCTUATION = "，，，，。。、；？"
SEALED: list[Event] = [HearingClosed(HOURS_MS), RecordSealed("ab" * 32, "cd" * 32)]
Ask = Callable[..., float]


def words_of_court(rng: random.Random) -> Iterator[str]:
    """Two words of the court for every three of the commonest others."""
    court = [word for line in _lines("court.txt") for word in line.split()]
    common = [line.split()[0] for line in _lines("common.txt")][:20_000]
    while True:
        yield rng.choice(court) if rng.random() < 0.4 else common[int(len(common) * rng.random() ** 3)]


def _lines(name: str) -> list[str]:
    text = (VOCABULARY / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def turns(count: int, rng: random.Random) -> Iterator[Turn]:
    """As many turns, evenly over eight hours."""
    words, step = words_of_court(rng), HOURS_MS // count
    for number in range(count):
        yield _turn(number, number * step, step, words, rng)


def _turn(number: int, start_ms: int, step: int, words: Iterator[str], rng: random.Random) -> Turn:
    said, size = list[str](), 0
    while size < 21:
        said.append(next(words) + (rng.choice(PUNCTUATION) if rng.random() < 0.3 else ""))
        size += len(said[-1])
    each = step * 9 // 10 // len(said)
    spoken = tuple(
        Word(text, start_ms + at * each, start_ms + (at + 1) * each, 0.9) for at, text in enumerate(said)
    )
    seat = SEATS[number % 4] if rng.random() < 0.8 else None
    name = seat.person if seat else f"未识别 {1 + number % 2}"
    return Turn(f"t{number}", seat and seat.id, name, 0, start_ms, spoken[-1].end_ms, spoken)


def events(count: int, rng: random.Random) -> list[Event]:
    """The turns and, between, four stages."""
    made: list[Event] = [TurnAdded(turn, turn.end_ms) for turn in turns(count, rng)]
    for index, name in enumerate(STAGES):
        made.insert(index * count // 4 + index, StageEntered(name, index * HOURS_MS // 4))
    return made


def questions(text: str, rng: random.Random, count: int) -> dict[str, list[dict[str, object]]]:
    """By kind, `count` bodies each."""
    plain = "".join(letter for letter in text if letter.isalnum())

    def piece(size: int) -> str:
        at = rng.randrange(len(plain) - size)
        return plain[at : at + size]

    def letters(size: int) -> str:
        return "".join(initials(one)[:1] or one for one in piece(size))

    kinds: dict[str, Callable[[], dict[str, object]]] = {
        "one character": lambda: {"words": piece(1)},
        "two characters": lambda: {"words": piece(2)},
        "four characters": lambda: {"words": piece(4)},
        "two words": lambda: {"words": f"{piece(2)} {piece(2)}"},
        "two initials": lambda: {"words": letters(2)},
        "four initials": lambda: {"words": letters(4)},
        "with speaker": lambda: {"words": piece(2), "speaker": rng.choice(SEATS).id},
        "with stage": lambda: {"words": letters(3), "stage": rng.choice(STAGES)},
        "with time": lambda: {"words": piece(2), "from_ms": rng.randrange(HOURS_MS), "to_ms": HOURS_MS},
        "speaker alone": lambda: {"speaker": rng.choice(SEATS).id},
    }
    return {kind: [make() for _ in range(count)] for kind, make in kinds.items()}


def _settings(folder: Path, port: int) -> Settings:
    return read_settings(folder, {"asr": False, "port": port}, {})


def file(folder: Path, *hearings: list[Event]) -> list[str]:
    """Puts hearings on file before a server is there; returns their ids."""
    with Store(folder / "tingji.db") as store:
        feed = Feed(store)
        for number, said in enumerate(hearings):
            hearing = replace(HEARING, id=f"h{number}")
            feed.create(hearing, "bench")
            feed.append(hearing.id, [RecordingStarted(FORMAT, "测试", 0), *said], "bench")
    return [f"h{number}" for number in range(len(hearings))]


def _serve(folder: Path, port: int) -> None:
    serve(_settings(folder, port), lambda: None)


@contextmanager
def running(folder: Path) -> Iterator[Ask]:
    """A server process over the folder; what it yields asks and returns the time in ms."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(folder, port), daemon=True)
    process.start()
    key = {"Authorization": f"Bearer {machine_key(folder)}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=key, timeout=120) as client:

        def ask(method: str, path: str, body: object = None) -> float:
            begun = time.perf_counter()
            answer = client.request(method, path, json=body)
            answer.raise_for_status()
            ask.answer = answer.json()  # type: ignore[attr-defined]
            return 1000 * (time.perf_counter() - begun)

        until(lambda: _answers(client), 60)
        yield ask
    process.terminate()
    process.join(20)


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/healthz").is_success
    except httpx.TransportError:
        return False


def one_hearing(folder: Path, arguments: argparse.Namespace) -> dict[str, object]:
    """First question, then every kind, then with a turn before each question."""
    rng = random.Random(1)
    said = events(arguments.turns, rng)
    (hearing_id,) = file(folder, said)
    text = "".join(one.turn.text for one in said if isinstance(one, TurnAdded))
    path = f"/api/hearings/{hearing_id}/find"
    with running(folder) as ask:
        found: dict[str, object] = {
            "characters": len(text),
            "first_ms": round(ask("POST", path, {"words": "合同"}), 1),
        }
        for kind, bodies in questions(text, rng, arguments.questions).items():
            found[kind] = percentiles([ask("POST", path, body) for body in bodies])
        found["after an event"] = percentiles([_grown(ask, hearing_id) for _ in range(50)])
    return found


def _grown(ask: Ask, hearing_id: str) -> float:
    """The record has one event more than at the question before."""
    path = f"/api/hearings/{hearing_id}"
    ask("POST", f"{path}/stage", {"name": "法庭辩论"})
    return ask("POST", f"{path}/find", {"words": "合同"})


def many_hearings(folder: Path, arguments: argparse.Namespace) -> dict[str, object]:
    """Sealed ones: all from nothing (in how many pieces, the longest of them), and again."""
    many = (events(arguments.turns, random.Random(number)) for number in range(arguments.hearings))
    file(folder, *([*said, *SEALED] for said in many))
    with running(folder) as ask:
        first = _all(ask, "表见代理人")
        again = [_all(ask, words) for words in ("合同有限", "bjdl", "wyj", "善意取得了")]
    return {
        "hearings": arguments.hearings,
        "first_s": round(sum(first) / 1000, 2),
        "pieces": len(first),
        "longest_piece_ms": round(max(first)),
        "again": percentiles([sum(one) for one in again]),
    }


def _all(ask: Ask, words: str) -> list[float]:
    """Asks on until all hearings are searched or 200 turns are found; the time of every piece."""
    times, after = list[float](), ""
    while after is not None:
        times.append(ask("POST", "/api/find", {"words": words, "after": after}))
        answer = ask.answer  # type: ignore[attr-defined]
        after = answer["next"]
    return times


def waveform(folder: Path) -> dict[str, object]:
    """Eight hours on four channels."""
    (hearing_id,) = file(folder, SEALED)
    second = (tone(440, 1_000) * np.linspace(0, 1, 16_000)[:, None]).astype(np.int16)
    write_recording(
        folder / "recordings" / hearing_id, [(at, second) for at in range(0, HOURS_MS, 1_000)], 16_000
    )
    path = f"/api/hearings/{hearing_id}/peaks?points=1000"
    with running(folder) as ask:
        first = [ask("GET", path)]
        while ask.answer["more"]:  # type: ignore[attr-defined]
            first.append(ask("GET", path))
        later = percentiles([ask("GET", path) for _ in range(50)])
    with running(folder) as ask:
        restarted = ask("GET", path)
    return {
        "first_s": round(sum(first) / 1000, 1),
        "requests": len(first),
        "longest_ms": round(max(first)),
        "later_ms": later,
        "after_restart_ms": round(restarted, 1),
    }


def main() -> None:
    """Measures and prints one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=5_000)
    parser.add_argument("--hearings", type=int, default=20)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--peaks", action="store_true")
    arguments = parser.parse_args()
    found: dict[str, object] = {"machine": machine()}
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as many:
        found["one_ms"] = one_hearing(Path(one), arguments)
        found["all"] = many_hearings(Path(many), arguments)
    if arguments.peaks:
        with tempfile.TemporaryDirectory() as folder:
            found["peaks"] = waveform(Path(folder))
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
