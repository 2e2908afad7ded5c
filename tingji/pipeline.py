"""One hearing: recording -> speech -> words -> turns -> events. Read this file first.

The recorder has written the sound to disk; this thread follows the written file. `Passages` finds the
speech, the `Engine` finds the words (one model for all hearings), the diarizer finds the speaker, and the
`Feed` stores the turn and then shows it. Whatever fails here, the sound is on disk and is read again after a
restart, from where the stored events end.
"""

from __future__ import annotations

import threading
from collections import deque
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from pathlib import Path

from asr.transcriber import Context
from casefile.audio import Follower
from casefile.events import Event, PassageMissed, TurnAdded
from casefile.feed import Feed
from casefile.model import AudioChunk, Hearing, Missed, Speech, Utterance
from diarization.diarizer import SeatMicrophones
from diarization.turns import turns
from tingji.engine import Engine
from tingji.passages import Passages
from tingji.tentative import TentativeText

MOST_WAITING = 16
"""Passages that may wait for the engine before this thread stops reading ahead."""
LISTEN_AGAIN_MS = 25_000
"""After a restart: passages are stored in the order in which they close and last 20 s at most, so whatever
is not stored yet began later than this before the end of the last one that is."""
WORTH_A_WORD_MS = 1_500
"""Speech of this length without any word is put on record as missed."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    speech: Speech
    words: Future[Utterance]


class Pipeline:
    """Runs in a thread of its own until the recording has ended (`done`) or `stop` is called."""

    def __init__(self, hearing_id: str, recording: Path, engine: Engine, feed: Feed) -> None:
        self._id, self._engine, self._feed = hearing_id, engine, feed
        heard_to = feed.heard_to_ms(hearing_id)
        self._follower = Follower(recording, max(0, max(heard_to.values(), default=0) - LISTEN_AGAIN_MS))
        self._passages = Passages(heard_to)
        self._waiting: deque[_Waiting] = deque()
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

    @property
    def lag_ms(self) -> int:
        """How long the oldest closed passage has been waiting for its words, in time of the recording."""
        waiting = list(self._waiting)[:1]
        return max(0, self.heard_ms - waiting[0].speech.end_ms) if waiting else 0

    def _run(self) -> None:
        try:
            self._follow()
        except CancelledError:
            pass  # the engine was closed: the next start goes on from the stored events
        except Exception as error:
            self.failed = error
        finally:
            self._follower.close()

    def _follow(self) -> None:
        while not self._stopping.is_set():
            pieces = self._follower.read()
            for piece in pieces:
                self._close(
                    self._passages.hear(piece) if isinstance(piece, AudioChunk) else self._passages.end()
                )
                self.heard_ms = piece.end_ms
            self._publish_finished()
            if self._follower.ended:
                return self._finish()
            for speech in self._passages.open:
                self._tentative.offer(speech, self._hearing.language)
            if not pieces:
                self._stopping.wait(0.04)

    def _finish(self) -> None:
        self._close(self._passages.end())
        while self._waiting:
            self._publish(self._waiting.popleft())
        self.done.set()

    def _close(self, passages: list[Speech]) -> None:
        """Closed passages go to the final lane."""
        for speech in passages:
            self._engine.withdraw(self._id, speech.channel)
            words = self._engine.final(self._id, speech, Context.of(self._hearing.language))
            self._waiting.append(_Waiting(speech, words))
            if len(self._waiting) > MOST_WAITING:
                self._publish(self._waiting.popleft())

    def _publish_finished(self) -> None:
        while self._waiting and self._waiting[0].words.done():
            self._publish(self._waiting.popleft())

    def _publish(self, waiting: _Waiting) -> None:
        """The words of a passage, when they are there, become events: stored first, then shown."""
        events = self._events(waiting)
        if events:
            self._feed.append(self._id, events, by="recognition")
        self._tentative.withdraw(waiting.speech)

    def _events(self, waiting: _Waiting) -> list[Event]:
        speech = waiting.speech
        try:
            utterance = waiting.words.result()
        except CancelledError:
            raise
        except Exception as error:
            return [self._missed(speech, type(error).__name__)]
        said = turns(utterance, SeatMicrophones(self._hearing).label(speech))
        if not said and speech.end_ms - speech.start_ms >= WORTH_A_WORD_MS:
            return [self._missed(speech, "no_words")]
        return [TurnAdded(turn, heard_to_ms=speech.end_ms) for turn in said]

    @staticmethod
    def _missed(speech: Speech, reason: str) -> PassageMissed:
        return PassageMissed(Missed(speech.channel, speech.start_ms, speech.end_ms, reason))

    @property
    def _hearing(self) -> Hearing:
        return self._feed.record(self._id).hearing
