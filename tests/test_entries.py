"""Entries: the round trip, the digest, ranges."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.entries import (
    Block,
    Ended,
    Fact,
    PauseBegun,
    Ranges,
    Stamp,
    Start,
    from_line,
    make_entry,
    to_line,
    whole,
)
from casefile.errors import UnknownFormat
from casefile.model import ClockStep, Gap, GapReason, PauseReason

FACTS: list[Fact] = [
    Start(48000, 4, "第一法庭 desk", 10_000, 0, "boot"),
    Block(0, 4800),
    Block(4800, 7, recovered=True),
    Gap(0, 5, GapReason.UNPLUGGED),
    Gap(0, 5, GapReason.OVERFLOW, 3),
    PauseBegun(17, PauseReason.RECESS),
    ClockStep(17, -3_600_000),
    Ended(99),
]


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: type(fact).__name__)
def test_every_entry_makes_the_round_trip(fact: Fact) -> None:
    entry = make_entry(7, fact, Stamp(5, 6), "ab" * 32, b"pcm")
    assert from_line(to_line(entry)) == entry
    assert from_line(to_line(entry, "hearing")) == entry
    assert from_line(to_line(replace(entry, damaged=True))).damaged
    assert whole(from_line(to_line(entry)), b"pcm")
    assert not whole(entry, b"pcN")


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: type(fact).__name__)
def test_every_field_is_bound_by_the_digest(fact: Fact) -> None:
    data = json.loads(to_line(make_entry(7, fact, Stamp(5, 6), "ab" * 32)))
    for name in data.keys() - {"sha256", "version", "sample_width"}:
        value = data[name]
        other = value + 1 if isinstance(value, int) and not isinstance(value, bool) else None
        if other is not None:
            assert not whole(from_line(json.dumps(data | {name: other}).encode() + b"\n"), b"")


def test_a_newer_version_is_refused_by_name() -> None:
    entry = make_entry(1, Start(8000, 1, "", 0, 0, "", version=2), Stamp(1, 1), "")
    with pytest.raises(UnknownFormat):
        from_line(to_line(entry))


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b"3", b"\x00\x00", b"null", b'{"n":1,"kind":"x"}'])
def test_what_is_no_entry_is_a_value_error(line: bytes) -> None:
    with pytest.raises(ValueError):
        from_line(line)


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9))))
def test_ranges_are_a_set(parts: list[tuple[int, int]]) -> None:
    ranges, model = Ranges(), set[int]()
    for first, length in parts:
        ranges.add(first, first + length)
        model |= set(range(first, first + length + 1))
    assert {n for n in range(1, 80) if n in ranges} == model
    assert ranges.next_missing() == min(set(range(1, 80)) - model)
    assert ranges.count(30) == len({n for n in model if n <= 30})
    pairs = ranges.pairs()
    assert all(b < c - 1 for (_, b), (c, _) in pairwise(pairs))
    assert Ranges(pairs).pairs() == pairs
