"""What the recorder remembers over a restart: the device chosen and the hearing being recorded."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Remembered:
    """The device's name (None: the default one) and the open hearing's id."""

    device: str | None = None
    hearing: str | None = None


class Memory:
    """The file `recorder.json`, written whole or not at all. One that cannot be read counts as empty."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.now = _read(path)

    def keep(self, **changes: str | None) -> None:
        """Writes changes through to the disk. A full disk is logged: it must not stop a recording."""
        self.now = replace(self.now, **changes)
        try:
            self._write(json.dumps(asdict(self.now), ensure_ascii=False))
        except OSError as error:
            log.error("recorder.json cannot be written: error %s", error.errno)

    def _write(self, text: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".new")
        with draft.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)


def _read(path: Path) -> Remembered:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return Remembered(device=data.get("device"), hearing=data.get("hearing"))
    except (OSError, ValueError, AttributeError):
        return Remembered()
