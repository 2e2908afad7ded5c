"""The recordings folder: the second copy of every hearing, each opened once and written by one `Intake`."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from casefile.disk import flush
from casefile.errors import DiskFailed, DiskFull, NotFound
from casefile.folders import GIVEN_UP, HEARING_ID, RELEASED
from casefile.hold import Hold
from web.intake import Intake, Listener
from web.metrics import Figure


class SecondCopies:
    """All intakes below `recordings`, by hearing. Thread-safe.

    The folder is held until `close`: raises FolderInUse when another server writes it.
    """

    def __init__(self, recordings: Path, listener: Listener) -> None:
        self._hold = Hold(recordings)
        self._recordings, self._listener = recordings, listener
        self._slots: dict[str, _Slot] = {}
        self._lock = threading.Lock()

    def intake(self, hearing_id: str) -> Intake:
        """The hearing's intake. Raises NotFound for an id that is none, OSError."""
        return self._slot(hearing_id).open(self._recover)

    def _slot(self, hearing_id: str) -> _Slot:
        folder = self._path(hearing_id)
        with self._lock:
            return self._slots.setdefault(hearing_id, _Slot(folder))

    def _recover(self, folder: Path) -> Intake:
        sealed = (folder / RELEASED).exists()
        intake = Intake(folder.name, folder, self._listener, sealed=sealed)
        if (folder / GIVEN_UP).exists():
            intake.retire()
        return intake

    def _path(self, hearing_id: str) -> Path:
        if not HEARING_ID.fullmatch(hearing_id):
            raise NotFound
        return self._recordings / hearing_id

    def recover(self, hearing_id: str) -> None:
        """Brings the hearing's recording into order after a crash, and tells what it holds.

        Raises NotFound, OSError.
        """
        intake, folder = self.intake(hearing_id), self._path(hearing_id)
        if (folder / GIVEN_UP).exists() and not (folder / RELEASED).exists():
            intake.tell_all()

    def is_over(self, hearing_id: str) -> bool:
        """Whether the hearing is sealed, or was closed without its recorder. Raises NotFound."""
        folder = self._path(hearing_id)
        return (folder / RELEASED).exists() or (folder / GIVEN_UP).exists()

    def end(self, hearing_id: str, marker: str) -> None:
        """From here on the recording is not written any more. Raises NotFound, OSError."""
        folder = self._path(hearing_id)
        if marker == GIVEN_UP or folder.exists():
            _mark(folder, marker)
            self._slot(hearing_id).retire()
        if marker == GIVEN_UP:
            self.intake(hearing_id).tell_all()

    def close(self) -> None:
        """Flushes and closes all recordings, at the end of the program."""
        for intake in self._open().values():
            with suppress(DiskFull, DiskFailed):
                intake.close()
        self._hold.release()

    def _open(self) -> dict[str, Intake]:
        with self._lock:
            found = {hearing_id: slot.intake for hearing_id, slot in self._slots.items()}
        return {hearing_id: intake for hearing_id, intake in found.items() if intake}

    def figures(self) -> Iterator[Figure]:
        """What was written and what is missing, by hearing, for `/metrics`."""
        for hearing_id, intake in self._open().items():
            labels, count = {"hearing": hearing_id}, intake.counts
            yield Figure("tingji_lost_samples_total", count.lost_samples, labels)
            yield Figure("tingji_audio_written_bytes_total", count.written_bytes, labels)
            yield Figure("tingji_audio_written_seconds_total", count.written_seconds, labels)


class _Slot:
    """The place of one hearing's intake: opening takes seconds, and holds up this hearing only."""

    def __init__(self, folder: Path) -> None:
        self.intake: Intake | None = None
        self._folder = folder
        self._lock = threading.Lock()

    def open(self, recover: Callable[[Path], Intake]) -> Intake:
        with self._lock:
            if self.intake is None:
                self.intake = recover(self._folder)
            return self.intake

    def retire(self) -> None:
        with self._lock:
            if self.intake:
                self.intake.retire()


def _mark(folder: Path, marker: str) -> None:
    """Leaves an empty file that survives a power cut."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / marker).touch()
    for place in (folder, folder.parent):
        flush(place)
