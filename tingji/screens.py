"""The screens outside at the clerk's hand: commands become events. Implements `web.screens.Screens`.

What stages and pauses do to them stands in `casefile.blanking.with_screens`, and is stored with the stage or pause.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from casefile.blanking import USUAL, is_dark
from casefile.events import BlankingRuled, Event, ScreensBlanked, ScreensLit
from casefile.feed import Feed
from casefile.model import UNSEALED, BlankCause, BlankingRule, CaseRecord, HearingState, LinkKind
from tingji.states import expected


class Screens:
    """The screens of all hearings. Thread-safe.

    `now_ms`: where a hearing is on its own timeline; `place`: the same, None where no recorder has told.
    """

    def __init__(self, feed: Feed, now_ms: Callable[[str], int], place: Callable[[str], int | None]) -> None:
        self._feed, self._now_ms, self.place = feed, now_ms, place

    def blank(self, hearing_id: str, kinds: Sequence[LinkKind], by: str) -> None:
        """See `web.screens.Screens`. A screen that a stage keeps dark stays so by hand when the stage is over."""
        self._expect(hearing_id)
        self._put(hearing_id, ScreensBlanked(tuple(kinds), self._now_ms(hearing_id), BlankCause.HAND), by)

    def light(self, hearing_id: str, kinds: Sequence[LinkKind], by: str) -> None:
        """See `web.screens.Screens`."""
        record = self._expect(hearing_id)
        if dark := tuple(kind for kind in kinds if is_dark(record, kind)):
            self._put(hearing_id, ScreensLit(dark, self._now_ms(hearing_id), BlankCause.HAND), by)

    def rule(self, hearing_id: str, rule: BlankingRule, by: str) -> None:
        """See `web.screens.Screens`."""
        self._expect(hearing_id)
        self._put(hearing_id, BlankingRuled(rule), by)

    def rules(self, hearing_id: str) -> Sequence[BlankingRule]:
        """See `web.screens.Screens`."""
        chosen = {rule.name: rule.kinds for rule in self._feed.record(hearing_id).blanking_rules}
        return [BlankingRule(name, kinds) for name, kinds in {**USUAL, **chosen}.items()]

    def _expect(self, hearing_id: str) -> CaseRecord:
        return expected(self._feed, hearing_id, "遮蔽屏幕", HearingState.DRAFT, *UNSEALED)

    def _put(self, hearing_id: str, event: Event, by: str) -> None:
        self._feed.append(hearing_id, [event], by)
