"""The server is away for a minute of the hearing: the recorder goes on, and nothing is missing afterwards."""

from pathlib import Path

import numpy as np

from casefile.model import AudioChunk
from casefile.seal import verify
from casefile.stretches import read_range
from tests.courtroom import Courtroom, courtroom, two_seats, wait_for

SPEED = "6"


def recorded_ms(room: Courtroom, copy: str, hearing_id: str) -> int:
    """How much sound this copy holds."""
    return 100 * sum(entry["kind"] == "block" for entry in room.entries(copy, hearing_id))


def test_a6_a_minute_without_the_server_costs_nothing(tmp_path: Path) -> None:
    source = two_seats(tmp_path / "hearing.wav", 150)
    arguments = ["--replay", str(tmp_path / "hearing.wav"), "--speed", SPEED]
    with courtroom(tmp_path, arguments, serve_arguments=["--no-text"]) as room:
        hearing_id = room.create()
        wait_for(lambda: recorded_ms(room, "recordings", hearing_id) > 5_000, "the server keeps nothing")
        room.kill("serve")
        left_at = recorded_ms(room, "journal", hearing_id)
        wait_for(lambda: recorded_ms(room, "journal", hearing_id) > left_at + 60_000, "the recorder stopped")
        room.start("serve")
        wait_for(lambda: room.recorder_state() == "recording", "the recorder did not come back")
        record = room.close(hearing_id)
        journal = room.entries("journal", hearing_id)
        assert [entry["sha256"] for entry in journal] == [
            entry["sha256"] for entry in room.entries("recordings", hearing_id)
        ]
        sound = list(read_range(room.data / "recordings" / hearing_id, 0, 10**8))
    assert record["gaps"] == []
    assert record["digests"]["copies"]["same"] is True
    pcm = np.concatenate([item.pcm for item in sound if isinstance(item, AudioChunk)])
    assert np.array_equal(pcm, source[: len(pcm)])
    assert len(pcm) >= (left_at + 60_000) * 16
    assert verify(room.data / "records" / hearing_id).ok
