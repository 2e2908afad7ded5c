"""The waveform of a recording: its levels, what is missing, what is kept; and what the route answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casefile.entries import Block, Piece, Stamp, Start, make_entry
from casefile.events import HearingClosed, RecordSealed
from casefile.model import AudioChunk, Gap, GapReason, Pcm
from casefile.peaks import FILE, STEP_MS, KeptPeaks, Peaks
from casefile.recording import Recording
from tests.courthouse import FORMAT, Courthouse, write_recording

RATE = FORMAT.rate


def level(peak: int, ms: int, channel: int = 0) -> Pcm:
    """Sound that is `peak` high on one of two channels and silent on the other."""
    pcm = np.zeros((ms * RATE // 1000, 2), np.int16)
    pcm[:, channel] = peak
    return pcm


def shown(peak: int) -> int:
    return 1 + round(254 * (abs(peak) / 32768) ** 0.5)


def read(folder: Path, *, sealed: bool = True) -> Peaks:
    found = Peaks(folder, sealed=sealed)
    assert found.read_on(60)
    return found


def test_levels_of_any_channel_and_what_is_missing(tmp_path: Path) -> None:
    folder = tmp_path / "h1"
    gap = Gap(500, 1_000, GapReason.UNPLUGGED)
    write_recording(
        folder, [(0, level(-32768, 200)), (200, level(8192, 300, 1)), gap, (1_000, level(0, 200))], RATE
    )
    found = read(folder)
    loud, soft = shown(32768), shown(8192)
    assert found.known_ms == 1_200
    assert found.points(0, 1_200, 12) == [loud, loud, soft, soft, soft, 0, 0, 0, 0, 0, 1, 1]
    assert found.points(0, 1_200, 3) == [loud, soft, 1]
    assert found.points(500, 1_000, 2) == [0, 0]
    assert found.points(1_100, 1_600, 5) == [1, 0, 0, 0, 0]
    assert found.points(5_000, 6_000, 2) == [0, 0]


@settings(max_examples=30)
@given(st.lists(st.integers(1, 700), min_size=1, max_size=6), st.integers(0, 99))
def test_however_sound_is_cut_into_blocks_the_levels_are_the_same(lengths: list[int], seed: int) -> None:
    total = sum(lengths)
    pcm = np.random.default_rng(seed).integers(-32768, 32768, (total * RATE // 1000, 2)).astype(np.int16)
    whole, cut = Peaks(Path("/nowhere")), Peaks(Path("/nowhere"))
    whole._add(AudioChunk(FORMAT_2, 0, pcm))
    here = 0
    for length in lengths:
        cut._add(AudioChunk(FORMAT_2, here, pcm[here * RATE // 1000 : (here + length) * RATE // 1000]))
        here += length
    assert cut.points(0, total, total) == whole.points(0, total, total)
    steps = [pcm[at : at + RATE // 10].astype(int) for at in range(0, len(pcm), RATE // 10)]
    expected = [shown(int(np.abs(step).max())) for step in steps]
    assert whole.points(0, len(steps) * STEP_MS, len(steps)) == expected


FORMAT_2 = type(FORMAT)(RATE, 2)


def test_a_growing_recording_is_read_on_from_where_it_was(tmp_path: Path) -> None:
    recording, previous = Recording(tmp_path / "h1", "test"), ""
    growing = KeptPeaks(tmp_path)

    def keep(n: int, fact: Start | Block, pcm: bytes = b"") -> None:
        nonlocal previous
        entry = make_entry(n, fact, Stamp(n, n), previous, pcm)
        previous = entry.sha256
        recording.keep(Piece(entry, pcm))
        recording.flush()

    keep(1, Start(RATE, 2, "测试", 0, 0, "boot"))
    assert growing.of("h1", sealed=False).read_on(60)
    assert growing.of("h1", sealed=False).known_ms == 0
    for second in (0, 1):
        keep(second + 2, Block(second * RATE, RATE), level(8192, 1_000).tobytes())
        found = growing.of("h1", sealed=False)
        assert found.read_on(60)
        assert found.known_ms == 1_000 * (second + 1)
        assert set(found.points(0, found.known_ms, 5)) == {shown(8192)}
    recording.close()
    assert not (tmp_path / "h1" / FILE).exists()


def test_of_a_sealed_recording_they_are_kept_beside_it_and_the_sound_is_not_read_again(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "h1"
    write_recording(folder, [(0, level(8192, 3_000))], RATE)
    before = read(folder).points(0, 3_000, 30)
    for path in [*folder.glob("*.wav"), *folder.glob("*.jsonl")]:
        path.unlink()
    assert read(folder).points(0, 3_000, 30) == before
    (folder / FILE).write_bytes(b"something else")
    assert read(folder).known_ms == 0, "the sound is gone and the file is none of ours"


def test_a_disk_that_takes_no_file_costs_nothing_but_time(tmp_path: Path) -> None:
    folder = tmp_path / "h1"
    write_recording(folder, [(0, level(8192, 1_000))], RATE)
    (folder / f"{FILE}.draft").mkdir()
    assert read(folder).points(0, 1_000, 1) == [shown(8192)]
    assert not (folder / FILE).exists()


def test_a_long_recording_is_read_in_pieces(tmp_path: Path) -> None:
    folder = tmp_path / "h1"
    write_recording(folder, [(at, level(8192, 1_000)) for at in range(0, 9_000, 1_000)], RATE)
    found, times = Peaks(folder, sealed=True), iter(range(100))
    known = []
    while not found.read_on(0.5, lambda: float(next(times))):
        known.append(found.known_ms)
    assert known == sorted(set(known))
    assert len(known) > 1
    assert found.points(0, 9_000, 90) == [shown(8192)] * 90


def test_when_a_hearing_is_sealed_its_sound_is_looked_at_again(tmp_path: Path) -> None:
    kept = KeptPeaks(tmp_path)
    live = kept.of("h1", sealed=False)
    assert kept.of("h1", sealed=False) is live
    assert kept.of("h1", sealed=True) is not live
    for number in range(40):
        kept.of(f"other{number}", sealed=False)
    assert len(kept._kept) == 16


def test_the_route_answers_as_many_points_as_asked(court: Courthouse) -> None:
    hearing_id, client = court.hearing(), court.client()
    court.record(hearing_id, [(0, level(8192, 2_000))])
    court.feed.append(hearing_id, [HearingClosed(4_000), RecordSealed("ab" * 32, "cd" * 32)], "tingji")
    answer = client.get(f"/api/hearings/{hearing_id}/peaks?points=4")
    assert answer.json() == {
        "from_ms": 0,
        "to_ms": 4_000,
        "known_ms": 2_000,
        "more": False,
        "points": [shown(8192), shown(8192), 0, 0],
    }
    part = client.get(f"/api/hearings/{hearing_id}/peaks?from_ms=1900&to_ms=2100&points=2").json()
    assert part["points"] == [shown(8192), 0]


def test_a_hearing_without_sound_has_no_points(court: Courthouse) -> None:
    answer = court.client().get(f"/api/hearings/{court.hearing(started=False)}/peaks?points=2")
    assert (answer.status_code, answer.json()["points"]) == (200, [0, 0])


@pytest.mark.parametrize(
    "query", ["from_ms=-1", "from_ms=5&to_ms=5", "points=0", "points=8001", "to_ms=43200001"]
)
def test_what_cannot_be_drawn_is_refused(court: Courthouse, query: str) -> None:
    answer = court.client().get(f"/api/hearings/{court.hearing()}/peaks?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
