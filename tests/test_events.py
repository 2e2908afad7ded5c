"""Every event and every noun inside makes the JSON round trip; the chain notices every change."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casefile.events import (
    EVENT_TYPES,
    GENESIS,
    Event,
    StageEntered,
    Stored,
    canonical,
    chain,
    event_from_json,
    event_to_json,
    stored_to_json,
)
from casefile.model import AudioFormat

st.register_type_strategy(str, st.text(st.characters(codec="utf-8"), max_size=20))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(
    AudioFormat, st.builds(AudioFormat, st.integers(4_000, 384_000), st.integers(1, 32), st.just(2))
)


@pytest.mark.parametrize("name", sorted(EVENT_TYPES))
@settings(deadline=None)
@given(data=st.data())
def test_every_event_type_makes_the_json_round_trip(name: str, data: Any) -> None:
    event = data.draw(st.from_type(EVENT_TYPES[name]))
    text = canonical(event_to_json(event))
    back = event_from_json(json.loads(text))
    assert back == event
    assert type(back) is type(event)
    assert canonical(event_to_json(back)) == text


def test_every_event_has_a_type_of_its_own() -> None:
    assert set(EVENT_TYPES.values()) == set(get_args(Event))


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(KeyError):
        event_from_json({"type": "TurnErased"})


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(KeyError):
        event_from_json({"type": "TurnRestored", "turn_id": "t1", "why": "x"})


def test_b5_the_chain_binds_every_part_of_an_event() -> None:
    stored = Stored("h1", 1, "2024-01-01T00:00:00+00:00", "clerk", StageEntered("法庭调查", 5), GENESIS, "")
    others = [
        replace(stored, hearing_id="h2"),
        replace(stored, seq=2),
        replace(stored, at="2024-01-01T00:00:01+00:00"),
        replace(stored, by="somebody"),
        replace(stored, previous="1" * 64),
        replace(stored, event=StageEntered("法庭调查", 6)),
        replace(stored, event=StageEntered("法庭辩论", 5)),
    ]
    assert len({_digest(one) for one in [stored, *others]}) == len(others) + 1


def test_what_json_cannot_hold_has_no_canonical_form() -> None:
    with pytest.raises(ValueError, match="JSON"):
        canonical({"confidence": float("nan")})


def _digest(stored: Stored) -> str:
    said = stored_to_json(stored)
    return chain(said["previous"], said["hearing_id"], said["seq"], said["at"], said["by"], said["event"])
