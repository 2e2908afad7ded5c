"""diarization.room: one microphone that hears several people."""

import numpy as np
import pytest
import soxr

from casefile.errors import NoVoice
from casefile.model import Attribution, Speech
from diarization.room import Correction, Heard, RoomMicrophone, exclusive, merged
from diarization.stretches import Ear
from diarization.voices import Named
from tests.clips import mandarin
from tests.test_clustering import stretch

PASSAGE = Speech(0, 0, np.zeros(160_000, np.float32))
"""Ten seconds from 0."""


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear()


def bounds(parts: list[Heard]) -> list[tuple[int, int, str | None]]:
    return [(part.start_ms, part.end_ms, part.label) for part in parts]


def test_each_moment_has_one_speaker_and_a_silence_is_halved() -> None:
    parts = [Heard(500, 3_000, "甲", 0.9), Heard(4_000, 6_000, "乙", 0.8)]
    assert bounds(exclusive(parts, PASSAGE)) == [(0, 3_500, "甲"), (3_500, 10_000, "乙")]


def test_who_speaks_already_keeps_the_word() -> None:
    parts = [Heard(0, 5_000, "甲", 0.9), Heard(1_000, 2_000, "乙", 0.9), Heard(4_000, 8_000, "乙", 0.8)]
    assert bounds(exclusive(parts, PASSAGE)) == [(0, 5_000, "甲"), (5_000, 10_000, "乙")]


def test_neighbours_of_one_voice_are_joined() -> None:
    parts = [Heard(0, 2_000, "甲", 0.6), Heard(3_000, 4_000, "甲", 0.9)]
    assert exclusive(parts, PASSAGE) == [Heard(0, 10_000, "甲", 0.9)]


def test_parts_of_one_voice_from_two_windows_are_one() -> None:
    parts = [Heard(0, 7_500, "甲", 0.6), Heard(7_000, 8_000, "乙", 0.5), Heard(7_500, 9_000, "甲", 0.9)]
    assert merged(parts) == [Heard(0, 9_000, "甲", 0.9), Heard(7_000, 8_000, "乙", 0.5)]


def test_a_voice_enrolled_at_the_opening_is_named(ear: Ear) -> None:
    room = RoomMicrophone(ear, seats=["judge"])
    room.enrol("judge", mandarin(2))
    (span,) = room.label(Speech(3, 7_000, mandarin(0)))
    assert (span.seat, span.voice, span.how) == ("judge", "judge", Attribution.ENROLLED)
    assert (span.start_ms, span.end_ms) == (7_000, 7_000 + len(mandarin(0)) // 16)


def test_a_stranger_is_not_taken_for_the_enrolled_voice(ear: Ear) -> None:
    room = RoomMicrophone(ear, seats=["judge"])
    room.enrol("judge", mandarin(2))
    stranger = soxr.resample(mandarin(2), 16_000, 21_000).astype(np.float32)
    (span,) = room.label(Speech(0, 0, stranger))
    assert (span.seat, span.voice, span.how) == (None, "未识别 1", Attribution.CLUSTER)


@pytest.mark.parametrize("sound", [np.zeros(48_000, np.float32), np.zeros(0, np.float32)])
def test_silence_enrols_nobody(ear: Ear, sound: np.ndarray) -> None:
    with pytest.raises(NoVoice):
        RoomMicrophone(ear).enrol("judge", sound)


def test_a_passage_in_which_nobody_is_heard_is_still_someones_words(ear: Ear) -> None:
    (span,) = RoomMicrophone(ear).label(PASSAGE)
    assert (span.seat, span.voice, span.start_ms, span.end_ms) == (None, "未识别", 0, 10_000)


def test_the_look_at_the_whole_hearing_only_proposes(ear: Ear) -> None:
    room = RoomMicrophone(ear)
    voices = [(0, "未识别 1"), (1, "未识别 2"), (0, "未识别 1"), (1, "未识别 1"), (1, "未识别 2")]
    room._heard = [(stretch(who, seed), Named(label, 0.9)) for seed, (who, label) in enumerate(voices)]
    assert room.corrections() == [Correction(((0, 3_000),), "未识别 1", "未识别 2")]
