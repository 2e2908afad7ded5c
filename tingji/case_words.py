"""The case's own words at the clerk's hand: added, read from papers, removed; and what they would mend.

Implements `web.case_words.CaseWords`. A word counts from the next passage on, because the pipeline asks the
record for its words; what is on record already is only ever changed by a person's yes.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence

from asr.mentions import clerk_word
from casefile.errors import NoSuchWord, NotFound, OfferGone, TooManyWords, WrongState
from casefile.events import CaseWordRemoved, CaseWordsAdded, Event, MendingRefused, MendingUndone, TurnMended
from casefile.feed import Feed
from casefile.model import (
    OPEN,
    CaseRecord,
    CaseWord,
    HearingState,
    Mending,
    Turn,
    WordKind,
    WordSource,
)
from tingji.case_documents import LARGEST
from tingji.offers import Offers
from tingji.papers import words_of_paper
from tingji.states import expected
from web.case_words import PaperRead, Place, TypedWord

MOST = 500
"""Words of one case: with more, more of them sound like something else (bench/lexicon.py)."""


class Words:
    """The words of all hearings. Thread-safe."""

    largest_paper = LARGEST

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._offers: defaultdict[str, Offers] = defaultdict(Offers)
        self._lock = threading.Lock()
        self._looking = threading.Lock()  # takes seconds over hours of text: a word is added meanwhile

    def add(self, hearing_id: str, words: Sequence[TypedWord], by: str) -> int:
        """See `CaseWords`."""
        typed = [CaseWord(text, kind or _kind(text), WordSource.TYPED) for text, kind in words]
        with self._lock:
            record = self._expect(hearing_id, "添加案件用语", HearingState.DRAFT, *OPEN)
            new = [word for word in typed if word not in record.case_words]
            if new_texts(record, new) > MOST - len(record.case_words):
                raise TooManyWords(most=MOST)
            self._put(hearing_id, [CaseWordsAdded(tuple(new))] if new else [], by)
        return len(new)

    def read_paper(self, hearing_id: str, ending: str, content: bytes, by: str) -> PaperRead:
        """See `CaseWords`."""
        self._expect(hearing_id, "读取材料", HearingState.DRAFT, *OPEN)
        found = words_of_paper(ending, content)
        with self._lock:
            record = self._expect(hearing_id, "读取材料", HearingState.DRAFT, *OPEN)
            known = {word.text for word in record.case_words}.union(record.removed_words)  # removed for good
            new = [word for word in found if word.text not in known]
            taken = new[: MOST - len(record.case_words)]
            self._put(hearing_id, [CaseWordsAdded(tuple(taken))] if taken else [], by)
        return PaperRead(added=len(taken), known=len(found) - len(new), left_out=len(new) - len(taken))

    def remove(self, hearing_id: str, text: str, by: str) -> None:
        """See `CaseWords`."""
        with self._lock:
            record = self._expect(hearing_id, "删除案件用语", HearingState.DRAFT, *OPEN)
            if all(word.text != text for word in record.case_words):
                raise NoSuchWord
            self._put(hearing_id, [CaseWordRemoved(text)], by)

    def offers(self, hearing_id: str) -> tuple[Mending, ...]:
        """See `CaseWords`."""
        record = self._feed.record(hearing_id)
        if record.state not in OPEN:
            return ()
        with self._looking:
            return self._offers[hearing_id].of(record)

    def accept(self, hearing_id: str, places: Sequence[Place], by: str) -> None:
        """See `CaseWords`."""
        self._put_open(hearing_id, "更正", [TurnMended(one) for one in self._offered(hearing_id, places)], by)

    def refuse(self, hearing_id: str, places: Sequence[Place], by: str) -> None:
        """See `CaseWords`."""
        refused = [MendingRefused(one) for one in self._offered(hearing_id, places)]
        self._put_open(hearing_id, "更正", refused, by)

    def undo(self, hearing_id: str, place: Place, by: str) -> None:
        """See `CaseWords`."""
        turns = {turn.id: turn for turn in self._feed.record(hearing_id).turns}
        made = [one for one in _made(turns.get(place.turn_id)) if place.names(one)]
        if not made:
            raise OfferGone
        self._put_open(hearing_id, "撤销更正", [MendingUndone(made[0])], by)

    def _offered(self, hearing_id: str, places: Sequence[Place]) -> list[Mending]:
        """The offers at these places. Raises OfferGone when one is not offered (any more)."""
        offers = self.offers(hearing_id)
        found = [next((offer for offer in offers if place.names(offer)), None) for place in places]
        if None in found:
            self._expect(hearing_id, "更正", *OPEN)
            raise OfferGone
        return [offer for offer in found if offer]

    def _put_open(self, hearing_id: str, action: str, events: Sequence[Event], by: str) -> None:
        self._expect(hearing_id, action, *OPEN)
        self._put(hearing_id, events, by)

    def _put(self, hearing_id: str, events: Sequence[Event], by: str) -> None:
        if events:
            self._feed.append(hearing_id, events, by)

    def _expect(self, hearing_id: str, action: str, *states: HearingState) -> CaseRecord:
        try:
            return expected(self._feed, hearing_id, action, *states)
        except WrongState:
            self._offers.pop(hearing_id, None)
            raise


def new_texts(record: CaseRecord, words: Sequence[CaseWord]) -> int:
    """How many of the words are not there yet in any kind."""
    return len({word.text for word in words} - {word.text for word in record.case_words})


def _kind(text: str) -> WordKind:
    return WordKind(clerk_word(text).kind)


def _made(turn: Turn | None) -> Iterator[Mending]:
    if turn is None:
        raise NotFound
    return (Mending(turn.id, change) for change in turn.changes if not change.doubt)
