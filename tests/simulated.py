"""Simulated hearings of real speech (`../shared/speech`), for tests where that folder is there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import soundfile

SPEECH = Path(__file__).parents[2] / "shared" / "speech"


def simulated_hearing(folder: Path, seconds: int, seed: int = 2) -> tuple[Path, str] | None:
    """A file with a channel for each of four seats and what is said in it; None where there is no speech."""
    maker = SPEECH / "make_hearing.py"
    if not maker.exists():
        return None
    arguments = ["--seed", str(seed), "--minutes", str(seconds / 60), "--seats", "4", "--scored-only"]
    subprocess.run(
        [sys.executable, str(maker), "--out", str(folder), *arguments], check=True, capture_output=True
    )
    sound, rate = soundfile.read(folder / "hearing.wav", dtype="int16")
    path = folder / "cut.wav"
    soundfile.write(path, sound[: seconds * rate], rate, subtype="PCM_16")
    turns = json.loads((folder / "reference.json").read_text(encoding="utf-8"))["turns"]
    return path, "".join(turn["text"] for turn in turns if turn["end_ms"] <= seconds * 1000)
