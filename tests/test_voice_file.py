"""tingji.voice_file: the voices of one hearing, kept over a restart and no longer than the hearing."""

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from diarization.learning import Enrolled, Person
from diarization.stretches import Noted, Passage, Stretch
from tests.test_clustering import stretch
from tingji.voice_file import VoiceFile

PASSAGE = Passage(
    1, 2_000, 9_000, (Noted(stretch(3, 1), "未识别 2", 0.87), Noted(Stretch(((5, 9),), 0, None), None, 0.0))
)


@pytest.fixture
def file(tmp_path: Path) -> VoiceFile:
    return VoiceFile(tmp_path / "voices", "h1")


def same(one: Passage, other: Passage) -> bool:
    first, second = one.notes[0], other.notes[0]
    assert first.stretch.embedding is not None
    assert second.stretch.embedding is not None
    return (
        (one.channel, one.start_ms, one.end_ms) == (other.channel, other.start_ms, other.end_ms)
        and (first.label, first.confidence) == (second.label, second.confidence)
        and (first.stretch.spans, first.stretch.solo_ms) == (second.stretch.spans, second.stretch.solo_ms)
        and np.array_equal(first.stretch.embedding, second.stretch.embedding)
    )


def test_passages_come_back_as_they_were_kept(file: VoiceFile) -> None:
    file.keep(PASSAGE)
    file.keep(PASSAGE)
    found = file.read()[0]
    assert len(found) == 2
    assert all(same(PASSAGE, one) for one in found)
    assert (found[0].notes[1].label, found[0].notes[1].stretch.embedding) == (None, None)


def test_only_its_owner_reads_it_g6(file: VoiceFile, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        file.keep(PASSAGE)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "voices").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "voices" / "h1.jsonl").stat().st_mode) == 0o600


def test_a_line_that_a_crash_has_torn_costs_that_passage_only(file: VoiceFile, tmp_path: Path) -> None:
    file.keep(PASSAGE)
    path = tmp_path / "voices" / "h1.jsonl"
    path.write_bytes(path.read_bytes()[:-40])
    file.keep(PASSAGE)
    assert len(file.read()[0]) == 1


def test_no_other_hearing_has_these_voices_and_none_after_the_deletion_g6(
    file: VoiceFile, tmp_path: Path
) -> None:
    file.keep(PASSAGE)
    assert VoiceFile(tmp_path / "voices", "h2").read() == ([], [])
    file.delete()
    file.delete()
    assert file.read()[0] == []


VOICE = stretch(5, 5).embedding
assert VOICE is not None
JUDGE = Enrolled(Person("s1"), 3_100, VOICE)


def test_enrolled_voices_come_back_and_the_later_sample_counts(file: VoiceFile) -> None:
    for one in (JUDGE, Enrolled(Person(None, "李四"), 3_300, VOICE), Enrolled(Person("s1"), 4_000, VOICE)):
        file.keep(one)
    file.keep(PASSAGE)
    passages, found = file.read()
    assert len(passages) == 1
    assert [(one.whose, one.ms) for one in found] == [(Person(None, "李四"), 3_300), (Person("s1"), 4_000)]
    assert np.array_equal(found[0].embedding, VOICE)


def test_what_is_left_out_is_gone_from_the_disk_g6(file: VoiceFile, tmp_path: Path) -> None:
    path = tmp_path / "voices" / "h1.jsonl"
    file.keep(JUDGE)
    sample = path.read_bytes().split(b'"voice": "')[1][:40]
    file.keep(PASSAGE)
    before = os.umask(0)
    try:
        file.replace([PASSAGE])
    finally:
        os.umask(before)
    assert sample not in b"".join(one.read_bytes() for one in path.parent.iterdir())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(file.read()[0]) == 1
    file.replace([])
    assert list(path.parent.iterdir()) == []
