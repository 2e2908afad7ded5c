"""The voices of one hearing on disk, until it is closed (docs/formats.md §1; court.md G6).

One line for each passage, so that labels stay the same over a restart. What a voice sounds like is sensitive
personal information: the file is the owner's alone, is never read for another hearing, and is deleted at closing.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from diarization.embedding import Embedding
from diarization.stretches import Noted, Passage, Stretch


class VoiceFile:
    """`FOLDER/HEARING.jsonl`."""

    def __init__(self, folder: Path, hearing_id: str) -> None:
        self._path = folder / f"{hearing_id}.jsonl"

    def passages(self) -> Iterator[Passage]:
        """What is there, in order; a line that is torn or damaged is left out."""
        if not self._path.exists():
            return
        for line in self._path.read_bytes().splitlines():
            try:
                yield _passage(json.loads(line))
            except (ValueError, KeyError, TypeError):
                continue

    def keep(self, passage: Passage) -> None:
        """Add a passage, behind a new line: the one before may be torn. Raises OSError."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(b"\n" + json.dumps(_line(passage)).encode() + b"\n")

    def delete(self) -> None:
        """The hearing is over. Raises OSError."""
        self._path.unlink(missing_ok=True)


def _line(passage: Passage) -> dict[str, object]:
    notes = [_note_line(note) for note in passage.notes]
    return {
        "channel": passage.channel,
        "start_ms": passage.start_ms,
        "end_ms": passage.end_ms,
        "voices": notes,
    }


def _note_line(note: Noted) -> dict[str, object]:
    voice = note.stretch.embedding
    return {
        "spans": note.stretch.spans,
        "solo_ms": note.stretch.solo_ms,
        "voice": None if voice is None else b64encode(voice.astype("<f4").tobytes()).decode(),
        "label": note.label,
        "confidence": note.confidence,
    }


def _passage(line: dict[str, Any]) -> Passage:
    notes = tuple(_note(note) for note in line["voices"])
    return Passage(int(line["channel"]), int(line["start_ms"]), int(line["end_ms"]), notes)


def _note(line: dict[str, Any]) -> Noted:
    spans = tuple((int(start), int(end)) for start, end in line["spans"])
    stretch = Stretch(spans, int(line["solo_ms"]), _embedding(line["voice"]))
    return Noted(stretch, line["label"], float(line["confidence"]))


def _embedding(text: str | None) -> Embedding | None:
    return None if text is None else np.frombuffer(b64decode(text), "<f4").astype(np.float32)
