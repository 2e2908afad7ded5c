"""Finding in one hearing and in many: what the records say, kept in memory as far as it fits.

Implements `web.finding.Finding`. What is searched is made of the record once and kept until the record has
grown; a sealed one that nobody has open is read from the store without putting it into the feed, where it
would drive out a hearing that is being recorded.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from asr.sound import initials
from casefile.feed import Feed
from casefile.finding import Found, Query, Searchable
from casefile.model import CaseRecord, HearingState
from casefile.record import fold
from casefile.summary import HearingSummary

MOST_CHARACTERS = 6_000_000
"""Of all that is kept in memory: fifty hearings of eight hours, about 60 MB."""


class Finder:
    """Thread-safe."""

    def __init__(self, feed: Feed, most_characters: int = MOST_CHARACTERS) -> None:
        self._feed, self._most = feed, most_characters
        self._kept: OrderedDict[str, Searchable] = OrderedDict()
        self._lock = Lock()

    def find(self, hearing_id: str, query: Query, most: int) -> Found:
        """See `Finding`."""
        return self._grown(self._feed.record(hearing_id)).find(query, most)

    def find_in(self, summary: HearingSummary, query: Query, most: int) -> Found:
        """See `Finding`."""
        if summary.state is not HearingState.SEALED:
            return self.find(summary.id, query, most)
        kept = self._take(summary.id)
        if kept is None or not kept.whole:
            kept = self._grown(fold(self._feed.store.events(summary.id)))
        return kept.find(query, most)

    def _grown(self, record: CaseRecord) -> Searchable:
        """What can be searched of the record as it is now."""
        kept = self._take(record.hearing.id)
        if kept is None or kept.seq != record.seq:
            kept = Searchable(record, initials, kept)
            self._keep(record.hearing.id, kept)
        return kept

    def _take(self, hearing_id: str) -> Searchable | None:
        with self._lock:
            if hearing_id in self._kept:
                self._kept.move_to_end(hearing_id)
            return self._kept.get(hearing_id)

    def _keep(self, hearing_id: str, made: Searchable) -> None:
        with self._lock:
            self._kept[hearing_id] = made
            self._kept.move_to_end(hearing_id)
            while sum(one.characters for one in self._kept.values()) > self._most and len(self._kept) > 1:
                self._kept.popitem(last=False)
