"""web.orders: what was accepted is owed, over a kill; what is too old is not."""

from pathlib import Path

import pytest

from casefile.model import PauseReason
from web.orders import LAPSE_S, Orders


class Clock:
    """A clock to be moved by hand, in seconds."""

    def __init__(self) -> None:
        self.at_s = 1_700_000_000.0

    def __call__(self) -> int:
        return int(self.at_s * 1e9)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def given(path: Path, recorder: str = "r") -> list[str]:
    """The commands that a server which starts now would give."""
    return [order.command for order in Orders(path).to_give(recorder)]


def test_orders_outlive_the_server_with_all_they_say(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "orders.json"
    orders = Orders(path, clock)
    pause = orders.give("r", "h", "pause", PauseReason.CLOSED_EVIDENCE)
    close = orders.give("r", "h", "close")
    assert Orders(path, clock).to_give("r") == [pause, close]
    assert pause.message()["reason"] == "不公开举证质证"
    orders.done([pause.id])
    assert given(path) == ["close"]
    orders.forget("h")
    assert given(path) == []


def test_the_newest_of_a_kind_counts(tmp_path: Path, clock: Clock) -> None:
    orders = Orders(tmp_path / "orders.json", clock)
    orders.give("r1", "h", "start")
    orders.give("r1", "other", "start")
    last = orders.give("r2", "h", "start")
    assert orders.to_give("r2") == [last]
    assert [order.hearing_id for order in orders.to_give("r1")] == ["other"]


@pytest.mark.parametrize(
    ("later_s", "left"),
    [(LAPSE_S - 1, ["pause", "close"]), (LAPSE_S + 1, ["close"]), (-1, ["close"]), (86_400, ["close"])],
)
def test_a2_a_pause_lapses_and_a_close_does_not(
    tmp_path: Path, clock: Clock, later_s: float, left: list[str]
) -> None:
    orders = Orders(tmp_path / "orders.json", clock)
    orders.give("r", "h", "pause", PauseReason.RECESS)
    orders.give("r", "h", "close")
    clock.at_s += later_s
    lapsed = [order.command for order in orders.lapse("r")]
    assert orders.waiting("h") == left
    assert sorted([*lapsed, *left]) == ["close", "pause"]
    assert orders.lapse("r") == []


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"id": "x"}]', "null"])
def test_a_damaged_file_counts_as_empty(tmp_path: Path, text: str) -> None:
    path = tmp_path / "orders.json"
    path.write_text(text)
    assert given(path) == []


def test_a_full_disk_keeps_no_order_from_being_given(tmp_path: Path) -> None:
    orders = Orders(tmp_path / "no" / "orders.json")
    orders.give("r", "h", "pause", PauseReason.RECESS)
    assert orders.waiting("h") == ["pause"]
