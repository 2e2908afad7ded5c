"""Tentative text of the passages that are still open: asked for when they grow, calmed, shown, withdrawn."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from asr.agreement import Agreement
from asr.transcriber import Context
from casefile.feed import Feed
from casefile.model import Speech, Utterance
from diarization.diarizer import seat_alone
from tingji.engine import Engine

FIRST_MS = 600
"""A passage is looked at first when it is so long, sound before its first syllable included."""
SOON_MS, SOON_UNTIL_MS = 160, 1_200
"""A young passage is looked at whenever it has grown by `SOON_MS`: the first words come soon."""
LATER_MS, LATER_SHARE = 560, 0.15
"""Then when it has grown by `LATER_MS` or this share of its length: a look costs as much as there is to hear."""


@dataclass(slots=True)
class _Open:
    speech: Speech
    look_at_ms: int
    agreement: Agreement = field(default_factory=Agreement)


class TentativeText:
    """One per hearing. `offer` and `withdraw` are called by the pipeline, `_heard` by the engine's threads.

    Of a channel the text of the oldest passage is shown until its final words are there: a younger one waits.
    """

    def __init__(self, hearing_id: str, engine: Engine, feed: Feed) -> None:
        self._id, self._engine, self._feed = hearing_id, engine, feed
        self._open: dict[tuple[int, int], _Open] = {}
        self._lock = threading.Lock()

    def offer(self, speech: Speech, context: Context) -> None:
        """The passage has grown: have it recognized if there is time."""
        first = _Open(speech, speech.start_ms + FIRST_MS)
        with self._lock:
            known = self._open.setdefault((speech.channel, speech.start_ms), first)
            if speech.end_ms < known.look_at_ms:
                return
            known.speech, known.look_at_ms = speech, speech.end_ms + _step_ms(speech)
            context = replace(context, tentative=True, settled=known.agreement.settled)
        self._engine.tentative(self._id, speech, context, self._heard)

    def withdraw(self, speech: Speech) -> None:
        """The final words of this passage are there: its tentative text goes, that of the next one shows."""
        with self._lock:
            known = self._open.pop((speech.channel, speech.start_ms), None)
            following = self._oldest(speech.channel)
        if known:
            self._tell(speech, "")
        if following and following.agreement.shown:
            self._tell(following.speech, following.agreement.shown)

    def _heard(self, utterance: Utterance) -> None:
        with self._lock:
            known = self._open.get((utterance.channel, utterance.start_ms))
            if known is None or not utterance.words:
                return
            before = known.agreement.shown
            text = known.agreement.update(utterance.words, utterance.end_ms - utterance.start_ms)
            visible = known is self._oldest(utterance.channel)
        if visible and text != before:
            self._tell(known.speech, text)

    def _oldest(self, channel: int) -> _Open | None:
        return next((passage for (at, _), passage in self._open.items() if at == channel), None)

    def _tell(self, speech: Speech, text: str) -> None:
        seat = seat_alone(self._feed.record(self._id).hearing, speech.channel)
        message = {
            "type": "tentative",
            "channel": speech.channel,
            "start_ms": speech.start_ms,
            "end_ms": speech.end_ms,
            "seat": seat.id if seat else None,
            "text": text,
        }
        self._feed.tell(self._id, message)


def _step_ms(speech: Speech) -> int:
    length = speech.end_ms - speech.start_ms
    return SOON_MS if length < SOON_UNTIL_MS else max(LATER_MS, round(LATER_SHARE * length))
