"""What is known of a hearing before anybody speaks: it primes the recognizer and mends what it misheard."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from asr.correction import correct
from asr.hints import prompt
from asr.lexicon import Lexicon, words_of_court, words_of_hearing
from asr.transcriber import Context
from casefile.model import Hearing, Utterance


@lru_cache(64)
def lexicon_of(hearing: Hearing) -> Lexicon:
    """The hearing's own words and the court's standing ones."""
    return words_of_court().adding(words_of_hearing(hearing).entries)


@lru_cache(64)
def context_of(hearing: Hearing) -> Context:
    """What the recognizer is told of the hearing: its language and, in Chinese, its names."""
    context = Context.of(hearing.language)
    if hearing.language != "zh":
        return context
    return replace(context, prompt=prompt(words_of_hearing(hearing), context.prompt))


def mended(utterance: Utterance, hearing: Hearing) -> Utterance:
    """The passage with names and court words that were misheard put right; every change stays on record."""
    if hearing.language != "zh" or utterance.suppressed or not utterance.words:
        return utterance
    words, changes = correct(utterance.words, lexicon_of(hearing))
    return replace(utterance, words=words, changes=changes)
