"""Key presses and minutes to a correct record: typed from nothing, from a plain transcript, and at this desk.

  python -m bench.clerk SOUND --reference reference.json [--transcript T.json] [--plain T.txt] [--left 0.2]

SOUND and reference.json come from `make_hearing.py` (one microphone); T.json is what `tingji transcribe` writes (made
here when not given), T.txt another recognizer's plain text (not given: faster-whisper's own `transcribe`, made here).
The model of work and the source of each constant: `bench.clerk_work`. The three ways to a verbatim record with speakers:

- typed from nothing, at 120 and 180 characters a minute. The speaker waits when the fingers fall behind, so it lasts
  as long as the slower of sound and fingers. Errors: what the ear missed, taken as none.
- a plain transcript without speakers, sound links or doubts, in a plain editor: all sound is heard again once from
  end to end, each wrong place is pointed at and put right, each change of speaker is written. Errors left: none.
- this desk, the same corrections really made on the page in Chromium (`bench.clerk_desk`) and read back over the API:
  `queue`: each voice is named once; then the riskiest turns are heard (at 1x) and put right, until the desk's own
  estimate is down to `--left` of what it was; what is wrong elsewhere stays and is counted as left. `through`: all
  is heard once at 1.5x while reading, and every turn is put right.
  Speech that no turn holds is found in neither `queue` nor by reading; `through` hears it.

Saved: hearing time is 1 - 1 / max(1, 248 w / speed), where w is the share of the words that the clerk writes; nobody
waits for the desk. `saved_whole` counts the desk's minutes as if they all came after the hearing:
1 - (sound + desk) / (typed), for this sound and typing speed. Both are held against the promise of 20 %.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from bench.clerk_desk import Hand, Needed, by_queue, by_time, text_of
from bench.clerk_work import (
    TYPING,
    Edit,
    Piece,
    Work,
    corrected,
    corrections,
    errors,
    from_nothing,
    lengthened,
    plain_editor,
    saved,
)
from bench.in_browser import desk, file, record_sound
from bench.machine import machine
from bench.offline import mono, offline
from bench.scoring import plain
from casefile.events import TurnAdded, from_json
from casefile.model import Attribution, AudioFormat, Hearing, HearingKind, Seat, Turn, Word
from tingji.settings import read_settings
from tingji.transcribe import Case, transcribe

PROMISED = 0.20
HURRY = 1.5
HEARING_ID = "clerk"
Rows = Sequence[dict[str, Any]]


def transcript(given: argparse.Namespace, folder: Path) -> Rows:
    """The turns that recognition made."""
    path = given.transcript
    if path is None:
        case = Case(Hearing("", HearingKind.TRIAL))
        (path,) = transcribe([given.sound], case, folder, ["json"], lambda _: None, read_settings(environ={}))
    turns: Rows = json.loads(path.read_text(encoding="utf-8"))["turns"]
    return turns


def plain_text(given: argparse.Namespace) -> tuple[str, str]:
    """Whose plain text, and the text."""
    if given.plain:
        return given.plain.name, given.plain.read_text(encoding="utf-8")
    return "faster-whisper transcribe (no peer's text was given)", str(
        offline(given.sound, 2)["default"]["text"]
    )


def hearing_of(reference: dict[str, Any]) -> Hearing:
    """A hearing with the reference's seats, at one microphone that is nobody's own."""
    seats = [Seat(f"s{seat['channel'] + 1}", seat["role"], seat["role"][:1]) for seat in reference["seats"]]
    return Hearing(HEARING_ID, HearingKind.TRIAL, seats=tuple(seats))


def turn_of(number: int, row: dict[str, Any]) -> Turn:
    """A turn of the transcript as it came on record."""
    words = tuple(from_json(Word, word) for word in row["words"])
    return Turn(
        f"t{number}", None, row["speaker"], 0, row["start_ms"], row["end_ms"], words, Attribution.CLUSTER
    )


def at_the_desk(
    given: argparse.Namespace,
    rows: Rows,
    reference: dict[str, Any],
    away: bool,
    do: Callable[[Hand], dict[str, float]],
) -> dict[str, Any]:
    """One way of working at the desk: what it cost, what it left; proven by the record read back."""
    turns = sorted(reference["turns"], key=lambda turn: turn["start_ms"])
    edits, seats = corrections([Piece(row["text"], row["start_ms"], row["end_ms"]) for row in rows], turns)
    needed = {
        f"t{number}": Needed(
            [edit for edit in its if away or not edit.away], None if seat is None else seat + 1, row["speaker"], row["end_ms"] - row["start_ms"]
        )
        for number, (row, its, seat) in enumerate(zip(rows, edits, seats, strict=True))
    }  # fmt: skip
    needed = {key: replace(one, edits=whole(rows[int(key[1:])]["text"], one)) for key, one in needed.items()}
    samples = (mono(given.sound) * 32767).astype(np.int16)[:, None]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        record_sound(folder / "recordings" / HEARING_ID, samples)
        said = [TurnAdded(turn_of(number, row), row["end_ms"]) for number, row in enumerate(rows)]
        session = file(folder, hearing_of(reference), AudioFormat(16_000, 1), said)
        with desk(folder, session) as here:
            hand = Hand(here, HEARING_ID, needed)
            more = do(hand)
            stands = {turn["id"]: turn for turn in hand.turns()}
    prove(hand, rows, stands)
    text = "".join(text_of(turn) for turn in sorted(stands.values(), key=lambda turn: turn["start_ms"]))
    astray = sum(
        len(plain(text_of(turn))) for key, turn in stands.items() if needed[key].seat and turn["seat"] != f"s{needed[key].seat}"
    )  # fmt: skip
    return {
        **cost(hand.work), **left(text, turns), "wrong_speaker_chars_left": astray, "turns_visited": len(hand.visited),
        "turns": len(rows), "read_back": True, **more,
    }  # fmt: skip


def whole(text: str, needed: Needed) -> Sequence[Edit]:
    """The edits; where nothing would be left of a turn, one that puts a dash in its place."""
    return needed.edits if corrected(text, needed.edits) != "—" else [Edit(0, len(text), "—")]


def prove(hand: Hand, rows: Rows, stands: dict[str, dict[str, Any]]) -> None:
    """The record reads as the model says it must: every visited turn right, every other one as it came."""
    for number, row in enumerate(rows):
        key = f"t{number}"
        wanted = corrected(row["text"], hand.needed[key].edits) if key in hand.visited else row["text"]
        if text_of(stands[key]) != wanted:
            raise SystemExit(f"turn {number} does not read as the model says")
        seat = hand.needed[key].seat
        if key in hand.visited and seat is not None and stands[key]["seat"] != f"s{seat}":
            raise SystemExit(f"turn {number} is not the speaker's that the model says")


def cost(work: Work) -> dict[str, Any]:
    """Keys, clicks, and minutes at each typing speed."""
    return {
        "keys": work.all_keys, "keys_without_typing": work.keys, "typed_chars": work.typed, "clicks": work.clicks,
        "listened_min": round(work.listened_s / 60, 2),
        "minutes": {str(speed): round(work.minutes(speed), 2) for speed in TYPING},
    }  # fmt: skip


def left(text: str, turns: Rows) -> dict[str, Any]:
    """What is wrong in the end."""
    size = sum(len(plain(turn["text"])) for turn in turns)
    wrong = errors(text, turns)
    return {"errors_left": wrong, "errors_left_share": round(wrong / max(1, size), 4)}


def typed(turns: Rows, minutes: float) -> dict[str, Any]:
    """From nothing: the hearing lasts as long as the slower of sound and fingers."""
    work = from_nothing(turns)
    waited = {str(speed): round(max(minutes, work.typed / speed), 2) for speed in TYPING}
    return {
        "keys": work.all_keys,
        "typed_chars": work.typed,
        "clicks": 0,
        "minutes": waited,
        "errors_left": 0,
    }


def ratios(ways: dict[str, dict[str, Any]], minutes: float) -> dict[str, Any]:
    """What is saved, by the formulas at the top, against the promise."""
    found: dict[str, Any] = {}
    for speed in TYPING:
        before = ways["typed"]["minutes"][str(speed)]
        shares = {
            name: round(1 - (minutes + ways[name]["minutes"][str(speed)]) / before, 3) for name in ("plain", "queue", "through")
        }  # fmt: skip
        found[str(speed)] = {
            "hearing_lengthened_by_typing": round(lengthened(speed), 2),
            "saved_hearing_time": round(saved(speed), 3),
            "hearing_promise_reached": saved(speed) >= PROMISED,
            "promise_needs_share_of_words": round(speed / 248 / (1 - PROMISED), 2),
            "saved_whole": shares,
            "whole_promise_reached": {name: share >= PROMISED for name, share in shares.items()},
            "desk_minutes_to_plain": {
                name: round(ways[name]["minutes"][str(speed)] / ways["plain"]["minutes"][str(speed)], 3) for name in ("queue", "through")
            },
        }  # fmt: skip
    keys = {
        name: round(ways[name]["keys"] / ways["typed"]["keys"], 3) for name in ("plain", "queue", "through")
    }
    return {"promised": PROMISED, "keys_to_typed": keys, "at_speed": found}


def main() -> None:
    """See the top of this file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sound", type=Path)
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--transcript", type=Path, help="JSON of `tingji transcribe`")
    parser.add_argument("--plain", type=Path, help="another recognizer's text")
    parser.add_argument(
        "--left", type=float, default=0.2, help="share of the desk's estimate at which she stops"
    )
    given = parser.parse_args()
    reference = json.loads(given.reference.read_text(encoding="utf-8"))
    turns = sorted(reference["turns"], key=lambda turn: turn["start_ms"])
    with tempfile.TemporaryDirectory() as temporary:
        rows = transcript(given, Path(temporary))
    name, text = plain_text(given)
    sound_ms = round(len(mono(given.sound)) / 16)
    ways: dict[str, dict[str, Any]] = {"typed": typed(turns, sound_ms / 60_000)}
    ways["plain"] = {**cost(plain_editor(text, turns, sound_ms)), "whose": name, "errors_before": errors(text, turns), "errors_left": 0}  # fmt: skip
    ours = "".join(row["text"] for row in rows)
    for way, do, away in (
        ("queue", lambda hand: by_queue(hand, given.left), False),
        ("through", lambda hand: by_time(hand, sound_ms, HURRY, ours), True),
    ):
        ways[way] = {"errors_before": errors(ours, turns), **at_the_desk(given, rows, reference, away, do)}
    for way, found in ways.items():
        print(way, json.dumps(found, ensure_ascii=False), file=sys.stderr)
    line = {
        "bench": "clerk", "file": given.sound.name, "minutes": round(sound_ms / 60_000, 2), "left": given.left,
        "machine": machine(), "ways": ways, "ratios": ratios(ways, sound_ms / 60_000),
    }  # fmt: skip
    print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
