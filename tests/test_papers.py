"""tingji.papers: a paper is read in a process of its own, and what cannot be read is told."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from casefile.errors import (
    DocumentTooBig,
    DocumentTooSlow,
    DocumentWithoutText,
    TingjiError,
    UnknownDocument,
    UnreadableDocument,
)
from casefile.model import CaseWord, WordKind, WordSource
from tests.test_case_documents import pdf_file, word_file
from tingji import papers
from tingji.papers import read, refusal, words_of_paper

PLEADING = "原告：谷德刚，男。\n案号：（2024）京0105民初12345号\n请求判令支付352,000元，2024年3月1日。\n"


def test_a_word_file_is_read_by_the_other_process() -> None:
    words = words_of_paper(".docx", word_file())
    assert CaseWord("谷德刚", WordKind.PERSON, WordSource.PAPERS) in words


def test_sums_and_dates_are_no_case_words() -> None:
    found = {word["text"]: word["kind"] for word in read(".txt", PLEADING.encode())["words"]}
    assert found["谷德刚"] == "person"
    assert found["（2024）京0105民初12345号"] == "case_number"
    assert not any("元" in text or "月" in text for text in found)


@pytest.mark.parametrize(
    ("ending", "content", "error"),
    [
        (".doc", b"x", UnknownDocument),
        ("", b"x", UnknownDocument),
        (".docx", b"no zip", UnreadableDocument),
        (".pdf", pdf_file(""), DocumentWithoutText),
    ],
)
def test_what_cannot_be_read_is_told_by_the_other_process(
    ending: str, content: bytes, error: type[TingjiError]
) -> None:
    assert type(refusal(read(ending, content)["error"])) is error


def test_an_error_crosses_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableDocument):
        words_of_paper(".pdf", b"%PDF-1.4 torn")
    monkeypatch.setattr(papers, "LARGEST", 3)
    with pytest.raises(DocumentTooBig):
        words_of_paper(".txt", b"1234")


def test_a_packed_bomb_is_told_as_too_big() -> None:
    assert type(refusal(DocumentTooBig.code)) is DocumentTooBig


@pytest.mark.parametrize(
    "trouble",
    [
        subprocess.TimeoutExpired("python", 60),
        subprocess.CalledProcessError(-9, "python"),
        OSError("no memory"),
    ],
)
def test_a_process_that_dies_is_told_without_its_text(
    monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise trouble

    monkeypatch.setattr(subprocess, "run", broken)
    with pytest.raises(DocumentTooSlow) as told:
        words_of_paper(".txt", "谷德刚".encode())
    assert told.value.__cause__ is None


def test_the_process_gives_up_before_it_takes_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "PATIENCE_S", 0.05)
    with pytest.raises(DocumentTooSlow):
        words_of_paper(".txt", PLEADING.encode())
