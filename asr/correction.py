"""Mends by sound what was misheard of the case's words: 古德康 becomes 谷德刚 where the lexicon holds it.

A noisy channel in one line: a run of characters is replaced by a word of the lexicon that sounds like it when
the text becomes that much likelier (`asr.fluency`) that sound (`asr.sound`) and Whisper's own confidence do not
speak against it. A wrong change is worse than a missed one, so the thresholds lean to leaving things alone.
Every change is told, with what stood there before, so that a person sees it and takes it back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from asr.fluency import LONGEST, Reading
from asr.homophones import NEVER, doubts, settled
from asr.lexicon import HAN, Entry, Kind, Lexicon, Source, court_words, firm_core
from asr.sound import Syllable, apart, name_syllables, syllables
from casefile.model import Change, Word

PASSES = 6
"""Each pass makes the text likelier; in practice the second finds nothing more."""
SETTLED = 9.0
"""The margin of a rule of `asr.homophones`: before any guess by sound."""
UNTOUCHED = frozenset("不没未无非否零〇一二三四五六七八九十百千万亿两半")
"""Characters that no guess by sound may bring in or take away: they turn a statement round."""
TITLES_BEFORE = ("原告", "被告", "第三人", "证人", "上诉人", "代理人", "审判长", "审判员", "陪审员", "书记员", "法官", "律师",
                 "被告人", "代表人", "辩护人", "鉴定人", "申请人", "我叫", "名叫", "姓名", "我是", "同事", "丈夫", "妻子")  # fmt: skip
TITLES_AFTER = ("先生", "女士", "经理", "律师", "法官", "同志", "老师", "主任", "总", "庭长", "董事")


@dataclass(frozen=True, slots=True)
class Demands:
    """What a change must bring, in powers of ten by which the text gets likelier.

    `by_length`: for 2, 3, 4 and more characters; `apart`: for each unit of distance in sound; `sure`: for
    Whisper's confidence (above `unsure`, 0 to 1) in what stands there. `title`: what a title beside a person's
    name brings. `farthest`: the greatest distance in sound for 2, 3, 4 characters, and more for each one after:
    below 2, so that no word of up to four may hold a syllable that sounds wholly different.
    """

    by_length: tuple[float, float, float] = (3.2, 2.2, 2.0)
    apart: float = 1.5
    sure: float = 3.0
    unsure: float = 0.3
    title: float = 1.5
    farthest: tuple[float, float, float] = (0.6, 1.6, 1.8)
    farther: float = 0.4

    def farthest_for(self, length: int) -> float:
        """The greatest distance in sound that a word of this length may have."""
        return self.farthest[min(length, 4) - 2] + self.farther * max(0, length - 4)

    def of(self, length: int, distance: float, sure: float, titled: bool) -> float:
        """The gain that is demanded."""
        doubt = self.sure * max(0.0, sure - self.unsure)
        return self.by_length[min(length, 4) - 2] + self.apart * distance + doubt - self.title * titled


DEMANDS = Demands()


@dataclass(frozen=True, slots=True)
class _Spoken:
    """An entry with its sound and its log10 probability."""

    text: str
    sound: tuple[Syllable, ...]
    likely: float
    person: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    """`word` is to stand at `start`; `margin`: how much more it brings than is demanded."""

    start: int
    word: str
    margin: float
    reason: str = "lexicon"

    @property
    def end(self) -> int:
        return self.start + len(self.word)

    @property
    def confidence(self) -> float:
        return 0.9 if self.reason == "homophone" else round(1 - 0.5 * 10 ** (-self.margin / 3), 2)

    def meets(self, other: _Candidate) -> bool:
        return self.start < other.end and other.start < self.end


def correct(
    words: Sequence[Word], lexicon: Lexicon, demands: Demands = DEMANDS
) -> tuple[tuple[Word, ...], tuple[Change, ...]]:
    """The words with what was misheard mended, and what was changed or is in doubt, in order of the text.

    Every word keeps its times, its confidence and its number of characters. A second call changes nothing.
    """
    before = "".join(word.text for word in words)
    sure = [word.confidence for word in words for _ in word.text]
    after, made = before, list[_Candidate]()
    for _ in range(PASSES):
        found = _best(_candidates(after, sure, lexicon, demands))
        made += found
        for candidate in found:
            after = after[: candidate.start] + candidate.word + after[candidate.end :]
        if not found:
            break
    changes = [*_changes(words, before, after, made), *_doubts(words, after, lexicon)]
    return _rewritten(words, after), tuple(sorted(changes, key=lambda change: change.at))


def _candidates(text: str, sure: Sequence[float], lexicon: Lexicon, demands: Demands) -> Iterator[_Candidate]:
    spoken, likely = _prepared(lexicon)
    for found in settled(text, likely):
        yield _Candidate(found.at, found.right, SETTLED, "homophone")
    for run in HAN.finditer(text):
        yield from _Run(run[0], run.start(), text, sure, demands).candidates(spoken, likely)


class _Run:
    """A run of Chinese characters without a mark between, `at` this place of the passage's text."""

    def __init__(self, run: str, at: int, text: str, sure: Sequence[float], demands: Demands) -> None:
        self._run, self._at, self._text, self._sure, self._demands = run, at, text, sure, demands
        self._sound = syllables(run)
        self._begins: dict[tuple[Syllable, float], list[int]] = {}

    def candidates(self, spoken: Sequence[_Spoken], likely: Mapping[str, float]) -> Iterator[_Candidate]:
        reading = Reading(self._run, likely)
        for entry in spoken:
            for start in self._starts(entry):
                distance = self._distance(entry, start)
                if distance is not None:
                    gain = reading.gain(start, start + len(entry.text), entry.likely)
                    margin = gain - self._demanded(entry, start, distance)
                    if margin > 0:
                        yield _Candidate(self._at + start, entry.text, margin)

    def _starts(self, entry: _Spoken) -> list[int]:
        """The places where the entry fits and its first syllable is not too far already; names share those."""
        key = (entry.sound[0], self._demands.farthest_for(len(entry.sound)))
        if key not in self._begins:
            self._begins[key] = [at for at, one in enumerate(self._sound) if apart(key[0], one) <= key[1]]
        return [at for at in self._begins[key] if at + len(entry.sound) <= len(self._sound)]

    def _distance(self, entry: _Spoken, start: int) -> float | None:
        """How far apart entry and text sound at this place; None: too far, the same, or not to be touched."""
        limit, total = self._demands.farthest_for(len(entry.sound)), 0.0
        for one, other in zip(entry.sound, self._sound[start:], strict=False):
            total += apart(one, other)
            if total > limit:
                return None
        heard = self._run[start : start + len(entry.text)]
        return total if may_become(heard, entry.text) else None

    def _demanded(self, entry: _Spoken, start: int, distance: float) -> float:
        at, end = self._at + start, self._at + start + len(entry.text)
        sure = [self._sure[at + i] for i, right in enumerate(entry.text) if self._run[start + i] != right]
        titled = entry.person and (
            self._text[:at].endswith(TITLES_BEFORE) or self._text[end:].startswith(TITLES_AFTER)
        )
        return self._demands.of(len(entry.text), distance, sum(sure) / len(sure), titled)


def may_become(heard: str, word: str) -> bool:
    """They differ, though not in a negation or a number, and are no pair for a person to decide."""
    changed = {one for one, other in zip(heard, word, strict=True) if one != other}
    changed |= {other for one, other in zip(heard, word, strict=True) if one != other}
    return bool(changed) and not changed & UNTOUCHED and frozenset((heard, word)) not in NEVER


@lru_cache(maxsize=16)
def _prepared(lexicon: Lexicon) -> tuple[tuple[_Spoken, ...], Mapping[str, float]]:
    """The entries that may be put in by sound, and log10 probabilities of all that can be said of the case.

    Two characters of court language sound like too much else: they are left to the table of `asr.homophones`.
    """
    said = {one.text: one for entry in lexicon.entries for one in _ways_to_say(entry)}
    by_table = {word for word in court_words() if len(word) == 2}
    movable = tuple(one for one in said.values() if one.text not in by_table)
    return movable, {one.text: one.likely for one in said.values()}


def _ways_to_say(entry: Entry) -> Iterator[_Spoken]:
    """The whole name and, of a firm, its core; nothing that holds numbers, marks or Latin letters."""
    core = firm_core(entry.text) if entry.kind is Kind.FIRM else entry.text
    for text in dict.fromkeys((entry.text, core)):
        if 2 <= len(text) <= LONGEST and HAN.fullmatch(text):
            person = entry.kind is Kind.PERSON
            sound = name_syllables(text) if person else syllables(text)
            yield _Spoken(text, sound, -5.5 + 2 * entry.weight, person)


def _best(candidates: Iterator[_Candidate]) -> list[_Candidate]:
    """The strongest that do not overlap."""
    chosen: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda one: (-one.margin, one.start, one.word)):
        if not any(candidate.meets(other) for other in chosen):
            chosen.append(candidate)
    return chosen


def _changes(words: Sequence[Word], before: str, after: str, made: Sequence[_Candidate]) -> Iterator[Change]:
    """What was changed between the first text and the last; of changes on top of each other one is told."""
    told: list[_Candidate] = []
    for candidate in reversed(made):
        span = slice(candidate.start, candidate.end)
        if before[span] != after[span] and not any(candidate.meets(other) for other in told):
            told.append(candidate)
            yield _change(
                words, candidate.start, before[span], after[span], candidate.confidence, candidate.reason
            )


def _doubts(words: Sequence[Word], text: str, lexicon: Lexicon) -> Iterator[Change]:
    known = {entry.text for entry in lexicon.entries}
    in_case = {entry.text for entry in lexicon.entries if entry.source is not Source.COURT}
    for found in doubts(text, known, in_case):
        yield _change(words, found.at, found.heard, found.right, 0.5, "doubt")


def _change(
    words: Sequence[Word], at: int, before: str, after: str, confidence: float, reason: str
) -> Change:
    owners = [word for word in words for _ in word.text][at : at + len(before)]
    return Change(at, before, after, owners[0].start_ms, owners[-1].end_ms, confidence, reason)


def _rewritten(words: Sequence[Word], text: str) -> tuple[Word, ...]:
    out, at = [], 0
    for word in words:
        piece = text[at : at + len(word.text)]
        out.append(word if piece == word.text else replace(word, text=piece))
        at += len(word.text)
    return tuple(out)
