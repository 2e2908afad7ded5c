"""What still comes of a hearing that was sealed, or closed without its recorder: kept beside it.

The recording itself is not written any more: what was compared, compressed and signed stays as it was. What
comes late lies in `recordings/HEARING.late/`, in the same format, and is told to nobody.
"""

from __future__ import annotations

from pathlib import Path

from casefile.entries import Ended, Entry, Piece, Ranges, Start
from casefile.recording import Recording
from casefile.tape import entries

LATE = ".late"


class Late:
    """Keeps late entries of the hearing recorded in `folder`. Thread-safe after it was made."""

    def __init__(self, folder: Path) -> None:
        self._known = _Known(folder)
        self._recording = Recording(late_folder(folder), "server", second=True)

    def keep(self, piece: Piece) -> None:
        """Writes an entry that is not in the recording. Raises DamagedRecording, DiskFull, DiskFailed."""
        if piece.entry.n in self._known.numbers:
            return
        if self._known.start and not self._recording.format_at(piece.entry.n):
            self._recording.keep(Piece(self._known.start, b""))  # the format of what follows
        self._recording.keep(piece)

    def flush(self) -> Ranges:
        """Forces all to the disk; what is safe, here or in the recording. Raises DiskFull, DiskFailed."""
        self._recording.flush()
        return self._have()

    def _have(self) -> Ranges:
        have = self._recording.flushed.copy()
        for first, last in self._known.numbers.pairs():
            have.add(first, last)
        return have

    @property
    def complete(self) -> bool:
        """Every entry up to the end of the hearing is safe."""
        ends = [entry.n for entry in self._recording.marks if isinstance(entry.fact, Ended)]
        end = max(self._known.end, *ends, 0)
        return 0 < end < self._have().next_missing()

    def close(self) -> None:
        """Closes the files; more may come. Raises DiskFull, DiskFailed."""
        self._recording.close()


def late_folder(folder: Path) -> Path:
    """Where what comes late for the recording in `folder` is kept."""
    return folder.with_name(folder.name + LATE)


class _Known:
    """The numbers of a recording's entries, its last `Start`, and the number of its end (0: none)."""

    def __init__(self, folder: Path) -> None:
        self.numbers, self.end = Ranges(), 0
        self.start: Entry | None = None
        for entry in entries(folder):
            self.numbers.add(entry.n)
            self._note(entry)

    def _note(self, entry: Entry) -> None:
        if isinstance(entry.fact, Start):
            self.start = entry
        elif isinstance(entry.fact, Ended):
            self.end = entry.n
