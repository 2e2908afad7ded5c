"""tingji.writers: what recognition knows of a text stands beside it, for pages and for files."""

from __future__ import annotations

from dataclasses import replace

from casefile.model import Hearing, HearingKind
from tests.courthouse import turn
from tingji.writers import marks

HEARING = Hearing("h1", HearingKind.TRIAL)


def test_numbers_and_fillers_are_marked_by_their_place_in_the_text() -> None:
    said = turn("t1", "呃，借款三万五千元整。", 0)
    found = marks(HEARING, said)
    assert found is not None
    assert found["fillers"] == [{"start": 0, "end": 1}]
    (number,) = found["written"]
    assert said.text[number["start"] : number["end"]] == number["spoken"] == "三万五千元整"
    assert number["written"] == "35,000元"


def test_nothing_is_marked_where_there_is_nothing_or_no_mandarin() -> None:
    assert marks(HEARING, turn("t1", "没有异议。", 0)) is None
    assert marks(replace(HEARING, language="yue"), turn("t1", "三万五千元整", 0)) is None
