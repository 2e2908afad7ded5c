"""FILE.toml -> Hearing: a hearing set up beforehand (docs/formats.md §4)."""

from __future__ import annotations

from pathlib import Path

from casefile.model import Hearing, HearingKind
from casefile.setup import hearing_of
from tingji.settings import read_toml


def default_hearing() -> Hearing:
    """A 庭审 with no seats, for sound without a FILE.toml."""
    return Hearing(id="", kind=HearingKind.TRIAL)


def read_hearing(path: Path) -> Hearing:
    """The hearing that the file describes, with an empty id: whoever creates it gives one.

    Raises UnreadableFile, UnknownKey (with the nearest known key) or BadSetting (what to write instead).
    """
    return hearing_of(read_toml(path), path.name)
