"""A long hearing archived, verified and read: how long does each take?

  python -m bench.archive FILE [--hours 8] [--channels 4] [--rate 16000] [--turns 5000] [--folder DIR]

FILE is repeated over all channels, as in bench.long, and written as a server's recording; the turns are made up. Then it
is sealed, archived (folder and ZIP), verified by the program (with decoding) and by the single file (standard library
alone), and its viewer is opened in Debian's Chromium from a file:// address.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import soundfile
import soxr
from playwright.sync_api import sync_playwright

from bench.machine import machine
from casefile.archiving import Order, archive
from casefile.entries import Block, Ended, Fact, Piece, Stamp, Start, make_entry
from casefile.events import CopiesCompared, Event, HearingClosed, RecordingStarted, RecordSealed, TurnAdded
from casefile.export import SEALED
from casefile.model import AudioFormat, Hearing, HearingKind, Seat, Turn, Word
from casefile.record import fold
from casefile.recording import Recording
from casefile.seal import seal
from casefile.store import Store
from casefile.verify_package import verify_any
from tests.browsing import CHROMIUM, FLAGS
from tingji.archiving import verifier
from tingji.court_key import make, open_key

BLOCK_MS, STEP_S = 100, 60
TEXT = "对方提交的第三组证据我方对真实性没有异议但对证明目的有异议"


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--channels", type=int, default=4)
    parser.add_argument("--rate", type=int, default=16_000)
    parser.add_argument("--turns", type=int, default=5_000)
    parser.add_argument("--folder", type=Path, help="where there is room: about four times the sound")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as temporary:
        print(json.dumps({"machine": machine(), **figures(given, Path(temporary))}, ensure_ascii=False))


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    began = time.monotonic()
    work()
    return round(time.monotonic() - began, 1)


def pieces(given: argparse.Namespace) -> Iterator[Piece]:
    """The recording's entries."""
    sound, original = soundfile.read(given.file, dtype="float32", always_2d=True)
    voice = soxr.resample(sound[:, 0], original, given.rate)
    voice = np.tile(voice, STEP_S * given.rate // len(voice) + 1)[: STEP_S * given.rate]
    pcm = np.stack([np.roll(voice, given.rate * number) for number in range(given.channels)], axis=1)
    minute = (pcm * 32767).astype("<i2")
    frames, previous = given.rate * BLOCK_MS // 1000, ""
    count = round(given.hours * 3600 * 1000 / BLOCK_MS)
    facts: list[Fact] = [Start(given.rate, given.channels, "mic", 0, 0, "boot")]
    facts += [Block(number * frames, frames) for number in range(count)]
    for n, fact in enumerate([*facts, Ended(count * BLOCK_MS)], 1):
        at = fact.frame % len(minute) if isinstance(fact, Block) else 0
        data = minute[at : at + frames].tobytes() if isinstance(fact, Block) else b""
        entry = make_entry(n, fact, Stamp(n, n), previous, data)
        previous = entry.sha256
        yield Piece(entry, data)


def said(given: argparse.Namespace) -> Iterator[Event]:
    """The turns, one after the other over the whole length."""
    length = round(given.hours * 3_600_000)
    yield RecordingStarted(AudioFormat(given.rate, given.channels), "mic", 0)
    step = length // given.turns
    for number in range(given.turns):
        at = number * step
        words = tuple(
            Word(one, at + 100 * place, at + 100 * place + 100, 0.9) for place, one in enumerate(TEXT)
        )
        yield TurnAdded(
            Turn(f"t{number}", "s1", "某", number % given.channels, at, at + 100 * len(TEXT), words), at
        )
    yield HearingClosed(length)
    yield CopiesCompared(length // BLOCK_MS, True)


def figures(given: argparse.Namespace, folder: Path) -> dict[str, object]:
    """The line of JSON."""
    recording, record = folder / "recordings" / "h1", folder / "records" / "h1"
    written = Recording(recording, "server")
    for piece in pieces(given):
        written.keep(piece)
    written.close()
    make(folder / "key", folder / "data", None)
    key = open_key(folder / "key", folder / "data", None)
    with Store(folder / "t.db") as store:
        store.create(
            Hearing("h1", HearingKind.TRIAL, seats=(Seat("s1", "审判长", "审", "某", (0,)),)), "clerk"
        )
        store.append("h1", list(said(given)), "bench")
        events = store.events("h1")
        began = time.monotonic()
        done = seal(fold(events), events, recording, record, writers=SEALED)
        sealing = round(time.monotonic() - began, 1)
        store.append("h1", [RecordSealed(done.manifest_sha256, done.manifest_sm3)], "bench")
        events = store.events("h1")
    order = Order(key, verifier(), SEALED)
    archiving = timed(lambda: archive(fold(events), events, record, folder / "out", order))
    made = folder / "out" / "h1"
    packed = folder / "out" / "h1.zip"
    alone = [sys.executable, "-I", "-S", made / "verify.py", packed]
    return {
        "hours": given.hours, "channels": given.channels, "rate": given.rate, "turns": given.turns,
        "zip_bytes": packed.stat().st_size, "sealing_s": sealing, "archiving_s": archiving,
        "verify_folder_s": timed(lambda: _whole(verify_any(made, key.public).ok)),
        "verify_zip_s": timed(lambda: _whole(verify_any(packed, key.public).ok)),
        "verify_py_zip_s": timed(lambda: subprocess.run(alone, check=True, stdout=subprocess.DEVNULL)),
        "viewer_ms": viewer_ms(made / "正卷" / "阅览.html"),
    }  # fmt: skip


def _whole(ok: bool) -> None:
    assert ok


def viewer_ms(page: Path) -> list[int]:
    """From the address to two frames after everything is there, three times."""
    found = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for _ in range(3):
            opened = browser.new_page()
            began = time.monotonic()
            opened.goto(page.as_uri())
            opened.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            found.append(round(1000 * (time.monotonic() - began)))
            assert opened.locator("article.turn").count() > 0
            opened.close()
        browser.close()
    return found


if __name__ == "__main__":
    main()
