"""tingji.writers: what recognition knows of a text stands beside it, for pages and for files."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casefile.export.reading import Edit, Reading, reworded
from casefile.model import CaseRecord, Hearing, HearingKind, Omission
from tests.courthouse import turn
from tingji.writers import WRITERS, marks

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


SAID = turn("t1", "呃，借款三万五千元整，没有还。", 0)
RECORD = CaseRecord(HEARING, turns=(SAID,))


@pytest.mark.parametrize(
    ("reading", "text"),
    [
        (Reading(), "呃，借款三万五千元整，没有还。"),
        (Reading(written_numbers=True), "呃，借款35,000元，没有还。"),
        (Reading(without_fillers=True), "借款三万五千元整，没有还。"),
        (Reading(written_numbers=True, without_fillers=True), "借款35,000元，没有还。"),
    ],
)
def test_a_text_is_read_as_it_is_wanted_and_says_so(reading: Reading, text: str) -> None:
    for format in ("txt", "srt", "vtt"):
        assert text in WRITERS[format](RECORD, reading).replace("\n", "")
    assert ("逐字原文见案卷" in WRITERS["txt"](RECORD, reading)) == (reading != Reading())
    assert WRITERS["json"](RECORD, reading) == WRITERS["json"](RECORD)
    assert RECORD.turns[0].text == SAID.text


OUT = replace(SAID, omissions=(Omission(4, "三万五千元整，"),))


@pytest.mark.parametrize(
    ("reading", "text"),
    [
        (Reading(), "呃，借款三万五千元整，没有还。"),
        (Reading(condensed=True), "呃，借款没有还。"),
        (Reading(True, True, True), "借款没有还。"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "yue"])
def test_what_the_clerk_left_out_is_not_in_the_condensed_text(
    reading: Reading, text: str, language: str
) -> None:
    record = CaseRecord(replace(HEARING, language=language), turns=(OUT,))
    found = WRITERS["txt"](record, reading)
    assert (text if language == "zh" or reading != Reading(True, True, True) else "呃，借款没有还。") in found
    assert ("只含精简笔录" in found) == reading.condensed


def test_a_turn_that_is_left_out_whole_is_not_in_the_condensed_text() -> None:
    gone = replace(turn("t2", "请坐。", 60_000), omissions=(Omission(0, "请坐。"),))
    record = CaseRecord(HEARING, turns=(SAID, gone))
    assert "请坐" in WRITERS["txt"](record)
    assert "00:01:00" not in WRITERS["txt"](record, Reading(condensed=True))
    assert "请坐" not in WRITERS["srt"](record, Reading(condensed=True))


def test_a_number_in_its_written_form_lasts_as_long_as_it_was_spoken() -> None:
    words = reworded(SAID.words, [Edit(4, 10, "35,000元")])
    (number,) = [word for word in words if word.text == "35,000元"]
    assert (number.start_ms, number.end_ms) == (SAID.words[4].start_ms, SAID.words[9].end_ms)


def test_another_language_is_left_as_it_is() -> None:
    record = replace(RECORD, hearing=replace(HEARING, language="yue"))
    assert "三万五千元整" in WRITERS["txt"](record, Reading(written_numbers=True))


@pytest.mark.parametrize(
    ("said", "read"), [("我，呃，认为不妥。", "我，认为不妥。"), ("我呃，认为不妥。", "我，认为不妥。")]
)
def test_of_the_pauses_beside_a_filler_one_stays_as_on_the_page(said: str, read: str) -> None:
    record = CaseRecord(HEARING, turns=(turn("t1", said, 0),))
    assert read in WRITERS["txt"](record, Reading(without_fillers=True))
