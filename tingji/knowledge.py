"""What is known of a hearing before anybody speaks: it primes the recognizer and mends what it misheard."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from asr.correction import correct
from asr.hints import prompt
from asr.lexicon import Entry, Kind, Lexicon, Source, words_of_court, words_of_hearing
from asr.transcriber import Context
from casefile.model import CaseWord, Hearing, Utterance, WordSource


@lru_cache(64)
def lexicon_of(hearing: Hearing, words: tuple[CaseWord, ...] = ()) -> Lexicon:
    """The hearing's own words, those added to it, and the court's standing ones."""
    return words_of_court().adding(own_words(hearing, words).entries)


@lru_cache(64)
def context_of(hearing: Hearing, words: tuple[CaseWord, ...] = ()) -> Context:
    """What the recognizer is told of the hearing: its language and, in Chinese, its names."""
    context = Context.of(hearing.language)
    if hearing.language != "zh":
        return context
    return replace(context, prompt=prompt(own_words(hearing, words), context.prompt))


def mended(utterance: Utterance, hearing: Hearing, words: tuple[CaseWord, ...] = ()) -> Utterance:
    """The passage with names and court words that were misheard put right; every change stays on record."""
    if hearing.language != "zh" or utterance.suppressed or not utterance.words:
        return utterance
    right, changes = correct(utterance.words, lexicon_of(hearing, words))
    return replace(utterance, words=right, changes=changes)


def own_words(hearing: Hearing, words: tuple[CaseWord, ...]) -> Lexicon:
    """What this case has of its own: the words added to it and what its set-up names."""
    return Lexicon().adding(map(entry_of, words)).adding(words_of_hearing(hearing).entries)


def entry_of(word: CaseWord) -> Entry:
    """A word of the case as the lexicon keeps it."""
    source = Source.CLERK if word.source is WordSource.TYPED else Source.DOCUMENT
    return Entry.of(word.text, Kind(word.kind), source)
