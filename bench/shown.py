"""What a live transcriber showed, and when: one way to measure any of them, ours too.

A peer's messages become a series of `Shown`: the committed text (the peer says that it will not change) and the
tentative text after it, each time with the moment of arrival. Peers disagree about times (some give none, some
give those of a whole line), so none of their times is used. Which utterance a character belongs to is found by
aligning the text with the reference (shortest edit, both in the plain form of `scoring`):

- first text: the first screen on which two characters of the utterance stand, the screen being aligned with
  the utterances that have begun by then; counted where nobody spoke for 700 ms before.
- final text: the committed text at the very end is aligned with the whole reference. An utterance is recognised
  when half of its characters are there; its end is the last of its last three characters that has a
  counterpart. It is final from the first screen after which the committed text up to that character stays the
  same. Counted for every recognised utterance, and apart for those after which nobody spoke for 700 ms.
- flicker: characters of the whole screen that are replaced or gone on the next one, per 100 of committed text.
- lost at the end: characters of the reference after the last recognised utterance; and tentative ones that were
  still on the screen at the end and never committed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from typing import Any

from rapidfuzz.distance import Levenshtein

from bench import scoring
from bench.scoring import cer, percentiles
from bench.viewer import Seen, plain_quick, taken_back

ALONE_MS = 700
Wall = Callable[[int], float]
plain = cache(scoring.plain)  # the same screens are looked at for every utterance


@dataclass(frozen=True, slots=True)
class Shown:
    """What stood on the screen from this moment (seconds of the wall clock) on."""

    at: float
    committed: str
    tentative: str

    @property
    def screen(self) -> str:
        """All that the viewer read."""
        return self.committed + self.tentative


@dataclass(frozen=True, slots=True)
class Utterance:
    """One turn of the reference, its text in plain form."""

    start_ms: int
    end_ms: int
    text: str


def utterances(turns: Sequence[dict[str, Any]]) -> list[Utterance]:
    """The turns of `make_hearing.py`'s reference by their start."""
    said = [Utterance(turn["start_ms"], turn["end_ms"], plain(turn["text"])) for turn in turns]
    return sorted(said, key=lambda one: one.start_ms)


def alone(others: Iterable[tuple[int, int]], moment_ms: int, before: bool) -> bool:
    """None of the others (start and end, ms) speaks in the 700 ms before (or after) this moment."""
    low, high = (moment_ms - ALONE_MS, moment_ms - 1) if before else (moment_ms + 1, moment_ms + ALONE_MS)
    return not any(start < high and end > low for start, end in others)


def counterparts(wanted: str, shown: str) -> tuple[list[int], list[bool]]:
    """For each character of `wanted`: its place in `shown` (-1: none), and whether the same stands there."""
    places, same = [-1] * len(wanted), [False] * len(wanted)
    for step in Levenshtein.opcodes(wanted, shown):
        if step.tag in ("equal", "replace"):
            for offset in range(step.src_end - step.src_start):
                places[step.src_start + offset] = step.dest_start + offset
                same[step.src_start + offset] = step.tag == "equal"
    return places, same


def bounds(said: Sequence[Utterance]) -> list[tuple[int, int]]:
    """Where each utterance lies in the joined text."""
    return list(pairwise(accumulate((len(one.text) for one in said), initial=0)))


def first_moments(series: Sequence[Shown], said: Sequence[Utterance], wall: Wall) -> dict[int, float]:
    """Utterance (by index) -> the moment its first two characters were on the screen."""
    found: dict[int, float] = {}
    spans = bounds(said)
    for shown in series:
        begun = sum(wall(one.start_ms) <= shown.at for one in said)
        _, same = counterparts("".join(one.text for one in said[:begun]), plain(shown.screen))
        for index in range(begun):
            low, high = spans[index]
            if index not in found and sum(same[low:high]) >= min(2, high - low):
                found[index] = shown.at
    return found


def ends(final: str, said: Sequence[Utterance]) -> dict[int, int]:
    """Recognised utterance (by index) -> the place in the committed text (plain) where it ends."""
    places, same = counterparts("".join(one.text for one in said), final)
    found = {}
    for index, (low, high) in enumerate(bounds(said)):
        tail = [place for place in places[max(low, high - 3) : high] if place >= 0]
        if tail and 2 * sum(same[low:high]) >= high - low:
            found[index] = tail[-1]
    return found


def settled(series: Sequence[Shown], place: int) -> float:
    """The moment after which the committed text up to this place never changed again."""
    final = plain(series[-1].committed)[: place + 1]
    moment = series[-1].at
    for shown in reversed(series):
        if not plain(shown.committed).startswith(final):
            break
        moment = shown.at
    return moment


def flicker(series: Sequence[Shown]) -> float:
    """Characters shown and taken back, per 100 of committed text."""
    screens = ["", *(plain_quick(shown.screen) for shown in series)]
    back = sum(taken_back(before, after) for before, after in pairwise(screens))
    return 100 * back / max(1, len(plain(series[-1].committed)))


def others(said: Sequence[Utterance], index: int) -> list[tuple[int, int]]:
    """When the rest is spoken."""
    return [(one.start_ms, one.end_ms) for at, one in enumerate(said) if at != index]


def first_waits(series: Sequence[Shown], said: Sequence[Utterance], wall: Wall) -> list[float]:
    """Seconds from the start of each utterance with nobody before it to its first text."""
    return [
        moment - wall(said[index].start_ms)
        for index, moment in first_moments(series, said, wall).items()
        if alone(others(said, index), said[index].start_ms, before=True)
    ]


def figures(
    series: Sequence[Shown], turns: Sequence[dict[str, Any]], wall: Wall, end_ms: int
) -> dict[str, Any]:
    """All figures of one transcriber; `wall` tells when a millisecond of the sound was spoken."""
    series = series or [Shown(wall(end_ms), "", "")]
    said, last_shown = utterances(turns), series[-1]
    last = ends(plain(last_shown.committed), said)
    waits = {index: settled(series, place) - wall(said[index].end_ms) for index, place in last.items()}
    calm = [waits[i] for i in waits if alone(others(said, i), said[i].end_ms, before=False)]
    wanted = "".join(one.text for one in said)
    return {
        "first_text_s": percentiles(first_waits(series, said, wall)),
        "final_text_s": percentiles(calm),
        "final_text_every_utterance_s": percentiles(list(waits.values())),
        "utterances": len(said),
        "recognised": len(last),
        "lag_at_end_s": round(settled(series, len(plain(last_shown.committed))) - wall(end_ms), 3),
        "flicker_per_100": round(flicker(series), 2),
        "cer": round(cer(last_shown.committed, wanted), 4),
        "cer_with_tentative": round(cer(last_shown.screen, wanted), 4),
        "lost_at_end_chars": sum(len(one.text) for one in said[max(last, default=-1) + 1 :]),
        "never_committed_chars": len(plain(last_shown.tentative)),
    }


def of_viewer(seen: Seen) -> list[Shown]:
    """The same series for a hearing of ours with one microphone."""
    finals = {(at, turn["start_ms"]): turn for at, turn in seen.finals}
    series: list[Shown] = []
    said: list[dict[str, Any]] = []
    for at, start_ms, _, text in seen.texts:
        turn = finals.get((at, start_ms))
        said += [turn] if turn and not turn["suppressed"] else []
        committed = "".join(one["text"] for one in sorted(said, key=lambda one: int(one["start_ms"])))
        series.append(Shown(at, committed, "" if turn else text))
    return series
