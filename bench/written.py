"""Seat microphones by the text: what `tingji transcribe` writes, laid beside what was said.

A character of the reference counts as written on a microphone where the recognizer wrote it, as far as it sounds, within
1.5 s of its place in an utterance over which characters are spread evenly. What stands on a microphone is first
taken for its own seat's words; the rest for those of the others (two syllables in a row or more). `twice` and
`wrong` (on another seat's microphone, and on the own one or not), in percent of all characters. `stray`: characters that stand on a
microphone while its seat is silent, whatever they are, in percent of the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from asr.repeats import repeated
from asr.whisper import Whisper
from bench.scoring import plain
from casefile.model import (
    AudioChunk,
    AudioFormat,
    CaseRecord,
    Hearing,
    HearingKind,
    Pcm,
    Seat,
    Turn,
    Word,
)
from tingji.models import model_path
from tingji.settings import read_settings
from tingji.transcribe import transcribed

RATE = 16_000
NEAR_MS = 1_500
AROUND_MS = 300
"""So long before and behind an utterance its words may stand: the recognizer's times are not exact."""
Said = dict[str, Any]
"""One utterance of reference.json."""


def record(pcm: Pcm) -> CaseRecord:
    """What is written of this sound, each channel the microphone of one seat."""
    settings, form = read_settings(environ={}), AudioFormat(RATE, pcm.shape[1])
    seats = tuple(Seat(f"s{at}", f"席{at}", channels=(at,)) for at in range(pcm.shape[1]))
    sound = (AudioChunk(form, at // 16, pcm[at : at + 1600]) for at in range(0, len(pcm), 1600))
    whisper = Whisper(model_path(settings.model, settings), threads=2)
    return transcribed(sound, Hearing("h", HearingKind.TRIAL, seats=seats), whisper)


def shares(turns: Iterable[Turn], reference: Sequence[Said]) -> str:
    """The figures of what is not held back."""
    words = dict[int, list[Word]]()
    for turn in turns:
        words.setdefault(turn.channel, []).extend(() if turn.suppressed else turn.words)
    own = {
        channel: _own(its, [u for u in reference if u["seat"] == channel]) for channel, its in words.items()
    }
    rest = {channel: [word for word in its if word not in own[channel]] for channel, its in words.items()}
    counts = Counter(fate for said in reference for fate in _fates(said, words, rest))
    stray = sum(_stray(its, [u for u in reference if u["seat"] == channel]) for channel, its in rest.items())
    whole = counts.total()
    figures = {"wrong": counts["wrong"], "twice": counts["twice"], "stray": stray}
    return " ".join(f"{name} {100 * count / whole:.2f} %" for name, count in figures.items()) + f" of {whole}"


def _spread(said: Said) -> list[Word]:
    """A word for each character."""
    text, start = plain(said["text"]), said["start_ms"]
    step = (said["end_ms"] - start) / max(1, len(text))
    return [
        Word(one, round(start + at * step), round(start + (at + 1) * step), 1) for at, one in enumerate(text)
    ]


def _near(words: Iterable[Word], said: Said) -> list[Word]:
    since, until = said["start_ms"] - AROUND_MS, said["end_ms"] + AROUND_MS
    return [word for word in words if since <= (word.start_ms + word.end_ms) // 2 <= until]


def _own(words: Sequence[Word], reference: Iterable[Said]) -> set[Word]:
    """The words that the seat itself said."""
    found = set[Word]()
    for said in reference:
        near = _near(words, said)
        found |= {near[at] for run in repeated(near, _spread(said), NEAR_MS) for at in run}
    return found


def _fates(said: Said, words: dict[int, list[Word]], rest: dict[int, list[Word]]) -> list[str]:
    """Of each character of an utterance: right, twice, wrong or otherwise (written as something else)."""
    spread, seat = _spread(said), said["seat"]
    there = _written(spread, _near(words.get(seat, ()), said))
    elsewhere = set[int]()
    for channel, its in rest.items():
        elsewhere |= _written(spread, _near(its, said)) if channel != seat else set()
    names = {(True, True): "twice", (True, False): "right", (False, True): "wrong"}
    return [names.get((at in there, at in elsewhere), "otherwise") for at in range(len(spread))]


def _written(spread: Sequence[Word], words: Sequence[Word]) -> set[int]:
    return {at for run in repeated(spread, words, NEAR_MS) for at in run}


def _stray(words: Iterable[Word], reference: Sequence[Said]) -> int:
    silent = (word for word in words if not any(_near([word], said) for said in reference))
    return sum(len(plain(word.text)) for word in silent)
