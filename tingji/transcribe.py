"""`tingji transcribe`: the pipeline of a hearing over sound files, as fast as it goes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from asr.transcriber import PassageTranscriber
from asr.whisper import Whisper
from casefile.model import AudioChunk, CaseRecord, CaseWord, Gap, Hearing, Missed, Speech, Turn
from diarization.diarizer import Diarizer
from diarization.stretches import Ear
from recorder.replay import Replay
from tingji.by_voice import ByVoice
from tingji.crosstalk import Repeats, applied
from tingji.knowledge import context_of
from tingji.models import model_path
from tingji.outcome import Outcome, missed, outcome, speakers_of
from tingji.passages import Passages
from tingji.settings import Settings
from tingji.unwritten import unwritten
from tingji.writers import WRITERS

Progress = Callable[[float], None]
AT_ONCE = 48
"""Passages that wait for each other: enough for full batches, at most 60 MB of sound."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of all files: the set-up and the case's words. `by_voice`: speakers are told apart by voice
    where a channel is not one seat's alone.
    """

    hearing: Hearing
    words: tuple[CaseWord, ...] = ()
    by_voice: bool = True


def transcribe(
    files: Sequence[Path],
    case: Case,
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
    ear = Ear() if case.by_voice else None
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for number, file in enumerate(files):
        share = partial(_share, progress, number, len(files))
        voices = ByVoice(case.hearing, ear) if ear else None
        record = transcribed(sound_of(file, share), case.hearing, whisper, case.words, voices)
        for name in formats:
            path = out / f"{file.stem}.{name}"
            path.write_text(WRITERS[name](record), encoding="utf-8")
            written.append(path)
    progress(1.0)
    return written


def transcribed(
    sound: Iterable[AudioChunk | Gap],
    hearing: Hearing,
    transcriber: PassageTranscriber,
    words: tuple[CaseWord, ...] = (),
    voices: Diarizer | None = None,
) -> CaseRecord:
    """The record of this sound, without the life of a hearing around it."""
    passages, gaps, found, end_ms = Passages(), list[Gap](), _Found(hearing), 0
    recognized, waiting = partial(_recognized, hearing, words, transcriber, voices), list[Speech]()
    for piece in sound:
        waiting += passages.hear(piece) if isinstance(piece, AudioChunk) else passages.end()
        gaps += [piece] if isinstance(piece, Gap) else []
        end_ms = piece.end_ms
        if len(waiting) >= AT_ONCE:
            found.take(waiting, recognized(waiting))
            waiting = []
    waiting += passages.end()
    found.take(waiting, recognized(waiting))
    return CaseRecord(
        hearing,
        length_ms=end_ms,
        turns=tuple(sorted(found.turns, key=lambda turn: (turn.start_ms, turn.channel))),
        gaps=tuple(gaps),
        missed=tuple(found.missed),
    )


@dataclass(slots=True)
class _Found:
    """What stands of the passages recognized so far."""

    hearing: Hearing
    turns: list[Turn] = field(default_factory=list)
    missed: list[Missed] = field(default_factory=list)
    repeats: Repeats = field(default_factory=Repeats)

    def take(self, passages: Sequence[Speech], outcomes: Sequence[Outcome]) -> None:
        """The next passages, in the order in which they closed."""
        for speech, each in zip(passages, outcomes, strict=True):
            self.missed += [one for one in each if isinstance(one, Missed)]
            self.turns += [one for one in each if isinstance(one, Turn)]
            if held := self.repeats.held_back(speech, self.hearing, self.turns):
                self.turns = applied(self.turns, held)


def _recognized(
    hearing: Hearing,
    words: tuple[CaseWord, ...],
    transcriber: PassageTranscriber,
    voices: Diarizer | None,
    passages: Sequence[Speech],
) -> list[Outcome]:
    """What comes of each of these passages: all at once or, where the model fails on one, one by one."""
    try:
        return _together(hearing, words, transcriber, voices, passages)
    except Exception as error:  # one passage that the model fails on does not cost the others
        if len(passages) == 1:
            return [[missed(passages[0], type(error).__name__)]]
        alone = partial(_recognized, hearing, words, transcriber, voices)
        return [each for speech in passages for each in alone([speech])]


def _together(
    hearing: Hearing,
    words: tuple[CaseWord, ...],
    transcriber: PassageTranscriber,
    voices: Diarizer | None,
    passages: Sequence[Speech],
) -> list[Outcome]:
    """The passages, then the voices that were left out of them (`tingji.unwritten`)."""
    context = context_of(hearing, words)
    heard = list(zip(passages, transcriber.transcribe_all(passages, context), strict=True))
    spans = [speakers_of(speech, said, hearing, voices) for speech, said in heard]
    parts = [unwritten(*each, who) for each, who in zip(heard, spans, strict=True)]
    rest = iter(transcriber.transcribe_all([part.speech for each in parts for part in each], context))
    return [
        outcome(speech, said, who, hearing, words, [(part, next(rest)) for part in its])
        for (speech, said), who, its in zip(heard, spans, parts, strict=True)
    ]


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
