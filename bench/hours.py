"""Eight hours, twelve voices by one room microphone: memory and cost per minute, and the look at the whole at the end.

    python -m bench.hours mix.wav ... [--hours 8 --voices 12]

The sound is heard once (about 0.03 s per second, and always the same for a passage); what was heard of the voices
with most speech is laid one after the other at random until the hours are full, each embedding with a little noise
(likeness to itself 0.95). So the figures are of all that could grow: naming, labels and what is kept.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil

from bench.diarizers import Part
from bench.speakers import passages
from bench.touches import HEARING, Heard
from casefile.model import Speech
from diarization.room import RoomMicrophone
from diarization.stretches import Ear, Stretch

NOISE = 0.024
PAUSE_MS = 700


def gathered(sounds: Sequence[Path], voices: int) -> list[Heard]:
    """By person what was heard in passages of nobody else; those with most of it."""
    ear, found = Ear(), dict[str, list[tuple[Speech, list[Stretch]]]]()
    for sound in sounds:
        truth = people(sound)
        for speech in passages(sound):
            who = {who for a, b, who in truth if a * 1000 < speech.end_ms and b * 1000 > speech.start_ms}
            stretches = ear.stretches(speech) if len(who) == 1 else []
            if stretches:
                silent = replace(speech, audio=np.zeros(len(speech.audio), np.float32))
                found.setdefault(who.pop(), []).append((silent, stretches))
    return sorted(found.values(), key=len, reverse=True)[:voices]


def people(sound: Path) -> list[Part]:
    """Who speaks when: the person of the clip, not the seat, so that one in two files is one voice."""
    turns = json.loads(sound.with_name("reference.json").read_text(encoding="utf-8"))["turns"]
    return [(turn["start_ms"] / 1000, turn["end_ms"] / 1000, turn["speaker"]) for turn in turns]


def moved(stretch: Stretch, by_ms: int, random: np.random.Generator) -> Stretch:
    """Later, and said a little otherwise."""
    spans = tuple((start + by_ms, end + by_ms) for start, end in stretch.spans)
    if stretch.embedding is None:
        return replace(stretch, spans=spans)
    voice = stretch.embedding + random.normal(0, NOISE, len(stretch.embedding)).astype(np.float32)
    return replace(stretch, spans=spans, embedding=(voice / np.linalg.norm(voice)).astype(np.float32))


class Hours:
    """One hearing that goes on and on, and what each hour of it costs."""

    def __init__(self, voices: Sequence[Heard]) -> None:
        self.voices, self.room, self.now_ms = voices, RoomMicrophone(), 0
        self.by_hour: list[dict[str, float]] = []
        self._random = np.random.default_rng(1)
        self._began, self._memory = time.process_time(), psutil.Process().memory_info().rss

    def go_on(self) -> None:
        """The next passage, of any voice."""
        its = self.voices[self._random.integers(len(self.voices))]
        was, stretches = its[self._random.integers(len(its))]
        speech = replace(was, start_ms=self.now_ms)
        later = [moved(one, self.now_ms - was.start_ms, self._random) for one in stretches]
        self.room.label(self.room.hear(speech, later), speech, HEARING)
        self.now_ms = speech.end_ms + PAUSE_MS
        if self.now_ms // 3_600_000 > len(self.by_hour):
            self._note_hour()

    def _note_hour(self) -> None:
        cpu_ms = 1000 * (time.process_time() - self._began) / 60
        grown = psutil.Process().memory_info().rss - self._memory
        self.by_hour.append({"cpu_ms_per_minute": round(cpu_ms, 2), "grown_mib": round(grown / 2**20, 1)})
        self._began = time.process_time()

    def look_at_the_whole(self) -> dict[str, float]:
        """What the global pass costs: memory above the highest before."""
        before, began = _highest_mib(), time.process_time()
        corrections = len(self.room.corrections())
        used = time.process_time() - began
        return {"cpu_s": round(used, 1), "mib": round(_highest_mib() - before), "corrections": corrections}


def _highest_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sounds", type=Path, nargs="+")
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--voices", type=int, default=12)
    options = parser.parse_args()
    hours = Hours(gathered(options.sounds, options.voices))
    while hours.now_ms < options.hours * 3_600_000:
        hours.go_on()
    notes = [note for passage in hours.room.passages for note in passage.notes]
    counts = {
        "voices": len(hours.voices),
        "passages": len(hours.room.passages),
        "stretches": len(notes),
        "labels": len({note.label for note in notes if note.label}),
    }
    print(json.dumps(counts | {"hours": hours.by_hour, "look_at_the_whole": hours.look_at_the_whole()}))


if __name__ == "__main__":
    main()
