"""bench.speakers, spoken, touches: words on speakers, corrections accepted, what counts as a second touch."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.speakers import Answer, corrected, measured
from bench.spoken import heard_by, said_by, speaker_of
from bench.touches import Clerk, true_speaker
from casefile.model import Attribution, SpeakerSpan
from diarization.room import Correction

PARTS = [(0.0, 2.0, "a"), (1.5, 4.0, "b")]


def span(start_ms: int, end_ms: int, voice: str) -> SpeakerSpan:
    return SpeakerSpan(None, voice, start_ms, end_ms, Attribution.CLUSTER)


def test_a_word_is_whose_part_covers_its_middle() -> None:
    words = [(0.1, 0.3, "一"), (1.6, 1.8, "二"), (3.0, 3.2, "三"), (8.0, 8.2, "四")]
    assert [speaker_of(word, PARTS) for word in words] == ["a", "a", "b", "b"]
    assert speaker_of(words[0], []) == ""


def test_only_words_with_a_verified_transcript_count() -> None:
    turns = [
        {"start_ms": 0, "end_ms": 1_000, "text": "是的。", "speaker": "x", "scored": True},
        {"start_ms": 2_000, "end_ms": 3_000, "text": "不", "speaker": "y", "scored": False},
    ]
    heard = heard_by([(0.2, 0.6, "是的。"), (2.2, 2.4, "不")], PARTS, turns)
    assert [(one["speaker"], one["words"]) for one in heard] == [("a", "是 的")]
    assert [(one["speaker"], one["words"]) for one in said_by(turns)] == [("x", "是 的")]


def test_an_accepted_correction_changes_its_moments_only() -> None:
    made = [Correction(((500, 1_000),), "a", "c"), Correction(((3_000, 4_000),), "b", None)]
    assert sorted(corrected(PARTS, made)) == [
        (0.0, 0.5, "a"),
        (0.5, 1.0, "c"),
        (1.0, 2.0, "a"),
        (1.5, 3.0, "b"),
    ]


def test_errors_are_counted_against_the_reference_beside_the_sound() -> None:
    sound = Path(__file__).parents[2] / "shared" / "speech" / "dev" / "conversations" / "ami_dev00.flac"
    if not sound.exists():
        pytest.skip("NOT RUN: there is no real speech beside the repository")
    nothing = measured(Answer(sound, "none", [], 0.0))
    assert (nothing["der_0"], nothing["confusion_0"], nothing["speakers"]) == (100.0, 0.0, 0)


def test_her_turns_under_other_names_and_others_turns_under_hers_are_touched_again() -> None:
    truth = [(0.0, 1.0, "x"), (1.0, 2.0, "y"), (2.0, 3.0, "x")]
    assert true_speaker(span(900, 1_900, "未识别 1"), truth) == "y"
    clerk = Clerk(tidy=True)
    clerk.name("x", "未识别 1")
    for heard, person in (
        (span(0, 1_000, "未识别 1"), "x"),
        (span(1_000, 2_000, "未识别 2"), "y"),
        (span(2_000, 3_000, "未识别 3"), "x"),
        (span(1_000, 2_000, "未识别 1"), "y"),
        (span(0, 900, "未识别 3"), "x"),
    ):
        clerk.look(heard, person)
    assert clerk.wrong == 2
    assert {one.label for one in clerk.said} == {"未识别 1", "未识别 3", None}
