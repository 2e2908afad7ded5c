"""Sound for tests: the three Mandarin clips of the installed package `pytest-audioeval` (MIT)."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

import av
import numpy as np

from casefile.model import Mono16k


def mandarin_files() -> list[Path]:
    """The clips, in order of their names."""
    package = find_spec("pytest_audioeval")
    assert package and package.submodule_search_locations, "pip install pytest-audioeval (make test does)"
    return sorted((Path(package.submodule_search_locations[0]) / "samples" / "audio" / "zh").glob("*.wav"))


def mandarin_texts() -> list[str]:
    """What is said in them."""
    return [path.with_suffix(".txt").read_text(encoding="utf-8").strip() for path in mandarin_files()]


@cache
def mandarin(number: int) -> Mono16k:
    """A clip at 16 kHz, mono."""
    with av.open(str(mandarin_files()[number])) as container:
        resampler = av.AudioResampler("flt", "mono", 16_000)
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames]).astype(np.float32)


def spoken(*pauses_s: float) -> Mono16k:
    """Clips 0, 1, 2, 0, … each after a pause of so many seconds, with a second of silence at the end."""
    parts: list[Mono16k] = []
    for number, pause in enumerate(pauses_s):
        parts += [np.zeros(int(pause * 16_000), np.float32), mandarin(number % 3)]
    return np.concatenate([*parts, np.zeros(16_000, np.float32)])
