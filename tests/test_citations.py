"""asr.citations: case numbers, articles, evidence."""

from __future__ import annotations

import pytest

from asr.citations import _TYPES
from asr.numbers import pieces, written_form
from asr.rules import Kind


@pytest.mark.parametrize("kind", _TYPES.split())
def test_every_type_of_case(kind: str) -> None:
    text = f"二零二四京零一零五{kind}一二三四五号"
    assert [(piece.kind, piece.written) for piece in pieces(text)] == [
        (Kind.CASE, f"（2024）京0105{kind}12345号"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "二零二四年京剧演出",
        "（3024）京0105民初1号",
        "二零二四年五月民初",
        "第三项目",
        "第一条件",
        "证据一份",
        "证据三份材料没有签名",
    ],
)
def test_what_is_no_citation(text: str) -> None:
    assert all(piece.kind not in (Kind.CASE, Kind.ARTICLE, Kind.EVIDENCE) for piece in pieces(text))


def test_a_case_number_already_written_is_no_piece() -> None:
    assert pieces("（2024）京0105民初12345号") == ()


def test_titles_keep_their_numerals() -> None:
    text = "《关于适用第五百条的解释（二）》第三条"
    assert written_form(text) == "《关于适用第五百条的解释（二）》第3条"


def test_evidence_one_is_written_only_where_it_ends() -> None:
    assert written_form("提交证据一，借条") == "提交证据1，借条"
    assert written_form("提交的证据一是借条") == "提交的证据一是借条"
    assert written_form("证据二是借条") == "证据2是借条"
