"""A closed passage on its way: all of it is recognized first, then the voices that this left out, each alone."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field

from casefile.model import CaseRecord, SpeakerSpan, Speech, Utterance
from tingji.outcome import Outcome, missed, outcome
from tingji.unwritten import Part, unwritten

Decode = Callable[[Speech], Future[Utterance]]


@dataclass(slots=True)
class Awaited:
    """`speakers` names who speaks in a recognized passage, `decode` hands a part of it to the engine."""

    speech: Speech
    words: Future[Utterance]
    speakers: Callable[[Speech, Utterance], tuple[SpeakerSpan, ...]]
    decode: Decode
    _spans: tuple[SpeakerSpan, ...] = ()
    _parts: list[tuple[Part, Future[Utterance]]] | None = field(default=None)

    def ready(self) -> bool:
        """Whether nothing of it is with the engine any more. Hands in what was left out."""
        return self.words.done() and all(words.done() for _, words in self._left_out())

    def _left_out(self) -> list[tuple[Part, Future[Utterance]]]:
        if self._parts is None:
            self._parts = []
            if self.words.exception() is None:
                heard = self.words.result()
                self._spans = self.speakers(self.speech, heard)
                parts = unwritten(self.speech, heard, self._spans)
                self._parts = [(part, self.decode(part.speech)) for part in parts]
        return self._parts

    def outcome(self, record: CaseRecord) -> Outcome:
        """What it adds to the record. Waits. Raises CancelledError when the engine was closed, and what it raised."""
        heard, hearing, words = self.words.result(), record.hearing, record.case_words
        found, lost = [], Outcome()
        for part, said in self._left_out():
            try:
                found.append((part, said.result()))
            except CancelledError:
                raise
            except Exception as error:  # the rest of the passage stands
                lost.append(missed(part.speech, type(error).__name__))
        return [*outcome(self.speech, heard, self._spans, hearing, words, found), *lost]
