"""tingji.speakers: voices beside the recognizer, what the clerk says of them, and what is left when they fail."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from casefile.events import RecordingStarted
from casefile.feed import Feed
from casefile.model import (
    Attribution,
    AudioChunk,
    AudioFormat,
    CaseRecord,
    Hearing,
    HearingKind,
    Naming,
    Reassignment,
    Seat,
    Speaker,
    SpeakerSpan,
    Speech,
    Turn,
    Word,
)
from casefile.store import Store
from diarization.learning import Person, Said
from diarization.stretches import Ear
from tests.clips import mandarin
from tests.simulated import SPEECH
from tingji.passages import Passages
from tingji.speakers import Speakers, labels_taken, said

SEATS = (Seat("s1", "审判长", "审", "王某"), Seat("s2", "原告", "原", "李某", (1,)))
HEARING = Hearing("h1", HearingKind.TRIAL, seats=SEATS)
VOICE = Speaker(None, "未识别 3", Attribution.CLUSTER)
JUDGE = Speaker("s1", "王某", Attribution.CLERK)


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[Feed]:
    with Store(tmp_path / "tingji.db") as store:
        feed = Feed(store)
        feed.create(HEARING, "clerk")
        feed.append("h1", [RecordingStarted(AudioFormat(16_000, 2), "desk", 0)], "recorder")
        yield feed


def named(speakers: Speakers, record: CaseRecord, speech: Speech) -> tuple[SpeakerSpan, ...]:
    return speakers.label(record, speech, speakers.listen(record, speech))


def test_a_seats_own_microphone_needs_no_voice(feed: Feed, tmp_path: Path) -> None:
    def no_ear() -> Ear:
        raise AssertionError("the models are not needed")

    speakers = Speakers(feed, tmp_path / "voices", no_ear)
    (span,) = named(speakers, feed.record("h1"), Speech(1, 0, mandarin(0)))
    assert (span.seat, span.how) == ("s2", Attribution.CHANNEL)
    assert not (tmp_path / "voices").exists()


@pytest.mark.parametrize(("judges", "wanted"), [((0,), False), ((), True), ((0, 1), True)])
def test_models_are_made_ready_only_where_a_microphone_is_not_one_seats_alone(
    feed: Feed, tmp_path: Path, judges: tuple[int, ...], wanted: bool
) -> None:
    made = threading.Event()

    def ear() -> Ear:
        made.set()
        return Ear()

    speakers = Speakers(feed, tmp_path / "voices", ear)
    hearing = replace(HEARING, seats=(replace(SEATS[0], channels=judges), SEATS[1]))
    speakers.prepare(CaseRecord(hearing, format=AudioFormat(16_000, 2)))
    assert made.wait(30 if wanted else 0.1) == wanted
    speakers.close()


def test_a_disk_that_keeps_no_voices_stops_no_names(feed: Feed, tmp_path: Path) -> None:
    (tmp_path / "voices").write_text("in the way")
    speakers = Speakers(feed, tmp_path / "voices")
    (span,) = named(speakers, feed.record("h1"), Speech(0, 0, mandarin(0)))
    assert span.voice == "未识别 1"
    speakers.close()


def test_what_the_clerk_says_is_read_from_the_record() -> None:
    words = (Word("是。", 0, 2_000, 0.9),)
    turn = Turn("t1", "s1", "王某", 0, 0, 2_000, words, Attribution.CLERK)
    record = CaseRecord(HEARING, turns=(turn,))
    moved = replace(record, reassigned=(Reassignment("t1", VOICE, JUDGE),))
    assert list(said(moved)) == [Said(Person("s1"), (0, 0, 2_000))]
    assert list(said(replace(record, named_voices=(Naming("未识别 2", None, JUDGE),)))) == [
        Said(Person("s1"), label="未识别 2")
    ]
    gone = Speaker("s9", "某", Attribution.CLERK)
    nobody = Speaker(None, "未识别", Attribution.CLERK)
    for after in (gone, nobody):
        assert list(said(replace(record, reassigned=(Reassignment("t1", VOICE, after),)))) == []
    assert labels_taken(moved) == 3
    assert labels_taken(record) == 0


def test_in_a_simulated_hearing_no_label_has_two_people(feed: Feed, tmp_path: Path) -> None:
    if not (SPEECH / "make_hearing.py").exists():
        pytest.skip("NOT RUN: there is no real speech beside the repository")
    arguments = ["--out", str(tmp_path), "--seed", "2", "--minutes", "1.5", "--seats", "2"]
    subprocess.run(
        [sys.executable, str(SPEECH / "make_hearing.py"), *arguments], check=True, capture_output=True
    )
    truth = json.loads((tmp_path / "reference.json").read_text(encoding="utf-8"))["turns"]
    speakers, record, found = Speakers(feed, tmp_path / "voices"), feed.record("h1"), dict[str, set[str]]()
    for speech in passages(tmp_path / "mix.wav"):
        for span in named(speakers, record, speech):
            whose = max(truth, key=lambda one, span=span: shared(one, span))["speaker"]
            found.setdefault(span.voice, set()).add(whose)
    speakers.close()
    assert {label for label, people in found.items() if len(people) > 1} == set()
    assert len(set.union(*found.values())) >= 2


def passages(path: Path) -> Iterator[Speech]:
    pcm, rate = soundfile.read(path, dtype="int16", always_2d=True)
    listener = Passages()
    for at in range(0, len(pcm), rate // 10):
        piece = np.ascontiguousarray(pcm[at : at + rate // 10])
        yield from listener.hear(AudioChunk(AudioFormat(rate, 1), at * 1000 // rate, piece))
    yield from listener.end()


def shared(turn: dict[str, int], span: SpeakerSpan) -> int:
    return min(turn["end_ms"], span.end_ms) - max(turn["start_ms"], span.start_ms)
