"""What the recorder remembers over a restart: its device, the hearing being recorded, the orders it has obeyed."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from casefile.disk import write_whole

MOST_OBEYED = 16
"""Orders to remember: more than are ever on their way at once."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Remembered:
    """The device's name (None: the default one), the open hearing's id, the ids of the orders obeyed last."""

    device: str | None = None
    hearing: str | None = None
    obeyed: tuple[str, ...] = ()


class Memory:
    """The file `recorder.json`, written whole or not at all. One that cannot be read counts as empty."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.now = _read(path)

    def obeyed(self, order: str) -> None:
        """This order of the server was carried out; it may come again and is not to be carried out twice."""
        self._keep(replace(self.now, obeyed=(*self.now.obeyed, order)[-MOST_OBEYED:]))

    def keep(self, **changes: str | None) -> None:
        """Changes device or hearing, written through to the disk."""
        self._keep(replace(self.now, **changes))  # type: ignore[arg-type]  # the names are those of strings

    def _keep(self, now: Remembered) -> None:
        """A full disk is logged: it must not stop a recording."""
        self.now = now
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, json.dumps(asdict(self.now), ensure_ascii=False))
        except OSError as error:
            log.error("recorder.json cannot be written: error %s", error.errno)


def _read(path: Path) -> Remembered:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        obeyed = tuple(str(order) for order in data.get("obeyed", ()))
        return Remembered(data.get("device"), data.get("hearing"), obeyed)
    except (OSError, ValueError, AttributeError, TypeError):
        return Remembered()
