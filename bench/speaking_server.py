"""`tingji serve`, in which somebody speaks without sound: turns come on record through the server's own feed.

  python -m bench.speaking_server DATA PORT

In the place of microphones and recognition a thread appends turns; store, feed, websockets and pages are the
program's own (`tingji.server.serve`). It takes one JSON object a line: `{"history": turns}` makes a hearing of so
many turns and answers `{"hearing_id"}`; `{"seconds", "pace"}` speaks on at 248 characters a minute times `pace`
(court.md: the mean of a year of hearings), with one tentative text a second times `pace`, and answers
`{"committed": [[seq, start_ms, moment]]}`, the moments at which the database had committed.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tingji.server
from casefile.events import Event, RecordingStarted, Stored, TurnAdded
from casefile.feed import Feed
from casefile.model import AudioFormat, Hearing, HearingKind, Seat, Turn, Word
from tingji.settings import read_settings

CHARACTERS_A_MINUTE = 248
TEXT = "关于这一笔款项的交付时间和方式，双方的陈述并不一致。"
SEATS = tuple(
    Seat(f"s{n}", role, channels=(n,))
    for n, role in enumerate(("审判长", "原告代理人", "被告代理人", "证人"))
)
HEARING = "spoken"


class Spoken:
    """The hearing at which turns are appended."""

    def __init__(self, feed: Feed) -> None:
        self._feed, self._said, self._at_ms = feed, 0, 0
        self.committed: list[tuple[int, int, float]] = []
        self._append = feed.store.append
        feed.store.append = self._noting  # type: ignore[method-assign]

    def _noting(self, hearing_id: str, events: Sequence[Event], by: str) -> list[Stored]:
        stored = self._append(hearing_id, events, by)
        now = time.time()
        for one in stored:
            if isinstance(one.event, TurnAdded):
                self.committed.append((one.seq, one.event.turn.start_ms, now))
        return stored

    def begin(self, history: int) -> dict[str, object]:
        """A hearing that has gone on for so many turns."""
        self._feed.create(Hearing(HEARING, HearingKind.TRIAL, seats=SEATS), "bench")
        turns = [self._turn() for _ in range(history)]
        started: list[Event] = [RecordingStarted(AudioFormat(16_000, 4), "bench", 0)]
        self._feed.append(HEARING, started + [TurnAdded(turn, turn.end_ms) for turn in turns], "bench")
        return {"hearing_id": HEARING, "seq": history + 2}

    def speak(self, seconds: float, pace: float) -> dict[str, object]:
        """Turns at the pace of speech times `pace`."""
        self.committed.clear()
        every_s, tentative_s = len(TEXT) * 60 / CHARACTERS_A_MINUTE / pace, 1 / pace
        began, end = time.monotonic(), time.monotonic() + seconds
        due, looked = began + every_s, began + tentative_s
        while (now := time.monotonic()) < end:
            if now >= due:
                turn = self._turn()
                self._feed.append(HEARING, [TurnAdded(turn, turn.end_ms)], "bench")
                due += every_s
            if now >= looked:
                self._tentative(int(now * 4) % len(TEXT))
                looked += tentative_s
            time.sleep(max(0.0, min(due, looked, end) - time.monotonic()))
        return {"committed": self.committed}

    def _turn(self) -> Turn:
        """The next one: a word of two characters every 480 ms."""
        self._said += 1
        pieces = [TEXT[at : at + 2] for at in range(0, len(TEXT), 2)]
        starts = [self._at_ms + 480 * n for n in range(len(pieces))]
        words = tuple(Word(piece, at, at + 480, 0.9) for piece, at in zip(pieces, starts, strict=True))
        seat = SEATS[self._said % len(SEATS)]
        start_ms, self._at_ms = self._at_ms, words[-1].end_ms + 200
        return Turn(f"t{self._said}", seat.id, seat.role, seat.channels[0], start_ms, words[-1].end_ms, words)

    def _tentative(self, letters: int) -> None:
        self._feed.tell(
            HEARING,
            {"type": "tentative", "channel": 0, "start_ms": self._at_ms, "end_ms": self._at_ms + 1000,
             "seat": SEATS[0].id, "text": TEXT[:letters]},
        )  # fmt: skip


class RememberedFeed(Feed):
    """The server's feed, to be found again."""

    made: Feed

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        RememberedFeed.made = self


def obey() -> None:
    """Does what the lines say."""
    spoken = Spoken(RememberedFeed.made)
    for line in sys.stdin:
        order = json.loads(line)
        answer = spoken.begin(**order) if "history" in order else spoken.speak(**order)
        print(json.dumps(answer), flush=True)


def main() -> None:
    """See the module."""
    settings = read_settings(Path(sys.argv[1]), {"port": int(sys.argv[2]), "asr": False})
    tingji.server.Feed = RememberedFeed  # type: ignore[misc]
    tingji.server.serve(settings, lambda: threading.Thread(target=obey, daemon=True).start())


if __name__ == "__main__":
    main()
