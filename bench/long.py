"""Hours of sound on many microphones: is memory flat, do files roll, how long do sealing and verifying take?

  python -m bench.long FILE [--reference reference.json] [--hours 2] [--channels 8] [--rate 48000] [--speed 20]

FILE is repeated over all channels until it is long enough, then played through `tingji run` without recognition
(`--speed` times real time), closed, sealed and verified. The reference is not used: nothing is recognized.
"Flat" compares the highest memory of all processes in the last tenth of the recording with that of the second.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import soundfile
import soxr

from bench.machine import machine

STEP_S = 60


def long_file(source: Path, path: Path, hours: float, channels: int, rate: int) -> None:
    """FILE on every channel, each a little later, for so many hours (RF64, 16 bit)."""
    sound, original = soundfile.read(source, dtype="float32", always_2d=True)
    voice = soxr.resample(sound[:, 0], original, rate)
    voice = np.tile(voice, STEP_S * rate // len(voice) + 1)[: STEP_S * rate]
    block = np.stack([np.roll(voice, rate * number) for number in range(channels)], axis=1)
    pcm = (block * 32767).astype(np.int16)
    with soundfile.SoundFile(path, "w", rate, channels, "PCM_16", format="RF64") as file:
        for _ in range(round(hours * 3600 / STEP_S)):
            file.write(pcm)


def memory(root: psutil.Process) -> int:
    """Resident bytes of a process and all its children."""
    total = 0
    for process in [root, *root.children(recursive=True)]:
        try:
            total += process.memory_info().rss
        except psutil.Error:
            continue
    return total


def record(sound: Path, data: Path, speed: float, port: int) -> tuple[float, list[int]]:
    """Wall seconds from start to seal, and the memory once a second while recording."""
    toml = data.parent / "hearing.toml"
    toml.write_text('kind = "庭审"\n', encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "tingji",
        "run",
        "--data",
        str(data),
        "--port",
        str(port),
        "--no-browser",
    ]
    command += ["--replay", str(sound), "--speed", str(speed), "--hearing", str(toml), "--exit-when-done"]
    began, readings, over = time.monotonic(), list[int](), threading.Event()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "TINGJI_ASR": "false"})
    root = psutil.Process(process.pid)

    def watch() -> None:
        while not over.wait(1.0):
            readings.append(memory(root))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    code = process.wait()
    over.set()
    thread.join()
    if code:
        raise SystemExit(f"tingji run failed with {code}")
    return time.monotonic() - began, readings


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--reference", type=Path)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--channels", type=int, default=8)
    parser.add_argument("--rate", type=int, default=48_000)
    parser.add_argument("--speed", type=float, default=20.0)
    parser.add_argument("--port", type=int, default=8432)
    parser.add_argument("--folder", type=Path, help="where there is room: about four times the sound")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as temporary:
        print(json.dumps(figures(given, Path(temporary)), ensure_ascii=False))


def figures(given: argparse.Namespace, folder: Path) -> dict[str, object]:
    """The line of JSON."""
    sound, data = folder / "long.wav", folder / "data"
    long_file(given.file, sound, given.hours, given.channels, given.rate)
    took_s, readings = record(sound, data, given.speed, given.port)
    recording_s = int(given.hours * 3600 / given.speed)
    tenth = max(1, recording_s // 10)
    early, late = max(readings[tenth : 2 * tenth]), max(readings[recording_s - tenth : recording_s])
    began = time.monotonic()
    verified = subprocess.run(
        [sys.executable, "-m", "tingji", "verify", str(data)], check=False, capture_output=True
    )
    verify_s = time.monotonic() - began
    files = sorted((data / "recordings").glob("*/*.wav"))
    longest = max(path.stat().st_size for path in files) / (given.rate * given.channels * 2)
    return {
        "bench": "long",
        "hours": given.hours,
        "channels": given.channels,
        "rate": given.rate,
        "machine": machine(),
        "files": len(files),
        "longest_file_s": round(longest, 1),
        "memory_late_over_early": round(late / early, 3),
        "memory_peak_mib": max(readings[:recording_s]) >> 20,
        "closing_and_sealing_s": round(took_s - recording_s, 1),
        "verify_s": round(verify_s, 1),
        "verify_exit": verified.returncode,
    }


if __name__ == "__main__":
    main()
