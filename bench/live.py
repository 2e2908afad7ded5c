"""How soon and how right is the live text? Replays a file through `tingji run` and watches as a viewer.

  python -m bench.live FILE --reference reference.json [--data DIR] [--speed 1] [--threads 2] [--peers DIR]

FILE and reference.json come from `make_hearing.py` (../shared/speech/README.md), mono or a channel a seat.

What is measured, on a websocket client on this machine:
- first text: from the start of speech (an utterance before which nobody spoke for 700 ms) until the first text,
  tentative or final, that reaches at least 100 ms into it. Speech begins and ends where it sounds
  (`bench.sounding`); `by_clip` counts from the ends of the recorded clips, silence and all;
- final text: from the end of speech (an utterance after which nobody spoke for 700 ms) until the final text
  of its end; and the same for every utterance of the reference, pauses or not;
- flicker: characters that were shown and taken back, per 100 characters of final text;
- CER of the final text beside faster_whisper.transcribe offline (same model, prompt, beam 5) in the same run;
- lag: from the last sample until the last final text; CPU seconds and highest memory of all processes.
The moment of a sample is the wall clock that the recorder wrote beside its block.

`--peers DIR` (peers.py installs them there) streams the same file to each peer after ours and adds `screens`: a row
each, ours among them, all measured the same way by what stood on the screen (shown.py). Nothing else must run.
"""

from __future__ import annotations

import argparse
import bisect
import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from bench.machine import Usage, machine, watched
from bench.offline import mono, offline
from bench.peers import measure
from bench.scoring import cer, percentiles, plain
from bench.shown import alone, of_viewer
from bench.shown import figures as screen_figures
from bench.sounding import sounding
from bench.viewer import Seen, watch
from tingji.__main__ import UNDECIDED
from tingji.models import model_path
from tingji.settings import read_settings


def hearing_file(folder: Path, channels: int, reference: dict[str, Any]) -> Path:
    """FILE.toml for the seats of the reference; one room microphone has no seats."""
    lines = ['kind = "庭审"', 'language = "zh"']
    for seat in reference["seats"] if channels > 1 else []:
        lines += ["[[seats]]", f'role = "{seat["role"]}"', f"channels = [{seat['channel']}]"]
    path = folder / "hearing.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def run(sound: Path, data: Path, hearing: Path, speed: float, port: int) -> tuple[Seen, Usage]:
    """A whole hearing through the real program."""
    command = [sys.executable, "-m", "tingji", "run", "--data", str(data), "--port", str(port)]
    command += ["--no-browser", "--replay", str(sound), "--speed", str(speed)]
    command += ["--hearing", str(hearing), "--exit-when-done"]
    seen, over = Seen(), threading.Event()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    viewer = threading.Thread(target=watch, args=(f"http://127.0.0.1:{port}", data, seen, over))
    viewer.start()
    with watched(process.pid) as usage:
        code = process.wait()
    over.set()
    viewer.join()
    if code not in (0, UNDECIDED):
        raise SystemExit(f"tingji run failed with {code}")
    return seen, usage


class Clock:
    """When each moment of the hearing was heard, by the wall clock beside each block of the recording."""

    def __init__(self, recording: Path) -> None:
        self.ends_ms, self.walls = [0], [0.0]
        rate, origin = 16_000, 0
        for index in sorted(recording.glob("*.jsonl")):
            for line in index.read_text(encoding="utf-8").splitlines():
                entry = json.loads(line)
                if entry["kind"] == "start":
                    rate, origin = entry["rate"], entry["origin_ms"]
                elif entry["kind"] == "block":
                    self.ends_ms.append(origin + (entry["frame"] + entry["frames"]) * 1000 // rate)
                    self.walls.append(entry["wall_ns"] / 1e9)
        self.walls[0] = self.walls[1] - self.ends_ms[1] / 1000

    def wall(self, ms: int) -> float:
        """The moment (seconds of the wall clock) at which this millisecond was spoken."""
        at = min(bisect.bisect_left(self.ends_ms, ms), len(self.ends_ms) - 1)
        return self.walls[at] - (self.ends_ms[at] - ms) / 1000


def others(turns: list[dict[str, Any]], turn: dict[str, Any]) -> list[tuple[int, int]]:
    """When the rest of the turns are spoken."""
    return [(one["start_ms"], one["end_ms"]) for one in turns if one is not turn]


def first_text(seen: Seen, clock: Clock, turns: list[dict[str, Any]]) -> list[float]:
    """Seconds from the start of speech to its first text."""
    out = []
    for turn in turns:
        start = turn["start_ms"]
        if alone(others(turns, turn), start, before=True):
            shown = [at for at, begin, end, _ in seen.texts if begin <= turn["end_ms"] and end >= start + 100]
            out += [min(shown) - clock.wall(start)] if shown else []
    return out


def final_text(seen: Seen, clock: Clock, turns: list[dict[str, Any]], every: bool) -> list[float]:
    """Seconds from the end of speech to the final text that holds its last syllables."""
    out = []
    for turn in turns:
        end = turn["end_ms"]
        if every or alone(others(turns, turn), end, before=False):
            shown = [
                at
                for at, final in seen.finals
                if final["start_ms"] <= end - 300 and final["end_ms"] >= end - 500
            ]
            out += [min(shown) - clock.wall(end)] if shown else []
    return out


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument(
        "--data", type=Path, help="keep the hearing here (default: a folder that is thrown away)"
    )
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--port", type=int, default=8431)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-peer", action="store_true", help="leave faster-whisper's own transcribe out")
    parser.add_argument("--peers", type=Path, help="measure the peers installed here too (one microphone)")
    given = parser.parse_args()
    reference = json.loads(given.reference.read_text(encoding="utf-8"))
    clips = sorted(reference["turns"], key=lambda turn: turn["start_ms"])
    turns = sounding(clips, mono(given.file), 16_000)
    info = soundfile.info(str(given.file))
    if given.peers and info.channels > 1:
        parser.error("peers hear one microphone: give a mono file")
    with tempfile.TemporaryDirectory() as temporary:
        data = given.data or Path(temporary)
        toml = hearing_file(Path(temporary), info.channels, reference)
        seen, usage = run(given.file, data, toml, given.speed, given.port)
        clock = Clock(data / "recordings" / seen.hearing_id)
    line = figures(given, info.duration, turns, seen, clock, usage)
    line["by_clip"] = {
        "first_text_s": percentiles(first_text(seen, clock, clips)),
        "final_text_s": percentiles(final_text(seen, clock, clips, every=False)),
    }
    if given.peers:
        line["screens"] = screens(given, info.duration, turns, seen, clock, usage)
    print(json.dumps(line, ensure_ascii=False))


def screens(
    given: argparse.Namespace,
    seconds: float,
    turns: list[dict[str, Any]],
    seen: Seen,
    clock: Clock,
    usage: Usage,
) -> dict[str, dict[str, Any]]:
    """Ours and every peer's, by the same measure."""
    settings = read_settings(environ={})
    model = model_path(settings.model, settings)
    samples = (mono(given.file) * 32767).astype(np.int16)
    ours = {
        **screen_figures(of_viewer(seen), turns, clock.wall, round(seconds * 1000)),
        "cpu_per_audio": round(usage.cpu_s / seconds, 3),
        "peak_memory_mib": usage.peak_bytes >> 20,
    }
    return {"Tingji": ours, **measure(given.peers.resolve(), model, samples, turns, given.speed)}


def figures(
    given: argparse.Namespace,
    seconds: float,
    turns: list[dict[str, Any]],
    seen: Seen,
    clock: Clock,
    usage: Usage,
) -> dict[str, Any]:
    """The line of JSON."""
    wanted = "".join(turn["text"] for turn in turns)
    said = sorted((final for _, final in seen.finals if not final["suppressed"]), key=lambda f: f["start_ms"])
    text = "".join(final["text"] for final in said)
    peer = {} if given.no_peer else offline(given.file, given.threads)
    return {
        "bench": "live",
        "file": given.file.name,
        "seconds": round(seconds, 1),
        "machine": machine(),
        "first_text_s": percentiles(first_text(seen, clock, turns)),
        "final_text_s": percentiles(final_text(seen, clock, turns, every=False)),
        "final_text_every_utterance_s": percentiles(final_text(seen, clock, turns, every=True)),
        "lag_at_end_s": round(max(at for at, _ in seen.finals) - clock.walls[-1], 3),
        "flicker_per_100": round(100 * seen.taken_back / max(1, len(plain(text))), 2),
        "cer": round(cer(text, wanted), 4),
        "offline_cer": {name: round(cer(str(found["text"]), wanted), 4) for name, found in peer.items()},
        "cpu_per_audio": round(usage.cpu_s / seconds, 3),
        "offline_cpu_per_audio": {
            name: round(float(found["cpu_per_audio"]), 3) for name, found in peer.items()
        },
        "peak_memory_mib": usage.peak_bytes >> 20,
    }


if __name__ == "__main__":
    main()
