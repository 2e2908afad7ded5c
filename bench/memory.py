"""Hours of speech with recognition: does memory stay flat?

  python -m bench.memory FILE [--hours 3] [--speed 1] [--threads 2]

FILE (speech, any length) is repeated until it is long enough and played through `tingji run` with recognition, at
`--speed` times real time. Once a second the resident memory of server and recorder is read, and beside it how far
the final text has come: the moment of the sound that counts, also where recognition is slower than the player.

What a passage needs for a moment (a recognizer's and a speaker model's layers, 100 MB) comes and goes within seconds,
so memory is compared twice: by the mean of each ten minutes of sound with that of minutes five to ten ("flat": none
is higher by more than 5 %), and the highest reading after ten minutes with the highest before.
Closing is not counted: it reads both copies and compresses, and is told apart.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
import psutil
import soundfile

from bench.machine import machine
from bench.viewer import Seen, watch
from tingji.__main__ import UNDECIDED
from tingji.api import Api, Refused, Unreachable, machine_key

WARM_MS = 600_000
SPAN_MS = 600_000
FLAT = 1.05


@dataclass(frozen=True, slots=True)
class Reading:
    """Resident bytes of server and recorder when final text had come so far."""

    at_ms: int
    server: int
    recorder: int
    closing: bool

    @property
    def total(self) -> int:
        """Both."""
        return self.server + self.recorder


def repeated(source: Path, path: Path, hours: float) -> None:
    """FILE again and again for so many hours (RF64, 16 bit)."""
    sound, rate = soundfile.read(source, dtype="int16", always_2d=True)
    frames = round(hours * 3600 * rate)
    with soundfile.SoundFile(path, "w", rate, sound.shape[1], "PCM_16", format="RF64") as file:
        for at in range(0, frames, len(sound)):
            file.write(np.ascontiguousarray(sound[: frames - at]))


def play(sound: Path, data: Path, given: argparse.Namespace) -> list[Reading]:
    """The readings of one hearing, from its first final text to its seal."""
    toml = data.parent / "hearing.toml"
    toml.write_text('kind = "庭审"\nlanguage = "zh"\n', encoding="utf-8")
    command = [sys.executable, "-m", "tingji", "run", "--data", str(data), "--port", str(given.port)]
    command += ["--no-browser", "--replay", str(sound), "--speed", str(given.speed)]
    command += ["--threads", str(given.threads), "--hearing", str(toml), "--exit-when-done"]
    readings: list[Reading] = []
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    with watching(f"http://127.0.0.1:{given.port}", data) as (seen, closing):
        while process.poll() is None:
            with suppress(psutil.Error):
                sizes = held(psutil.Process(process.pid))
                readings.append(
                    Reading(heard_ms(seen), *sizes, closing())
                )  # asked after: it had not begun then
            time.sleep(1.0)
    if process.returncode not in (0, UNDECIDED):
        raise SystemExit(f"tingji run failed with {process.returncode}")
    return [reading for reading in readings if reading.at_ms]


def held(root: psutil.Process) -> tuple[int, int]:
    """Bytes that server and recorder hold now. Raises psutil.Error when one has just ended."""
    sizes = dict.fromkeys(("serve", "record"), 0)
    for child in root.children(recursive=True):
        name = next((name for name in sizes if name in child.cmdline()[:4]), None)
        if name:
            sizes[name] += child.memory_info().rss
    return sizes["serve"], sizes["record"]


def heard_ms(seen: Seen) -> int:
    """How far the final text has come."""
    return max((int(final["end_ms"]) for _, final in seen.finals), default=0)


@contextmanager
def watching(url: str, data: Path) -> Iterator[tuple[Seen, Callable[[], bool]]]:
    """A viewer, and whether the hearing is being closed."""
    seen, over, api = Seen(), threading.Event(), Api(url, machine_key(data))

    def closing() -> bool:
        try:
            return any(row["state"] in ("closing", "sealed") for row in api.get("/api/hearings"))
        except (Unreachable, Refused):
            return bool(seen.finals)  # too busy to answer: it closes

    threading.Thread(target=watch, args=(url, data, seen, over), daemon=True).start()
    yield seen, closing
    over.set()


def highest(readings: Sequence[Reading], warm_ms: int) -> tuple[int, int]:
    """Bytes: the highest reading up to `warm_ms`, and the highest after it. 0: no reading."""
    warm = [one.total for one in readings if one.at_ms <= warm_ms]
    after = [one.total for one in readings if one.at_ms > warm_ms]
    return max(warm, default=0), max(after, default=0)


def means(readings: Sequence[Reading], warm_ms: int) -> tuple[int, list[int]]:
    """Bytes: the mean of the second half of the warming up, and the mean of every ten minutes after it."""
    warm = [one.total for one in readings if warm_ms // 2 < one.at_ms <= warm_ms]
    spans = dict[int, list[int]]()
    for one in readings:
        if one.at_ms > warm_ms:
            spans.setdefault((one.at_ms - warm_ms) // SPAN_MS, []).append(one.total)
    return round(fmean(warm or [0])), [round(fmean(totals)) for _, totals in sorted(spans.items())]


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--hours", type=float, default=3.0)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--port", type=int, default=8434)
    parser.add_argument("--folder", type=Path, help="where there is room: about four times the sound")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as temporary:
        print(json.dumps(figures(given, Path(temporary)), ensure_ascii=False))


def figures(given: argparse.Namespace, folder: Path) -> dict[str, object]:
    """The line of JSON. Of a sound shorter than twenty minutes its first half counts as the warming up."""
    sound = folder / "long.wav"
    repeated(given.file, sound, given.hours)
    readings = play(sound, folder / "data", given)
    live = [one for one in readings if not one.closing]
    warm_ms = min(WARM_MS, int(given.hours * 3_600_000) // 2)
    (warm, after), (mean, spans) = highest(live, warm_ms), means(live, warm_ms)
    ratio = max(spans) / mean if mean and spans else float("nan")
    return {
        "bench": "memory",
        "hours": given.hours,
        "speed": given.speed,
        "machine": machine(),
        "warm_after_min": warm_ms / 60_000,
        "mean_warm_mib": mean >> 20,
        "mean_of_every_ten_minutes_mib": [span >> 20 for span in spans],
        "highest_mean_over_warm": round(ratio, 3),
        "highest_warm_mib": warm >> 20,
        "highest_after_mib": after >> 20,
        "highest_over_warm": round(after / warm, 3) if warm else None,
        "readings": len(live),
        "flat": ratio <= FLAT,
        "closing_peak_mib": max((one.total for one in readings if one.closing), default=0) >> 20,
    }


if __name__ == "__main__":
    main()
