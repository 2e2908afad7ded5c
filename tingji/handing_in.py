"""The papers of a case that the technician hands in by the command line: found, read, told. Names are not told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from casefile.errors import TingjiError, UnknownDocument, UnreadableFile
from casefile.model import CaseWord
from tingji.api import Api, Unreachable
from tingji.console import Voice
from tingji.papers import ENDINGS, words_of_paper
from web.case_words import PAPERS

MEDIA = {ending: media_type for media_type, ending in PAPERS.items()}


def paper_files(given: Sequence[Path]) -> tuple[Path, ...]:
    """The papers, each once: files as they are, of a folder every docx, pdf and txt in it.

    Raises UnreadableFile (not there, or a folder without any) or UnknownDocument.
    """
    return tuple(dict.fromkeys(file for path in given for file in _files(path)))


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        inside = sorted(file for file in path.iterdir() if file.suffix.lower() in ENDINGS)
        if not inside:
            why = ("文件夹中没有 docx、pdf 或 txt", "there is no docx, pdf or txt in this folder")
            raise UnreadableFile(file="--papers", zh_why=why[0], en_why=why[1])
        return inside
    if not path.is_file():
        raise UnreadableFile(
            file="--papers",
            zh_why="有一份材料不存在，请检查文件名",
            en_why="a paper is not there, check its name",
        )
    if path.suffix.lower() not in ENDINGS:
        raise UnknownDocument
    return [path]


def hand_in(api: Api, hearing_id: str, papers: Sequence[Path], voice: Voice) -> None:
    """Gives the papers to the server, one by one; one that cannot be read is told and keeps nothing up."""
    for number, paper in enumerate(papers, 1):
        try:
            found = api.send(
                f"/api/hearings/{hearing_id}/papers", paper.read_bytes(), MEDIA[paper.suffix.lower()]
            )
        except (TingjiError, OSError, Unreachable) as error:
            _not_read(voice, number, len(papers), error)
        else:
            _told(voice, number, len(papers), int(found["added"]))


def words_of_papers(papers: Sequence[Path], voice: Voice) -> Iterator[CaseWord]:
    """The words of papers without a server; one that cannot be read is told and left out."""
    for number, paper in enumerate(papers, 1):
        try:
            found = words_of_paper(paper.suffix.lower(), paper.read_bytes())
        except (TingjiError, OSError) as error:
            _not_read(voice, number, len(papers), error)
        else:
            _told(voice, number, len(papers), len(found))
            yield from found


def _told(voice: Voice, number: int, of: int, added: int) -> None:
    voice.say(
        f"材料 {number}/{of}：新增 {added} 个案件用语。", f"Paper {number} of {of}: {added} new case words."
    )


def _not_read(voice: Voice, number: int, of: int, error: Exception) -> None:
    zh, en = (
        (error.zh, error.en)
        if isinstance(error, TingjiError)
        else ("未能读取，可在页面上拖入。", "It was not read; drop it on the page.")
    )
    voice.warn(f"材料 {number}/{of}：{zh}", f"Paper {number} of {of}: {en}")
