"""bench.rooms, bench.memory: turns that go round with the sound, what counts as lost, what counts as flat."""

from typing import Any

from bench.memory import Reading, highest, means
from bench.rooms import beginning, covered_ms, lost, moved


def turn(start_ms: int, end_ms: int) -> dict[str, Any]:
    return {"start_ms": start_ms, "end_ms": end_ms, "text": "是"}


TURNS = [turn(1_000, 3_000), turn(2_800, 5_000), turn(8_000, 9_000)]


def test_a_room_begins_before_somebody_speaks_and_while_nobody_does() -> None:
    assert beginning(TURNS, 2_900) == 700
    assert beginning(TURNS, 9_000) == 7_700


def test_turns_go_round_with_the_sound_and_only_whole_ones_count() -> None:
    found = [(one["start_ms"], one["end_ms"]) for one in moved(TURNS, 7_700, 10_000, 14_500)]
    assert found == [(300, 1_300), (3_300, 5_300), (5_100, 7_300), (10_300, 11_300)]


def test_an_utterance_is_lost_when_less_than_half_of_it_is_covered() -> None:
    finals = [turn(900, 2_000), turn(1_500, 2_100), turn(8_600, 9_500)]
    assert [covered_ms(one, finals) for one in TURNS] == [1_100, 0, 400]
    assert lost(TURNS, finals) == TURNS[1:]
    assert lost(TURNS, []) == TURNS


def test_memory_is_compared_with_that_at_the_end_of_the_warming_up() -> None:
    readings = [
        Reading(at_ms, size, 1, False)
        for at_ms, size in [(100, 9), (550_000, 4), (600_000, 6), (700_000, 6), (900_000, 8), (1_300_000, 11)]
    ]
    assert highest(readings, 600_000) == (10, 12)
    assert means(readings, 600_000) == (6, [8, 12])
    assert highest(readings[:1], 600_000) == (10, 0)
    assert means(readings[:1], 600_000) == (0, [])
