"""Enrolled voices: taken from an idle recorder before the hearing, shown with what is held, withdrawn.

Implements `web.enrolment.Enrolments`. In the hearing a voice is enrolled by naming it (`tingji.attribution`). The
clip is heard in memory and never stored; what is kept of it is in the hearing's `VoiceFile` only (court.md G6).
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import soxr

from casefile.errors import NoClip, SeveralVoices, TingjiError, TooLittleSpeech, VoicesOff
from casefile.events import EnrolmentWithdrawn, VoiceEnrolled
from casefile.feed import Feed
from casefile.model import (
    OPEN,
    Attribution,
    AudioChunk,
    CaseRecord,
    Enrolment,
    HearingState,
    Mono16k,
    Speaker,
)
from diarization.diarizer import seat_alone
from diarization.learning import Enrolled
from diarization.sample import NEEDED_MS, Sample, sample
from tingji.attribution import speaker_meant
from tingji.introductions import introductions
from tingji.speakers import Speakers, person_of
from tingji.states import expected
from web.attribution import Target
from web.enrolment import Enrolled as Shown
from web.enrolment import Known
from web.reports import RecorderState, idle_one

ACTION = "登记声音"
LOOK_S = 0.7
"""Between two looks at what was said."""
MOST_S = 20.0
"""Who has said too little by then is asked again."""
CLIP_S = 9.0
"""A recorder keeps ten seconds before a hearing (`recorder.capture`); what was said just before is not heard."""
log = logging.getLogger(__name__)


class Recorders(Protocol):
    """What is asked of `web.ingest.Ingest`."""

    def recorders(self) -> Sequence[RecorderState]:
        """Those that are connected."""

    def clip(self, recorder: str, channel: int, ms: int) -> AudioChunk:
        """What an idle one hears. Raises NoClip, NoRecorder."""


@dataclass(slots=True)
class _Listening:
    """One person who is being enrolled, or was tried to be."""

    hearing_id: str
    speaker: Speaker
    recorder: str
    channel: int
    by: str
    began: float
    heard_ms: int = 0
    problem: TingjiError | None = None
    stopped: threading.Event = field(default_factory=threading.Event)


class Enrolments:
    """The enrolled voices of all hearings; one person at a time in each. Thread-safe."""

    def __init__(self, feed: Feed, speakers: Speakers, recorders: Recorders) -> None:
        self._feed, self._speakers, self._recorders = feed, speakers, recorders
        self._listening: dict[str, _Listening] = {}
        self._lock = threading.Lock()

    def of(self, hearing_id: str) -> Shown:
        """See `web.enrolment.Enrolments`."""
        record = self._feed.record(hearing_id)
        held = self._speakers.held(hearing_id) if record.state is not HearingState.SEALED else Counter()
        listening = self._listening.get(hearing_id)
        persons = [
            _known(record, one, held[person_of(one)], listening) for one in _persons(record, listening)
        ]
        offers = list(introductions(record)) if record.state in OPEN else []
        voices = {label: ms for label, ms in held.items() if isinstance(label, str)}
        return Shown(NEEDED_MS, persons, voices, offers)

    def begin(self, hearing_id: str, to: Target, recorder: str | None, by: str) -> None:
        """See `web.enrolment.Enrolments`."""
        record = expected(self._feed, hearing_id, ACTION, HearingState.DRAFT)
        speaker = speaker_meant(record, to, Attribution.ENROLLED)
        states = {state.name: state for state in self._recorders.recorders()}
        name = recorder or idle_one(states.values())
        if name not in states or states[name].hearing:
            raise NoClip
        channel = _microphone(record, speaker, states[name].channels)
        new = _Listening(hearing_id, speaker, name, channel, by, time.monotonic())
        with self._lock:
            self._stop(hearing_id)
            self._listening[hearing_id] = new
        threading.Thread(target=self._listen, args=(new,), name="enrolment", daemon=True).start()

    def stop(self, hearing_id: str) -> None:
        """See `web.enrolment.Enrolments`."""
        self._feed.record(hearing_id)
        with self._lock:
            self._stop(hearing_id)

    def withdraw(self, hearing_id: str, to: Target, by: str) -> None:
        """See `web.enrolment.Enrolments`: what was heard of the person is deleted, too; names on record stay."""
        record = expected(self._feed, hearing_id, ACTION, HearingState.DRAFT, *OPEN)
        speaker = speaker_meant(record, to, Attribution.ENROLLED)
        self.stop(hearing_id)
        self._speakers.withdraw(hearing_id, person_of(speaker))
        self._feed.append(hearing_id, [EnrolmentWithdrawn(speaker)], by)

    def close(self) -> None:
        """The server stops."""
        for hearing_id in list(self._listening):
            self._stop(hearing_id)

    def _stop(self, hearing_id: str) -> None:
        if before := self._listening.pop(hearing_id, None):
            before.stopped.set()

    def _listen(self, one: _Listening) -> None:
        try:
            while not one.stopped.wait(LOOK_S):
                heard = self._heard(one)
                one.heard_ms = heard.ms
                if heard.enough:
                    return self._enrol(one, heard)
                if heard.several:
                    raise SeveralVoices
                if time.monotonic() - one.began > MOST_S:
                    raise TooLittleSpeech
        except TingjiError as error:
            one.problem = error
        except Exception as error:  # the page must not wait for ever
            log.error("a voice was not enrolled: %s", type(error).__name__)
            one.problem = VoicesOff()

    def _heard(self, one: _Listening) -> Sample:
        ms = round(1000 * min(CLIP_S, time.monotonic() - one.began))
        clip = self._recorders.clip(one.recorder, one.channel, ms)
        return sample(self._speakers.stretches(_mono_16k(clip)))

    def _enrol(self, one: _Listening, heard: Sample) -> None:
        """Unless the clerk stopped it, or the hearing began, meanwhile."""
        with self._lock:
            if one.stopped.is_set() or heard.embedding is None:
                return
            expected(self._feed, one.hearing_id, ACTION, HearingState.DRAFT)
            self._speakers.enrol(one.hearing_id, Enrolled(person_of(one.speaker), heard.ms, heard.embedding))
            enrolment = Enrolment(one.speaker, heard.ms)
            self._feed.append(one.hearing_id, [VoiceEnrolled(enrolment)], one.by)
            self._stop(one.hearing_id)


def _mono_16k(clip: AudioChunk) -> Mono16k:
    samples = clip.pcm[:, 0].astype(np.float32) / 32768
    return np.asarray(soxr.resample(samples, clip.format.rate, 16_000), np.float32)


def _microphone(record: CaseRecord, speaker: Speaker, channels: int) -> int:
    """The seat's own microphone, or the first that is nobody's alone."""
    shared = [channel for channel in range(channels) if seat_alone(record.hearing, channel) is None]
    return (*_own(record, speaker), *shared, 0)[0]


def _own(record: CaseRecord, speaker: Speaker) -> tuple[int, ...]:
    """The microphones of the seat, shared or not."""
    return next((seat.channels for seat in record.hearing.seats if seat.id == speaker.seat), ())


def _persons(record: CaseRecord, listening: _Listening | None) -> Iterator[Speaker]:
    """All seats, and everybody without a seat who was enrolled or named, or is to be."""
    for seat in record.hearing.seats:
        yield speaker_meant(record, Target(seat.id), Attribution.ENROLLED)
    named = [one.after for one in record.named_voices] + [one.speaker for one in record.enrolments]
    if listening:
        named.append(listening.speaker)
    for name in dict.fromkeys(one.name for one in named if one.seat is None):
        yield Speaker(None, name, Attribution.ENROLLED)


def _known(record: CaseRecord, speaker: Speaker, held_ms: int, listening: _Listening | None) -> Known:
    microphone = any(seat_alone(record.hearing, channel) for channel in _own(record, speaker))
    if listening is None or person_of(listening.speaker) != person_of(speaker):
        return Known(speaker.seat, speaker.name, held_ms, microphone)
    problem = listening.problem
    heard_ms = held_ms if problem else listening.heard_ms
    shown = problem.as_json() if problem else None
    return Known(speaker.seat, speaker.name, heard_ms, microphone, problem is None, shown)
