"""A hearing of two voices in the room's microphone, on disk and not sealed; the last turn stands under the wrong name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import soxr

from casefile.entries import Block, Ended, Start
from casefile.events import Event, RecordingStarted, TurnAdded
from casefile.model import Attribution, AudioFormat, Hearing, HearingKind, Mono16k, Pcm, Seat, Turn, Word
from casefile.store import Store
from tests.clips import mandarin
from tests.sounds import Chain, recorded

FORMAT = AudioFormat(16_000, 2)
SEATS = (
    Seat("s1", "审判长", "审", "王某"),
    Seat("s2", "原告", "原", "李某"),
    Seat("s3", "被告", "被", "赵某", (1,)),
)
HEARING = Hearing("h1", HearingKind.TRIAL, seats=SEATS)
PAUSE_S = 1.0
SPOKE = (0, 1, 0, 1, 0)
STANDS = (0, 1, 0, 1, 1)


def voice(number: int) -> Mono16k:
    """A clip as it is, or as somebody with a higher voice would say it."""
    sound = mandarin(2)
    return sound if number == 0 else soxr.resample(sound, 16_000, 12_000).astype(np.float32)


@cache
def sound(pause_s: float = PAUSE_S) -> tuple[Pcm, tuple[tuple[int, int], ...]]:
    """Both channels (the second one hears nobody), and from when to when each turn lasts (ms).

    With pauses of some seconds a window of pyannote's segmentation, which takes the two for one, hears one of them.
    """
    pause = round(pause_s * 16_000)
    parts, times, at = [np.zeros(pause, np.float32)], list[tuple[int, int]](), pause
    for number in SPOKE:
        parts += [voice(number), np.zeros(pause, np.float32)]
        times.append((at // 16, (at + len(voice(number))) // 16))
        at += len(voice(number)) + pause
    room = np.concatenate(parts)
    hiss = np.random.default_rng(1).normal(0, 0.0003, (len(room), 2)).astype(np.float32)
    hiss[:, 0] += room
    return (hiss * 32_767).clip(-32_768, 32_767).astype(np.int16), tuple(times)


def two_voices(data: Path, pause_s: float = PAUSE_S) -> None:
    """Puts the hearing into the data folder, as a server leaves it that was stopped before the closing."""
    pcm, times = sound(pause_s)
    with Store(data / "tingji.db") as store:
        store.create(HEARING, "clerk")
        turns = [_turn(number, *span) for number, span in enumerate(times)]
        events: list[Event] = [
            RecordingStarted(FORMAT, "desk", 0),
            *(TurnAdded(turn, heard_to_ms=turn.end_ms) for turn in turns),
        ]
        store.append(HEARING.id, events, "recognition")
    chain = Chain()
    chain.add(Start(FORMAT.rate, FORMAT.channels, "desk", 0, 0, "boot"))
    for frame in range(0, len(pcm), 16_000):
        block = pcm[frame : frame + 16_000]
        chain.add(Block(frame, len(block)), block.tobytes())
    chain.add(Ended(len(pcm) // 16))
    recorded(data / "recordings" / HEARING.id, chain.pieces, 300_000)


def _turn(number: int, start_ms: int, end_ms: int) -> Turn:
    seat = HEARING.seats[STANDS[number]]
    words = (Word("有。", start_ms, end_ms, 0.9),)
    return Turn(f"t{number}", seat.id, seat.person, 0, start_ms, end_ms, words, Attribution.ENROLLED)
