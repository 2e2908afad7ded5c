"""Declared losses: a journal in which lines cannot be read still gives the server every number."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import numpy as np

from casefile.audio import Follower
from casefile.entries import Block, Piece, Start, whole
from casefile.model import AudioFormat, Gap, GapReason
from casefile.recording import Recording
from casefile.soundcheck import check
from recorder.shelf import Shelf
from tests.sounds import Chain, hearing, pcm_of, recorded, sound_of, whole_sound


def spoil(folder: Path, *numbers: int) -> None:
    """The lines of these entries are no JSON any more."""
    for index in folder.glob("*.jsonl"):
        lines = index.read_bytes().splitlines(keepends=True)
        first = int(index.stem)
        for place in range(len(lines)):
            if first + place in numbers:
                lines[place] = b"\0" * (len(lines[place]) - 1) + b"\n"
        index.write_bytes(b"".join(lines))


def sent(folder: Path, last: int) -> list[Piece]:
    """All entries as the uplink would send them."""
    shelf = Shelf(folder.parent, lambda *_: None)
    pieces = [shelf.piece(folder.name, n) for n in range(1, last + 1)]
    assert shelf.piece(folder.name, last + 1) is None
    return [piece for piece in pieces if piece]


def received(folder: Path, pieces: list[Piece]) -> Recording:
    """The server's copy of what was sent."""
    recording = recorded(folder, pieces, file_ms=300_000)
    assert recording.flushed.pairs() == [(1, len(pieces))]
    return recording


def heard(folder: Path) -> list[object]:
    follower = Follower(folder)
    items = [item for items in iter(follower.read, []) for item in items]
    assert follower.ended
    return list(items)


def test_neighbouring_lines_that_are_lost_are_one_gap(tmp_path: Path) -> None:
    recorded(tmp_path / "h", hearing(30))
    spoil(tmp_path / "h", 6, 7, 8)
    pieces = sent(tmp_path / "h", 32)
    gaps = [piece.entry.fact for piece in pieces if isinstance(piece.entry.fact, Gap)]
    assert gaps == [Gap(400, 700, GapReason.DAMAGED), *[Gap(700, 700, GapReason.DAMAGED)] * 2]
    received(tmp_path / "server", pieces)
    assert set(check(tmp_path / "server").broken) <= {6, 7, 8}
    assert len(sound_of(heard(tmp_path / "server"))) == 27 * 800  # type: ignore[arg-type]


def test_a_start_that_is_lost_is_rebuilt_from_the_sound_file(tmp_path: Path) -> None:
    recorded(tmp_path / "h", hearing(30))
    spoil(tmp_path / "h", 1)
    pieces = sent(tmp_path / "h", 32)
    assert isinstance(pieces[0].entry.fact, Start)
    assert pieces[0].entry.damaged
    received(tmp_path / "server", pieces)
    assert np.array_equal(sound_of(heard(tmp_path / "server")), whole_sound(30))  # type: ignore[arg-type]


def test_a_later_start_that_is_lost_moves_no_sound(tmp_path: Path) -> None:
    chain = Chain()
    chain.add(Start(8000, 2, "desk", 0, 0, "boot"))
    chain.add(Block(0, 800), pcm_of(1).tobytes())
    chain.add(Block(800, 800), pcm_of(2).tobytes())
    chain.add(Start(8000, 2, "desk", 0, 200, "boot"))
    chain.add(Block(0, 800), pcm_of(3).tobytes())
    recorded(tmp_path / "h", chain.pieces)
    spoil(tmp_path / "h", 4)
    pieces = sent(tmp_path / "h", 5)
    assert pieces[3].entry.fact == Start(8000, 2, "", 0, 200, "")


def test_the_first_line_of_a_rolled_file_is_no_start(tmp_path: Path) -> None:
    recorded(tmp_path / "h", hearing(30))
    spoil(tmp_path / "h", 12)
    assert sent(tmp_path / "h", 32)[11].entry.fact == Gap(1000, 1100, GapReason.DAMAGED)


def test_a_change_of_format_that_is_lost_is_told_by_the_sound_file(tmp_path: Path) -> None:
    chain = Chain()
    chain.add(Start(8000, 2, "desk", 0, 0, "boot"))
    chain.add(Block(0, 800), pcm_of(1).tobytes())
    chain.add(Start(16000, 1, "lamp", 0, 100, "boot"))
    chain.add(Block(0, 1600), pcm_of(2, 1600, 1).tobytes())
    recorded(tmp_path / "h", chain.pieces)
    spoil(tmp_path / "h", 3)
    fact = sent(tmp_path / "h", 4)[2].entry.fact
    assert isinstance(fact, Start)
    assert (fact.format, fact.origin_ms) == (AudioFormat(16000, 1), 100)


def test_a_whole_index_that_is_lost_costs_its_own_time_only(tmp_path: Path) -> None:
    recorded(tmp_path / "h", hearing(30))
    index = sorted((tmp_path / "h").glob("*.jsonl"))[1]
    index.rename(index.with_suffix(".gone"))
    pieces = sent(tmp_path / "h", 32)
    assert pieces[11].entry.fact == Gap(1000, 2000, GapReason.DAMAGED)
    received(tmp_path / "server", pieces)
    items = heard(tmp_path / "server")
    assert np.array_equal(sound_of(items)[-800 * 10 :], whole_sound(30)[-800 * 10 :])  # type: ignore[arg-type]


def test_a_sound_file_that_cannot_be_read_is_damage_of_its_blocks(tmp_path: Path) -> None:
    pieces = hearing(30)
    recorded(tmp_path / "h", pieces)
    sound = sorted((tmp_path / "h").glob("*.wav"))[1]
    sound.unlink()
    sound.mkdir()  # reading it is an OSError, as on a failing disk
    found = sent(tmp_path / "h", 32)
    assert [piece.entry.sha256 for piece in found] == [piece.entry.sha256 for piece in pieces]
    assert [piece.entry.n for piece in found if piece.entry.damaged] == list(range(12, 22))
    received(tmp_path / "server", found)
    assert Gap(1000, 1100, GapReason.DAMAGED) in heard(tmp_path / "server")


def test_lines_lost_at_the_end_do_not_hold_up_what_is_there(tmp_path: Path) -> None:
    recorded(tmp_path / "h", hearing(5))
    spoil(tmp_path / "h", 6, 7)
    pieces = sent(tmp_path / "h", 7)
    assert [piece.entry.damaged for piece in pieces] == [False] * 5 + [True] * 2


def test_nothing_is_made_up_beyond_the_end(tmp_path: Path) -> None:
    recorded(tmp_path / "h", hearing(5))
    shelf = Shelf(tmp_path, lambda *_: None)
    assert [shelf.piece("h", n) for n in (0, 8, 900)] == [None] * 3
    assert shelf.piece("other", 1) is None


def test_two_threads_may_read_one_journal(tmp_path: Path) -> None:
    recorded(tmp_path / "h", hearing(300))
    shelf, wrong = Shelf(tmp_path, lambda *_: None), []

    def read(numbers: list[int]) -> None:
        pieces = [(n, shelf.piece("h", n)) for n in numbers]
        wrong.extend(n for n, piece in pieces if piece is None or piece.entry.n != n or not whole(*piece))

    orders = [list(range(1, 302)), list(range(301, 0, -1)), list(range(150, 302))]
    threads = [Thread(target=read, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
