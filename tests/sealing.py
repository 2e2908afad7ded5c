"""A hearing with sound, ready to be sealed: for the tests of sealing and verifying."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from casefile.entries import Block, Ended, Fact, Piece, Stamp, Start, make_entry
from casefile.events import Event, HearingClosed, RecordingStarted, Stored, TurnAdded
from casefile.export import SEALED
from casefile.model import AudioFormat, CaseRecord, Gap, GapReason, Hearing, HearingKind, Seat, Turn, Word
from casefile.record import fold
from casefile.recording import Recording
from casefile.seal import Sealed, seal
from casefile.store import Store

HEARING = Hearing(
    "h1",
    HearingKind.TRIAL,
    "（2024）京0105民初1号",
    "第一法庭",
    seats=(Seat("s1", "审判长", "审", "王某", (0,)),),
)


@dataclass
class Court:
    """What a hearing leaves behind before it is sealed."""

    events: list[Stored]
    recording: Path
    out: Path

    @property
    def record(self) -> CaseRecord:
        return fold(self.events)

    def seal(self, damaged: tuple[int, ...] = ()) -> Sealed:
        return seal(self.record, self.events, self.recording, self.out, writers=SEALED, damaged=damaged)


def court(folder: Path, channels: int = 2, blocks: int = 12, rate: int = 8000) -> Court:
    """A closed hearing of `blocks` blocks of 100 ms, in several files of the recording."""
    court = Court(_events(folder, rate, channels), folder / "recordings" / "h1", folder / "records" / "h1")
    write(court.recording, pieces(channels, blocks, rate), file_ms=500)
    return court


def _events(folder: Path, rate: int, channels: int) -> list[Stored]:
    turn = Turn("t1", "s1", "王某", 0, 100, 900, (Word("现在", 100, 500, 0.9), Word("开庭。", 500, 900, 0.8)))
    said: list[Event] = [
        RecordingStarted(AudioFormat(rate, channels), "mic", 0),
        TurnAdded(turn, 1000),
        HearingClosed(1200),
    ]
    with Store(folder / "t.db") as store:
        store.create(HEARING, "clerk")
        store.append(HEARING.id, said, "system")
        return store.events(HEARING.id)


def pieces(channels: int, blocks: int, rate: int = 8000, seed: int = 0) -> list[Piece]:
    """The entries of a recording with their samples: start, blocks with a gap between, end."""
    random = np.random.default_rng(seed)
    frames = rate // 10
    made: list[Piece] = []

    def add(fact: Fact, pcm: bytes = b"") -> None:
        previous = made[-1].entry.sha256 if made else ""
        n = len(made) + 1
        made.append(Piece(make_entry(n, fact, Stamp(n * 1000, n * 1000), previous, pcm), pcm))

    add(Start(rate, channels, "mic", 0, 0, "boot"))
    for number in range(blocks):
        if number == blocks // 2:
            add(Gap(number * 100, number * 100, GapReason.OVERFLOW))
        sound = random.integers(-9000, 9000, frames * channels, dtype="<i2")
        add(Block(number * frames, frames), sound.tobytes())
    add(Ended(blocks * 100))
    return made


def write(folder: Path, made: list[Piece], file_ms: int = 500) -> None:
    """Writes a recording as the server does."""
    recording = Recording(folder, "server", file_ms)
    for piece in made:
        recording.keep(piece)
    recording.close()
