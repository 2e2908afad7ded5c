"""Papers by the command line: found, read by the server or on the spot, told without their names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from casefile.errors import UnknownDocument, UnreadableFile
from casefile.model import CaseWord, WordKind, WordSource
from casefile.store import Store
from tests.courthouse import MACHINE_KEY, Courthouse, served
from tests.test_case_documents import word_file
from tests.test_main import tingji
from tests.test_run import Installation
from tingji.api import Api
from tingji.console import Voice
from tingji.handing_in import hand_in, paper_files, words_of_papers

NAMES = {"谷德刚", "孙小美", "李四光"}


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "谷德刚案"
    folder.mkdir()
    (folder / "a.docx").write_bytes(word_file())
    (folder / "b.PDF").write_bytes(b"%PDF-1.4 torn")
    (folder / "c.jpg").write_bytes(b"x")
    return folder


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(tmp_path)
    yield installation
    installation.kill_all()


def test_a_folder_means_the_papers_in_it_and_each_counts_once(papers: Path) -> None:
    assert paper_files((papers, papers / "a.docx")) == (papers / "a.docx", papers / "b.PDF")


def test_what_is_no_paper_is_told_without_its_name(papers: Path) -> None:
    with pytest.raises(UnknownDocument):
        paper_files((papers / "c.jpg",))
    for wrong in (papers / "谷德刚.docx", papers.parent / "empty"):
        (papers.parent / "empty").mkdir(exist_ok=True)
        with pytest.raises(UnreadableFile) as caught:
            paper_files((wrong,))
        assert "谷德刚" not in caught.value.zh


def test_the_server_reads_them_and_a_broken_one_keeps_nothing_up(
    papers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    court = Courthouse(tmp_path)
    hearing_id = court.hearing(started=False)
    with served(court.app) as server:
        hand_in(Api(server.url, MACHINE_KEY), hearing_id, paper_files((papers,)), Voice("zh"))
    assert {word.text for word in court.feed.record(hearing_id).case_words} == NAMES
    out = "".join(capsys.readouterr())
    assert "材料 1/2：新增 3 个案件用语" in out
    assert "材料 2/2：文件已损坏或有密码" in out
    assert "谷德刚" not in out
    court.close()


def test_a_server_that_is_away_is_told(papers: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(Api("http://127.0.0.1:9"), "h1", (papers / "a.docx",), Voice("zh"))
    assert "可在页面上拖入" in "".join(capsys.readouterr())


def test_without_a_server_they_are_read_on_the_spot(papers: Path) -> None:
    words = tuple(words_of_papers(paper_files((papers,)), Voice("zh")))
    assert CaseWord("谷德刚", WordKind.PERSON, WordSource.PAPERS) in words
    assert {word.text for word in words} == NAMES


def test_papers_need_a_hearing(papers: Path) -> None:
    assert tingji("run", "--papers", papers) == 2


def test_a_run_takes_papers_from_the_command_and_from_the_hearing_file(
    installation: Installation, papers: Path
) -> None:
    hearing = installation.folder / "hearing.toml"
    (installation.folder / "d.txt").write_text("证人：钱三强，男。", encoding="utf-8")
    hearing.write_text(f'papers = ["d.txt"]\n{hearing.read_text(encoding="utf-8")}', encoding="utf-8")
    installation.run("--papers", str(papers / "a.docx"), "--exit-when-done", speed=4)
    assert installation.end() == 0, installation.said()
    ((hearing_id, _),) = installation.hearings()
    with Store(installation.data / "tingji.db") as store:
        added = [
            stored.event
            for stored in store.events(hearing_id)
            if type(stored.event).__name__ == "CaseWordsAdded"
        ]
    found = {word.text for event in added for word in event.words}  # type: ignore[union-attr]
    assert found == {*NAMES, "钱三强"}
