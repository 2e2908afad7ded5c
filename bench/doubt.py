"""How much is wrong where the recognizer is how sure: what the desk's estimate of errors left goes by.

  python -m bench.doubt [--speech ../shared/speech/dev] [--threads 2]

All scored Mandarin utterances, the final decode without a lexicon. A character of the text is wrong when the reference
has another one or none in its place; what the reference has and the text has not counts for the character before it.
On every other utterance the share of wrong characters is taken by the confidence of their word (`curve`: middle of a
bin, share; `web/static/doubts.js` has these points). On the others the estimate by this curve stands beside the true
number, and beside it how many of the errors are in the least sure tenth and third of the text (by chance: a tenth, a
third). No peer has such a number.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from asr.transcriber import Context
from asr.whisper import Whisper
from bench.asr import Clip, clips
from bench.machine import machine
from bench.scoring import plain
from casefile.model import Speech, Word
from tingji.models import model_path
from tingji.settings import read_settings

EDGES = (0.0, 0.4, 0.6, 0.8, 0.9, 0.97, 1.01)


@dataclass(frozen=True, slots=True)
class Character:
    """One character of the text: its word's confidence, and how many errors it stands for."""

    confidence: float
    errors: int


def characters(words: Sequence[Word], wanted: str) -> list[Character]:
    """The characters of the text with the errors of each."""
    text, sure = "", list[float]()
    for word in words:
        piece = plain(word.text)
        text, sure = text + piece, sure + [word.confidence] * len(piece)
    errors = [0] * len(text)
    for step in Levenshtein.editops(text, wanted):
        if text:
            errors[min(max(step.src_pos - (step.tag == "insert"), 0), len(text) - 1)] += 1
    return [Character(*both) for both in zip(sure, errors, strict=True)]


def curve(found: Sequence[Character]) -> list[tuple[float, float, int]]:
    """By bin of confidence: its mean, errors per character, and how many characters there are."""
    bins = [[one for one in found if low <= one.confidence < high] for low, high in pairwise(EDGES)]
    return [
        (
            round(float(np.mean([one.confidence for one in each])), 3),
            round(float(np.mean([one.errors for one in each])), 3),
            len(each),
        )
        for each in bins
        if each
    ]


def estimate(points: Sequence[tuple[float, float, int]], found: Sequence[Character]) -> float:
    """Errors that the curve expects in this text."""
    sure = [one.confidence for one in found]
    return float(np.interp(sure, [x for x, _, _ in points], [y for _, y, _ in points]).sum())


def share_of_errors(found: Sequence[Character], part: float) -> float:
    """The share of all errors that is in the least sure part of the text."""
    in_order = sorted(found, key=lambda one: one.confidence)
    first = in_order[: round(len(in_order) * part)]
    return sum(one.errors for one in first) / max(1, sum(one.errors for one in found))


def heard(whisper: Whisper, sounds: Sequence[Clip]) -> Iterator[list[Character]]:
    """The characters of each utterance."""
    for clip in sounds:
        words = whisper.transcribe(Speech(0, 0, clip.sound), Context.of(clip.language)).words
        yield characters(words, plain(clip.text))


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--speech", type=Path, default=Path("../shared/speech/dev"))
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    settings = read_settings(environ={})
    whisper = Whisper(model_path(settings.model, settings), given.threads)
    each = list(heard(whisper, [clip for clip in clips(given.speech, 1) if clip.language == "zh"]))
    tuned, kept = ([one for part in each[half::2] for one in part] for half in (0, 1))
    points = curve(tuned)
    print(
        json.dumps(
            {
                "bench": "doubt",
                "machine": machine(),
                "utterances": len(each),
                "curve": points,
                "report": {
                    "characters": len(kept),
                    "errors": sum(one.errors for one in kept),
                    "estimated": round(estimate(points, kept)),
                    "in_least_sure_tenth": round(share_of_errors(kept, 0.1), 3),
                    "in_least_sure_third": round(share_of_errors(kept, 1 / 3), 3),
                },
            },
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
