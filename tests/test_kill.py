"""kill -9 of the recorder, of the server, of both, at 20 random moments each (court.md A4).

What must hold: what the recorder had is on both disks, at most the last second is missing, every break is on
record as a gap with its cause, and after all restarts no turn is missing or double: the same turns come out
as when the finished recording is heard in one go.
"""

import random
import time
from pathlib import Path

import numpy as np
import pytest

from asr.whisper import Whisper
from casefile.model import AudioChunk, Hearing, HearingKind
from casefile.seal import verify
from casefile.stretches import read_range
from tests.courtroom import Courtroom, courtroom, two_seats, wait_for
from tingji.transcribe import transcribed

KILLS = 20
LONGEST_MS = 24 * 3_600_000
pytestmark = pytest.mark.slow


def position_ms(room: Courtroom, hearing_id: str) -> int:
    """The end of the last block in the journal."""
    blocks = [entry for entry in room.entries("journal", hearing_id)[-50:] if entry["kind"] == "block"]
    return blocks[-1]["n"] if blocks else 0


def kill_at_random(room: Courtroom, hearing_id: str, targets: list[str], seed: int) -> list[float]:
    """Kills and restarts; the wall clock of each kill."""
    moments, rng = [], random.Random(seed)
    for _ in range(KILLS):
        time.sleep(rng.uniform(0.05, 2.5))  # the random moment itself, not a wait for something
        for target in targets:
            moments.append(room.kill(target))
        before = position_ms(room, hearing_id)
        for target in targets:
            room.start(target)
        wait_for(lambda before=before: position_ms(room, hearing_id) > before, "recording did not go on")
        wait_for(lambda: room.recorder_state() == "recording", "the recorder did not come back")
    return moments


def assert_sound_is_the_source(room: Courtroom, hearing_id: str, source: np.ndarray) -> None:
    """Every stored sample is the source's sample of that moment."""
    recording = room.data / "recordings" / hearing_id
    chunks = [item for item in read_range(recording, 0, LONGEST_MS) if isinstance(item, AudioChunk)]
    assert chunks
    for chunk in chunks:
        at = chunk.start_ms * 16
        assert np.array_equal(chunk.pcm, source[at : at + len(chunk.pcm)]), chunk.start_ms


def assert_turns_are_those_of_one_go(room: Courtroom, record: dict, whisper: Whisper) -> None:
    hearing = Hearing("again", HearingKind.TRIAL)
    recording = room.data / "recordings" / record["hearing"]["id"]
    wanted = transcribed(read_range(recording, 0, LONGEST_MS), hearing, whisper).turns
    found = record["turns"]
    assert len(found) == len(wanted) >= 8
    for got, want in zip(found, wanted, strict=True):
        assert got["channel"] == want.channel
        assert abs(got["start_ms"] - want.start_ms) <= 130
        assert abs(got["end_ms"] - want.end_ms) <= 130


@pytest.mark.parametrize("targets", [["record"], ["serve"], ["record", "serve"]], ids="+".join)
def test_a4_kill_9_at_20_random_moments(tmp_path: Path, targets: list[str], whisper: Whisper) -> None:
    source = two_seats(tmp_path / "hearing.wav", 420)  # more than 20 restarts take, on a slow machine too
    with courtroom(tmp_path, ["--replay", str(tmp_path / "hearing.wav"), "--speed", "1"]) as room:
        hearing_id = room.create()
        kills = kill_at_random(room, hearing_id, targets, seed=2024)
        wait_for(lambda: room.recorder_state() == "recording", "the recorder did not come back")
        time.sleep(2)
        record = room.close(hearing_id)
        journal, recording = room.entries("journal", hearing_id), room.entries("recordings", hearing_id)
        assert_sound_is_the_source(room, hearing_id, source)
        assert_turns_are_those_of_one_go(room, record, whisper)
    assert record["digests"]["copies"]["same"] is True
    assert [entry["sha256"] for entry in journal] == [entry["sha256"] for entry in recording]
    gaps = [gap for gap in record["gaps"] if gap["reason"] == "recorder_stopped"]
    assert len(gaps) == (KILLS if "record" in targets else 0)
    assert len(record["gaps"]) == len(gaps)
    if gaps:
        assert_at_most_a_second_is_lost(journal, kills[:: len(targets)])
    assert verify(room.data / "records" / hearing_id).ok


def assert_at_most_a_second_is_lost(journal: list[dict], kills: list[float]) -> None:
    """Before each kill the last block on disk is less than a second old."""
    heard = np.array([entry["wall_ns"] / 1e9 for entry in journal if entry["kind"] == "block"])
    for kill in kills:
        assert kill - heard[heard <= kill].max() < 1.0
