"""tingji.pipeline: from a recording on disk to turns on record, through restarts and failures."""

import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soxr

from asr.transcriber import Context
from casefile.entries import Block, Ended, Piece, Start
from casefile.errors import DiskFull, ModelMissing, TingjiError, VoicesOff
from casefile.events import CaseWordsAdded, RecordingStarted
from casefile.feed import Feed
from casefile.model import (
    Attribution,
    AudioFormat,
    CaseRecord,
    CaseWord,
    Gap,
    GapReason,
    Hearing,
    HearingKind,
    Seat,
    Speech,
    Utterance,
    Word,
    WordKind,
    WordSource,
)
from casefile.recording import Recording
from casefile.store import Store
from diarization.channels import Crosstalk
from diarization.stretches import Ear
from tests.clips import mandarin, spoken
from tests.fakes import FakeTranscriber
from tests.hall import until
from tests.sounds import Chain
from tingji.attribution import SpokenWord
from tingji.engine import Engine
from tingji.pipeline import Pipeline
from tingji.speakers import Speakers
from web.attribution import Target

SEATS = (Seat("s1", "审判长", "审", "王某", (0,)), Seat("s2", "原告", "原", "李某", (1,)))
HEARING = Hearing("h1", HearingKind.TRIAL, seats=SEATS)
BLOCK = 1600


class Room:
    """A hearing with its recording, on a fresh case file."""

    def __init__(self, folder: Path, hearing: Hearing = HEARING) -> None:
        self.recording = Recording(folder / "recordings" / "h1", "server")
        self.feed = Feed(Store(folder / "tingji.db"))
        self.feed.create(hearing, "clerk")
        self.speakers = Speakers(self.feed, folder / "voices")

    def record(self, pieces: list[Piece]) -> None:
        """What the ingest does."""
        for piece in pieces:
            self.recording.keep(piece)
        self.recording.flush()

    def follow(self, transcriber: FakeTranscriber) -> tuple[Pipeline, Engine]:
        engine = Engine(transcriber)
        pipeline = Pipeline("h1", self.recording.folder, engine, self.feed, self.speakers)
        pipeline.start()
        return pipeline, engine

    def hear_all(self, transcriber: FakeTranscriber | None = None) -> CaseRecord:
        """Until the recording's end."""
        pipeline, engine = self.follow(transcriber or FakeTranscriber())
        assert pipeline.done.wait(60), pipeline.failed
        pipeline.stop()
        engine.close()
        return self.feed.record("h1")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    room.recording.close()
    room.feed.store.close()


def two_seats() -> np.ndarray:
    """The first seat speaks, then the second; each hears the other softly. Shape (frames, 2), 16 kHz."""
    first, second = spoken(1.0, 1.5), spoken(1.0, 1.2, 1.4)
    sound = np.zeros((len(first) + len(second), 2), np.float32)
    sound[: len(first), 0] = first
    sound[len(first) :, 1] = second
    return sound + 0.12 * sound[:, ::-1]


def recorded(sound: np.ndarray, lost: range = range(0)) -> list[Piece]:
    """The entries of a hearing of this sound; blocks whose number is in `lost` are a gap."""
    pcm = (sound * 32767).astype("<i2")
    chain = Chain()
    chain.add(Start(16_000, sound.shape[1], "desk", 0, 0, "boot"))
    for number in range(len(pcm) // BLOCK):
        if number in lost:
            if number == lost[-1]:
                chain.add(Gap(lost[0] * 100, (lost[-1] + 1) * 100, GapReason.OVERFLOW))
            continue
        samples = pcm[number * BLOCK : (number + 1) * BLOCK].tobytes()
        chain.add(Block(number * BLOCK, BLOCK), samples)
    chain.add(Ended(len(pcm) // BLOCK * 100))
    return chain.pieces


def said(record: CaseRecord) -> list[tuple[str | None, int, int]]:
    return [(turn.seat, turn.start_ms, turn.end_ms) for turn in record.turns]


def test_each_seat_has_its_own_turns_and_crosstalk_none(room: Room) -> None:
    room.record(recorded(two_seats()))
    record = room.hear_all()
    seats = [turn.seat for turn in record.turns]
    assert seats == sorted(seats)
    assert set(seats) == {"s1", "s2"}
    assert record.turns[0].speaker == "王某"
    assert record.missed == ()


class SameWords(FakeTranscriber):
    """Every microphone is taken to say the same, a word for each quarter of a second."""

    def transcribe(self, speech: Speech, context: Context) -> Utterance:
        starts = range(speech.start_ms // 250 * 250, speech.end_ms, 250)
        words = tuple(Word("请原告陈述"[at // 250 % 5], at, at + 250, 0.9) for at in starts)
        return Utterance(speech.channel, speech.start_ms, speech.end_ms, words)


def test_crosstalk_that_comes_through_stands_once_and_is_on_record_flagged(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Crosstalk, "owners", lambda _self, frame: np.ones(frame.shape[1], np.bool_))
    sound = two_seats()
    sound[60:, 1] += 0.5 * sound[:-60, 0]
    room.record(recorded(sound))
    record = room.hear_all(SameWords())
    half_ms = len(spoken(1.0, 1.5)) // 16
    first = [turn for turn in record.turns if turn.start_ms < half_ms - 1000]
    assert {turn.seat for turn in first if turn.suppressed is None} == {"s1"}
    assert {turn.seat for turn in first if turn.suppressed == "crosstalk"} == {"s2"}


def test_the_recording_may_come_while_it_is_followed(room: Room, tmp_path: Path) -> None:
    pieces = recorded(two_seats())
    room.record(pieces[:1])
    pipeline, engine = room.follow(FakeTranscriber())
    for at in range(1, len(pieces), 7):
        room.record(pieces[at : at + 7])
    assert pipeline.done.wait(60)
    engine.close()
    live = said(room.feed.record("h1"))
    again = Room(tmp_path / "again")
    again.record(pieces)
    assert said(again.hear_all()) == live
    again.feed.store.close()
    again.recording.close()


def test_a_word_that_is_added_counts_from_the_next_passage_on(room: Room) -> None:
    pieces, transcriber = recorded(two_seats()), FakeTranscriber()
    half = len(pieces) // 2
    room.record(pieces[:half])
    pipeline, engine = room.follow(transcriber)
    until(lambda: room.feed.record("h1").turns)
    word = CaseWord("谷德刚", WordKind.PERSON, WordSource.TYPED)
    room.feed.append("h1", [CaseWordsAdded((word,))], "clerk")
    room.record(pieces[half:])
    assert pipeline.done.wait(60)
    engine.close()
    told = {speech.start_ms: "谷德刚" in context.prompt for speech, context in transcriber.heard}
    assert told[min(told)] is False
    assert told[max(told)] is True


def test_a_restart_at_any_moment_leaves_no_turn_missing_or_double(tmp_path: Path) -> None:
    pieces = recorded(two_seats())
    whole = Room(tmp_path / "whole")
    whole.record(pieces)
    wanted = said(whole.hear_all())
    assert len(wanted) >= 4
    for cut in range(10, len(pieces), 13):
        broken = Room(tmp_path / str(cut))
        broken.record(pieces[:cut])
        pipeline, engine = broken.follow(FakeTranscriber())
        while pipeline.finished_ms < (cut - 2) * 100:
            assert pipeline.failed is None
        engine.close()
        pipeline.stop()
        broken.record(pieces[cut:])
        found = said(broken.hear_all())
        assert [seat for seat, _, _ in found] == [seat for seat, _, _ in wanted], cut
        for got, want in zip(found, wanted, strict=True):
            assert abs(got[1] - want[1]) <= 100, cut
            assert abs(got[2] - want[2]) <= 100, cut
        broken.feed.store.close()
        broken.recording.close()
    whole.feed.store.close()
    whole.recording.close()


def test_a_gap_ends_the_passage_before_it(room: Room) -> None:
    sound = two_seats()[:, :1]
    room.record(recorded(sound, lost=range(20, 25)))
    record = room.hear_all()
    assert record.turns
    assert all(turn.end_ms <= 2000 + 32 or turn.start_ms >= 2500 for turn in record.turns)


def test_a_failing_model_puts_the_passages_on_record_as_missed(room: Room) -> None:
    room.record(recorded(two_seats()))
    record = room.hear_all(FakeTranscriber(fail=True))
    assert record.turns == ()
    assert len(record.missed) >= 4
    assert {missed.reason for missed in record.missed} == {"RuntimeError"}


def test_final_text_waits_for_a_slow_model_and_none_is_lost(room: Room) -> None:
    transcriber = FakeTranscriber()
    transcriber.go_on.clear()
    room.record(recorded(two_seats()))
    pipeline, engine = room.follow(transcriber)
    while pipeline.heard_ms < 10_000:
        assert pipeline.failed is None
    assert pipeline.finished_ms < pipeline.heard_ms
    transcriber.go_on.set()
    assert pipeline.done.wait(60)
    engine.close()
    assert len(room.feed.record("h1").turns) >= 4
    assert pipeline.finished_ms == pipeline.heard_ms


def test_words_wait_for_a_disk_that_takes_nothing(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[TingjiError | None] = []
    real, full = room.feed.append, [DiskFull(where="server")] * 2

    def append(*arguments: Any, **more: Any) -> Any:
        if full:
            raise full.pop()
        return real(*arguments, **more)

    monkeypatch.setattr(room.feed, "append", append)
    monkeypatch.setattr("tingji.pipeline.STORE_AGAIN_S", 0.01)
    room.record(recorded(two_seats()))
    engine = Engine(FakeTranscriber())
    pipeline = Pipeline("h1", room.recording.folder, engine, room.feed, room.speakers, told.append)
    pipeline.start()
    assert pipeline.done.wait(60)
    engine.close()
    assert len(room.feed.record("h1").turns) >= 4
    assert isinstance(told[0], DiskFull)
    assert told[2] is None


def one_microphone(*parts: np.ndarray) -> list[Piece]:
    """Passages of the room's microphone, a second and a half apart."""
    silence = np.zeros(24_000, np.float32)
    sound = np.concatenate([one for part in parts for one in (silence, part)] + [silence])
    return recorded(sound[:, None])


def strange(sound: np.ndarray) -> np.ndarray:
    """Somebody else: the same words, quicker and higher."""
    return np.asarray(soxr.resample(sound, 16_000, 12_000), np.float32)


@pytest.fixture
def one_table(tmp_path: Path) -> Iterator[Room]:
    """A hearing with one microphone, which is no seat's."""
    room = Room(tmp_path, replace(HEARING, seats=tuple(replace(seat, channels=()) for seat in SEATS)))
    yield room
    room.recording.close()
    room.feed.store.close()


def names(record: CaseRecord) -> list[str]:
    return [turn.speaker for turn in record.turns]


def test_voices_at_one_microphone_are_told_apart(one_table: Room) -> None:
    one_table.record(one_microphone(mandarin(2), strange(mandarin(2)), mandarin(0), strange(mandarin(1))))
    record = one_table.hear_all()
    assert names(record) == ["未识别 1", "未识别 2", "未识别 1", "未识别 2"]
    assert {(turn.seat, turn.how) for turn in record.turns} == {(None, Attribution.CLUSTER)}
    assert all(0.5 < turn.certainty <= 1 for turn in record.turns)


def test_labels_stay_over_a_restart_and_go_with_the_closing_g6(one_table: Room, tmp_path: Path) -> None:
    pieces = one_microphone(mandarin(2), strange(mandarin(2)), strange(mandarin(1)), mandarin(0))
    one_table.record(pieces[: len(pieces) // 2])
    pipeline, engine = one_table.follow(FakeTranscriber())
    until(lambda: one_table.feed.record("h1").turns)
    engine.close()
    pipeline.stop()
    (kept,) = (tmp_path / "voices").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    one_table.speakers = Speakers(one_table.feed, tmp_path / "voices")
    one_table.record(pieces[len(pieces) // 2 :])
    assert names(one_table.hear_all()) == ["未识别 1", "未识别 2", "未识别 2", "未识别 1"]
    one_table.speakers.forget("h1")
    assert list((tmp_path / "voices").iterdir()) == []


def test_a_turn_that_the_clerk_moves_teaches_the_voice(one_table: Room) -> None:
    pieces = one_microphone(mandarin(2), strange(mandarin(2)), mandarin(0), strange(mandarin(1)))
    one_table.record(pieces[: len(pieces) // 2])
    pipeline, engine = one_table.follow(FakeTranscriber())
    until(lambda: one_table.feed.record("h1").turns)
    one_table.feed.append("h1", [RecordingStarted(AudioFormat(16_000, 1), "desk", 0)], "recorder")
    first = one_table.feed.record("h1").turns[0]
    SpokenWord(one_table.feed).reassign("h1", first.id, Target("s1"), "clerk")
    one_table.record(pieces[len(pieces) // 2 :])
    assert pipeline.done.wait(60)
    engine.close()
    record = one_table.feed.record("h1")
    found = [(turn.seat, turn.speaker, turn.how) for turn in record.turns[1:]]
    assert found[1] == ("s1", "王某", Attribution.ENROLLED)
    assert [found[0], found[2]] == [(None, "未识别 2", Attribution.CLUSTER)] * 2


def test_voices_that_fail_do_not_stop_the_text(one_table: Room) -> None:
    told: list[TingjiError | None] = []

    def broken() -> Ear:
        raise ModelMissing(name="campplus-zh-en")

    one_table.speakers = Speakers(one_table.feed, Path("nowhere"), broken)
    one_table.speakers.trouble = lambda _hearing, error: told.append(error)
    one_table.record(one_microphone(mandarin(2), strange(mandarin(2))))
    record = one_table.hear_all()
    assert [(turn.seat, turn.speaker) for turn in record.turns] == [(None, "话筒1")] * 2
    assert [type(error) for error in told] == [VoicesOff] * 2
