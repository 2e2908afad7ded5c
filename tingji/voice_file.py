"""The voices of one hearing on disk, until it is closed (docs/formats.md §1; court.md G6).

One line for each passage and for each voice that was enrolled, so that labels stay the same over a restart. What a voice sounds like is sensitive
personal information: the file is the owner's alone, is never read for another hearing, and is deleted at closing.
"""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from casefile.disk import flush
from diarization.embedding import Embedding
from diarization.learning import Enrolled, Person
from diarization.stretches import Noted, Passage, Stretch


class VoiceFile:
    """`FOLDER/HEARING.jsonl`."""

    def __init__(self, folder: Path, hearing_id: str) -> None:
        self._path = folder / f"{hearing_id}.jsonl"

    def read(self) -> tuple[list[Passage], list[Enrolled]]:
        """What is there, in order; a line that is torn or damaged is left out."""
        passages, enrolled = list[Passage](), list[Enrolled]()
        for line in self._path.read_bytes().splitlines() if self._path.exists() else ():
            try:
                found = _read(json.loads(line))
            except (ValueError, KeyError, TypeError):
                continue
            if isinstance(found, Passage):
                passages.append(found)
            else:
                enrolled = [*(one for one in enrolled if one.whose != found.whose), found]
        return passages, enrolled

    def keep(self, new: Passage | Enrolled) -> None:
        """Add a passage or a voice, behind a new line: the one before may be torn. Raises OSError."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            file.write(b"\n" + json.dumps(_line(new)).encode() + b"\n")

    def replace(self, all_: Iterable[Passage | Enrolled]) -> None:
        """Only this, in the place of what was there: what is left out is deleted. Raises OSError."""
        draft = VoiceFile(self._path.parent, f"{self._path.stem}.new")
        draft.delete()
        for one in all_:
            draft.keep(one)
        if draft._path.exists():
            flush(draft._path)
            draft._path.replace(self._path)
        else:
            self.delete()

    def delete(self) -> None:
        """The hearing is over. Raises OSError."""
        self._path.unlink(missing_ok=True)


def _line(one: Passage | Enrolled) -> dict[str, object]:
    if isinstance(one, Enrolled):
        whose = {"seat": one.whose.seat, "name": one.whose.name}
        return {"enrolled": whose, "ms": one.ms, "voice": _text(one.embedding)}
    return {
        "channel": one.channel,
        "start_ms": one.start_ms,
        "end_ms": one.end_ms,
        "voices": [_note_line(note) for note in one.notes],
    }


def _note_line(note: Noted) -> dict[str, object]:
    return {
        "spans": note.stretch.spans,
        "solo_ms": note.stretch.solo_ms,
        "voice": _text(note.stretch.embedding),
        "label": note.label,
        "confidence": note.confidence,
    }


def _read(line: dict[str, Any]) -> Passage | Enrolled:
    return _enrolled(line) if "enrolled" in line else _passage(line)


def _enrolled(line: dict[str, Any]) -> Enrolled:
    whose: Mapping[str, Any] = line["enrolled"]
    voice = _embedding(line["voice"])
    if voice is None:
        raise ValueError("no voice")
    return Enrolled(Person(whose["seat"], str(whose["name"])), int(line["ms"]), voice)


def _passage(line: dict[str, Any]) -> Passage:
    notes = tuple(_note(note) for note in line["voices"])
    return Passage(int(line["channel"]), int(line["start_ms"]), int(line["end_ms"]), notes)


def _note(line: dict[str, Any]) -> Noted:
    spans = tuple((int(start), int(end)) for start, end in line["spans"])
    stretch = Stretch(spans, int(line["solo_ms"]), _embedding(line["voice"]))
    return Noted(stretch, line["label"], float(line["confidence"]))


def _text(voice: Embedding | None) -> str | None:
    return None if voice is None else b64encode(voice.astype("<f4").tobytes()).decode()


def _embedding(text: str | None) -> Embedding | None:
    return None if text is None else np.frombuffer(b64decode(text), "<f4").astype(np.float32)
