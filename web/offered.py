"""Offers as the pages list them: what would be changed, and whether a person has looked at that turn already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from casefile.events import to_json
from casefile.model import CaseRecord, Mending, Reassignment, TurnState


def listed(offers: Iterable[Mending | Reassignment], record: CaseRecord) -> list[dict[str, Any]]:
    """Each with `checked`: a person has confirmed, edited or disputed its turn."""
    checked = {turn.id for turn in record.turns if turn.state is not TurnState.FINAL}
    return [{**to_json(offer), "checked": offer.turn_id in checked} for offer in offers]
