"""The clerk names a voice at minute 2: how many later turns she has to touch again. By one room microphone.

    python -m bench.touches mix.wav ...

For each voice that was shown by then, on its own: she names it once; from then on whatever stands under a wrong
name (a turn of hers under another one, or another's under hers) is counted. `turns` if she lets it stand;
`touches` if she puts each right when it comes, which teaches. A turn is a part of a passage of half a second or
more; whose it is says the reference (most of its time).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.diarizers import Part
from bench.speakers import passages, true_parts
from casefile.model import Hearing, HearingKind, SpeakerSpan, Speech
from diarization.learning import Person, Said
from diarization.room import RoomMicrophone
from diarization.stretches import Ear, Stretch
from diarization.voices import UNKNOWN

HEARING = Hearing("h", HearingKind.TRIAL)
AT_MS = 120_000
LEAST_MS = 500
Heard = Sequence[tuple[Speech, list[Stretch]]]


class Clerk:
    """She names a voice at minute 2 and, if she is `tidy`, puts right what comes wrong later."""

    def __init__(self, *, tidy: bool) -> None:
        self.tidy = tidy
        self.whose: dict[str, str] = {}
        self.said: set[Said] = set()
        self.wrong = 0

    def name(self, person: str, label: str) -> None:
        """All that stands under the label is this person's."""
        self.whose[label] = person
        self.said.add(Said(Person(None, person), label=label))

    def look(self, span: SpeakerSpan, person: str) -> None:
        """A turn comes; it counts when it is the named person's or stands under that name."""
        named = next(iter(self.whose.values()))
        shown = self.whose.get(span.voice, span.voice)
        if (shown == named) == (person == named):
            return
        self.wrong += 1
        if not self.tidy:
            return
        if person == named and span.voice.startswith(f"{UNKNOWN} ") and span.voice not in self.whose:
            self.name(person, span.voice)
        else:
            self.said.add(Said(Person(None, person), (0, span.start_ms, span.end_ms)))


def true_speaker(span: SpeakerSpan, truth: Sequence[Part]) -> str:
    """Who has most of the span."""
    shared = {who: 0.0 for _, _, who in truth}
    for start, end, who in truth:
        shared[who] += max(0.0, min(end, span.end_ms / 1000) - max(start, span.start_ms / 1000))
    return max(shared, key=lambda who: shared[who])


def spans(room: RoomMicrophone, speech: Speech, stretches: list[Stretch]) -> Iterator[SpeakerSpan]:
    """The turns of a passage, as they come on record."""
    found = room.label(room.hear(speech, stretches), speech, HEARING)
    return (span for span in found if span.end_ms - span.start_ms >= LEAST_MS)


def later(heard: Heard, truth: Sequence[Part], label: str, *, tidy: bool) -> int:
    """How many turns after minute 2 are wrong when the clerk has named this voice then."""
    room, clerk, times = RoomMicrophone(), Clerk(tidy=tidy), dict[str, int]()
    for speech, stretches in heard:
        if speech.start_ms >= AT_MS and not clerk.whose:
            clerk.name(max(times, key=lambda who: times[who]), label)
        room.learn(frozenset(clerk.said))
        for span in spans(room, speech, stretches):
            person = true_speaker(span, truth)
            if clerk.whose:
                clerk.look(span, person)
            elif span.voice == label:
                times[person] = times.get(person, 0) + span.end_ms - span.start_ms
    return clerk.wrong


def labels_by(heard: Heard, at_ms: int) -> list[str]:
    """The voices that have been shown by then."""
    room = RoomMicrophone()
    shown = [
        span.voice for speech, its in heard if speech.start_ms < at_ms for span in spans(room, speech, its)
    ]
    return [label for label in dict.fromkeys(shown) if label != UNKNOWN]


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sounds", type=Path, nargs="+")
    ear, rows = Ear(), []
    for sound in parser.parse_args().sounds:
        truth = true_parts(sound)
        heard = [(speech, ear.stretches(speech)) for speech in passages(sound)]
        for label in labels_by(heard, AT_MS):
            turns, touches = (later(heard, truth, label, tidy=tidy) for tidy in (False, True))
            rows.append({"file": sound.parent.name, "label": label, "turns": turns, "touches": touches})
    worst = max((row["touches"] for row in rows), default=0)
    print(json.dumps({"worst": worst, "rows": rows}, ensure_ascii=False))


if __name__ == "__main__":
    main()
