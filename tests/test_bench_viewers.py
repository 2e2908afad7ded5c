"""bench.viewers: a viewer that misses an event, has one twice or out of order, or was sent away, is counted."""

from __future__ import annotations

import pytest

from bench.onlookers import Onlooker
from bench.viewers import lateness

COMMITTED = [(3, 1000, 10.0), (4, 2000, 11.0)]


def viewer(address: str, arrived: list[tuple[int, float]], held: list[int], closed: int | None = None) -> dict[str, object]:  # fmt: skip
    return {"address": address, "arrived": arrived, "held": held, "closed": closed}


def test_it_counts_from_the_commit_to_the_arrival() -> None:
    seen = [
        viewer("ws://x/ws/hearings/h?after=0", [(3, 10.01), (4, 11.03)], [1, 2, 3, 4]),
        viewer("ws://x/ws/screen", [(1000, 10.02), (2000, 11.02)], [0, 1000, 2000]),
    ]
    found = lateness(COMMITTED, seen)
    assert (found["n"], found["max_ms"], found["missing"]) == (4, 30.0, 0)


@pytest.mark.parametrize(
    ("held", "closed"),
    [([1, 2, 3], None), ([1, 2, 4, 3], None), ([1, 2, 3, 3, 4], None), ([1, 2, 3, 4], 4008)],
)
def test_who_misses_something_is_counted(held: list[int], closed: int | None) -> None:
    whole = viewer("ws://x/ws/hearings/h", [(3, 10.0), (4, 11.0)], [1, 2, 3, 4])
    other = viewer("ws://x/ws/hearings/h", [(3, 10.0)], held, closed)
    assert lateness(COMMITTED, [whole, other])["missing"] == 1


def test_an_onlooker_reads_what_the_server_sends() -> None:
    one = Onlooker("ws://x/ws/hearings/h")
    one.take('{"type":"events","events":[{"seq":1},{"seq":2}]}', 1.0)
    one.take('{"type":"caught_up","seq":2}', 1.0)
    one.take('{"type":"event","hearing_id":"h","seq":3,"at":"x"}', 2.0)
    one.take('{"type":"tentative","text":"x"}', 3.0)
    assert (one.held, one.arrived, one.ready.is_set()) == ([1, 2, 3], [(3, 2.0)], True)
    screen = Onlooker("ws://x/ws/screen")
    screen.take('{"type": "lines", "from": 0, "lines": [{"start_ms": 5, "text": "x"}]}', 1.0)
    screen.take('{"type": "lines", "from": 1, "lines": [{"start_ms": 9, "text": "y"}]}', 2.0)
    assert (screen.held, screen.arrived) == ([5, 9], [(9, 2.0)])
