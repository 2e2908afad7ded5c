"""Utterance by utterance: characters that are wrong and seconds that it takes, beside faster-whisper.

  python -m bench.asr [--speech ../shared/speech/dev] [--every 1] [--threads 2] [--table]

All scored utterances, each heard by both, turn about, so that what else the machine does strikes both alike:
`ours` is the final decode with its word times and without a lexicon, `faster_whisper` its `transcribe` (same
weights, beam 5, the same prompt, no word times). CER over all characters as the speech folder's README has it.
The interval is a bootstrap over utterances of the difference, ours less theirs. CPU is that of the process.
`--table` decodes them with other paddings, beams and with timestamps instead (one row each).
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from rapidfuzz.distance import Levenshtein

from asr.transcriber import Context
from asr.whisper import FINAL, Decoding, Whisper
from bench.machine import machine
from bench.scoring import percentiles, plain
from casefile.model import Mono16k, Speech
from tingji.models import model_path
from tingji.settings import read_settings

RATE = 16_000
PADDINGS = (200, 500, 1000, 1500, 3000)
BEAMS = (1, 5)
Hear = Callable[[Mono16k, Context], str]


@dataclass(frozen=True, slots=True)
class Clip:
    """One utterance and what is said in it."""

    sound: Mono16k
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one utterance: wrong characters of how many, seconds by the wall and of CPU."""

    language: str
    wrong: int
    length: int
    wall_s: float
    cpu_s: float


class Stamped(Whisper):
    """Decodes with Whisper's own timestamps between the words; ours does without."""

    def _prompt(self, context: Context, tokenizer: Tokenizer) -> list[int]:
        return super()._prompt(context, tokenizer)[:-1]


def clips(folder: Path, every: int) -> list[Clip]:
    """The scored utterances, or each n-th of them. Raises OSError."""
    with (folder / "utterances.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    scored = [row for row in rows if row["scored"] == "yes"]
    return [_clip(folder / row["file"], row) for row in scored[::every]]


def _clip(path: Path, row: dict[str, str]) -> Clip:
    sound, rate = soundfile.read(path, dtype="float32")
    assert rate == RATE, f"{path.name} is not at 16 kHz"
    return Clip(sound, row["text"], row["language"])


def ours(whisper: Whisper) -> Hear:
    """The final text of a passage; suppressed words are heard, so they count."""
    return lambda sound, context: whisper.transcribe(Speech(0, 0, sound), context).text


def theirs(model: WhisperModel) -> Hear:
    """faster-whisper as a careful user would call it."""

    def hear(sound: Mono16k, context: Context) -> str:
        segments, _ = model.transcribe(
            sound, language=context.language, beam_size=5, initial_prompt=context.prompt or None
        )
        return "".join(segment.text for segment in segments)

    return hear


def heard(clip: Clip, hear: Hear) -> Heard:
    """One utterance, timed and scored."""
    context = Context.of(clip.language)
    wall, cpu = time.perf_counter(), time.process_time()
    text = hear(clip.sound, context)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    wanted = plain(clip.text)
    return Heard(clip.language, Levenshtein.distance(plain(text), wanted), len(wanted), wall, cpu)


def in_turns(sounds: Sequence[Clip], systems: dict[str, Hear]) -> dict[str, list[Heard]]:
    """Every utterance by every system; who is first changes from one to the next."""
    found: dict[str, list[Heard]] = {name: [] for name in systems}
    names = list(systems)
    for number, clip in enumerate(sounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            found[name].append(heard(clip, systems[name]))
    return found


def summary(found: Sequence[Heard]) -> dict[str, object]:
    """CER by language, seconds in all, and how long one utterance takes."""
    languages = sorted({each.language for each in found}, reverse=True)
    return {
        **{f"cer_{code}": round(rate(e for e in found if e.language == code), 4) for code in languages},
        "wall_s": round(sum(each.wall_s for each in found), 1),
        "cpu_s": round(sum(each.cpu_s for each in found), 1),
        "one_wall_s": percentiles([each.wall_s for each in found]),
    }


def rate(found: Iterator[Heard]) -> float:
    """Wrong characters over all characters."""
    kept = list(found)
    return sum(each.wrong for each in kept) / max(1, sum(each.length for each in kept))


def difference(mine: Sequence[Heard], other: Sequence[Heard], draws: int = 2000) -> list[float]:
    """95 % interval of the difference of both rates, by drawing utterances with replacement."""
    rng, pairs = np.random.default_rng(1), list(zip(mine, other, strict=True))
    gap = np.array([a.wrong - b.wrong for a, b in pairs])
    length = np.array([a.length for a, _ in pairs])
    drawn = rng.integers(0, len(pairs), (draws, len(pairs)))
    rates = gap[drawn].sum(axis=1) / length[drawn].sum(axis=1)
    return [round(float(edge), 4) for edge in np.percentile(rates, [2.5, 97.5])]


def compared(sounds: Sequence[Clip], folder: Path, threads: int) -> dict[str, object]:
    """Ours and faster-whisper's own on the same utterances."""
    peer = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads)
    systems = {"ours": ours(Whisper(folder, threads)), "faster_whisper": theirs(peer)}
    for hear in systems.values():
        heard(sounds[0], hear)  # the first one pays for buffers
    found = in_turns(sounds, systems)
    chinese = {name: [each for each in each_of if each.language == "zh"] for name, each_of in found.items()}
    return {
        **{name: summary(each_of) for name, each_of in found.items()},
        "cer_zh_difference_95": difference(chinese["ours"], chinese["faster_whisper"]),
    }


def table(sounds: Sequence[Clip], folder: Path, threads: int) -> dict[str, object]:
    """One row for each padding (10 ms), beam, and with or without timestamps."""
    plainly, stamped = Whisper(folder, threads), Stamped(folder, threads)
    systems: dict[str, Hear] = {}
    for padding in PADDINGS:
        for beam in BEAMS:
            how = replace(FINAL, padding=padding, beam=beam)
            systems[f"padding {padding}, beam {beam}"] = decoding(plainly, how)
    systems[f"padding {FINAL.padding}, beam {FINAL.beam}, timestamps"] = decoding(stamped, FINAL)
    return {name: summary(found) for name, found in in_turns(sounds, systems).items()}


def decoding(whisper: Whisper, how: Decoding) -> Hear:
    """`whisper`, but its final text decoded in this way."""

    def hear(sound: Mono16k, context: Context) -> str:
        whisper.final = how
        return ours(whisper)(sound, context)

    return hear


def main() -> None:
    """See the top of this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--speech", type=Path, default=Path("../shared/speech/dev"))
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--table", action="store_true")
    given = parser.parse_args()
    settings = read_settings(environ={})
    folder, sounds = model_path(settings.model, settings), clips(given.speech, given.every)
    run = table if given.table else compared
    found = {
        "bench": "asr",
        "clips": len(sounds),
        "seconds": round(sum(len(clip.sound) for clip in sounds) / RATE, 1),
        "threads": given.threads,
        "machine": machine(),
        **run(sounds, folder, given.threads),
    }
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
