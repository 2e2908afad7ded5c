"""One hearing: recording -> speech -> words -> turns -> events. Read this file first.

The recorder has written the sound to disk; this thread follows the written file. `Passages` finds the
speech, the `Engine` finds the words (one model for all hearings), `Speakers` find who said them, and the
`Feed` stores the turn and then shows it. Whatever fails here, the sound is on disk; until the hearing is
closed it is read again after a restart, from where the stored events end.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from asr.transcriber import Context
from casefile.audio import Follower
from casefile.errors import TingjiError
from casefile.events import Event, PassageMissed, TurnAdded
from casefile.feed import Feed
from casefile.model import AudioChunk, CaseRecord, Gap, Missed, SpeakerSpan, Speech, Turn, Utterance
from diarization.stretches import Stretch
from tingji.awaited import Awaited
from tingji.crosstalk import Held, Repeats
from tingji.engine import Engine
from tingji.knowledge import context_of
from tingji.outcome import Outcome, missed, speakers_of
from tingji.passages import Passages
from tingji.speakers import Speakers
from tingji.tentative import TentativeText

log = logging.getLogger(__name__)
Trouble = Callable[[TingjiError | None], None]
MOST_WAITING = 16
"""Passages that may wait for the engine before this thread stops reading ahead."""
LISTEN_AGAIN_MS = 25_000
"""After a restart: passages are stored in the order in which they close and last 14 s at most, so whatever
is not stored yet began later than this before the end of the last one that is."""
LOOK_S = 0.02
"""Between two looks for new sound: words wait half of it."""
STORE_AGAIN_S = 1.0
"""Between two tries to store what was recognized, while the disk takes nothing."""


class Pipeline:
    """Runs in a thread of its own until the recording has ended (`done`) or `stop` is called.

    `trouble` is told what keeps turns from being stored, and None when it is over.
    """

    def __init__(
        self,
        hearing_id: str,
        recording: Path,
        engine: Engine,
        feed: Feed,
        speakers: Speakers,
        trouble: Trouble = lambda _error: None,
    ) -> None:
        self._id, self._engine, self._feed, self._trouble = hearing_id, engine, feed, trouble
        self._speakers = speakers
        heard_to = feed.heard_to_ms(hearing_id)
        self._follower = Follower(recording, max(0, max(heard_to.values(), default=0) - LISTEN_AGAIN_MS))
        self._passages, self._repeats = Passages(heard_to), Repeats()
        self._waiting: deque[Awaited] = deque()
        self._tentative = TentativeText(hearing_id, engine, feed)
        self.heard_ms = 0
        """How far the recording has been followed."""
        self._stopping = threading.Event()
        self.done = threading.Event()
        self.failed: Exception | None = None
        self._thread = threading.Thread(target=self._run, name=f"pipeline-{hearing_id}", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def stop(self) -> None:
        """Leave what is not finished for the next start; returns when the thread has ended."""
        self._stopping.set()
        self._thread.join()

    def expect_no_more(self) -> None:
        """The recorder is given up: what is here is all there will be, holes and all."""
        self._follower.finish_without_end()

    @property
    def finished_ms(self) -> int:
        """Everything said before this moment is on record."""
        waiting = list(self._waiting)[:1]
        return waiting[0].speech.end_ms if waiting else self.heard_ms

    def _run(self) -> None:
        try:
            self._follow()
        except CancelledError:
            pass  # the engine was closed: the next start goes on from the stored events
        except Exception as error:
            log.error("recognition stopped: %s", type(error).__name__)
            self.failed = error
        finally:
            self._follower.close()

    def _follow(self) -> None:
        while not self._stopping.is_set():
            pieces = self._follower.read()
            for piece in pieces:
                self._hear(piece)
            self._publish_finished()
            if self._follower.ended:
                return self._finish()
            if pieces:
                self._offer_open()
            else:
                self._stopping.wait(LOOK_S)

    def _hear(self, piece: AudioChunk | Gap) -> None:
        self._close(self._passages.hear(piece) if isinstance(piece, AudioChunk) else self._passages.end())
        self.heard_ms = piece.end_ms

    def _finish(self) -> None:
        self._close(self._passages.end())
        while self._waiting:
            self._publish_oldest()
        if not self._stopping.is_set():
            self.done.set()

    def _offer_open(self) -> None:
        """Open passages go to the tentative lane; those that fade, to the early one."""
        fading = {speech.channel: speech for speech in self._passages.fading}
        for speech in self._passages.open:
            if speech.channel in fading:
                self._engine.early(self._id, fading[speech.channel], self._context)
            else:
                self._tentative.offer(speech, self._context)

    def _close(self, passages: list[Speech]) -> None:
        """Closed passages go to the final lane."""
        for speech in passages:
            self._engine.withdraw(self._id, speech.channel)
            words = self._engine.final(self._id, speech, self._context)
            voices = self._speakers.listen(self._feed.record(self._id), speech)
            self._waiting.append(Awaited(speech, words, partial(self._who, voices), self._rest))
            if len(self._waiting) > MOST_WAITING:
                self._publish_oldest()

    def _publish_finished(self) -> None:
        while self._waiting and self._waiting[0].ready():
            self._publish_oldest()

    def _publish_oldest(self) -> None:
        """The words of a passage, when they are there, become events: stored first, then shown."""
        waiting = self._waiting[0]
        events = self._events(waiting)
        if events:
            self._store(events)
        self._waiting.popleft()
        self._tentative.withdraw(waiting.speech)

    def _rest(self, part: Speech) -> Future[Utterance]:
        return self._engine.rest(self._id, part, self._context)

    def _who(
        self, voices: Future[list[Stretch]] | None, speech: Speech, heard: Utterance
    ) -> tuple[SpeakerSpan, ...]:
        """Who speaks in the passage, to which was listened beside the recognizer."""
        record = self._feed.record(self._id)
        return speakers_of(speech, heard, record.hearing, _Voices(self._speakers, record, voices))

    def _events(self, waiting: Awaited) -> list[Event]:
        try:
            found = waiting.outcome(self._feed.record(self._id))
        except CancelledError:
            raise
        except Exception as error:
            log.error("a passage was not recognized: %s", type(error).__name__)
            found = [missed(waiting.speech, type(error).__name__)]
        return [*(_event(each, waiting.speech.end_ms) for each in found), *self._repeated(waiting, found)]

    def _repeated(self, waiting: Awaited, found: Outcome) -> list[Held]:
        """Of one voice in several microphones all but one turn is held back."""
        record = self._feed.record(self._id)
        said = [each for each in found if isinstance(each, Turn)]
        return self._repeats.held_back(waiting.speech, record.hearing, (*said, *record.turns))

    def _store(self, events: list[Event]) -> None:
        """Stores, however long the disk takes nothing: words are never dropped for it."""
        while not self._stopping.is_set():
            try:
                self._feed.append(self._id, events, by="recognition")
                return self._trouble(None)
            except TingjiError as error:
                self._trouble(error)
                self._stopping.wait(STORE_AGAIN_S)
        raise CancelledError

    @property
    def _context(self) -> Context:
        """What the recognizer is told: a word of the case that was added counts from the next passage on."""
        record = self._feed.record(self._id)
        return context_of(record.hearing, record.case_words)


def _event(found: Turn | Missed, heard_to_ms: int) -> Event:
    return PassageMissed(found) if isinstance(found, Missed) else TurnAdded(found, heard_to_ms)


@dataclass(frozen=True, slots=True)
class _Voices:
    """The `Diarizer` of one passage, which was listened to beside the recognizer."""

    speakers: Speakers
    record: CaseRecord
    heard: Future[list[Stretch]] | None

    def label(self, speech: Speech) -> tuple[SpeakerSpan, ...]:
        return self.speakers.label(self.record, speech, self.heard)
