"""Whose microphone: characters on the wrong seat, twice or lost, with a microphone for each seat.

    python -m bench.microphones DIR ... [--gains SEED] [--seconds N]

Each DIR is one of ../shared/speech/make_hearing.py. The sound goes through `tingji.passages` with the real
detector; no words are recognized. The reference's characters are spread evenly over their utterance, 200 ms
from its ends (clips fade in and out). A character counts as heard in a passage where at most 20 dB of its
sound was taken away, and on another seat's channel only while that seat is silent. `wrong`: heard only on
another seat's channel; `twice`: there too; `lost`: nowhere. `--gains`: microphones up to 10 dB too soft or
too hot, at random. `cost`: CPU of `Crosstalk` alone as a share of one core.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from bench.passages import cut
from casefile.model import Pcm, Speech
from diarization.bands import FRAME
from diarization.channels import Crosstalk

RATE = 16_000
STEP_MS = 10
EDGE_MS = 200
Turn = dict[str, Any]
"""One utterance of reference.json."""
Moments = NDArray[np.bool_]
"""[channel, step]: in steps of 10 ms."""


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("hearings", type=Path, nargs="+")
    parser.add_argument("--gains", type=int)
    parser.add_argument("--seconds", type=int, default=3600)
    options = parser.parse_args()
    total: Counter[str] = Counter()
    for hearing in options.hearings:
        pcm = sound(hearing, options.gains, options.seconds)
        counts = score(turns(hearing, len(pcm) / RATE), audible(list(cut(pcm, RATE)), pcm))
        total += counts
        print(hearing.name, percent(counts), f"cost {cost(pcm):.1%}", flush=True)
    print("all", percent(total))


def sound(hearing: Path, gains: int | None, seconds: int) -> Pcm:
    """The seats' microphones, brought below full scale together where gains lift them over it."""
    pcm, _ = soundfile.read(hearing / "hearing.wav", frames=seconds * RATE, always_2d=True)
    if gains is not None:
        pcm *= 10 ** (np.random.default_rng(gains).uniform(-10, 10, pcm.shape[1]) / 20)
    return (pcm / max(1.0, abs(pcm).max() / 0.97) * 32767).astype(np.int16)


def turns(hearing: Path, seconds: float) -> list[Turn]:
    """The reference's utterances that end within the sound."""
    reference = json.loads((hearing / "reference.json").read_text(encoding="utf-8"))
    return [turn for turn in reference["turns"] if turn["end_ms"] <= seconds * 1000]


def audible(found: list[Speech], pcm: Pcm) -> Moments:
    """Where a channel's sound stands in a passage, not softened by 20 dB or more."""
    step = RATE * STEP_MS // 1000
    moments = np.zeros((pcm.shape[1], len(pcm) // step + 100), np.bool_)
    for speech in found:
        original = pcm[speech.start_ms * 16 :, speech.channel].astype(np.float32) / 32768
        count = min(len(speech.audio), len(original)) // step
        heard, there = (
            (part[: count * step].reshape(-1, step) ** 2).sum(axis=1) for part in (speech.audio, original)
        )
        at = speech.start_ms // STEP_MS
        moments[speech.channel, at : at + count] |= heard > 0.01 * there + 1e-12
    return moments


def score(reference: list[Turn], heard: Moments) -> Counter[str]:
    """Characters by what became of them."""
    speaking = np.zeros_like(heard)
    for turn in reference:
        speaking[turn["seat"], turn["start_ms"] // STEP_MS - 5 : turn["end_ms"] // STEP_MS + 6] = True
    counts: Counter[str] = Counter()
    for turn in reference:
        times = np.linspace(turn["start_ms"] + EDGE_MS, turn["end_ms"] - EDGE_MS, len(turn["text"]))
        for at in (times // STEP_MS).astype(int):
            others = heard[:, at] & ~speaking[:, at]
            others[turn["seat"]] = False
            counts[fate(bool(heard[turn["seat"], at]), bool(others.any()))] += 1
    return counts


def fate(own: bool, other: bool) -> str:
    """In which microphones a character is heard."""
    return {(True, True): "twice", (True, False): "right", (False, True): "wrong"}.get((own, other), "lost")


def percent(counts: Counter[str]) -> str:
    """The shares, in percent of all characters."""
    whole = max(1, counts.total())
    return " ".join(f"{key} {100 * counts[key] / whole:.2f} %" for key in ("wrong", "twice", "lost"))


def cost(pcm: Pcm) -> float:
    """CPU seconds of the joint decision for a second of sound, over the first minute."""
    frames = pcm[: RATE * 60 // FRAME * FRAME].astype(np.float32) / 32768
    crosstalk, began = Crosstalk(pcm.shape[1]), time.process_time()
    for frame in frames[: len(frames) // FRAME * FRAME].reshape(-1, FRAME, pcm.shape[1]):
        crosstalk.owners(frame)
    return (time.process_time() - began) * RATE / len(frames)


if __name__ == "__main__":
    main()
