"""`tingji transcribe`: the pipeline of a hearing over sound files, as fast as it goes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from asr.transcriber import Context, Transcriber
from asr.whisper import Whisper
from casefile.export import WRITERS
from casefile.model import AudioChunk, CaseRecord, Gap, Hearing, Speech, Turn
from diarization.diarizer import SeatMicrophones
from diarization.turns import turns
from recorder.replay import Replay
from tingji.models import model_path
from tingji.passages import Passages
from tingji.settings import Settings

Progress = Callable[[float], None]


def transcribe(
    files: Sequence[Path],
    hearing: Hearing,
    out: Path,
    formats: Sequence[str],
    progress: Progress,
    settings: Settings,
) -> list[Path]:
    """Writes `out/NAME.FORMAT` for each file and format and returns what was written.

    `progress` is told 0 to 1 over all files. Raises UnreadableSound, ModelMissing, ModelDamaged.
    """
    whisper = Whisper(
        model_path(settings.model, settings), threads=settings.cpu_threads or os.cpu_count() or 1
    )
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for number, file in enumerate(files):
        share = partial(_share, progress, number, len(files))
        record = transcribed(sound_of(file, share), hearing, whisper)
        for name in formats:
            path = out / f"{file.stem}.{name}"
            path.write_text(WRITERS[name](record), encoding="utf-8")
            written.append(path)
    progress(1.0)
    return written


def transcribed(sound: Iterable[AudioChunk | Gap], hearing: Hearing, transcriber: Transcriber) -> CaseRecord:
    """The record of this sound, without the life of a hearing around it."""
    passages, seats, context = Passages(), SeatMicrophones(hearing), Context.of(hearing.language)
    said: list[Turn] = []
    gaps: list[Gap] = []
    end_ms = 0

    def write(closed: list[Speech]) -> None:
        for speech in closed:
            said.extend(turns(transcriber.transcribe(speech, context), seats.label(speech)))

    for piece in sound:
        if isinstance(piece, Gap):
            gaps.append(piece)
        write(passages.hear(piece) if isinstance(piece, AudioChunk) else passages.end())
        end_ms = piece.end_ms
    write(passages.end())
    said.sort(key=lambda turn: (turn.start_ms, turn.channel))
    return CaseRecord(hearing, length_ms=end_ms, turns=tuple(said), gaps=tuple(gaps))


def sound_of(file: Path, progress: Progress) -> Iterable[AudioChunk | Gap]:
    """The sound of a file, telling how much of it has been heard. Raises UnreadableSound."""
    replay = Replay(file, speed=0)
    replay.begin(0, None)
    total_ms = max(1, replay.length_ms)
    for piece in replay:
        yield piece
        progress(min(1.0, piece.end_ms / total_ms))


def _share(progress: Progress, number: int, of: int, done: float) -> None:
    progress((number + done) / of)
