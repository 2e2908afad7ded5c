"""Enrolled voices at one room microphone: how much of the speech is named, rightly and wrongly.

    python -m bench.enrolment DIR ... [--seconds 3] [--opening]

Each DIR is one of ../shared/speech/make_hearing.py. Every hearing is gone through once for each person who is
left out: he is the intruder, and all others are enrolled. Where the witness's seat is left out, four are enrolled
and every witness is an intruder; else three are. They are enrolled by the first `--seconds` of their clip in
`enrol/`, which the hearing does not use: clean sound, where the hearing's has the room's echo and noise.
`--opening`: not by clips, but by the clerk, who names each voice as soon as it was heard for so long.

Shares are of the reference's speech of each person, overlap included; names while nobody speaks are not counted.
`wrong`: under the name of somebody who is not speaking (an intruder's under any name); `right`: an enrolled
person's under his name; `unknown`: an enrolled person's that is not under his name; `stranger`: an intruder's
under no name, which is right too. With a collar of 0.25 s at both sides of each border of the reference, and
(`_0`) with none.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from bench.speakers import passages
from casefile.model import Speech
from diarization.learning import Enrolled, Person, Said
from diarization.room import Heard, RoomMicrophone
from diarization.sample import sample
from diarization.stretches import Ear, Passage, Stretch

FRAME_MS = 10
COLLAR_MS = 250
WITNESS = "证人"
Mask = NDArray[np.bool_]
Taken = Sequence[tuple[Speech, list[Stretch]]]
"""The passages of a hearing with their voices."""


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("hearings", type=Path, nargs="+")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--opening", action="store_true")
    options = parser.parse_args()
    ear, rows = Ear(), []
    for folder in options.hearings:
        taken = [(speech, ear.stretches(speech)) for speech in passages(folder / "mix.wav")]
        rows += list(of_hearing(folder, taken, ear, options.seconds, opening=options.opening))
        print(*(f"{key} {value}" for key, value in rows[-1].items()), file=sys.stderr, flush=True)
    print(json.dumps({"means": means(rows), "rows": rows}, ensure_ascii=False))


def of_hearing(
    folder: Path, taken: Taken, ear: Ear, seconds: float, *, opening: bool
) -> Iterator[dict[str, object]]:
    """A row for each intruder."""
    truth = reference(folder)
    for intruder in truth:
        known = [role for role in truth if role not in (intruder, WITNESS)]
        if opening:
            heard = named_at_the_opening(taken, truth, known, round(seconds * 1000))
        else:
            room = RoomMicrophone(enrolled=[enrolled(folder, role, ear, seconds) for role in known])
            heard = [part for speech, stretches in taken for part in room.who(room.hear(speech, stretches))]
        yield {"file": folder.name, "intruder": intruder} | shares(truth, found(heard, truth), known)


def enrolled(folder: Path, role: str, ear: Ear, seconds: float) -> Enrolled:
    """As in the sound check."""
    sound, rate = soundfile.read(folder / "enrol" / f"{role}.wav", dtype="float32")
    assert rate == 16_000
    taken = sample(ear.stretches(Speech(0, 0, sound[: round(seconds * rate)])))
    assert taken.embedding is not None, "no voice in the clip"
    return Enrolled(Person(role), taken.ms, taken.embedding)


def named_at_the_opening(
    taken: Taken, truth: dict[str, Mask], known: Sequence[str], needed_ms: int
) -> list[Heard]:
    """The clerk, who knows everybody, names each voice when enough of it was heard, once for each person."""
    room, heard, held = RoomMicrophone(), list[Heard](), dict[tuple[str, str], int]()
    names: dict[str, Person] = {}
    for speech, stretches in taken:
        passage = room.hear(speech, stretches)
        heard += [with_name(part, names) for part in room.who(passage)]
        for role, label, ms in spoken(passage, truth, known):
            held[role, label] = held.get((role, label), 0) + ms
            if held[role, label] >= needed_ms and Person(role) not in names.values():
                names.setdefault(label, Person(role))
        room.learn(frozenset(Said(person, label=label) for label, person in names.items()))
    return heard


def with_name(part: Heard, names: dict[str, Person]) -> Heard:
    """As the record shows it: a label that has a name under the name."""
    whose = part.whose or names.get(part.label or "")
    return Heard(part.start_ms, part.end_ms, part.label, part.confidence, whose)


def spoken(passage: Passage, truth: dict[str, Mask], known: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Who really speaks in each stretch, under which label, for how long."""
    for note in passage.notes:
        ms = {
            role: sum(int(truth[role][a // FRAME_MS : b // FRAME_MS].sum()) for a, b in note.stretch.spans)
            for role in known
        }
        who = max(ms, key=lambda role: ms[role])
        if note.label and ms[who] * FRAME_MS * 2 > note.stretch.ms:
            yield who, note.label, note.stretch.solo_ms


def reference(folder: Path) -> dict[str, Mask]:
    """When each of them speaks, in frames."""
    turns = json.loads((folder / "reference.json").read_text(encoding="utf-8"))["turns"]
    frames = max(turn["end_ms"] for turn in turns) // FRAME_MS + 1
    return {
        role: mask([(one["start_ms"], one["end_ms"]) for one in turns if one["role"] == role], frames)
        for role in sorted({turn["role"] for turn in turns})
    }


def mask(spans: Sequence[tuple[int, int]], frames: int) -> Mask:
    """True in these spans (ms)."""
    true = np.zeros(frames, bool)
    for start, end in spans:
        true[start // FRAME_MS : end // FRAME_MS] = True
    return true


def found(heard: Sequence[Heard], truth: dict[str, Mask]) -> dict[str, Mask]:
    """When each name stands, in frames."""
    frames = len(next(iter(truth.values())))
    return {
        role: mask([(h.start_ms, h.end_ms) for h in heard if h.whose == Person(role)], frames)
        for role in truth
    }


def shares(truth: dict[str, Mask], names: dict[str, Mask], known: Sequence[str]) -> dict[str, object]:
    """The figures of the module's head, in percent of all speech."""
    row: dict[str, object] = {}
    for suffix, counted in (("", ~near_borders(truth)), ("_0", np.ones_like(near_borders(truth)))):
        speech = sum(int((its & counted).sum()) for its in truth.values())
        anybody = np.any(list(truth.values()), axis=0) & counted
        right = sum(int((truth[role] & names[role] & counted).sum()) for role in known)
        wrong = sum(int((names[role] & ~truth[role] & anybody).sum()) for role in known)
        named = np.any([names[role] for role in known], axis=0)
        strange = [role for role in truth if role not in known]
        stranger = sum(int((truth[role] & ~named & counted).sum()) for role in strange)
        of_known = sum(int((truth[role] & counted).sum()) for role in known)
        figures = {
            "right": right,
            "wrong": wrong,
            "unknown": of_known - right,
            "stranger": stranger,
            "enrolled": of_known,
        }
        row |= {key + suffix: round(100 * value / speech, 3) for key, value in figures.items()}
    return row


def near_borders(truth: dict[str, Mask]) -> Mask:
    """Within the collar of a border of anybody's speech."""
    near = np.zeros(len(next(iter(truth.values()))), bool)
    for its in truth.values():
        for border in np.flatnonzero(np.diff(its)) + 1:
            near[max(0, border - COLLAR_MS // FRAME_MS) : border + COLLAR_MS // FRAME_MS] = True
    return near


def means(rows: Sequence[dict[str, object]]) -> dict[str, dict[str, float]]:
    """Over all rows, and apart for the rows in which witnesses are the only intruders."""
    groups = {
        "four enrolled": [row for row in rows if row["intruder"] == WITNESS],
        "three enrolled": [row for row in rows if row["intruder"] != WITNESS],
    }
    return {
        name: {
            key: round(float(np.mean([row[key] for row in its])), 3)
            for key in its[0]
            if key not in ("file", "intruder")
        }
        | {"wrong_most": max(float(str(row["wrong"])) for row in its)}
        for name, its in groups.items()
        if its
    }


if __name__ == "__main__":
    main()
