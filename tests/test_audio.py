"""Reading recordings: whole, growing, out of order, damaged."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import casefile.stretches
from casefile.audio import Follower
from casefile.entries import Block, Ended, Piece, Start
from casefile.errors import DamagedRecording, DiskFull
from casefile.model import AudioChunk, AudioFormat, Gap, GapReason
from casefile.recording import Recording
from casefile.soundcheck import check
from casefile.stretches import read_range, sound_ranges
from casefile.tape import Pieces, entries
from tests.fulldisk import FullDisk
from tests.sounds import FORMAT, Chain, hearing, pcm_of, recorded, sound_of, whole_sound


def follow(follower: Follower) -> list[AudioChunk | Gap]:
    """Everything that is there now."""
    return [item for items in iter(follower.read, []) for item in items]


def test_the_follower_reads_what_was_written(tmp_path: Path) -> None:
    recorded(tmp_path, hearing(30))
    follower = Follower(tmp_path)
    assert np.array_equal(sound_of(follow(follower)), whole_sound(30))
    assert follower.ended


def test_the_follower_reads_at_most_about_what_was_asked(tmp_path: Path) -> None:
    recorded(tmp_path, hearing(30))
    (first,) = Follower(tmp_path).read(500)
    assert isinstance(first, AudioChunk)
    assert (first.start_ms, first.end_ms) == (0, 500)


def test_the_follower_keeps_up_with_a_growing_recording(tmp_path: Path) -> None:
    recording, follower, heard = Recording(tmp_path, "server", 1000), Follower(tmp_path), []
    for piece in hearing(25):
        recording.keep(piece)
        heard += follow(follower)
    assert np.array_equal(sound_of(heard), whole_sound(25))
    assert follower.ended
    recording.close()


def test_the_follower_waits_at_a_hole_that_the_backlog_will_fill(tmp_path: Path) -> None:
    pieces, recording, follower = hearing(20), Recording(tmp_path, "server", 1000), Follower(tmp_path)
    for piece in [pieces[0], *pieces[11:]]:
        recording.keep(piece)
    assert follower.read() == []
    assert not follower.ended
    for piece in pieces[1:11]:
        recording.keep(piece)
    assert np.array_equal(sound_of(follow(follower)), whole_sound(20))
    assert follower.ended
    recording.close()


def test_the_follower_begins_late(tmp_path: Path) -> None:
    recorded(tmp_path, hearing(30))
    items = follow(Follower(tmp_path, 1550))
    assert items[0].start_ms == 1500
    assert np.array_equal(sound_of(items), whole_sound(30)[1500 * 8 :])


def test_a_change_of_format_begins_a_new_stretch(tmp_path: Path) -> None:
    chain, mono = Chain(), AudioFormat(16000, 1)
    chain.add(Start(8000, 2, "desk", 0, 0, "boot"))
    chain.add(Block(0, 800), pcm_of(1).tobytes())
    chain.add(Start(16000, 1, "lamp", 0, 150, "boot"))
    chain.add(Gap(100, 150, GapReason.UNPLUGGED))
    chain.add(Block(0, 1600), pcm_of(2, 1600, 1).tobytes())
    recorded(tmp_path, chain.pieces)
    first, gap, second = follow(Follower(tmp_path))
    assert isinstance(first, AudioChunk)
    assert isinstance(second, AudioChunk)
    assert gap == Gap(100, 150, GapReason.UNPLUGGED)
    assert (second.start_ms, second.format) == (150, mono)
    assert np.array_equal(second.pcm, pcm_of(2, 1600, 1))


def test_a_writer_that_is_restarted_is_followed_on(tmp_path: Path) -> None:
    pieces = hearing(20)
    recording = Recording(tmp_path, "server")
    for piece in pieces[:10]:
        recording.keep(piece)
    follower = Follower(tmp_path)
    heard = follow(follower)
    with (tmp_path / "0000000001.jsonl").open("ab") as index:
        index.write(b'{"n":11,"ki')  # a line torn by kill -9
    heard += follow(follower)
    again = Recording(tmp_path, "server")
    for piece in pieces[10:]:
        again.keep(piece)
    heard += follow(follower)
    assert np.array_equal(sound_of(heard), whole_sound(20))
    assert follower.ended
    again.close()
    recording.close()


def test_a_full_disk_does_not_stop_the_follower(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk, pieces, follower = FullDisk(), hearing(20), Follower(tmp_path)
    disk.install(monkeypatch)
    recording = Recording(tmp_path, "server")
    heard: list[AudioChunk | Gap] = []
    for piece in pieces[:10]:
        recording.keep(piece)
    recording.flush()
    for piece in pieces[10:14]:
        recording.keep(piece)
    heard += follow(follower)
    disk.full = True
    with pytest.raises(DiskFull):
        recording.keep(pieces[14])
    disk.full = False
    assert recording.flush().pairs() == [(1, 10)]
    for piece in pieces[10:]:
        recording.keep(piece)
        heard += follow(follower)
    assert np.array_equal(sound_of(heard), whole_sound(20)), "nothing missing, nothing twice"
    assert follower.ended
    recording.close()


def test_a_file_that_was_taken_back_whole_is_followed_when_it_comes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, pieces, follower = FullDisk(), hearing(5), Follower(tmp_path)
    disk.install(monkeypatch)
    recording = Recording(tmp_path, "server")
    recording.keep(pieces[0])
    recording.keep(pieces[1])
    heard = follow(follower)
    disk.full = True
    with pytest.raises(DiskFull):
        recording.keep(pieces[2])
    disk.full = False
    assert follower.read() == []
    for piece in pieces:
        recording.keep(piece)
    heard += follow(follower)
    assert np.array_equal(sound_of(heard), whole_sound(5))
    recording.close()


def test_after_a_power_cut_of_the_server_the_follower_goes_on(tmp_path: Path) -> None:
    pieces, follower = hearing(20), Follower(tmp_path)
    recording = Recording(tmp_path, "server")
    for piece in pieces[:14]:
        recording.keep(piece)
    heard = follow(follower)
    index = tmp_path / "0000000001.jsonl"
    index.write_bytes(b"".join(index.read_bytes().splitlines(keepends=True)[:8]))
    again = Recording(tmp_path, "server", second=True)
    for piece in pieces[8:]:
        again.keep(piece)
    again.close()
    heard += follow(follower)
    assert np.array_equal(sound_of(heard), whole_sound(20))
    assert follower.ended
    recording.close()


def test_told_that_nothing_more_comes_the_follower_reads_behind_the_holes_and_ends(tmp_path: Path) -> None:
    pieces = hearing(20, end=False)
    recorded(tmp_path, [*pieces[:5], *pieces[11:14], *pieces[17:]])
    follower = Follower(tmp_path)
    (first,) = follow(follower)
    assert not follower.ended
    follower.finish_without_end()
    items = follow(follower)
    assert [(item.start_ms, item.end_ms) for item in (first, *items)] == [
        (0, 400),
        (1000, 1300),
        (1600, 2000),
    ]
    assert follower.ended


def test_a_recording_that_never_came_ends_too_when_nothing_more_comes(tmp_path: Path) -> None:
    follower = Follower(tmp_path / "none")
    assert (follower.read(), follower.ended) == ([], False)
    follower.finish_without_end()
    assert (follower.read(), follower.ended) == ([], True)


def test_a_sound_file_that_is_lost_costs_its_own_entries_only(tmp_path: Path) -> None:
    recorded(tmp_path, hearing(30))
    files = sorted(tmp_path.glob("*.wav"))
    files[1].unlink()
    items = follow(Follower(tmp_path))
    assert {item.reason for item in items if isinstance(item, Gap)} == {GapReason.DAMAGED}
    assert len(sound_of(items)) == 20 * 800


def test_a_declared_damaged_block_is_a_gap(tmp_path: Path) -> None:
    pieces = hearing(10)
    pieces[4] = Piece(replace(pieces[4].entry, damaged=True), b"\0" * len(pieces[4].pcm))
    recorded(tmp_path, pieces)
    assert Gap(300, 400, GapReason.DAMAGED) in follow(Follower(tmp_path))


def test_a_range_is_cut_to_the_millisecond(tmp_path: Path) -> None:
    recorded(tmp_path, hearing(30))
    items = list(read_range(tmp_path, 1234, 2345))
    assert items[0].start_ms == 1234
    assert items[-1].end_ms == 2345
    assert np.array_equal(sound_of(items), whole_sound(30)[1234 * 8 : 2345 * 8])


def test_a_range_can_be_played_behind_a_hole(tmp_path: Path) -> None:
    pieces = hearing(20, end=False)
    recorded(tmp_path, [pieces[0], *pieces[11:]])
    items = list(read_range(tmp_path, 0, 2000))
    assert (items[0].start_ms, items[-1].end_ms) == (1000, 2000)


def test_ranges_bridge_short_holes_only(tmp_path: Path) -> None:
    chain = Chain()
    chain.add(Start(8000, 2, "desk", 0, 0, "boot"))
    for frame in (0, 800, 8000, 40000):
        chain.add(Block(frame, 800), pcm_of(frame).tobytes())
    recorded(tmp_path, chain.pieces)
    assert sound_ranges(tmp_path) == [(0, 1100), (5000, 5100)]


def test_ranges_are_read_again_only_where_files_grew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pieces, recording = hearing(30), Recording(tmp_path, "server", 1000)
    for piece in pieces[:24]:
        recording.keep(piece)
    assert sound_ranges(tmp_path) == [(0, 2300)]
    for piece in pieces[24:26]:
        recording.keep(piece)
    opened: list[str] = []

    class Watched(casefile.stretches.Tape):
        def __init__(self, index: Path) -> None:
            opened.append(index.stem)
            super().__init__(index)

    monkeypatch.setattr(casefile.stretches, "Tape", Watched)
    assert sound_ranges(tmp_path) == [(0, 2500)]
    assert opened == ["0000000022"]
    recording.close()


def test_check_finds_a_whole_recording_whole(tmp_path: Path) -> None:
    pieces = hearing(30)
    recorded(tmp_path, pieces)
    checked = check(tmp_path)
    assert (checked.blocks, checked.digest) == (32, pieces[-1].entry.sha256)
    assert (checked.broken, checked.length_ms) == ((), 3000)


@given(place=st.integers(0, 10**9), bit=st.integers(0, 7))
@settings(max_examples=30, deadline=None)
def test_check_names_the_block_with_a_flipped_bit(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("flip")
    recorded(folder, hearing(30))
    files = sorted(folder.glob("*.wav"))
    victim = files[place % len(files)]
    data = bytearray(victim.read_bytes())
    at = 44 + place % (len(data) - 44) if len(data) > 44 else 0
    data[at] ^= 1 << bit
    victim.write_bytes(data)
    expected = {int(victim.stem) + (at - 44) // 3200 + (victim.stem == "0000000001")} if at else set()
    assert set(check(folder).broken) == expected


@given(place=st.integers(0, 10**9), bit=st.integers(0, 7))
@settings(max_examples=30, deadline=None)
def test_check_finds_any_flipped_bit_of_an_index(
    tmp_path_factory: pytest.TempPathFactory, place: int, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("flip")
    recorded(folder, hearing(12))
    index = folder / "0000000001.jsonl"
    data = bytearray(index.read_bytes())
    at = place % len(data)
    data[at] ^= 1 << bit
    index.write_bytes(data)
    line = bytes(data[:at]).count(b"\n") + 1
    broken = check(folder).broken
    assert broken
    assert min(broken) <= line + 1


def test_a_damaged_length_does_not_condemn_what_follows(tmp_path: Path) -> None:
    recorded(tmp_path, hearing(12), file_ms=300_000)
    index = tmp_path / "0000000001.jsonl"
    lines = index.read_bytes().splitlines(keepends=True)
    lines[5] = lines[5].replace(b'"frames":800', b'"frames":900')
    index.write_bytes(b"".join(lines))
    assert check(tmp_path).broken == (6,)


def test_check_names_missing_entries(tmp_path: Path) -> None:
    pieces = hearing(10)
    recorded(tmp_path, pieces[:4] + pieces[6:])
    assert check(tmp_path).broken == (5, 6)


def test_entries_skip_what_cannot_be_read(tmp_path: Path) -> None:
    recorded(tmp_path, hearing(5))
    index = tmp_path / "0000000001.jsonl"
    lines = index.read_bytes().splitlines(keepends=True)
    lines[2] = b"\0" * 20 + b"\n"
    index.write_bytes(b"".join(lines))
    assert [entry.n for entry in entries(tmp_path)] == [1, 2, 4, 5, 6, 7]


def test_any_piece_can_be_read(tmp_path: Path) -> None:
    pieces, shelf = hearing(25), Pieces(tmp_path)
    recorded(tmp_path, pieces)
    for n in (1, 2, 3, 27, 11, 12, 5, 26):
        assert shelf.read(n) == pieces[n - 1]
    assert shelf.read(28) is None
    shelf.close()


def test_a_piece_whose_line_is_gone_is_damaged(tmp_path: Path) -> None:
    recorded(tmp_path, hearing(5))
    index = tmp_path / "0000000001.jsonl"
    lines = index.read_bytes().splitlines(keepends=True)
    index.write_bytes(b"".join([*lines[:2], b"?\n", *lines[3:]]))
    shelf = Pieces(tmp_path)
    with pytest.raises(DamagedRecording):
        shelf.read(3)
    shelf.close()


def test_an_ended_hearing_has_nothing_more(tmp_path: Path) -> None:
    recorded(tmp_path, hearing(2))
    follower = Follower(tmp_path)
    follow(follower)
    assert follower.read() == []
    assert isinstance(list(entries(tmp_path))[-1].fact, Ended)


@pytest.mark.slow
def test_two_hours_of_eight_channels_take_flat_memory(tmp_path: Path) -> None:
    form = AudioFormat(16000, 8)
    chain, frames = Chain(), form.frames(1000)
    pcm = pcm_of(1, frames, 8).tobytes()
    recording = Recording(tmp_path, "server")
    tracemalloc.start()
    recording.keep(chain.add(Start(form.rate, 8, "desk", 0, 0, "boot")), sure=True)
    for number in range(7200):
        recording.keep(chain.add(Block(number * frames, frames), pcm), sure=True)
        if number % 50 == 0:
            recording.flush()
            del chain.pieces[:-1]
            chain.pieces[:0] = [chain.pieces[-1]] * (number + 1)
    recording.close()
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    assert sum(len(item.pcm) for item in read_range(tmp_path, 0, 10**9) if isinstance(item, AudioChunk)) == (
        7200 * frames
    )
    assert check(tmp_path).broken == ()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(list(tmp_path.glob("*.wav"))) == 24
    assert peak - before < 16 << 20


def test_the_format_is_what_the_start_says(tmp_path: Path) -> None:
    recorded(tmp_path, hearing(2))
    follower = Follower(tmp_path)
    follow(follower)
    assert follower.format == FORMAT
