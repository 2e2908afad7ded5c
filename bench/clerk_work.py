"""The clerk's work as numbers: what is to be corrected in a text, the keys and the seconds that it takes.

Constants and their sources:
- `KEY_S`, `POINT_S`, `BUTTON_S`, `HOME_S`, `MIND_S`: the keystroke-level model's K (average skilled typist), P, B, H
  and M (Card, Moran & Newell, The Psychology of Human-Computer Interaction, 1983, ch. 8). A chord is a K for each key.
- `SPEECH`: 248 characters a minute, the mean of a court's year of hearings; typing at 120 and 180: the upper end of
  an ordinary clerk and of one with a steno machine (both: the project's own survey of court press, "numbers worth
  designing for").
- `READING`: 255 characters a minute, Mandarin read aloud (Trauzettel-Klosinski & Dietz, IReST, 2012); silent reading
  is quicker, proof-reading slower.
- `PREFIX`: who speaks, before what he says, as court records are written (审：).
- Pinyin: the letters of each syllable, and a key that chooses for every two characters (the mean word).
- A person hears every character that she listens to, and types it right: ears and fingers make no errors here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pypinyin import lazy_pinyin
from rapidfuzz.distance import Levenshtein

from bench.scoring import plain

KEY_S, POINT_S, BUTTON_S, HOME_S, MIND_S = 0.20, 1.10, 0.10, 0.40, 1.35
SPEECH, READING = 248, 255
TYPING = (120, 180)
PREFIX = 2
NEAR_MS = 300
"""What is said so near to a turn's own sound is heard with it."""
_UNIT = re.compile(r"\d+(?:\.\d+)?%?|\w")


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start` to `end` of a text become `text`. `away`: what is missing was said elsewhere than this text."""

    start: int
    end: int
    text: str
    away: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A text and when it was said (ms): a turn of the desk, or a whole plain transcript."""

    text: str
    start_ms: int
    end_ms: int


@dataclass(slots=True)
class Work:
    """What was done: keys that type nothing, characters typed and their keys, clicks, decisions, seconds of listening."""

    keys: int = 0
    typed: int = 0
    typing_keys: int = 0
    clicks: int = 0
    decisions: int = 0
    listened_s: float = 0.0

    def type(self, text: str) -> None:
        """These characters, by pinyin."""
        self.typed += len(text)
        self.typing_keys += pinyin_keys(text)

    def minutes(self, speed: int) -> float:
        """All of it, one thing after the other, for who types so many characters a minute."""
        pointing = POINT_S + BUTTON_S + 2 * HOME_S
        hands = self.keys * KEY_S + self.clicks * pointing + self.decisions * MIND_S
        return (hands + self.listened_s) / 60 + self.typed / speed

    @property
    def all_keys(self) -> int:
        """Key presses, those of the input method among them."""
        return self.keys + self.typing_keys


def pinyin_keys(text: str) -> int:
    """Keys for a text: letters of its syllables, and one choice for every two characters."""
    return sum(map(len, lazy_pinyin(text))) + (len(text) + 1) // 2


def listening_s(ms: float, text: str, speed: float = 1.0) -> float:
    """Hearing it while reading along: as long as the slower of both."""
    return max(ms / 1000 / speed, len(plain(text)) * 60 / READING)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A character of a text, or a number: where it stands, and its plain form."""

    start: int
    end: int
    form: str


def units(text: str) -> list[_Unit]:
    """The parts of a text that count; punctuation is none."""
    found = ((one.start(), one.end(), plain(one[0])) for one in _UNIT.finditer(text))
    return [_Unit(*one) for one in found if one[2]]


def owners(turns: Sequence[dict[str, Any]]) -> list[int]:
    """For each plain character of the reference: the number of its turn."""
    return [number for number, turn in enumerate(turns) for _ in plain(turn["text"])]


def corrections(
    pieces: Sequence[Piece], turns: Sequence[dict[str, Any]]
) -> tuple[list[list[Edit]], list[int | None]]:
    """By piece: what makes it what the reference says; and whose it is mostly, as a seat of the reference (None: nobody's)."""
    wanted, owner = "".join(plain(turn["text"]) for turn in turns), owners(turns)
    parts = [(number, unit) for number, piece in enumerate(pieces) for unit in units(piece.text)]
    places = [at for at, (_, unit) in enumerate(parts) for _ in unit.form]
    shown = "".join(unit.form for _, unit in parts)
    taken: list[list[int]] = [[] for _ in parts]
    for step in Levenshtein.opcodes(shown, wanted):
        for at in range(step.dest_start, step.dest_end):
            source = step.src_start + (at - step.dest_start) if step.tag != "insert" else step.src_start - 1
            if parts:
                taken[places[max(source, 0)]].append(at)
    seats: list[list[int]] = [[] for _ in pieces]
    edits: list[list[Edit]] = [[] for _ in pieces]
    for (number, unit), its in zip(parts, taken, strict=True):
        seats[number] += [turns[owner[at]]["seat"] for at in its]
        near = [at for at in its if _near(pieces[number], turns[owner[at]])]
        edits[number] += _edits(unit, wanted, near, [at for at in its if at not in set(near)])
    return [joined(each) for each in edits], [
        max(set(each), key=each.count) if each else None for each in seats
    ]


def _near(piece: Piece, turn: dict[str, Any]) -> bool:
    return bool(turn["start_ms"] < piece.end_ms + NEAR_MS and piece.start_ms - NEAR_MS < turn["end_ms"])


def _edits(unit: _Unit, wanted: str, near: Sequence[int], away: Sequence[int]) -> list[Edit]:
    """What becomes of one character: kept, replaced, gone, or followed by what was missing."""
    text = "".join(wanted[at] for at in near)
    found = []
    if text.startswith(unit.form):
        if rest := text[len(unit.form) :]:
            found.append(Edit(unit.end, unit.end, rest))
    else:
        found.append(Edit(unit.start, unit.end, text))
    if away:
        found.append(Edit(unit.end, unit.end, "".join(wanted[at] for at in away), away=True))
    return found


def joined(edits: Sequence[Edit]) -> list[Edit]:
    """Edits that touch, as one."""
    made: list[Edit] = []
    for edit in edits:
        if made and made[-1].end == edit.start and not (edit.away or made[-1].away):
            made[-1] = Edit(made[-1].start, edit.end, made[-1].text + edit.text)
        else:
            made.append(edit)
    return made


def corrected(text: str, edits: Sequence[Edit]) -> str:
    """The text after the edits; a text of which nothing is left is a dash, for no turn may be empty."""
    for edit in reversed(edits):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text if text.strip() else "—"


def errors(text: str, turns: Sequence[dict[str, Any]]) -> int:
    """Characters that are wrong, missing or too many."""
    return int(Levenshtein.distance(plain(text), "".join(plain(turn["text"]) for turn in turns)))


def runs(turns: Sequence[dict[str, Any]]) -> int:
    """How often somebody begins to speak after another one."""
    return sum(1 for _ in groupby(turns, key=lambda turn: turn["seat"]))


def from_nothing(turns: Sequence[dict[str, Any]]) -> Work:
    """All that is said, typed, with who says it; listening goes on beside it, and waits for the fingers."""
    work = Work(keys=runs(turns))
    for turn in turns:
        work.type(plain(turn["text"]))
    work.typed += PREFIX * runs(turns)
    work.typing_keys += 2 * PREFIX * runs(turns)
    return work


def plain_editor(text: str, turns: Sequence[dict[str, Any]], sound_ms: int) -> Work:
    """A plain text put right: all sound is heard once from end to end, each place is pointed at, speakers are typed."""
    found, _ = corrections([Piece(text, 0, sound_ms)], turns)
    work = Work(listened_s=listening_s(sound_ms, text))
    for edit in found[0]:
        work.clicks += 1
        work.decisions += 1
        work.keys += edit.end - edit.start
        work.type(edit.text)
    work.clicks += runs(turns)
    work.decisions += runs(turns)
    work.keys += runs(turns)
    work.typed += PREFIX * runs(turns)
    work.typing_keys += 2 * PREFIX * runs(turns)
    return work


def lengthened(speed: int, share: float = 1.0) -> float:
    """How many times longer a hearing lasts whose clerk types this share of what is said, so many characters a minute."""
    return max(1.0, SPEECH * share / speed)


def saved(speed: int, share: float = 1.0) -> float:
    """The share of that hearing's time that is saved when nobody waits for the clerk."""
    return 1 - 1 / lengthened(speed, share)
