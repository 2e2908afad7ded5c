"""Who hears speech, when, and at what cost? Silero alone, webrtcvad alone, and our combination, in one run.

  python -m bench.vad DIR [--seed 1]

DIR holds clips (16 kHz mono) with speech / non-speech labels: NAME.flac and NAME.scv (a name, then start, end,
0 or 1 over and over, in seconds), as `../shared/speech/dev/vad`.

What is measured, at the clips' own level and softer by 20 and 30 dB (a person who speaks softly, or far from the
microphone), with room noise at -70 dBFS and a second of it before each clip:
- frame error: share of 10 ms frames judged otherwise than labelled, without any smoothing;
- onsets: stretches of speech of 200 ms or more behind 200 ms or more of silence. `late`: not judged as speech in
  their first 200 ms; `lost`: the passages that the segmenter cuts by this detector hold less than all but the
  first 200 ms of it (what the recognizer does not get); `speech_lost`: labelled speech outside passages;
- cost: CPU seconds per channel-hour of the clips and of room noise; and the share of a core that eight silent
  channels take through `tingji.passages` (resampling, gate, judge, crosstalk), at 16 and 48 kHz, at three levels
  of room noise (pink, with mains hum and now and then a click), with and without the resampling.
webrtcvad stands at its best mode on these clips. Silero has the threshold of our segmenter (0.5). The same
segmenter cuts for all. `cost` of ours on clips is that of people speaking nearly all the time.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile
import webrtcvad
from numpy.typing import NDArray

from asr.segmenter import Segmenter
from asr.vad import FRAME, Gated, Silero, SpeechDetector
from bench.machine import machine
from bench.room import room_noise
from casefile.model import AudioChunk, AudioFormat, Mono16k
from tingji.passages import Passages

RATE = 16_000
GRID = RATE // 100
SOFTER_DB = (0, 20, 30)
LEVELS_DB = (-50, -60, -70)
ONSET = 20
"""Frames of 10 ms: the shortest speech, and the silence before it, that make an onset; and how late is late."""


class WebRtc:
    """webrtcvad alone, as a detector: 1.0 or 0.0 for the first 30 of each 32 ms."""

    def __init__(self, mode: int) -> None:
        self._vad = webrtcvad.Vad(mode)

    def probability(self, frame: Mono16k) -> float:
        """See `SpeechDetector`."""
        pcm = (np.clip(frame[:480], -1, 1) * 32767).astype("<i2").tobytes()
        return float(self._vad.is_speech(pcm, RATE))


DETECTORS: dict[str, Callable[[], SpeechDetector]] = {
    "silero": Silero,
    **{f"webrtcvad_{mode}": lambda mode=mode: WebRtc(mode) for mode in range(4)},
    "ours": Gated,
}


@dataclass(frozen=True)
class Clip:
    """Sound, and for each 10 ms whether somebody speaks."""

    sound: Mono16k
    speech: NDArray[np.bool_]


@dataclass
class Score:
    """Counts over all clips; times in frames of 10 ms."""

    frames: int = 0
    wrong: int = 0
    missed: int = 0
    false: int = 0
    onsets: int = 0
    late: int = 0
    lost: int = 0
    speech: int = 0
    speech_lost: int = 0
    cpu_s: float = field(default=0.0)

    def as_json(self) -> dict[str, float]:
        """Shares of frames, counts of onsets, CPU seconds for an hour of one channel."""
        return {
            "frame_error": round(self.wrong / self.frames, 4),
            "speech_missed": round(self.missed / self.speech, 4),
            "silence_taken": round(self.false / (self.frames - self.speech), 4),
            "onsets": self.onsets,
            "late": self.late,
            "lost": self.lost,
            "speech_lost": round(self.speech_lost / self.speech, 4),
            "cpu_s_per_channel_hour": round(self.cpu_s / (self.frames / 100) * 3600, 2),
        }


def clips(folder: Path, softer_db: float, rng: np.random.Generator) -> Iterator[Clip]:
    """Every labelled clip, softer, with room noise, behind a second of it."""
    for path in sorted(folder.glob("*.flac")):
        sound, rate = soundfile.read(path, dtype="float32")
        assert rate == RATE, f"{path.name} is not at 16 kHz"
        fields = path.with_suffix(".scv").read_text().replace("\n", ",").strip(",").split(",")[1:]
        speech = np.zeros(len(sound) // GRID, np.bool_)
        for start, end, label in zip(fields[::3], fields[1::3], fields[2::3], strict=True):
            speech[round(float(start) * 100) : round(float(end) * 100)] = label == "1"
        heard = np.concatenate([np.zeros(RATE, np.float32), sound * 10 ** (-softer_db / 20)])
        yield Clip(
            heard + room_noise(len(heard), RATE, -70, rng), np.concatenate([np.zeros(100, np.bool_), speech])
        )


def judged(clip: Clip, detector: SpeechDetector, score: Score) -> NDArray[np.float64]:
    """The detector's probability for each frame of 512 samples; its CPU time goes to the score."""
    frames = clip.sound[: len(clip.sound) // FRAME * FRAME].reshape(-1, FRAME)
    began = time.process_time()
    found = np.array([detector.probability(frame) for frame in frames])
    score.cpu_s += time.process_time() - began
    return found


def passages(clip: Clip, probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
    """For each 10 ms, whether it is inside a passage."""
    segmenter, inside = Segmenter(0), np.zeros(len(clip.speech), np.bool_)
    frames = clip.sound[: len(probabilities) * FRAME].reshape(-1, FRAME)
    found = [
        speech
        for frame, p in zip(frames, probabilities, strict=True)
        for speech in segmenter.push(frame, float(p))
    ]
    for speech in found + segmenter.flush():
        inside[speech.start_ms // 10 : speech.end_ms // 10] = True
    return inside


def onsets(speech: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Stretches of speech (from, to, in 10 ms) of 200 ms or more behind as much silence."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], speech, [False]]).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    silences = starts - np.concatenate([[0], ends[:-1]])
    return [(s, e) for s, e, quiet in zip(starts, ends, silences, strict=True) if e - s >= ONSET <= quiet]


def measure(clip: Clip, detector: SpeechDetector, score: Score) -> None:
    """One clip, added to the score."""
    probabilities = judged(clip, detector, score)
    length = min(len(clip.speech), len(probabilities) * FRAME // GRID)
    speech = clip.speech[:length]
    said = (probabilities >= 0.5)[np.arange(length) * GRID // FRAME]
    inside = passages(clip, probabilities)[:length]
    score.frames += length
    score.wrong += int((said != speech).sum())
    score.missed += int((speech & ~said).sum())
    score.false += int((said & ~speech).sum())
    score.speech += int(speech.sum())
    score.speech_lost += int((speech & ~inside).sum())
    for start, end in onsets(speech):
        score.onsets += 1
        score.late += not said[start : start + ONSET].any()
        score.lost += not inside[start + ONSET - 1 : end].all()


def accuracy(folder: Path, softer_db: float, seed: int) -> dict[str, dict[str, float]]:
    """All detectors on the same sound; of webrtcvad only the mode that errs least."""
    found = {}
    for name, make in DETECTORS.items():
        score = Score()
        for clip in clips(folder, softer_db, np.random.default_rng(seed)):
            measure(clip, make(), score)
        found[name] = score.as_json()
    modes = [name for name in found if name.startswith("webrtcvad")]
    best = min(modes, key=lambda name: found[name]["frame_error"])
    return {name: value for name, value in found.items() if name not in modes or name == best}


def silent_channels(rate: int, level_db: float, seed: int, seconds: int = 30) -> dict[str, float]:
    """Share of a core (percent) that eight microphones in a quiet room take; passages that were opened."""
    rng, form = np.random.default_rng(seed), AudioFormat(rate, 8)
    noise = np.stack([room_noise(rate * seconds, rate, level_db, rng) for _ in range(8)], axis=1)
    pcm, block, heard = (noise * 32767).astype(np.int16), rate // 10, Passages()
    began, opened = time.process_time(), 0
    for at in range(0, len(pcm), block):
        opened += len(heard.hear(AudioChunk(form, form.ms(at), pcm[at : at + block])))
    return {
        "core_percent": round((time.process_time() - began) / seconds * 100, 2),
        "passages": opened + len(heard.end()),
    }


def main() -> None:
    """See the top of this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    found = {
        "bench": "vad",
        "data": str(given.folder),
        "seed": given.seed,
        "machine": machine(),
        "accuracy": {f"-{db} dB": accuracy(given.folder, db, given.seed) for db in SOFTER_DB},
        "eight_silent_channels": {
            f"{rate} Hz, {level} dBFS": silent_channels(rate, level, given.seed)
            for rate in (RATE, 48_000)
            for level in LEVELS_DB
        },
    }
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
