"""FILE.toml -> Hearing: a hearing set up beforehand (docs/formats.md §4)."""

from __future__ import annotations

from pathlib import Path

from casefile.errors import BadSetting
from casefile.model import Hearing, HearingKind
from casefile.setup import Values, hearing_of
from tingji.settings import read_toml

PAPERS = "papers"
MOST_PAPERS = 200


def default_hearing() -> Hearing:
    """A 庭审 with no seats, for sound without a FILE.toml."""
    return Hearing(id="", kind=HearingKind.TRIAL)


def read_hearing(path: Path) -> Hearing:
    """The hearing that the file describes, with an empty id: whoever creates it gives one.

    Raises UnreadableFile, UnknownKey (with the nearest known key) or BadSetting (what to write instead).
    """
    table = read_toml(path)
    return hearing_of({key: value for key, value in table.items() if key != PAPERS}, path.name)


def papers_named(path: Path) -> tuple[Path, ...]:
    """The papers of the case (files or folders) that the file names, found from its own folder.

    Raises UnreadableFile or BadSetting.
    """
    table = read_toml(path)
    names = Values(path.name, table).items(PAPERS, MOST_PAPERS)
    texts = [name for name in names if isinstance(name, str) and name]
    if len(texts) < len(names):
        raise BadSetting(
            file=path.name,
            key=PAPERS,
            zh_why='应为文件或文件夹名列表，例如 ["起诉状.docx"]。',
            en_why='it must be a list of files or folders, for example ["claim.docx"].',
        )
    return tuple(path.parent / text for text in texts)
