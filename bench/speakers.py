"""Who spoke, by one room microphone: against a reference, beside senko in the same run.

    python -m bench.speakers mix.wav ... [--senko /tmp/senko-venv/bin/python] [--speakers N]

The reference is reference.rttm beside the sound, or the sound's own name with .rttm. The sound goes through
the passages of the live pipeline; `live` is what the screen shows, each passage named when it closes; `pass`
is the same with all corrections of the global pass accepted (`--speakers`: their number is told). `senko` runs
as it comes (CPU: Silero VAD), with the Python in which it is installed; on processors without AVX-512, where
its filter bank stops with an illegal instruction, with that of kaldi-native-fbank, installed beside it. DER by pyannote.metrics with a collar
of 0 and of 0.25 s on each side of a border, overlap included; parts in percent of the reference's speech.
`cpu` is seconds of CPU (all threads, loading not counted) per second of sound; detection of speech is
not in ours, which the words need anyway, and is in senko's.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate

from casefile.model import AudioChunk, AudioFormat, Speech
from diarization.room import Correction, RoomMicrophone
from diarization.stretches import Ear
from tingji.passages import Passages

Part = tuple[float, float, str]
"""Start and end in seconds, and who."""
SENKO = """
import json, sys, time
import numpy as np, senko, soundfile

def features(self, source, pieces, *, sample_offset=0):
    import kaldi_native_fbank as knf
    sound = source if isinstance(source, np.ndarray) else soundfile.read(source, dtype="float32")[0]
    found = []
    for start, end in pieces:
        options = knf.FbankOptions()
        options.frame_opts.dither = 0.0
        options.mel_opts.num_bins = 80
        bank = knf.OnlineFbank(options)
        bank.accept_waveform(16000, sound[int(start * 16000) : int(end * 16000)].tolist())
        bank.input_finished()
        frames = np.array([bank.get_frame(i) for i in range(bank.num_frames_ready)], np.float32).reshape(-1, 80)
        found.append(frames - frames.mean(axis=0))
    lengths = np.array([len(frames) for frames in found], np.int64)
    return np.concatenate(found).ravel(), lengths, (np.cumsum(lengths) - lengths) * 80, 80

diarizer = senko.Diarizer(device="cpu", quiet=True, warmup=False)
if "avx512f" not in open("/proc/cpuinfo").read():
    senko.Diarizer._extract_fbank_features = features
diarizer.diarize(sys.argv[1])  # compiles
for path in sys.argv[1:]:
    began = time.process_time()
    found = diarizer.diarize(path)
    parts = [(s["start"], s["end"], s["speaker"]) for s in found["merged_segments"]]
    print(json.dumps([parts, time.process_time() - began]), flush=True)
"""


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sounds", type=Path, nargs="+")
    parser.add_argument("--senko", help="the Python that has senko 0.2.2")
    parser.add_argument("--speakers", type=int)
    options = parser.parse_args()
    warnings.filterwarnings("ignore", module="pyannote")
    ear = Ear()
    rows = [row for sound in options.sounds for row in ours(sound, ear, options.speakers)]
    if options.senko:
        rows += senko(options.senko, options.sounds)
    for row in sorted(rows, key=lambda row: str(row["file"])):
        print(*(f"{key} {value}" for key, value in row.items()), file=sys.stderr)
    print(json.dumps({"means": means(rows), "rows": rows}, ensure_ascii=False))


def ours(sound: Path, ear: Ear, speakers: int | None) -> Iterator[dict[str, object]]:
    """The row of the live labels and that of the labels after the global pass."""
    heard = list(passages(sound))
    room = RoomMicrophone()
    began = time.process_time()
    live = [
        (part.start_ms / 1000, part.end_ms / 1000, part.label or f"? {part.start_ms}")
        for speech in heard
        for part in room.who(room.hear(speech, ear.stretches(speech)))
    ]
    named = time.process_time()
    corrections = room.corrections(speakers)
    passed = time.process_time()
    yield measured(sound, "live", live, named - began)
    yield measured(sound, "pass", corrected(live, corrections), passed - began)


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
    form, listener, block = AudioFormat(rate, 1), Passages(), rate // 10
    for at in range(0, len(pcm), block):
        yield from listener.hear(
            AudioChunk(form, at * 1000 // rate, np.ascontiguousarray(pcm[at : at + block, :1]))
        )
    yield from listener.end()


def senko(python: str, sounds: list[Path]) -> Iterator[dict[str, object]]:
    """senko's rows."""
    found = subprocess.run(
        [python, "-c", SENKO, *map(str, sounds)], capture_output=True, text=True, check=True
    )
    answers = [json.loads(line) for line in found.stdout.splitlines() if line.startswith("[[")]
    for sound, (parts, seconds) in zip(sounds, answers, strict=True):
        yield measured(sound, "senko", parts, seconds)


def measured(sound: Path, system: str, parts: list[Part], seconds: float) -> dict[str, object]:
    """The figures of one system on one file."""
    truth, found = reference(sound), annotation(parts)
    length = soundfile.info(sound).duration
    figures: dict[str, object] = {"file": f"{sound.parent.name}/{sound.stem}", "system": system}
    for name, collar in (("0", 0.0), ("0.25", 0.5)):  # pyannote's collar is the whole width
        rate = DiarizationErrorRate(collar=collar)
        parts_of = rate(truth, found, uem=Timeline([Segment(0, length)]), detailed=True)
        figures[f"der_{name}"] = round(100 * parts_of["diarization error rate"], 2)
        figures[f"confusion_{name}"] = round(100 * parts_of["confusion"] / parts_of["total"], 2)
    named = {label for label in found.labels() if not label.startswith("?")}
    return figures | {"speakers": len(named), "of": len(truth.labels()), "cpu": round(seconds / length, 4)}


def reference(sound: Path) -> Annotation:
    """The RTTM beside the sound."""
    path = sound.with_suffix(".rttm")
    lines = (
        (path if path.exists() else sound.with_name("reference.rttm"))
        .read_text(encoding="utf-8")
        .splitlines()
    )
    fields = [line.split() for line in lines if line.startswith("SPEAKER")]
    return annotation([(float(f[3]), float(f[3]) + float(f[4]), f[7]) for f in fields])


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
        keys = [key for key in mine[0] if key.startswith(("der", "confusion", "cpu"))]
        by_system[system] = {key: round(float(np.mean([row[key] for row in mine])), 4) for key in keys}
        by_system[system]["counts_right"] = sum(row["speakers"] == row["of"] for row in mine)
    return by_system


if __name__ == "__main__":
    main()
