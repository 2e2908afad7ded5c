"""tingji.transcribe: files to records, with the pipeline of a hearing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from asr.transcriber import Context
from casefile.errors import UnreadableSound
from casefile.model import (
    AudioChunk,
    AudioFormat,
    CaseRecord,
    Gap,
    GapReason,
    Hearing,
    HearingKind,
    Seat,
    Speech,
    Turn,
    Utterance,
    Word,
)
from diarization.stretches import Ear, Stretch
from tests.clips import mandarin_files, spoken
from tests.fakes import FakeTranscriber
from tests.two_voices import SPOKE
from tests.two_voices import sound as two_voices
from tingji.by_voice import ByVoice
from tingji.transcribe import sound_of, transcribed
from tingji.writers import WRITERS


class Broken(Ear):
    """Its models fail."""

    def __init__(self) -> None:
        """Loads none."""

    def stretches(self, speech: Speech) -> list[Stretch]:
        raise RuntimeError


HEARING = Hearing("", HearingKind.TRIAL, seats=(Seat("s1", "审判长", "审", "王某", (0,)),))


def test_a_file_becomes_turns_in_order_and_progress_is_told(tmp_path: Path) -> None:
    path = tmp_path / "hearing.flac"
    soundfile.write(path, spoken(0.5, 1.5, 1.5), 16_000)
    told: list[float] = []
    record = transcribed(sound_of(path, told.append), HEARING, FakeTranscriber())
    assert len(record.turns) == 3
    assert {turn.seat for turn in record.turns} == {"s1"}
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0, abs=0.05)
    assert record.length_ms == pytest.approx(1000 * soundfile.info(path).duration, abs=2)


def test_speakers_of_a_file_are_told_apart_by_voice() -> None:
    pcm, times = two_voices()
    room = [AudioChunk(AudioFormat(16_000, 1), 0, np.ascontiguousarray(pcm[:, :1]))]
    nobody = replace(HEARING, seats=())
    record = transcribed(room, nobody, FakeTranscriber(), voices=ByVoice(nobody, Ear()))
    assert [turn.speaker for turn in record.turns] == [f"未识别 {who + 1}" for who in SPOKE]
    assert len(times) == len(record.turns)


def test_without_voices_and_at_a_seats_own_microphone_the_channel_says_who() -> None:
    room = [AudioChunk(AudioFormat(16_000, 1), 0, np.ascontiguousarray(two_voices()[0][:, :1]))]
    without = transcribed(room, replace(HEARING, seats=()), FakeTranscriber())
    assert {turn.speaker for turn in without.turns} == {"话筒1"}
    alone = transcribed(room, HEARING, FakeTranscriber(), voices=ByVoice(HEARING, Broken()))
    assert {turn.seat for turn in alone.turns} == {"s1"}


def test_text_goes_on_where_voices_fail() -> None:
    room = [AudioChunk(AudioFormat(16_000, 1), 0, np.ascontiguousarray(two_voices()[0][:, :1]))]
    nobody = replace(HEARING, seats=())
    record = transcribed(room, nobody, FakeTranscriber(), voices=ByVoice(nobody, Broken()))
    assert [turn.speaker for turn in record.turns] == ["话筒1"] * len(SPOKE)


def test_an_installed_clip_of_any_rate_is_read() -> None:
    record = transcribed(sound_of(mandarin_files()[0], lambda _: None), HEARING, FakeTranscriber())
    assert len(record.turns) == 1


def test_a_gap_is_on_record() -> None:
    form, quiet = AudioFormat(16_000, 1), np.zeros((1600, 1), np.int16)
    gap = Gap(100, 400, GapReason.SOURCE_DAMAGED)
    sound = [AudioChunk(form, 0, quiet), gap, AudioChunk(form, 400, quiet)]
    record = transcribed(sound, HEARING, FakeTranscriber())
    assert record.gaps == (gap,)
    assert record.length_ms == 500


def test_a_passage_that_the_model_fails_on_does_not_cost_the_others(tmp_path: Path) -> None:
    class FailsOnTheSecond(FakeTranscriber):
        def transcribe(self, speech: Speech, context: Context) -> Utterance:
            self.fail = speech.start_ms > 0 and speech.start_ms in seconds
            return super().transcribe(speech, context)

    path = tmp_path / "hearing.flac"
    soundfile.write(path, spoken(0.5, 1.5, 1.5), 16_000)
    seconds: list[int] = []
    whole = transcribed(sound_of(path, lambda _: None), HEARING, FailsOnTheSecond())
    seconds.append(whole.turns[1].start_ms)
    record = transcribed(sound_of(path, lambda _: None), HEARING, FailsOnTheSecond())
    assert record.turns == (whole.turns[0], whole.turns[2])
    assert [each.reason for each in record.missed] == ["RuntimeError"]


def test_passages_are_recognized_as_the_file_goes_not_all_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    form, fake = AudioFormat(16_000, 1), FakeTranscriber()
    monkeypatch.setattr("tingji.transcribe.AT_ONCE", 2)
    pcm = (spoken(1.0, 1.5, 1.5, 1.5) * 32767).astype(np.int16)[:, None]
    known: list[int] = []

    def sound() -> Iterator[AudioChunk]:
        for at in range(0, len(pcm), 1600):
            known.append(len(fake.heard))
            yield AudioChunk(form, at // 16, pcm[at : at + 1600])

    assert len(transcribed(sound(), HEARING, fake).turns) == 4
    assert known[-1] >= 2


def test_what_is_no_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "not.wav"
    path.write_text("no sound")
    with pytest.raises(UnreadableSound):
        list(sound_of(path, lambda _: None))


def test_the_json_has_numbers_as_they_are_written_beside_what_was_said() -> None:
    words = (Word("货款三万五千元，", 0, 900, 0.9), Word("嗯，已付。", 900, 1500, 0.9))
    turn = Turn("0-0", "s1", "王某", 0, 0, 1500, words)
    found = json.loads(WRITERS["json"](CaseRecord(HEARING, turns=(turn,))))["turns"][0]
    assert found["text"] == "货款三万五千元，嗯，已付。"
    assert [(found["text"][p["start"] : p["end"]], p["written"]) for p in found["written"]] == [
        ("三万五千元", "35,000元")
    ]
    assert [found["text"][f["start"] : f["end"]] for f in found["fillers"]] == ["嗯"]
