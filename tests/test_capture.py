"""Capture: pre-roll, timeline, lawful pauses, clocks, restarts, disks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import recorder.journal
from casefile.audio import Follower
from casefile.entries import Block, Ended, Fact, PauseBegun, Piece, Ranges, Start
from casefile.errors import NoClip, NoDevice, WrongState
from casefile.model import AudioChunk, AudioFormat, ClockStep, Gap, GapReason, PauseReason
from casefile.soundcheck import check
from casefile.tape import entries
from recorder.capture import Capture
from recorder.shelf import Shelf
from tests.fulldisk import FullDisk
from tests.sounds import FORMAT, SECOND_NS, FakeClock, chunk, pcm_of, sound_of, whole_sound


class Desk:
    """A capture with everything around it faked but the disk."""

    def __init__(self, folder: Path, clock: FakeClock | None = None) -> None:
        self.folder = folder
        self.clock = clock or FakeClock()
        self.delivered: list[Piece] = []
        self.begun: list[tuple[int, int | None]] = []
        self.shelf = Shelf(folder, lambda _, pieces: self.delivered.extend(pieces))
        self.capture = Capture(self.shelf, self, "desk", self.clock)
        self._next = 0

    def begin(self, position_ms: int, since_ns: int | None) -> None:
        self.begun.append((position_ms, since_ns))

    def hear(self, blocks: int) -> None:
        """So many 100 ms blocks, in real time."""
        for number in range(self._next, self._next + blocks):
            self.clock.pass_ms(100)
            self.capture.feed(chunk(number))
        self._next += blocks

    def miss(self, ms: int, reason: GapReason = GapReason.UNPLUGGED) -> None:
        """A gap as the source tells it."""
        self.clock.pass_ms(ms)
        self.capture.feed(Gap(0, ms, reason))

    def facts(self, kind: type[Fact]) -> list[Fact]:
        """The journal's entries of one kind."""
        return [entry.fact for entry in entries(self.folder / "h") if isinstance(entry.fact, kind)]

    def sound(self) -> list[AudioChunk | Gap]:
        follower = Follower(self.folder / "h")
        return [item for items in iter(follower.read, []) for item in items]

    def kill(self) -> None:
        """kill -9: the files are as they are."""
        for journal in self.shelf._open.values():
            for run in journal._recording._runs:
                run._wav.close()
                run._index.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.kill()


def test_a1_ten_seconds_before_the_start_are_kept(desk: Desk) -> None:
    desk.hear(150)
    desk.capture.start("h")
    desk.hear(50)
    desk.capture.close("h")
    (start,) = desk.facts(Start)
    assert isinstance(start, Start)
    assert start.pre_roll_ms == 10_000
    assert np.array_equal(sound_of(desk.sound()), whole_sound(200)[50 * 800 :])
    assert desk.facts(Ended) == [Ended(15_000)]


def test_pre_roll_keeps_the_moment_it_was_heard(desk: Desk) -> None:
    desk.hear(3)
    desk.clock.pass_ms(5)
    desk.capture.start("h")
    stamps = [entry.mono_ns for entry in entries(desk.folder / "h") if isinstance(entry.fact, Block)]
    assert np.diff(stamps).tolist() == [100_000_000] * 2
    assert stamps[-1] == desk.clock.mono_ns - 5_000_000
    desk.capture.stop()


def test_pre_roll_does_not_reach_over_a_gap(desk: Desk) -> None:
    desk.hear(10)
    desk.miss(500)
    desk.hear(5)
    desk.capture.start("h")
    assert desk.capture.position_ms == 500
    desk.capture.stop()


@pytest.mark.parametrize("reason", list(PauseReason))
def test_a2_sound_of_a_lawful_pause_is_discarded(desk: Desk, reason: PauseReason) -> None:
    desk.capture.format = FORMAT
    desk.capture.start("h")
    desk.hear(10)
    desk.capture.pause(reason)
    assert desk.capture.state == "paused"
    desk.hear(20)
    desk.capture.resume()
    desk.hear(10)
    desk.capture.close("h")
    assert desk.facts(PauseBegun) == [PauseBegun(1000, reason)]
    before, gap, after = desk.sound()
    assert gap == Gap(1000, 3000, GapReason.PAUSE)
    assert after.start_ms == 3000
    assert np.array_equal(sound_of([before]), whole_sound(10))
    assert np.array_equal(sound_of([after]), whole_sound(40)[30 * 800 :])


def test_commands_have_their_effect_once(desk: Desk) -> None:
    desk.hear(1)
    for _ in range(2):
        desk.capture.start("h")
    for _ in range(2):
        desk.capture.pause(PauseReason.RECESS)
    for _ in range(2):
        desk.capture.resume()
    for _ in range(2):
        desk.capture.close("h")
    desk.capture.start("h")
    assert desk.capture.state == "idle"
    assert len(desk.facts(Start)) == len(desk.facts(PauseBegun)) == len(desk.facts(Ended)) == 1


def test_a_second_hearing_must_wait(desk: Desk) -> None:
    desk.hear(1)
    desk.capture.start("h")
    with pytest.raises(WrongState):
        desk.capture.start("other")
    desk.capture.stop()


def test_without_a_device_nothing_can_start(desk: Desk) -> None:
    with pytest.raises(NoDevice):
        desk.capture.start("h")
    assert desk.shelf.holding() == []


def test_a4_missing_sound_is_one_gap_with_its_reason(desk: Desk) -> None:
    desk.hear(5)
    desk.capture.start("h")
    for _ in range(3):
        desk.miss(1000)
    assert desk.capture.missing is GapReason.UNPLUGGED
    desk.miss(50, GapReason.OVERFLOW)
    desk.hear(5)
    assert desk.capture.missing is None
    desk.capture.close("h")
    assert desk.facts(Gap) == [Gap(500, 3500, GapReason.UNPLUGGED), Gap(3500, 3550, GapReason.OVERFLOW)]
    assert desk.facts(Ended) == [Ended(4050)]


def test_a_long_gap_is_on_record_before_it_ends(desk: Desk) -> None:
    desk.hear(5)
    desk.capture.start("h")
    for _ in range(61):
        desk.miss(1000)
    assert desk.facts(Gap) == [
        Gap(500, 30_500, GapReason.UNPLUGGED), Gap(30_500, 60_500, GapReason.UNPLUGGED)
    ]  # fmt: skip
    assert desk.capture.position_ms == 61_500
    desk.capture.stop()


def test_a5_the_wall_clock_set_back_an_hour_leaves_the_timeline_whole(desk: Desk) -> None:
    desk.hear(5)
    desk.capture.start("h")
    desk.hear(5)
    desk.clock.wall_ns -= 3600 * SECOND_NS
    desk.hear(5)
    desk.clock.wall_ns += 1 * SECOND_NS
    desk.hear(5)
    desk.capture.close("h")
    assert desk.facts(ClockStep) == [ClockStep(1000, -3_600_000)]
    assert np.array_equal(sound_of(desk.sound()), whole_sound(20))


def test_a_device_with_another_format_goes_on(desk: Desk) -> None:
    desk.hear(5)
    desk.capture.start("h")
    mono = AudioFormat(16000, 1)
    desk.capture.feed(Gap(0, 700, GapReason.UNPLUGGED))
    desk.capture.feed(chunk(0, mono))
    desk.capture.close("h")
    first, gap, second = desk.sound()
    assert gap == Gap(500, 1200, GapReason.UNPLUGGED)
    assert isinstance(second, AudioChunk)
    assert (second.start_ms, second.format) == (1200, mono)
    assert first.end_ms == 500


def restarted(desk: Desk, *, boot: str | None = None) -> Desk:
    """A new process over the same disk, as after kill -9."""
    desk.kill()
    again = Desk(desk.folder, desk.clock)
    again.capture._boot = boot or again.capture._boot
    again._next = desk._next
    again.capture.take_up("h")
    return again


def test_after_a_kill_the_time_between_is_the_sources_gap(desk: Desk) -> None:
    desk.hear(5)
    desk.capture.start("h")
    desk.hear(5)
    since = desk.clock.mono_ns
    desk.clock.pass_ms(7000)
    again = restarted(desk)
    assert again.begun == [(1000, since)]
    again.capture.feed(Gap(0, 7000, GapReason.RECORDER_STOPPED))
    again.hear(5)
    again.capture.close("h")
    assert again.facts(Gap) == [Gap(1000, 8000, GapReason.RECORDER_STOPPED)]
    assert np.array_equal(sound_of(again.sound()), whole_sound(15))
    assert check(desk.folder / "h").broken == ()


def test_after_a_reboot_with_the_clock_set_back_no_time_is_negative(desk: Desk) -> None:
    desk.hear(5)
    desk.capture.start("h")
    desk.hear(5)
    desk.clock.mono_ns = 5 * SECOND_NS
    desk.clock.wall_ns -= 3600 * SECOND_NS
    again = restarted(desk, boot="another")
    assert again.begun == [(1000, 5 * SECOND_NS)]
    again.capture.stop()


def test_after_a_reboot_the_wall_clock_tells_how_long_it_was_away(desk: Desk) -> None:
    desk.hear(5)
    desk.capture.start("h")
    desk.hear(5)
    desk.clock.mono_ns = 5 * SECOND_NS
    desk.clock.wall_ns += 60 * SECOND_NS
    again = restarted(desk, boot="another")
    assert again.begun == [(1000, -55 * SECOND_NS)]
    again.capture.stop()


def test_killed_in_a_pause_it_is_paused_again(desk: Desk) -> None:
    desk.hear(5)
    desk.capture.start("h")
    desk.capture.pause(PauseReason.MEDIATION)
    desk.hear(10)
    desk.clock.wall_ns += 10 * SECOND_NS
    desk.hear(1)
    for _ in range(2):
        desk.clock.pass_ms(2000)
        desk = restarted(desk)
        assert desk.capture.state == "paused"
        ((position_ms, since_ns),) = desk.begun
        assert position_ms == 500
    assert since_ns is not None
    desk.capture.feed(Gap(0, (desk.clock.mono_ns - since_ns) // 1_000_000, GapReason.RECORDER_STOPPED))
    desk.capture.resume()
    desk.hear(5)
    desk.capture.close("h")
    assert desk.facts(Gap) == [Gap(500, 500 + 1100 + 4000, GapReason.PAUSE)]


def test_the_journal_is_given_to_the_uplink_after_the_flush(desk: Desk) -> None:
    desk.hear(1)
    desk.capture.start("h")
    desk.hear(10)
    desk.capture.close("h")
    assert [piece.entry.n for piece in desk.delivered] == list(range(1, 14))


def test_a_full_disk_keeps_sound_going_to_the_server(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = FullDisk()
    disk.install(monkeypatch)
    desk.hear(1)
    desk.capture.start("h")
    desk.hear(5)
    disk.full = True
    desk.hear(20)
    assert desk.capture.problem is not None
    assert desk.capture.problem.code == "disk_full"
    assert len(desk.delivered) >= 20
    disk.full = False
    desk.hear(5)
    assert desk.capture.problem is None
    desk.capture.close("h")
    assert np.array_equal(sound_of(desk.sound()), whole_sound(31))
    assert check(desk.folder / "h").broken == ()


def test_a_disk_full_from_the_beginning_does_not_stop_the_start(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk()
    disk.install(monkeypatch)
    disk.full = True
    desk.hear(1)
    desk.capture.start("h")
    desk.hear(10)
    desk.capture.close("h")
    assert desk.delivered[-1].entry.fact == Ended(1100)
    disk.full = False
    desk.shelf.flush()
    assert np.array_equal(sound_of(desk.sound()), whole_sound(11))


def test_sound_that_no_disk_takes_is_a_gap(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder.journal, "MEMORY_BYTES", 20_000)
    disk = FullDisk()
    disk.install(monkeypatch)
    desk.hear(1)
    desk.capture.start("h")
    disk.full = True
    desk.hear(30)
    disk.full = False
    desk.shelf.flush()
    desk.hear(1)
    desk.capture.close("h")
    (gap,) = desk.facts(Gap)
    assert isinstance(gap, Gap)
    assert gap.reason is GapReason.DISK_FULL
    assert gap.end_ms == 3100
    assert check(desk.folder / "h").length_ms == 3200


def test_what_the_server_has_need_not_wait_for_the_journals_disk(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder.journal, "MEMORY_BYTES", 20_000)
    disk = FullDisk()
    disk.install(monkeypatch)
    desk.hear(1)
    desk.capture.start("h")
    disk.full = True
    for _ in range(30):
        desk.hear(1)
        desk.shelf.flush()
        desk.shelf.acknowledge("h", Ranges([(1, desk.delivered[-1].entry.n)]))
    desk.capture.close("h")
    assert [piece.entry.fact for piece in desk.delivered if isinstance(piece.entry.fact, Gap)] == []
    assert sum(piece.entry.frames for piece in desk.delivered) == 31 * 800


def test_a_block_damaged_in_the_journal_is_sent_as_damaged(desk: Desk) -> None:
    desk.hear(1)
    desk.capture.start("h")
    desk.hear(10)
    desk.capture.close("h")
    sound = desk.folder / "h" / "0000000001.wav"
    data = bytearray(sound.read_bytes())
    data[44 + 3200 * 4] ^= 1
    sound.write_bytes(data)
    piece = desk.shelf.piece_again("h", 6)
    assert piece is not None
    assert piece.entry == replace(desk.delivered[5].entry, damaged=True)
    whole = desk.shelf.piece_again("h", 7)
    assert whole == desk.delivered[6]


def test_a_line_that_is_gone_is_sent_as_a_damaged_gap(desk: Desk) -> None:
    desk.hear(1)
    desk.capture.start("h")
    desk.hear(10)
    desk.capture.close("h")
    index = desk.folder / "h" / "0000000001.jsonl"
    lines = index.read_bytes().splitlines(keepends=True)
    index.write_bytes(b"".join([*lines[:5], b"\0\n", *lines[6:]]))
    piece = desk.shelf.piece("h", 6)
    assert piece is not None
    assert piece.entry.damaged
    assert piece.entry.sha256 == desk.delivered[5].entry.sha256
    assert piece.entry.fact == Gap(400, 500, GapReason.DAMAGED)


def test_samples_that_a_crash_left_without_a_line_are_recovered(desk: Desk) -> None:
    desk.hear(1)
    desk.capture.start("h")
    desk.hear(4)
    index = desk.folder / "h" / "0000000001.jsonl"
    data = index.read_bytes()
    index.write_bytes(data[:-30])
    again = restarted(desk)
    again.capture.stop()
    assert Block(3200, 800, recovered=True) in again.facts(Block)
    assert np.array_equal(sound_of(again.sound()), whole_sound(5))
    assert check(desk.folder / "h").broken == ()


def test_a_released_journal_is_not_announced(desk: Desk) -> None:
    desk.hear(1)
    desk.capture.start("h")
    desk.capture.close("h")
    assert [(held.hearing_id, held.last, held.ended) for held in desk.shelf.holding()] == [("h", 3, True)]
    desk.shelf.release("h")
    assert desk.shelf.holding() == []
    assert check(desk.folder / "h").broken == ()


def crashed(desk: Desk) -> Desk:
    """The recorder was killed; another one on the same folder takes its hearing up."""
    desk.kill()
    again = Desk(desk.folder, desk.clock)
    again._next = desk._next
    again.hear(1)
    return again


@pytest.mark.parametrize("damage", ["gone", "empty"])
def test_samples_of_a_journal_whose_index_is_lost_are_kept(desk: Desk, damage: str) -> None:
    desk.hear(1)
    desk.capture.start("h")
    desk.hear(10)
    desk.shelf.flush()
    index = desk.folder / "h" / "0000000001.jsonl"
    index.unlink() if damage == "gone" else index.write_bytes(b"")
    again = crashed(desk)
    again.shelf.journal("h")
    again.capture.take_up("h")
    again.capture.close("h")
    first, block = list(entries(desk.folder / "h"))[:2]
    assert isinstance(first.fact, Start)
    assert first.fact.format == FORMAT
    assert block.fact == Block(0, 11 * 800, recovered=True)
    assert np.array_equal(sound_of(again.sound()), whole_sound(11))
    again.kill()


def test_samples_behind_a_change_of_format_are_recovered_in_their_own_format(desk: Desk) -> None:
    desk.hear(1)
    desk.capture.start("h")
    desk.hear(5)
    wide = AudioFormat(16000, 1)
    desk.capture.feed(AudioChunk(wide, 0, pcm_of(9, 1600, 1)))
    desk.shelf.flush()
    for index in sorted((desk.folder / "h").glob("*.jsonl"))[1:]:
        index.write_bytes(b"")
    again = crashed(desk)
    again.shelf.journal("h")
    items = again.sound()
    assert isinstance(items[-1], AudioChunk)
    assert (items[-1].format, items[-1].start_ms) == (wide, 600)
    assert np.array_equal(items[-1].pcm, pcm_of(9, 1600, 1))
    again.kill()


def test_lines_of_the_journal_whose_samples_are_lost_keep_their_numbers(desk: Desk) -> None:
    desk.hear(1)
    desk.capture.start("h")
    desk.hear(10)
    desk.shelf.flush()
    known = list(entries(desk.folder / "h"))
    sound = desk.folder / "h" / "0000000001.wav"
    with sound.open("r+b") as file:
        file.truncate(44 + 3200 * 4)
    again = crashed(desk)
    again.capture.take_up("h")
    again.capture.close("h")
    found = list(entries(desk.folder / "h"))
    assert found[: len(known)] == known, "the server may have them: a number has one story"
    assert check(desk.folder / "h").broken == tuple(range(6, 13))
    again.kill()


def test_recovered_samples_stay_while_the_disk_takes_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.hear(1)
    desk.capture.start("h")
    desk.hear(10)
    desk.shelf.flush()
    index = desk.folder / "h" / "0000000001.jsonl"
    index.write_bytes(b"".join(index.read_bytes().splitlines(keepends=True)[:5]))
    disk = FullDisk()
    disk.install(monkeypatch)
    desk.kill()
    disk.full = True
    Desk(desk.folder, desk.clock).shelf.journal("h")
    disk.full = False
    again = crashed(desk)
    again.capture.take_up("h")
    again.capture.close("h")
    assert np.array_equal(sound_of(again.sound()), whole_sound(11))
    again.kill()


def test_before_a_hearing_the_last_seconds_of_one_microphone_can_be_had(desk: Desk) -> None:
    with pytest.raises(NoClip):
        desk.capture.clip(0, 500)
    desk.hear(12)
    clip = desk.capture.clip(1, 500)
    assert clip.format == AudioFormat(FORMAT.rate, 1)
    assert np.array_equal(clip.pcm[:, 0], np.concatenate([chunk(n).pcm[:, 1] for n in range(7, 12)]))
    assert len(desk.capture.clip(0, 60_000).pcm) == FORMAT.frames(1_200)
    with pytest.raises(NoClip):
        desk.capture.clip(2, 500)
    desk.capture.start("h")
    assert len(desk.facts(Block)) > 0


def test_a2_nothing_can_be_heard_from_outside_while_a_hearing_is_recorded_or_paused(desk: Desk) -> None:
    desk.hear(5)
    desk.capture.start("h")
    desk.hear(5)
    for _ in range(2):
        with pytest.raises(NoClip):
            desk.capture.clip(0, 500)
        desk.capture.pause(PauseReason.RECESS)
    desk.capture.close("h")
    assert len(desk.capture.clip(0, 500).pcm) <= 1
