"""One model, many hearings: a lane for final words, a lane for tentative ones.

Final jobs are never refused, dropped or overtaken by tentative ones; rooms take turns. Of the tentative jobs
of a channel only the newest is kept: under load tentative text thins out first.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from asr.transcriber import Context, Transcriber
from casefile.model import Speech, Utterance

Shown = Callable[[Utterance], None]


@dataclass(frozen=True, slots=True)
class _Final:
    speech: Speech
    context: Context
    done: Future[Utterance]


class Engine:
    """Runs the transcriber in its own thread. Thread-safe. Close it when done."""

    def __init__(self, transcriber: Transcriber) -> None:
        self._transcriber = transcriber
        self._finals: OrderedDict[str, deque[_Final]] = OrderedDict()
        self._tentative: OrderedDict[tuple[str, int], tuple[Speech, Context, Shown]] = OrderedDict()
        self._changed = threading.Condition()
        self._open = True
        self.skipped = 0
        self._thread = threading.Thread(target=self._work, name="engine", daemon=True)
        self._thread.start()

    def final(self, room: str, speech: Speech, context: Context) -> Future[Utterance]:
        """The words of a closed passage, some day. Cancelling what has not begun costs nothing."""
        done: Future[Utterance] = Future()
        with self._changed:
            if not self._open:
                done.cancel()
                return done
            self._finals.setdefault(room, deque()).append(_Final(speech, context, done))
            self._changed.notify()
        return done

    def tentative(self, room: str, speech: Speech, context: Context, shown: Shown) -> None:
        """The words of a passage that is still open, if there is time; `shown` is called in our thread."""
        with self._changed:
            if self._tentative.pop((room, speech.channel), None):
                self.skipped += 1
            self._tentative[room, speech.channel] = speech, context, shown
            self._changed.notify()

    def withdraw(self, room: str, channel: int) -> None:
        """The passage has closed: its tentative text is of no use any more."""
        with self._changed:
            self._tentative.pop((room, channel), None)

    def queues(self) -> dict[str, int]:
        """How many jobs wait in each lane."""
        with self._changed:
            return {"final": sum(map(len, self._finals.values())), "tentative": len(self._tentative)}

    def close(self) -> None:
        """Finish the job at hand and stop; final jobs that wait are cancelled (their sound is on disk)."""
        with self._changed:
            self._open = False
            for waiting in self._finals.values():
                for job in waiting:
                    job.done.cancel()
            self._finals.clear()
            self._tentative.clear()
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            job()

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            while self._open and not self._finals and not self._tentative:
                self._changed.wait()
            if not self._open:
                return None
            if self._finals:
                final = self._next_final()
                return lambda: self._do_final(final)
            speech, context, shown = self._tentative.popitem(last=False)[1]
            return lambda: self._do_tentative(speech, context, shown)

    def _next_final(self) -> _Final:
        room, waiting = next(iter(self._finals.items()))
        job = waiting.popleft()
        if waiting:
            self._finals.move_to_end(room)
        else:
            del self._finals[room]
        return job

    def _do_final(self, job: _Final) -> None:
        if not job.done.set_running_or_notify_cancel():
            return
        try:
            job.done.set_result(self._transcriber.transcribe(job.speech, job.context))
        except Exception as error:
            job.done.set_exception(error)

    def _do_tentative(self, speech: Speech, context: Context, shown: Shown) -> None:
        try:
            shown(self._transcriber.transcribe(speech, context))
        except Exception:
            self.skipped += 1
