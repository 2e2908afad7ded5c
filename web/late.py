"""What still comes of a hearing that was sealed, or closed without its recorder: kept beside it.

The recording itself is not written any more: what was compared, compressed and signed stays as it was. What
comes late lies in `recordings/HEARING.late/`, in the same format, and is told to nobody.
"""

from __future__ import annotations

from pathlib import Path

from casefile.entries import Entry, Piece, Ranges, Start
from casefile.recording import Recording
from casefile.tape import entries

LATE = ".late"


class Late:
    """Keeps late entries of the hearing recorded in `folder`. Thread-safe after it was made."""

    def __init__(self, folder: Path) -> None:
        self._known, self._start = _known(folder)
        self._recording = Recording(folder.with_name(folder.name + LATE), "server", second=True)

    def keep(self, piece: Piece) -> None:
        """Writes an entry that is not in the recording. Raises DamagedRecording, DiskFull, DiskFailed."""
        if piece.entry.n in self._known:
            return
        if self._start and not self._recording.format_at(piece.entry.n):
            self._recording.keep(Piece(self._start, b""))  # the format of what follows
        self._recording.keep(piece)

    def flush(self) -> Ranges:
        """Forces all to the disk; what is safe, here or in the recording. Raises DiskFull, DiskFailed."""
        have = self._recording.flush()
        for first, last in self._known.pairs():
            have.add(first, last)
        return have

    def close(self) -> None:
        """Closes the files; more may come. Raises DiskFull, DiskFailed."""
        self._recording.close()


def _known(folder: Path) -> tuple[Ranges, Entry | None]:
    """The entries of a recording, and its last `Start`."""
    known, start = Ranges(), None
    for entry in entries(folder):
        known.add(entry.n)
        start = entry if isinstance(entry.fact, Start) else start
    return known, start
