"""Whose microphone: characters on the wrong seat, twice or lost, with a microphone for each seat.

    python -m bench.microphones DIR ... [--recognize] [--gains SEED] [--seconds N]

Each DIR is one of ../shared/speech/make_hearing.py. The sound goes through `tingji.passages` with the real
detector. Without words: the reference's characters are spread evenly over what sounds of their utterance (clips
fade in and out). A character counts as heard in a passage where at most 20 dB of its sound was taken away, and on
another seat's channel only while that seat is silent. `wrong`: heard only on another seat's channel; `twice`:
there too; `lost`: nowhere. `cost`: CPU of `Crosstalk` alone as a share of one core. `--recognize`: the same of
the text that `tingji transcribe` writes, see `bench.written`; first as if no words had been held back as
crosstalk. `--gains`: microphones up to 10 dB too soft or too hot, at random.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from bench.passages import cut
from bench.written import record, shares
from casefile.model import Pcm, Speech
from diarization.bands import FRAME
from diarization.channels import Crosstalk
from tingji.crosstalk import RULE

RATE = 16_000
STEP_MS = 10
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
    parser.add_argument("--recognize", action="store_true")
    parser.add_argument("--gains", type=int)
    parser.add_argument("--seconds", type=int, default=3600)
    options = parser.parse_args()
    of = recognized if options.recognize else heard
    for hearing in options.hearings:
        pcm = sound(hearing, options.gains, options.seconds)
        for line in of(hearing, pcm):
            print(hearing.name, line, flush=True)


def heard(hearing: Path, pcm: Pcm) -> list[str]:
    """The shares by sound alone."""
    counts = score(turns(hearing, len(pcm) / RATE), audible(list(cut(pcm, RATE)), pcm), pcm)
    return [f"{percent(counts)} cost {cost(pcm):.1%}"]


def recognized(hearing: Path, pcm: Pcm) -> list[str]:
    """The shares of the text: without and with what is held back as crosstalk."""
    reference = turns(hearing, len(pcm) / RATE)
    found = record(pcm).turns
    without = [replace(turn, suppressed=None) if turn.suppressed == RULE else turn for turn in found]
    return [f"{name} {shares(found, reference)}" for name, found in (("without", without), ("with", found))]


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


def sounding(turn: Turn, pcm: Pcm) -> NDArray[np.intp]:
    """The steps of an utterance in which it sounds: not 20 dB below its loud parts."""
    own = pcm[turn["start_ms"] * 16 : turn["end_ms"] * 16, turn["seat"]].astype(np.float32)
    step = RATE * STEP_MS // 1000
    level = 10 * np.log10((own[: len(own) // step * step].reshape(-1, step) ** 2).mean(axis=1) + 1e-3)
    loud = np.convolve(level > np.percentile(level, 95) - 20, np.ones(5), "same") >= 3
    return turn["start_ms"] // STEP_MS + np.flatnonzero(loud)


def score(reference: list[Turn], heard: Moments, pcm: Pcm) -> Counter[str]:
    """Characters by what became of them."""
    speaking = np.zeros_like(heard)
    for turn in reference:
        speaking[turn["seat"], turn["start_ms"] // STEP_MS - 5 : turn["end_ms"] // STEP_MS + 6] = True
    counts: Counter[str] = Counter()
    for turn in reference:
        there = sounding(turn, pcm)
        places = np.linspace(0, len(there) - 1, 2 * len(turn["text"]) + 1)[1::2]
        for at in there[places.astype(int)]:
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
