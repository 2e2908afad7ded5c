"""What a data folder already holds, looked at before anything is started.

Speech from a file must never enter a real hearing: one of which any sound came from a microphone. Nor does live
sound enter one that was played from a file: the recorder ends it (`recorder.capture`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from casefile.entries import Ended, Entry, Start, from_line
from casefile.errors import RealHearing, TingjiError
from casefile.model import OPEN, UNSEALED, HearingState
from casefile.store import Store
from casefile.tape import index_files
from recorder.replay import Replay
from recorder.state import Memory
from tingji.settings import Settings


def is_new(settings: Settings) -> bool:
    """True when the folder holds no hearing, no sound, and no microphone was ever chosen in it."""
    memory = Memory(settings.data / "recorder.json").now
    if memory.device or memory.hearing or any(map(_has_folders, _copies(settings))):
        return False
    try:
        return not _on_file(settings)
    except TingjiError:  # a case file that cannot be read is not nothing
        return False


def refuse_real(settings: Settings) -> None:
    """Raises RealHearing when a hearing that came from microphones is still being recorded here."""
    refuse_remembered(settings)
    under_way = [found for found, state in _on_file(settings).items() if state in OPEN]
    if any(is_real(settings, hearing_id) for hearing_id in under_way):
        raise RealHearing


def refuse_remembered(settings: Settings) -> None:
    """Raises RealHearing when the recorder would go on with a hearing that came from microphones."""
    hearing_id = Memory(settings.data / "recorder.json").now.hearing
    if hearing_id and is_real(settings, hearing_id) and not _has_ended(settings.journal / hearing_id):
        raise RealHearing


def is_played(settings: Settings) -> bool:
    """True when the hearing that the recorder would go on with was played from a file."""
    hearing_id = Memory(settings.data / "recorder.json").now.hearing
    if not hearing_id or _has_ended(settings.journal / hearing_id):
        return False
    return [*_devices(settings.journal / hearing_id)][-1:] == [Replay.device]


def real_hearings(settings: Settings) -> frozenset[str]:
    """The ids of all hearings that came from a microphone and are not sealed."""
    unsealed = [found for found, state in _on_file(settings).items() if state in UNSEALED]
    return frozenset(found for found in unsealed if is_real(settings, found))


def is_real(settings: Settings, hearing_id: str) -> bool:
    """True when any sound of a hearing came from a microphone; False also when there is no sound yet."""
    found = [device for copy in _copies(settings) for device in _devices(copy / hearing_id)]
    return any(device != Replay.device for device in found)


def _copies(settings: Settings) -> tuple[Path, Path]:
    return settings.journal, settings.data / "recordings"


def _has_folders(copy: Path) -> bool:
    return copy.is_dir() and any(path.is_dir() for path in copy.iterdir())


def _on_file(settings: Settings) -> dict[str, HearingState]:
    """The state of every hearing in the case file. Raises what opening the store raises."""
    path = settings.data / "tingji.db"
    if not path.exists():
        return {}
    with Store(path) as store:
        return {summary.id: summary.state for summary in store.hearings()}


def _devices(recording: Path) -> Iterator[str]:
    """The device of every start; a start always begins a file."""
    for index in index_files(recording):
        first = next(_entries(index), None)
        if first and isinstance(first.fact, Start):
            yield first.fact.device


def _has_ended(recording: Path) -> bool:
    files = index_files(recording)
    return bool(files) and any(isinstance(entry.fact, Ended) for entry in _entries(files[-1]))


def _entries(index: Path) -> Iterator[Entry]:
    """The entries of an index as far as they can be read."""
    with index.open("rb") as lines:
        for line in lines:
            try:
                yield from_line(line)
            except (ValueError, TingjiError):
                return
