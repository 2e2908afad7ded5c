"""One model, many hearings: a lane for final words, one for words begun early, one for tentative words.

Final jobs are never refused, dropped or overtaken; rooms take turns. An early job is a final one whose passage
has not closed yet: if nothing more is said its words are the final ones. Of the tentative jobs of a channel
only the newest is kept, one that has waited too long is left out, and the lane rests after each job, so that
it takes a fixed share of the time at most, young passages apart: under load tentative text thins out first.
With two transcribers the second does no tentative job: a closed passage never waits for an open one.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field

from asr.transcriber import Context, Transcriber
from casefile.model import Speech, Utterance

Shown = Callable[[Utterance], None]
FINAL_WITHIN_S = 4.0
"""A final job that is done later than this is counted as late (and done all the same)."""
TENTATIVE_WITHIN_S = 2.0
"""A tentative job that has waited longer is not worth doing."""
TENTATIVE_SHARE = 0.3
"""Of one worker's time, for tentative words of all rooms."""
YOUNG_MS = 1_500
"""A passage younger than this is looked at without rest: its first words come soon."""
THINNED_FOR_S = 5.0
"""So long the page says that tentative text is thinned out, after the last sign of it."""


@dataclass(frozen=True, slots=True)
class _Final:
    speech: Speech
    context: Context
    done: Future[Utterance] = field(default_factory=Future)
    since: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class _Tentative:
    speech: Speech
    context: Context
    shown: Shown
    since: float
    """When the first of the jobs that this one has replaced was offered."""
    offered: float = field(default_factory=time.monotonic)


class Engine:
    """Runs each transcriber in a thread of its own. Thread-safe. Close it when done.

    Of two the first does tentative jobs too; the second, which may use more cores for each, only final ones.

    `skipped` counts tentative jobs that were left out, `late` final jobs done after `FINAL_WITHIN_S`, `busy_s`
    the seconds of work in each lane.
    """

    def __init__(self, *transcribers: Transcriber, tentative_share: float = TENTATIVE_SHARE) -> None:
        self._share = tentative_share
        self._finals: OrderedDict[str, deque[_Final]] = OrderedDict()
        self._early: dict[tuple[str, int], _Final] = {}
        self._tentative: OrderedDict[tuple[str, int], _Tentative] = OrderedDict()
        self._rest_until = self._thinned_until = 0.0
        self._changed = threading.Condition()
        self._open, self._second_free = True, False
        self.skipped = self.late = 0
        self.busy_s = {"final": 0.0, "tentative": 0.0}
        self._threads = [
            threading.Thread(target=self._work, args=(transcriber, number == 0), daemon=True)
            for number, transcriber in enumerate(transcribers)
        ]
        for thread in self._threads:
            thread.start()

    def final(self, room: str, speech: Speech, context: Context) -> Future[Utterance]:
        """The words of a closed passage, some day; what was begun early for just this sound is taken over."""
        with self._changed:
            early = self._early.pop((room, speech.channel), None)
            job = early if early and _same(early.speech, speech) else _Final(speech, context)
            if early and early is not job:
                early.done.cancel()
            if not self._open:
                job.done.cancel()
            elif not (job.done.running() or job.done.done()):
                self._finals.setdefault(room, deque()).append(job)
                self._changed.notify_all()
        return job.done

    def rest(self, room: str, speech: Speech, context: Context) -> Future[Utterance]:
        """The words of a part of a passage that is done: its room's other passages stand behind it on record."""
        job = _Final(speech, context)
        with self._changed:
            if self._open:
                self._finals.setdefault(room, deque()).appendleft(job)
                self._changed.notify_all()
            else:
                job.done.cancel()
        return job.done

    def early(self, room: str, speech: Speech, context: Context) -> None:
        """Begin a passage in the silence that may end it, when no closed one waits."""
        with self._changed:
            before = self._early.get((room, speech.channel))
            if not self._open or (before and _same(before.speech, speech)):
                return
            if before:
                before.done.cancel()
            self._early[room, speech.channel] = _Final(speech, context)
            self._changed.notify_all()

    def tentative(self, room: str, speech: Speech, context: Context, shown: Shown) -> None:
        """The words of a passage that is still open, if there is time; `shown` is called in our thread."""
        with self._changed:
            replaced = self._tentative.get((room, speech.channel))
            since = replaced.since if replaced else time.monotonic()
            self.skipped += replaced is not None
            self._tentative[room, speech.channel] = _Tentative(speech, context, shown, since)
            self._changed.notify_all()

    def withdraw(self, room: str, channel: int) -> None:
        """The passage has closed: its tentative text is of no use any more."""
        with self._changed:
            self._tentative.pop((room, channel), None)

    def queues(self) -> dict[str, int]:
        """How many jobs wait in each lane."""
        with self._changed:
            return {"final": sum(map(len, self._finals.values())), "tentative": len(self._tentative)}

    @property
    def thinned(self) -> bool:
        """Tentative text comes more seldom than it should, for want of time."""
        return time.monotonic() < self._thinned_until

    def close(self) -> None:
        """Finish the job at hand and stop; final jobs that wait are cancelled (their sound is on disk)."""
        with self._changed:
            self._open = False
            for job in [*self._early.values(), *(job for jobs in self._finals.values() for job in jobs)]:
                job.done.cancel()
            self._early.clear()
            self._finals.clear()
            self._tentative.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _work(self, transcriber: Transcriber, tentative: bool) -> None:
        with suppress(Exception):  # what is wrong with the model the first job says
            transcriber.warm_up()
        while (job := self._next(tentative)) is not None:
            began = time.monotonic()
            if isinstance(job, _Final):
                self._do_final(job, transcriber)
                self._worked("final", time.monotonic() - began)
            else:
                self._do_tentative(job, transcriber)
                self._worked("tentative", time.monotonic() - began)

    def _worked(self, lane: str, seconds: float) -> None:
        with self._changed:
            self.busy_s[lane] += seconds
            if lane == "tentative":
                self._rest_until = time.monotonic() + seconds * (1 / self._share - 1)

    def _next(self, tentative: bool) -> _Final | _Tentative | None:
        """The next job for the worker that does `tentative` ones too, or for the other; None when all is over.

        The first leaves final jobs to the second as long as that one is free.
        """
        with self._changed:
            self._second_free = self._second_free or not tentative
            while self._open:
                job = (
                    self._next_tentative()
                    if tentative and self._second_free
                    else self._next_of_all(tentative)
                )
                if job is not None:
                    self._second_free = self._second_free and tentative
                    self._changed.notify_all()
                    return job
                rest = self._rest_until - time.monotonic() if tentative and self._tentative else None
                self._changed.wait(rest)
            return None

    def _next_of_all(self, tentative: bool) -> _Final | _Tentative | None:
        return self._next_final() or self._next_early() or (self._next_tentative() if tentative else None)

    def _next_final(self) -> _Final | None:
        if not self._finals:
            return None
        room, waiting = next(iter(self._finals.items()))
        job = waiting.popleft()
        if waiting:
            self._finals.move_to_end(room)
        else:
            del self._finals[room]
        return job if job.done.set_running_or_notify_cancel() else self._next_final()

    def _next_early(self) -> _Final | None:
        for job in self._early.values():
            if not (job.done.running() or job.done.done()) and job.done.set_running_or_notify_cancel():
                return job
        return None

    def _next_tentative(self) -> _Tentative | None:
        now = time.monotonic()
        for key, job in list(self._tentative.items()):
            if now < self._rest_until and job.speech.end_ms - job.speech.start_ms > YOUNG_MS:
                continue
            del self._tentative[key]
            if now - job.since > TENTATIVE_WITHIN_S:
                self._thinned_until = now + THINNED_FOR_S
            if now - job.offered <= TENTATIVE_WITHIN_S:
                return job
            self.skipped += 1
        return None

    def _do_final(self, job: _Final, transcriber: Transcriber) -> None:
        try:
            job.done.set_result(transcriber.transcribe(job.speech, job.context))
        except Exception as error:
            job.done.set_exception(error)
        if time.monotonic() - job.since > FINAL_WITHIN_S:
            self.late += 1
            self._thinned_until = time.monotonic() + THINNED_FOR_S

    def _do_tentative(self, job: _Tentative, transcriber: Transcriber) -> None:
        try:
            job.shown(transcriber.transcribe(job.speech, job.context))
        except Exception:
            self.skipped += 1


def _same(one: Speech, other: Speech) -> bool:
    return (one.start_ms, one.end_ms) == (other.start_ms, other.end_ms)
