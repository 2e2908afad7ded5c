"""Tentative text of the passages that are still open: asked for when they grow, calmed, shown, withdrawn.

Only what two successive hypotheses agree on is shown: of all that Whisper base says of an open passage, every
second character is taken back (measured, bench/README.md), and a calm page beats a fast one.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

from asr.agreement import Agreement
from asr.transcriber import Context
from casefile.feed import Feed
from casefile.model import Speech, Utterance
from tingji.engine import Engine

EVERY_MS = 320
LATER_SHARE = 0.08
"""A passage is worth another look when it has grown by `EVERY_MS`, or by this share of its length."""


@dataclass(slots=True)
class _Open:
    start_ms: int
    asked_ms: int = 0
    agreement: Agreement = field(default_factory=Agreement)


class TentativeText:
    """One per hearing. `offer` and `withdraw` are called by the pipeline, `_show` by the engine's thread."""

    def __init__(self, hearing_id: str, engine: Engine, feed: Feed) -> None:
        self._id, self._engine, self._feed = hearing_id, engine, feed
        self._open: dict[int, _Open] = {}
        self._lock = threading.Lock()

    def offer(self, speech: Speech, context: Context) -> None:
        """The passage has grown: have it recognized if there is time."""
        with self._lock:
            known = self._open.get(speech.channel)
            if known is None or known.start_ms != speech.start_ms:
                known = self._open[speech.channel] = _Open(speech.start_ms)
            if speech.end_ms - known.asked_ms < max(
                EVERY_MS, LATER_SHARE * (speech.end_ms - speech.start_ms)
            ):
                return
            known.asked_ms = speech.end_ms
            context = replace(context, tentative=True, settled=known.agreement.settled)
        self._engine.tentative(self._id, speech, context, self._show)

    def withdraw(self, speech: Speech) -> None:
        """The final words of this passage are there: its tentative text goes."""
        with self._lock:
            known = self._open.get(speech.channel)
            if known is None or known.start_ms != speech.start_ms:
                return
            del self._open[speech.channel]
        self._tell(Utterance(speech.channel, speech.start_ms, speech.end_ms, ()), "")

    def _show(self, utterance: Utterance) -> None:
        with self._lock:
            known = self._open.get(utterance.channel)
            if known is None or known.start_ms != utterance.start_ms or not utterance.text:
                return
            before = known.agreement.settled
            text, settled = known.agreement.update(utterance.text)
        if settled > len(before):
            self._tell(utterance, text[:settled])

    def _tell(self, utterance: Utterance, text: str) -> None:
        seat = self._feed.record(self._id).hearing.seat_of(utterance.channel)
        message = {
            "type": "tentative",
            "channel": utterance.channel,
            "start_ms": utterance.start_ms,
            "end_ms": utterance.end_ms,
            "seat": seat.id if seat else None,
            "text": text,
            "settled": len(text),
        }
        self._feed.tell(self._id, message)
