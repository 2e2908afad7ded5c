"""Peers that say who spoke in a whole file: senko and pyannote.audio, each by the Python in which it is installed.

senko 0.2.2 runs as it comes (CPU: Silero VAD); on processors without AVX-512, where its filter bank stops with an
illegal instruction, with that of kaldi-native-fbank, installed beside it. pyannote.audio runs through
`diarization.pyannote` with a local pipeline folder; number of speakers told to neither.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

Part = tuple[float, float, str]
"""Start and end in seconds, and who."""
ROOT = Path(__file__).parents[1]
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
    parts = [(s["start"], s["end"], s["speaker"]) for s in found["merged_segments"]] if found else []
    print(json.dumps({"parts": parts, "seconds": time.process_time() - began}), flush=True)
"""
PYANNOTE = """
import json, sys, time
from pathlib import Path
import soundfile
from diarization.pyannote import Pipeline

pipeline = Pipeline(Path(sys.argv[1]))
for path in sys.argv[2:]:
    sound = soundfile.read(path, dtype="float32")[0]
    began = time.process_time()
    found = pipeline.parts(sound, None, 1, lambda done: None)
    parts = [(one.start_ms / 1000, one.end_ms / 1000, str(one.voice)) for one in found]
    print(json.dumps({"parts": parts, "seconds": time.process_time() - began}), flush=True)
"""


def senko(python: str, sounds: Sequence[Path]) -> Iterator[tuple[list[Part], float]]:
    """For each file who spoke, and the seconds of CPU that it took."""
    yield from _answers([python, "-c", SENKO, *map(str, sounds)])


def pyannote(python: str, pipeline: Path, sounds: Sequence[Path]) -> Iterator[tuple[list[Part], float]]:
    """The same."""
    yield from _answers([python, "-c", PYANNOTE, str(pipeline), *map(str, sounds)])


def _answers(command: Sequence[str]) -> Iterator[tuple[list[Part], float]]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = subprocess.run(command, capture_output=True, text=True, check=True, env=environ)
    for line in found.stdout.splitlines():
        if line.startswith('{"parts"'):
            answer = json.loads(line)
            yield [(start, end, who) for start, end, who in answer["parts"]], answer["seconds"]
