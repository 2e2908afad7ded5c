"""The evidence table: what is heard of exhibits, and what a person writes over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from asr.numerals import value
from casefile.errors import CellChanged
from casefile.evidence import evidence
from casefile.exhibit_words import (
    accepts_wholly,
    asked_to_adduce,
    mentions,
    name_in,
    party_of,
    purpose_in,
    views_in,
)
from casefile.exhibits import ACCEPTED, CLEARED, DISPUTED, Column, Exhibit, ExhibitEntry
from casefile.model import CaseRecord, Hearing, HearingKind, Seat, Turn, Word
from tests.courthouse import Courthouse

SEATS = (
    Seat("j", "审判长", "审"),
    Seat("p", "原告代理人", "原代"),
    Seat("d", "被告", "被"),
    Seat("w", "证人", "证"),
)
TRUE, LAWFUL, RELEVANT, PROOF = Column.AUTHENTICITY, Column.LEGALITY, Column.RELEVANCE, Column.PROOF


def table(*said: tuple[str, str], entries: tuple[ExhibitEntry, ...] = ()) -> list[Exhibit]:
    """The table of a hearing in which these seats said this."""
    turns = tuple(
        Turn(f"t{n}", seat, "", 0, n * 1000, n * 1000 + 900, (Word(text, n * 1000, n * 1000 + 900, 1.0),))
        for n, (seat, text) in enumerate(said)
    )
    record = CaseRecord(Hearing("h", HearingKind.TRIAL, seats=SEATS), turns=turns, exhibit_entries=entries)
    return evidence(record, value)


def views(row: Exhibit, of: str) -> dict[Column, str]:
    return {column: cell.value for column, cell in row.views.get(of, {}).items()}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("证据一，买卖合同", [("", (1,))]),
        ("对原告提交的证据三", [("原告", (3,))]),
        ("第二组证据是发票", [("", (2,))]),
        ("证据组二", [("", (2,))]),
        ("十二号证据", [("", (12,))]),
        ("我方证据二十一", [("我方", (21,))]),
        ("证据一、二、四", [("", (1, 2, 4))]),
        ("证据一至证据三", [("", (1, 2, 3))]),
        ("证据3到5", [("", (3, 4, 5))]),
        ("证据一和证据二", [("", (1, 2))]),
        ("对证据一认可，对证据二不认可", [("", (1,)), ("", (2,))]),
        ("提交证据一份", []),
        ("这些证据一共五页", []),
        ("没有新的证据", []),
        ("证据九九九", []),
    ],
)
def test_the_numbers_that_are_named(text: str, found: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(one.party, one.numbers) for one in mentions(text, value)[1]] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("真实性、合法性认可，关联性有异议", {TRUE: ACCEPTED, LAWFUL: ACCEPTED, RELEVANT: DISPUTED}),
        ("的三性均无异议，证明目的不予认可", {TRUE: ACCEPTED, LAWFUL: ACCEPTED, RELEVANT: ACCEPTED, PROOF: DISPUTED}),
        ("真实性没有异议，但是对关联性不认可", {TRUE: ACCEPTED, RELEVANT: DISPUTED}),
        ("真实性认可关联性不认可", {TRUE: ACCEPTED, RELEVANT: DISPUTED}),
        ("认可真实性，不认可其关联性", {TRUE: ACCEPTED, RELEVANT: DISPUTED}),
        ("不予认可其真实性、合法性", {TRUE: DISPUTED, LAWFUL: DISPUTED}),
        ("真实性不持异议", {TRUE: ACCEPTED}),
        ("对真实性不能确认", {TRUE: DISPUTED}),
        ("的真实性有没有异议", {}),
        ("真实性、合法性、关联性有无异议", {}),
        ("真实性你是否认可", {}),
        ("真实性认可吗", {}),
        ("真实性我方庭后核实", {}),
        ("没有异议", {}),
    ],
)  # fmt: skip
def test_what_is_said_of_the_three(text: str, found: dict[Column, str]) -> None:
    assert views_in(text) == found


def test_no_objection_at_all() -> None:
    assert accepts_wholly("没有异议")
    assert not accepts_wholly("有没有异议")
    assert not accepts_wholly("有异议")
    assert not accepts_wholly("的真实性没有异议")


@pytest.mark.parametrize(
    ("text", "name", "purpose"),
    [
        ("，买卖合同，证明双方存在买卖合同关系。", "买卖合同", "双方存在买卖合同关系"),
        (
            "是送货单三张，用以证明原告已经交货，货物经被告签收。",
            "送货单三张",
            "原告已经交货，货物经被告签收",
        ),
        ("微信聊天记录证明目的是被告承认欠款", "微信聊天记录", "被告承认欠款"),
        ("，发票，证明金额", "发票", "金额"),
        ("发表质证意见", "", ""),
        ("的真实性没有异议", "", ""),
        ("，不能证明双方有合同关系", "", ""),
        ("不足以证明交货", "", ""),
    ],
)
def test_what_it_is_and_what_it_is_to_prove(text: str, name: str, purpose: str) -> None:
    assert (name_in(text), purpose_in(text)) == (name, purpose)


def test_parties_and_who_is_asked() -> None:
    assert party_of("原告代理人", "") == "原告"
    assert party_of("被上诉人", "被上") == "被上诉人"
    assert party_of("被告人", "被") == "被告人"
    assert party_of("委托诉讼代理人", "被代") == "被告"
    assert party_of("检察员", "") == "公诉人"
    assert [party_of(role, role[0]) for role in ("审判长", "证人", "书记员")] == ["", "", ""]
    assert asked_to_adduce("下面由被告举证") == "被告"
    assert asked_to_adduce("请原告代理人向法庭出示证据") == "原告"
    assert asked_to_adduce("请被告质证") == ""


def test_heard_as_it_goes_in_court() -> None:
    first, second = table(
        ("j", "请原告举证。"),
        ("p", "证据一，买卖合同，证明双方存在合同关系。证据二，送货单，证明货已交付。"),
        ("j", "被告对证据一的真实性、合法性、关联性有无异议？"),
        ("d", "对证据一没有异议。"),
        ("j", "对证据二呢？"),
        ("d", "真实性不认可，关联性有异议。"),
    )
    assert (first.party, first.number, first.turn_id, first.at_ms) == ("原告", 1, "t1", 1000)
    assert first.cells[Column.NAME].value == "买卖合同"
    assert first.cells[Column.PURPOSE].turn_id == "t1"
    assert views(first, "被告") == {TRUE: ACCEPTED, LAWFUL: ACCEPTED, RELEVANT: ACCEPTED}
    assert views(second, "被告") == {TRUE: DISPUTED, RELEVANT: DISPUTED}
    assert second.views["被告"][TRUE].turn_id == "t5"


def test_each_partys_own_numbers() -> None:
    rows = table(
        ("p", "原告证据一，合同，证明有合同。"),
        ("j", "下面由被告举证。"),
        ("d", "证据一，转账凭证，证明已经付款。"),
        ("p", "对被告证据一的真实性认可，证明目的不认可。"),
    )
    assert [(row.party, row.number, row.cells[Column.NAME].value) for row in rows] == [
        ("原告", 1, "合同"),
        ("被告", 1, "转账凭证"),
    ]
    assert views(rows[1], "原告") == {TRUE: ACCEPTED, PROOF: DISPUTED}
    assert rows[0].views == {}


def test_nothing_is_filled_where_nobody_knows_whose_it_is() -> None:
    assert table(("d", "对证据一的真实性有异议。"), ("w", "我没有看过证据二。"), ("j", "看证据三。")) == []


def test_the_bench_and_witnesses_have_no_view() -> None:
    (row,) = table(("p", "证据一，合同。"), ("j", "证据一真实性认可。"), ("w", "证据一真实性认可。"))
    assert row.views == {}


def test_who_changes_their_mind_is_taken_by_the_last_word() -> None:
    (row,) = table(
        ("p", "证据一，合同。"), ("d", "证据一真实性不认可。"), ("d", "刚才说错了，证据一真实性认可。")
    )
    assert views(row, "被告") == {TRUE: ACCEPTED}


def test_a_person_outweighs_what_is_heard() -> None:
    said = (("p", "证据一，合同，证明有合同。"), ("d", "证据一真实性认可。"))
    name = ExhibitEntry("原告", 1, Column.NAME, "", "《买卖合同》原件")
    view = ExhibitEntry("原告", 1, TRUE, "被告", DISPUTED)
    own = ExhibitEntry("第三人", 4, Column.NOTE, "", "庭后提交")
    first, added = table(*said, entries=(name, view, own))
    assert first.cells[Column.NAME] == type(first.cells[Column.NAME])("《买卖合同》原件", None)
    assert views(first, "被告") == {TRUE: DISPUTED}
    assert (added.party, added.number, added.at_ms) == ("第三人", 4, None)


@pytest.fixture
def court(tmp_path: Path) -> Courthouse:
    return Courthouse(tmp_path)


def cell(value: str, before: str = "", column: Column = Column.NOTE, of: str = "") -> dict[str, object]:
    return {"party": "原告", "number": 1, "column": column.value, "of": of, "before": before, "value": value}


def test_written_undone_and_kept_over_a_restart(court: Courthouse, tmp_path: Path) -> None:
    hearing_id = court.hearing()
    where = f"/api/hearings/{hearing_id}/evidence"
    with court.client() as client:
        assert client.get(where).json()["exhibits"] == []
        assert client.post(where, json=cell("原件已核对")).status_code == 202
        refused = client.post(where, json=cell("复印件"))
        assert (refused.status_code, refused.json()["code"]) == (409, CellChanged.code)
        (row,) = client.get(where).json()["exhibits"]
        assert row["cells"] == {"note": {"value": "原件已核对", "turn_id": None}}
        assert court.feed.store.events(hearing_id)[-1].by == "书记员"
        assert client.post(where, json=cell("", before="原件已核对")).status_code == 202
        assert client.get(where).json()["exhibits"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        cell("好", column=TRUE, of="被告"),
        cell(ACCEPTED, column=TRUE),
        cell("附注", of="被告"),
        cell("x" * 501),
        cell("y", column=Column.STRUCK),
        {**cell("y"), "party": "审判长"},
        {**cell("y"), "number": 0},
        {**cell("y"), "number": True},
        {**cell("y"), "column": "text"},
        {**cell("y"), "more": 1},
    ],
)
def test_what_no_cell_can_hold_is_refused(court: Courthouse, wrong: dict[str, object]) -> None:
    hearing_id = court.hearing()
    with court.client() as client:
        assert client.post(f"/api/hearings/{hearing_id}/evidence", json=wrong).status_code == 400
    assert court.feed.record(hearing_id).exhibit_entries == ()


def test_a_cell_can_be_kept_empty(court: Courthouse) -> None:
    hearing_id = court.hearing()
    with court.client() as client:
        where = f"/api/hearings/{hearing_id}/evidence"
        assert client.post(where, json=cell(CLEARED, column=TRUE, of="被告")).status_code == 202
        (row,) = client.get(where).json()["exhibits"]
    assert row["views"]["被告"]["authenticity"]["value"] == CLEARED
