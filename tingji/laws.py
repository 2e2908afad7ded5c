"""The court's own law texts: a folder of Markdown or txt, one law a file. Implements `web.laws.Laws`.

Nothing is fetched and nothing is guessed: a law that is not in the folder is not linked.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from asr.statutes import Library, articles, citations, short_name
from casefile.errors import NoLaws
from casefile.folders import LAWS
from web.laws import Cited

ENDINGS = (".md", ".txt")


def law_files(folder: Path) -> list[Path]:
    """The files that may be laws."""
    return sorted(path for path in folder.rglob("*") if path.suffix in ENDINGS and path.is_file())


def read_law(path: Path) -> tuple[str, dict[str, str]]:
    """Its short name (of the file's name) and its articles; none: it is no law. UTF-8 or GB 18030."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    return short_name(path.stem), articles(text)


def add_laws(source: Path, data: Path) -> dict[str, int]:
    """Copies the laws of a folder into the data folder: how many articles each has. Raises NoLaws, OSError."""
    read = {path: read_law(path) for path in law_files(source)}
    found = {path: law for path, law in read.items() if law[1]}
    if not found:
        raise NoLaws(where=str(source))
    (data / LAWS).mkdir(parents=True, exist_ok=True)
    for path, (name, _) in found.items():
        shutil.copyfile(path, data / LAWS / f"{name}.txt")
    return {name: len(its) for name, its in found.values()}


class LawTexts:
    """The laws of a data folder, read when they are first asked for and when the folder has changed."""

    def __init__(self, data: Path) -> None:
        self._folder = data / LAWS
        self._stamp: tuple[tuple[str, int], ...] | None = None
        self._library: Library = {}

    @property
    def library(self) -> Library:
        """Articles by law and number."""
        files = law_files(self._folder)
        stamp = tuple((path.name, path.stat().st_mtime_ns) for path in files)
        if stamp != self._stamp:
            self._library = dict(read_law(path) for path in files)
            self._stamp = stamp
        return self._library

    def cited(self, text: str) -> list[Cited]:
        """See `Laws`: only articles that are there."""
        library = self.library
        return [
            Cited(
                one.start,
                one.end,
                one.law,
                one.article,
                library[one.law][one.article],
                one.paragraph,
                one.item,
            )
            for one in citations(text, library.keys())
            if one.article in library[one.law]
        ]
