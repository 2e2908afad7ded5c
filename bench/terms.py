"""Which utterances hold names and terms, by rule; words that nobody says; the lexicon of a simulated hearing."""

from __future__ import annotations

import csv
import random
import warnings
from dataclasses import dataclass
from pathlib import Path

from asr.fluency import Reading, common_words
from asr.lexicon import HAN, Entry, Kind, Lexicon, Source, words_of_court
from asr.mentions import SURNAMES

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import jieba.posseg

SEED, ABSENT = 3, 500
EVERYDAY = -4.5
"""log10 of the share of text from which a word is an everyday one (北京, 城市)."""
KINDS = {"nr": Kind.PERSON, "ns": Kind.PLACE, "nt": Kind.FIRM, "nz": Kind.TERM}


@dataclass(frozen=True)
class Said:
    """An utterance: its sound, its verified text, the names and terms in it."""

    file: str
    text: str
    terms: tuple[Entry, ...]


def chosen(speech: Path) -> list[Said]:
    """The utterances that hold a name or a term, in the order of the table."""
    with (speech / "utterances.tsv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    said = [
        Said(row["file"], row["text"], terms_of(row["text"]))
        for row in rows
        if row["language"] == "zh" and row["scored"] == "yes"
    ]
    return [one for one in said if one.terms]


def terms_of(text: str) -> tuple[Entry, ...]:
    """Names and unusual nouns by jieba's tagger, each once."""
    found = {}
    for word, tag in jieba.posseg.cut(text):
        kind = KINDS.get(tag[:2], Kind.TERM)
        if HAN.fullmatch(word) and len(word) >= 2 and is_term(word, tag, kind):
            found[word] = Entry.of(word, kind, Source.DOCUMENT)
    return tuple(found.values())


def is_term(word: str, tag: str, kind: Kind) -> bool:
    """A name that is no everyday word, or a noun that is not made of common words; both known to jieba.

    What is not in its dictionary is its guess, and taken for a person's name only, after a surname.
    """
    if word not in jieba.dt.FREQ:
        return kind is Kind.PERSON and word[0] in SURNAMES
    if tag[:2] in KINDS:
        return common_words().get(word, EVERYDAY - 1) < EVERYDAY
    return tag.startswith("n") and Reading(word, {}).likely < -3.5 * len(word)


def half(said: list[Said], which: str) -> list[Said]:
    """The half for tuning or the one for reporting."""
    mixed = random.Random(SEED).sample(said, len(said))
    return mixed[::2] if which == "tune" else mixed[1::2]


def absent_words(texts: str, seed: int = SEED) -> Lexicon:
    """500 rare names and nouns of jieba's dictionary that no transcript holds."""
    rows = Path(jieba.__file__).with_name("dict.txt").read_text(encoding="utf-8").splitlines()
    draw = random.Random(seed)
    drawn: list[Entry] = []
    for tag, lengths, count in (
        ("nr", (2, 3), 250),
        ("ns", (2, 3, 4), 100),
        ("nt", (4, 5, 6), 50),
        ("nz", (2, 3, 4), 100),
    ):
        fitting = [
            word
            for word, often, its in (row.split() for row in rows)
            if its.startswith(tag) and len(word) in lengths and int(often) < 30 and HAN.fullmatch(word) and word not in texts
        ]  # fmt: skip
        drawn += [Entry.of(word, KINDS[tag], Source.HEARING) for word in draw.sample(fitting, count)]
    assert len(drawn) == ABSENT
    return Lexicon(tuple(drawn))


def unsaid_words(everything: list[Said]) -> list[Entry]:
    """The same 500 words in another order, as words of documents."""
    words = absent_words("".join(one.text for one in everything)).entries
    mixed = random.Random(SEED).sample(words, len(words))
    return [Entry.of(entry.text, entry.kind, Source.DOCUMENT) for entry in mixed]


def lexicon_of(hearing: list[Said], unsaid: list[Entry]) -> Lexicon:
    """What the papers of a hearing name, said or not, in no order; and the court's words."""
    named = list(Lexicon().adding([*(term for one in hearing for term in one.terms), *unsaid]).entries)
    return words_of_court().adding(random.Random(SEED).sample(named, len(named)))
