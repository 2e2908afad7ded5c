"""The peer that needs no stream: faster-whisper's own `transcribe` over the whole file."""

from __future__ import annotations

import time
from pathlib import Path

import av
import numpy as np
from faster_whisper import WhisperModel
from numpy.typing import NDArray

from asr.transcriber import PROMPTS
from tingji.models import model_path
from tingji.settings import read_settings


def mono(sound: Path) -> NDArray[np.float32]:
    """The whole file at 16 kHz, all channels mixed into one."""
    with av.open(str(sound)) as container:
        resampler = av.AudioResampler("flt", "mono", 16_000)
        frames = [out for frame in container.decode(audio=0) for out in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def offline(sound: Path, threads: int) -> dict[str, dict[str, str | float]]:
    """faster-whisper's own transcribe over the whole file: as it comes, and without carrying text over."""
    audio = mono(sound)
    settings = read_settings(environ={})
    model = WhisperModel(
        str(model_path(settings.model, settings)), device="cpu", compute_type="int8", cpu_threads=threads
    )
    found: dict[str, dict[str, str | float]] = {}
    for name, carried in (("default", True), ("no_carry", False)):
        began = time.process_time()
        segments, _ = model.transcribe(
            audio,
            language="zh",
            beam_size=5,
            initial_prompt=PROMPTS["zh"],
            condition_on_previous_text=carried,
        )
        text = "".join(segment.text for segment in segments)
        found[name] = {"text": text, "cpu_per_audio": (time.process_time() - began) / (len(audio) / 16_000)}
    return found
