"""Two voices close together: how many characters end on the wrong speaker, and what becomes of short answers.

    python -m bench.close SPEECH [--seed 1]

SPEECH is the folder `dev` of ../shared/speech. One hearing is put together from its clips, by one room microphone:
four voices are heard alone first, then in turn, 1.2 s apart, scenes of two of them:
- `pair`: one speaks, 0.1 s later the other;
- `overlap`: the other begins 0.3 to 0.8 s before the first has ended;
- `between`: one asks, 0.1 to 0.3 s later the other says a word of 0.3 to 0.6 s (the beginning of a clip, cut in the
  dip behind it), 0.1 to 0.3 s later the first goes on;
- `last`: the same, and nobody goes on.
The words are those of the live path, each on the name of its turn. Whose a character truly is comes from the texts,
laid beside what was recognized; at an answer's place any character may stand. A label is the person's of whom most
is shown under it. Of each scene in percent of characters: `wrong` (another's name) and `unknown` (未识别). Of the
answers: how many were written, and of those how many stand under the right name, under none, under a wrong one.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

from bench.passages import cut
from bench.scoring import plain
from bench.spoken import recognized
from bench.touches import HEARING
from casefile.model import Mono16k, Pcm, Speech, Turn, Utterance
from diarization.room import RoomMicrophone
from diarization.stretches import Ear
from diarization.turns import turns

RATE = 16_000
APART_S = 1.2
SOUNDS = 0.1
"""Of a clip's highest level: what is softer at its ends is no speech."""
SKIP = 0.05
"""What it costs that a character of an answer was not written: whether one was said there nobody knows."""
ANY = "*"
"""Stands for a character of an answer."""
VOICES = ("AISHELL-S0252", "AISHELL-S0150", "AXING-5_3039", "BIAOBEI-BZNSYP")
SCENES = {"pair": 8, "overlap": 8, "between": 10, "last": 12}
FEWEST = 4
"""Clips of a voice that may still speak in a scene."""


@dataclass(frozen=True, slots=True)
class Said:
    """By whom, what, and where it begins (samples)."""

    who: str
    text: str
    at: int
    sound: Mono16k

    @property
    def end(self) -> int:
        """Behind its last sample."""
        return self.at + len(self.sound)


@dataclass(slots=True)
class Hearing:
    """The scenes in order, each a kind and what is said in it."""

    random: np.random.Generator
    clips: dict[str, list[tuple[str, Mono16k]]]
    scenes: list[tuple[str, list[Said]]] = field(default_factory=list)
    now: int = RATE

    def alone(self, who: str) -> None:
        """A clip with silence around it."""
        self._end("alone", [self._clip(who, self.now)])

    def scene(self, kind: str) -> None:
        """Two voices close together."""
        one, other = (str(who) for who in self.random.choice(self._ready(), 2, replace=False))
        first = self._clip(one, self.now)
        if kind in ("pair", "overlap"):
            gap = 0.1 if kind == "pair" else -self.random.uniform(0.3, 0.8)
            return self._end(kind, [first, self._clip(other, first.end + round(gap * RATE))])
        answer = self._answer(other, first.end + self._short_gap())
        rest = [self._clip(one, answer.end + self._short_gap())] if kind == "between" else []
        return self._end(kind, [first, answer, *rest])

    def _ready(self) -> list[str]:
        return [who for who, its in self.clips.items() if len(its) >= FEWEST]

    def _short_gap(self) -> int:
        return round(self.random.uniform(0.1, 0.3) * RATE)

    def _end(self, kind: str, said: list[Said]) -> None:
        self.scenes.append((kind, said))
        self.now = said[-1].end + round(APART_S * RATE)

    def _clip(self, who: str, at: int) -> Said:
        text, sound = self.clips[who].pop()
        return Said(who, text, at, sound)

    def _answer(self, who: str, at: int) -> Said:
        word = beginning(self.clips[who].pop()[1])
        return Said(who, ANY * max(1, round(len(word) / RATE * 4.5)), at, word)

    def sound(self) -> Mono16k:
        """All of it in a quiet room."""
        room = self.random.normal(0, 0.0005, self.now + RATE).astype(np.float32)
        for _, said in self.scenes:
            for one in said:
                room[one.at : one.end] += one.sound
        return room


def beginning(sound: Mono16k) -> Mono16k:
    """The first 0.3 to 0.6 s, cut where it is softest, faded out."""
    level = np.sqrt((sound[: len(sound) // 320 * 320].reshape(-1, 320) ** 2).mean(axis=1))
    end = 320 * (15 + int(level[15:30].argmin()) + 1)
    word = sound[:end].copy()
    word[-320:] *= np.linspace(1, 0, 320, dtype=np.float32)
    return word


def spoken(path: Path) -> Mono16k:
    """A clip without its silent margins, all equally loud."""
    sound, _ = soundfile.read(path, dtype="float32", always_2d=True)
    frames = sound[: len(sound) // 320 * 320, 0].reshape(-1, 320)
    loud = np.flatnonzero(
        np.sqrt((frames**2).mean(axis=1)) > SOUNDS * np.sqrt((frames**2).mean(axis=1)).max()
    )
    heard = frames[loud[0] : loud[-1] + 1].reshape(-1)
    scaled: Mono16k = (heard * (0.1 / np.sqrt((heard**2).mean()))).astype(np.float32)
    return scaled


def composed(folder: Path, seed: int) -> Hearing:
    """The hearing of this seed."""
    random = np.random.default_rng(seed)
    with (folder / "utterances.tsv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["speaker"] in VOICES]
    clips: dict[str, list[tuple[str, Mono16k]]] = {who: [] for who in VOICES}
    for at in random.permutation(len(rows)):
        row = rows[at]
        if 1.4 < float(row["seconds"]) < 6:
            clips[row["speaker"]].append((plain(row["text"]), spoken(folder / row["file"])))
    hearing = Hearing(random, clips)
    for who in VOICES * 2:
        hearing.alone(who)
    for kind in random.permutation([kind for kind, count in SCENES.items() for _ in range(count)]):
        hearing.scene(str(kind))
    return hearing


def pcm(sound: Mono16k) -> Pcm:
    """As a microphone gives it."""
    samples: Pcm = (sound * 32_767).clip(-32_768, 32_767).astype(np.int16)[:, None]
    return samples


def shown(heard: Sequence[Speech], said: Sequence[Utterance]) -> list[Turn]:
    """The turns of the live path."""
    ear, room, found = Ear(), RoomMicrophone(), list[Turn]()
    for speech, utterance in zip(heard, said, strict=True):
        spans = room.label(room.hear(speech, ear.stretches(speech)), speech, HEARING)
        found += turns(utterance, spans) if utterance.words and not utterance.suppressed else ()
    return found


def laid_beside(wanted: str, found: str) -> list[int]:
    """For each character found the place in `wanted` that it stands for, by edit distance; ANY is any character."""
    cost = np.zeros((len(wanted) + 1, len(found) + 1))
    cost[:, 0], cost[0] = np.arange(len(wanted) + 1), np.arange(len(found) + 1)
    for i, a in enumerate(wanted, 1):
        for j, b in enumerate(found, 1):
            change = 0.0 if a == b else 0.3 if a == ANY else 1.0
            skip = SKIP if a == ANY else 1.0
            cost[i, j] = min(cost[i - 1, j - 1] + change, cost[i - 1, j] + skip, cost[i, j - 1] + 1)
    places, i, j = [0] * len(found), len(wanted), len(found)
    while j:
        a = wanted[i - 1] if i else ""
        change = 0.0 if a == found[j - 1] else 0.3 if a == ANY else 1.0
        if i and np.isclose(cost[i, j], cost[i - 1, j - 1] + change):
            i, j = i - 1, j - 1
            places[j] = i
        elif np.isclose(cost[i, j], cost[i, j - 1] + 1):
            j -= 1
            places[j] = max(0, i - 1)
        else:
            i -= 1
    return places


def people(found: Sequence[Turn], hearing: Hearing) -> dict[str, str]:
    """By label whose voice is shown under it, mostly."""
    shares: dict[str, Counter[str]] = {}
    for turn in found:
        for one in (one for _, said in hearing.scenes for one in said):
            common = min(turn.end_ms, one.end // 16) - max(turn.start_ms, one.at // 16)
            if common > 0:
                shares.setdefault(turn.speaker, Counter())[one.who] += common
    return {label: share.most_common(1)[0][0] for label, share in shares.items()}


def judged(said: Sequence[Said], mine: Sequence[Turn], whose: dict[str, str]) -> list[tuple[Said, str]]:
    """Each character written in a scene: of whom it is, and who is shown (empty: nobody)."""
    written = [
        (character, whose.get(turn.speaker, "") if turn.speaker != "未识别" else "")
        for turn in sorted(mine, key=lambda turn: turn.start_ms)
        for character in plain(turn.text)
    ]
    owners = [one for one in said for _ in one.text]
    places = laid_beside("".join(one.text for one in said), "".join(character for character, _ in written))
    return [(owners[place], who) for place, (_, who) in zip(places, written, strict=True)]


def verdict(pairs: Sequence[tuple[Said, str]]) -> str:
    """What became of an answer."""
    if not pairs:
        return "not_written"
    names = Counter("right" if who == one.who else "wrong" if who else "unknown" for one, who in pairs)
    return "wrong" if names["wrong"] else names.most_common(1)[0][0]


def figures(hearing: Hearing, found: Sequence[Turn]) -> dict[str, dict[str, object]]:
    """By kind of scene."""
    whose = people(found, hearing)
    characters: dict[str, Counter[str]] = {}
    answers: dict[str, Counter[str]] = {}
    for kind, said in hearing.scenes:
        since, until = said[0].at // 16 - 500, said[-1].end // 16 + 500
        pairs = judged(said, [t for t in found if since <= (t.start_ms + t.end_ms) // 2 < until], whose)
        count = characters.setdefault(kind, Counter())
        count.update("right" if who == one.who else "wrong" if who else "unknown" for one, who in pairs)
        if kind in ("between", "last"):
            answers.setdefault(kind, Counter())[verdict([p for p in pairs if p[0] is said[1]])] += 1
    return {
        kind: {
            "characters": count.total(),
            **{name: round(100 * count[name] / max(1, count.total()), 2) for name in ("wrong", "unknown")},
            **({"answers": dict(answers[kind])} if kind in answers else {}),
        }
        for kind, count in characters.items()
    }


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("speech", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    hearing = composed(given.speech, given.seed)
    heard = list(cut(pcm(hearing.sound()), RATE))
    found = shown(heard, recognized(heard))
    labels = len({turn.speaker for turn in found if turn.speaker != "未识别"})
    print(
        json.dumps(
            {"labels": labels, "of": len(VOICES), **figures(hearing, found)}, ensure_ascii=False, indent=1
        )
    )


if __name__ == "__main__":
    main()
