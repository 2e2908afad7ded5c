"""Writing recordings: runs, rolling files, crashes at any byte, full disks."""

from __future__ import annotations

import random
import wave
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import casefile.recording
import casefile.run
import casefile.salvage
from casefile.entries import Piece, whole
from casefile.errors import DamagedRecording, DiskFailed, DiskFull
from casefile.recording import Recording
from casefile.soundcheck import Checked, check
from casefile.tape import entries
from tests.fulldisk import FullDisk
from tests.sounds import hearing, recorded, whole_sound


def test_files_roll_and_are_plain_wav(tmp_path: Path) -> None:
    recorded(tmp_path, hearing(30))
    files = sorted(tmp_path.glob("*.wav"))
    assert len(files) == 3
    sound = b""
    for file in files:
        with wave.open(str(file)) as opened:
            assert (opened.getframerate(), opened.getnchannels()) == (8000, 2)
            sound += opened.readframes(opened.getnframes())
    assert sound == whole_sound(30).tobytes()


def test_entries_may_come_in_any_order(tmp_path: Path) -> None:
    pieces = hearing(30)
    rest = pieces[1:]
    random.Random(5).shuffle(rest)
    recorded(tmp_path, [pieces[0], *rest])
    assert check(tmp_path).broken == ()
    assert check(tmp_path).digest == pieces[-1].entry.sha256


def test_an_entry_is_kept_once(tmp_path: Path) -> None:
    pieces, recording = hearing(5), Recording(tmp_path, "server")
    assert [recording.keep(piece) for piece in pieces] == [True] * 7
    assert [recording.keep(piece) for piece in pieces] == [False] * 7
    assert recording.flush().pairs() == [(1, 7)]
    recording.close()


def test_a_damaged_entry_is_refused(tmp_path: Path) -> None:
    pieces, recording = hearing(5), Recording(tmp_path, "server")
    recording.keep(pieces[0])
    with pytest.raises(DamagedRecording):
        recording.keep(Piece(pieces[1].entry, b"\1" + pieces[1].pcm[1:]))
    assert recording.flush().pairs() == [(1, 1)]
    recording.close()


def test_what_was_flushed_is_known_after_reopening(tmp_path: Path) -> None:
    pieces = hearing(30, end=False)
    recorded(tmp_path, pieces[:10] + pieces[20:])
    again = Recording(tmp_path, "server")
    assert again.flushed.pairs() == [(1, 10), (21, 31)]
    for piece in pieces[10:20]:
        assert again.keep(piece)
    again.close()
    assert check(tmp_path).broken == ()


def cut(path: Path, size: int) -> None:
    """The file as a crash left it."""
    with path.open("r+b") as file:
        file.truncate(size)


@given(sound_bytes=st.integers(0, 44 + 3200 * 8), index_bytes=st.integers(0, 3000), zero=st.booleans())
@settings(max_examples=40, deadline=None)
def test_after_a_crash_at_any_byte_every_whole_entry_is_there(
    tmp_path_factory: pytest.TempPathFactory, sound_bytes: int, index_bytes: int, zero: bool
) -> None:
    folder = tmp_path_factory.mktemp("crash")
    pieces = hearing(8, end=False)
    recorded(folder, pieces, file_ms=300_000)
    index, sound = folder / "0000000001.jsonl", folder / "0000000001.wav"
    cut(index, index_bytes)
    cut(sound, sound_bytes)
    if zero and sound_bytes >= 44:
        header = bytearray(sound.read_bytes())
        header[4:8] = header[40:44] = b"\0" * 4
        sound.write_bytes(header)
    lines = index.read_bytes().count(b"\n")
    blocks = max(0, sound.stat().st_size - 44) // 3200
    expected = min(lines, blocks + 1)
    again = Recording(folder, "server", second=True)
    assert again.flushed.count(99) == expected
    for piece in pieces[expected:]:
        assert again.keep(piece)
    again.close()
    assert check(folder).broken == ()
    assert check(folder).digest == pieces[-1].entry.sha256


def test_samples_without_a_line_are_handed_out(tmp_path: Path) -> None:
    pieces = hearing(8, end=False)
    recorded(tmp_path, pieces, file_ms=300_000)
    index = tmp_path / "0000000001.jsonl"
    cut(index, len(b"".join(index.read_bytes().splitlines(keepends=True)[:-1])) + 7)
    again = Recording(tmp_path, "journal")
    assert again.tail == pieces[-1].pcm
    assert again.flushed.pairs() == [(1, 8)]


def test_a_header_of_zeros_is_completed(tmp_path: Path) -> None:
    recorded(tmp_path, hearing(8), file_ms=300_000)
    sound = tmp_path / "0000000001.wav"
    data = bytearray(sound.read_bytes())
    data[4:8] = data[40:44] = b"\0" * 4
    sound.write_bytes(data)
    Recording(tmp_path, "server")
    with wave.open(str(sound)) as opened:
        assert opened.getnframes() == 6400


def test_a_full_disk_loses_nothing_that_was_flushed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk, pieces, recording = FullDisk(), hearing(20), Recording(tmp_path, "server")
    disk.install(monkeypatch)
    for piece in pieces[:10]:
        recording.keep(piece)
    recording.flush()
    disk.full = True
    with pytest.raises(DiskFull):
        recording.keep(pieces[10])
    assert recording.flush().pairs() == [(1, 10)]
    disk.full = False
    for piece in pieces:
        recording.keep(piece)
    recording.close()
    assert check(tmp_path).broken == ()
    assert check(tmp_path).digest == pieces[-1].entry.sha256


def test_a_write_that_breaks_off_leaves_no_half_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, pieces, recording = FullDisk(), hearing(20), Recording(tmp_path, "server")
    disk.install(monkeypatch)
    for piece in pieces[:5]:
        recording.keep(piece)
    recording.flush()
    disk.room = 1000
    with pytest.raises(DiskFull):
        recording.keep(pieces[5])
    disk.room = None
    for piece in pieces[5:]:
        recording.keep(piece)
    recording.close()
    assert all(whole(entry, b"") for entry in entries(tmp_path) if not entry.frames)
    assert check(tmp_path).broken == ()


def test_a_failing_disk_is_not_called_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk, recording = FullDisk(error=5), Recording(tmp_path, "server")
    disk.install(monkeypatch)
    disk.full = True
    with pytest.raises(DiskFailed):
        recording.keep(hearing(1)[0])


def test_the_fake_disk_stands_where_the_writes_are() -> None:
    assert casefile.recording.write_all is casefile.run.write_all is casefile.salvage.write_all


@pytest.mark.parametrize("file", ["0000000001.wav", "0000000001.jsonl"])
def test_a_damaged_entry_is_repaired_from_the_other_copy(tmp_path: Path, file: str) -> None:
    pieces = hearing(12)
    recorded(tmp_path, pieces, file_ms=300_000)
    data = bytearray((tmp_path / file).read_bytes())
    data[len(data) // 2] ^= 2
    (tmp_path / file).write_bytes(data)
    (broken,) = check(tmp_path).broken
    recording = Recording(tmp_path, "server")
    assert recording.repair(pieces[broken - 1])
    assert check(tmp_path) == Checked(14, pieces[-1].entry.sha256, (), 1200)
    with pytest.raises(DamagedRecording):
        recording.repair(Piece(pieces[4].entry, pieces[5].pcm))


def test_a_declared_damage_can_still_be_repaired(tmp_path: Path) -> None:
    pieces = hearing(12)
    declared = Piece(replace(pieces[5].entry, damaged=True), b"\0" * len(pieces[5].pcm))
    recorded(tmp_path, [*pieces[:5], declared, *pieces[6:]])
    assert Recording(tmp_path, "server").repair(pieces[5])
    assert check(tmp_path).broken == ()


def test_what_is_not_there_is_not_repaired(tmp_path: Path) -> None:
    pieces = hearing(12)
    recorded(tmp_path, pieces[:5])
    assert not Recording(tmp_path, "server").repair(pieces[8])


def frames_in(folder: Path) -> int:
    """All samples that any sound file of the folder still holds, whatever its name."""
    return sum(max(0, path.stat().st_size - 44) for path in folder.iterdir() if ".wav" in path.name) // 4


@pytest.mark.parametrize("second", [False, True])
@pytest.mark.parametrize("damage", ["gone", "empty", "unreadable"])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_b1_opening_a_recording_never_takes_samples_away(
    tmp_path: Path, second: bool, damage: str, number: int
) -> None:
    recorded(tmp_path, hearing(30, end=False))
    index = sorted(tmp_path.glob("*.jsonl"))[number]
    if damage == "gone":
        index.unlink()
    else:
        index.write_bytes(b"" if damage == "empty" else b"\0" * 300 + b"\n?\n")
    for _ in range(2):
        recording = Recording(tmp_path, "server", second=second)
        assert frames_in(tmp_path) == 30 * 800
        recording.close()


def test_a_pair_without_entries_or_samples_is_removed(tmp_path: Path) -> None:
    (tmp_path / "0000000001.wav").write_bytes(b"\0" * 44)
    (tmp_path / "0000000001.jsonl").write_bytes(b"")
    Recording(tmp_path, "server")
    assert list(tmp_path.iterdir()) == []


def test_the_tail_of_a_file_that_is_not_the_last_stays(tmp_path: Path) -> None:
    recorded(tmp_path, hearing(30, end=False))
    index = sorted(tmp_path.glob("*.jsonl"))[1]
    index.write_bytes(b"".join(index.read_bytes().splitlines(keepends=True)[:5]))
    for second in (False, True):
        recording = Recording(tmp_path, "server", second=second)
        assert frames_in(tmp_path) == 30 * 800
        assert recording.tail == b""


def test_a_second_copy_takes_again_what_its_last_file_lost(tmp_path: Path) -> None:
    pieces = hearing(30)
    recorded(tmp_path, pieces)
    for index in sorted(tmp_path.glob("*.jsonl"))[1:]:
        cut(index.with_suffix(".wav"), 2000)
    again = Recording(tmp_path, "server", second=True)
    for piece in pieces:
        again.keep(piece)
    again.close()
    assert check(tmp_path) == Checked(32, pieces[-1].entry.sha256, (), 3000)


def test_a_damaged_block_that_is_short_moves_nothing_behind_it(tmp_path: Path) -> None:
    pieces = hearing(10)
    declared = Piece(replace(pieces[5].entry, damaged=True), pieces[5].pcm[:100])
    recorded(tmp_path, [*pieces[:5], declared, *pieces[6:]], file_ms=300_000)
    assert check(tmp_path).broken == (6,)
    sound = (tmp_path / "0000000001.wav").read_bytes()[44:]
    assert sound[6 * 3200 - 1600 :] == whole_sound(10).tobytes()[6 * 3200 - 1600 :]


def test_a_file_that_is_there_is_never_opened_anew(tmp_path: Path) -> None:
    pieces = hearing(5)
    recording = Recording(tmp_path, "server")
    recorded(tmp_path, pieces)
    with pytest.raises(DiskFailed):
        recording.keep(pieces[0])
    assert check(tmp_path).broken == ()
