"""diarization.room: one microphone that hears several people."""

import numpy as np
import pytest
import soxr

from casefile.model import Attribution, Hearing, HearingKind, Seat, SpeakerSpan, Speech
from diarization.learning import Enrolled, Person, Said
from diarization.room import Correction, Heard, RoomMicrophone, exclusive, merged
from diarization.sample import sample
from diarization.stretches import Ear, Noted, Passage
from tests.clips import mandarin
from tests.test_clustering import stretch

PASSAGE = Speech(0, 0, np.zeros(160_000, np.float32))
"""Ten seconds from 0."""
HEARING = Hearing("h1", HearingKind.TRIAL, seats=(Seat("s1", "审判长", "审", "王某"),))
JUDGE = Person("s1")


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


@pytest.fixture
def room() -> RoomMicrophone:
    return RoomMicrophone()


def hear(room: RoomMicrophone, ear: Ear, sound: np.ndarray, start_ms: int = 0) -> SpeakerSpan:
    """The one span of a passage."""
    speech = Speech(0, start_ms, sound)
    (span,) = room.label(room.hear(speech, ear.stretches(speech)), speech, HEARING)
    return span


def higher(sound: np.ndarray) -> np.ndarray:
    """Somebody else: the same words, quicker and higher."""
    return np.asarray(soxr.resample(sound, 16_000, 12_000), np.float32)


def test_a_voice_is_called_by_the_name_that_the_clerk_gave_it(room: RoomMicrophone, ear: Ear) -> None:
    first = hear(room, ear, mandarin(2))
    assert (first.seat, first.voice, first.how) == (None, "未识别 1", Attribution.CLUSTER)
    room.learn(frozenset({Said(JUDGE, (0, 0, first.end_ms))}))
    span = hear(room, ear, mandarin(0), 60_000)
    assert (span.seat, span.voice, span.how) == ("s1", "王某", Attribution.ENROLLED)
    assert (span.start_ms, span.end_ms) == (60_000, 60_000 + len(mandarin(0)) // 16)
    assert 0.5 < span.certainty <= 1


def test_what_the_clerk_takes_back_is_forgotten(room: RoomMicrophone, ear: Ear) -> None:
    hear(room, ear, mandarin(2))
    room.learn(frozenset({Said(JUDGE, (0, 0, 30_000))}))
    assert hear(room, ear, mandarin(0), 60_000).seat == "s1"
    room.learn(frozenset())
    assert hear(room, ear, mandarin(2), 90_000).voice == "未识别 1"


def test_a_stranger_is_not_taken_for_a_named_voice(room: RoomMicrophone, ear: Ear) -> None:
    hear(room, ear, mandarin(2))
    room.learn(frozenset({Said(JUDGE, (0, 0, 30_000))}))
    span = hear(room, ear, higher(mandarin(2)), 60_000)
    assert (span.seat, span.voice, span.how) == (None, "未识别 2", Attribution.CLUSTER)


def test_a_voice_named_as_a_whole_keeps_its_label_beneath_the_name(room: RoomMicrophone, ear: Ear) -> None:
    hear(room, ear, mandarin(2))
    room.learn(frozenset({Said(JUDGE, label="未识别 1")}))
    assert hear(room, ear, mandarin(0), 60_000).voice == "未识别 1"


def test_a_passage_heard_again_is_as_it_was_and_counts_once(room: RoomMicrophone, ear: Ear) -> None:
    hear(room, ear, mandarin(2), 1_000)
    hear(room, ear, higher(mandarin(2)), 1_040)
    assert len(room.passages) == 1
    assert hear(room, ear, higher(mandarin(2)), 60_000).voice == "未识别 2"


def test_in_a_long_hearing_a_passage_is_looked_for_among_the_last_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    room, looked, is_of = RoomMicrophone(), list[Passage](), Passage.is_of
    for start_ms in range(0, 8 * 3_600_000, 10_000):
        room.hear(Speech(0, start_ms, PASSAGE.audio), [])
    monkeypatch.setattr(Passage, "is_of", lambda one, speech: looked.append(one) or is_of(one, speech))
    late = Speech(0, 8 * 3_600_000 - 300_000, PASSAGE.audio)
    assert room.hear(late, [stretch(0, 1)]) is next(one for one in room.passages if is_of(one, late))
    assert len(looked) < 100
    room.hear(Speech(0, 8 * 3_600_000, PASSAGE.audio), [])
    assert len(looked) < 200
    assert len(room.passages) == 8 * 360 + 1


def test_a_hearing_that_is_gone_on_with_knows_its_voices(room: RoomMicrophone, ear: Ear) -> None:
    hear(room, ear, higher(mandarin(2)))
    hear(room, ear, mandarin(2), 30_000)
    again = RoomMicrophone(room.passages)
    assert hear(again, ear, mandarin(0), 60_000).voice == "未识别 2"


def test_labels_that_stand_on_record_are_not_given_to_others(ear: Ear) -> None:
    assert hear(RoomMicrophone([], labels=3), ear, mandarin(2)).voice == "未识别 4"


def test_a_passage_in_which_nobody_is_heard_is_still_someones_words(room: RoomMicrophone, ear: Ear) -> None:
    span = hear(room, ear, PASSAGE.audio)
    assert (span.seat, span.voice, span.start_ms, span.end_ms) == (None, "未识别", 0, 10_000)
    assert span.certainty == 0


def test_the_look_at_the_whole_hearing_only_proposes() -> None:
    voices = [(0, "未识别 1"), (1, "未识别 2"), (0, "未识别 1"), (1, "未识别 1"), (1, "未识别 2")]
    notes = tuple(Noted(stretch(who, seed), label, 0.9) for seed, (who, label) in enumerate(voices))
    room = RoomMicrophone([Passage(0, 0, 20_000, notes)])
    assert room.corrections() == [Correction(((0, 3_000),), "未识别 1", "未识别 2")]


@pytest.fixture
def enrolled(ear: Ear) -> Enrolled:
    """The judge, by the first 3.5 s of a clip."""
    heard = sample(ear.stretches(Speech(0, 0, mandarin(2)[:56_000])))
    assert heard.embedding is not None
    return Enrolled(JUDGE, heard.ms, heard.embedding)


def test_an_enrolled_person_is_named_from_the_first_word_and_nobody_else_is(
    ear: Ear, enrolled: Enrolled
) -> None:
    room = RoomMicrophone(enrolled=[enrolled])
    span = hear(room, ear, mandarin(0))
    assert (span.seat, span.voice, span.how) == ("s1", "王某", Attribution.ENROLLED)
    assert hear(room, ear, higher(mandarin(2)), 60_000).voice == "未识别 1"
    assert hear(room, ear, mandarin(2), 90_000).seat == "s1"


def test_what_is_withdrawn_is_held_nowhere_and_names_nobody_g6(ear: Ear, enrolled: Enrolled) -> None:
    room = RoomMicrophone(enrolled=[enrolled])
    speech = Speech(0, 0, mandarin(0))
    passage = room.hear(speech, ear.stretches(speech))
    hear(room, ear, higher(mandarin(2)), 30_000)
    assert room.held()[JUDGE] > enrolled.ms
    room.withdraw(JUDGE)
    assert JUDGE not in room.held()
    assert [n.stretch.embedding is None for one in room.passages for n in one.notes] == [True, False]
    assert hear(room, ear, mandarin(2), 60_000).voice == "未识别 2"
    assert room.label(passage, speech, HEARING)[0].voice == "未识别"


def test_a_voice_that_has_a_name_is_known_again(ear: Ear, enrolled: Enrolled) -> None:
    room = RoomMicrophone(enrolled=[enrolled])
    assert room.whose(enrolled.embedding) == JUDGE
    stranger = sample(ear.stretches(Speech(0, 0, higher(mandarin(2))))).embedding
    assert stranger is not None
    assert room.whose(stranger) is None
    room.hear(Speech(0, 0, higher(mandarin(2))), ear.stretches(Speech(0, 0, higher(mandarin(2)))))
    assert room.whose(stranger) is None
    room.learn(frozenset({Said(Person(None, "李某"), label="未识别 1")}))
    assert room.whose(stranger) == Person(None, "李某")
