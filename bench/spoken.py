"""Words on speakers: recognized once per file, given to whoever a system says speaks then, scored as tcpCER by meeteval.

The words are those of the pipeline's passages by the real recognizer, with their times; they are kept in a folder,
so that all systems get the same and later runs do not decode again. A word goes to the part that covers its middle:
of several to the one that began first, of none to the nearest. Words inside turns without a verified transcript
are left out. tcpCER (meeteval 0.4.3): characters in their plain form, collar 5 s, every person's words against the
speaker that fits best, one to one.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from asr.transcriber import Context
from asr.whisper import Whisper
from bench.diarizers import Part
from bench.scoring import plain
from casefile.model import Speech, Utterance
from tingji.models import model_path
from tingji.settings import read_settings

Word = tuple[float, float, str]
"""Start and end in seconds, and its text."""
MEETEVAL = """
import json, sys
from meeteval.io import SegLST
from meeteval.wer.wer.time_constrained import time_constrained_minimum_permutation_word_error_rate as tcp
for line in sys.stdin:
    reference, hypothesis = (SegLST(one) for one in json.loads(line))
    found = tcp(reference, hypothesis, collar=5)
    print(json.dumps([found.errors, found.length]), flush=True)
"""


def decoded(sound: Path, passages: Iterable[Speech], folder: Path) -> list[Word]:
    """The words of a file. Not those that are held back."""
    digest = hashlib.sha256(sound.read_bytes()).hexdigest()[:16]
    path = folder / f"{digest}.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(_decoded(list(passages)), ensure_ascii=False), encoding="utf-8")
    return [(start, end, text) for start, end, text in json.loads(path.read_text(encoding="utf-8"))]


def recognized(passages: Sequence[Speech]) -> list[Utterance]:
    """What the real recognizer makes of them."""
    settings = read_settings(environ={})
    whisper = Whisper(model_path(settings.model, settings), threads=2)
    return whisper.transcribe_all(passages, Context.of("zh"))


def _decoded(passages: Sequence[Speech]) -> list[Word]:
    words = (word for one in recognized(passages) if not one.suppressed for word in one.words)
    return [(word.start_ms / 1000, word.end_ms / 1000, word.text) for word in words]


def speaker_of(word: Word, parts: Sequence[Part]) -> str:
    """Who of the parts says the word."""
    middle = (word[0] + word[1]) / 2
    apart = [(max(start - middle, middle - end, 0.0), start, who) for start, end, who in parts]
    return min(apart)[2] if apart else ""


def segments(words: Iterable[tuple[Word, str]]) -> list[dict[str, Any]]:
    """As meeteval wants them: the characters as words."""
    found = []
    for (start, end, text), who in words:
        if characters := plain(text):
            times = {"start_time": start, "end_time": max(end, start + 0.01)}
            found.append({"session_id": "h", "speaker": who, "words": " ".join(characters), **times})
    return found


def heard_by(
    words: Sequence[Word], parts: Sequence[Part], turns: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The words on the speakers of a system."""
    closed = [(turn["start_ms"] / 1000, turn["end_ms"] / 1000) for turn in turns if not turn["scored"]]
    open_ = [word for word in words if not any(a <= (word[0] + word[1]) / 2 < b for a, b in closed)]
    return segments((word, speaker_of(word, parts)) for word in open_)


def said_by(turns: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The reference: what has a verified transcript."""
    return segments(
        ((turn["start_ms"] / 1000, turn["end_ms"] / 1000, turn["text"]), turn["speaker"])
        for turn in turns
        if turn["scored"]
    )


def rates(python: str, pairs: Sequence[tuple[list[dict[str, Any]], list[dict[str, Any]]]]) -> list[float]:
    """tcpCER of each reference and hypothesis in percent, by the Python in which meeteval is installed."""
    lines = "\n".join(json.dumps(pair) for pair in pairs)
    done = subprocess.run([python, "-c", MEETEVAL], input=lines, capture_output=True, text=True, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    return [round(100 * errors / max(1, length), 2) for errors, length in found]
