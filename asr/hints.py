"""The prompt that tells Whisper what may be said: short, the surest words first, and no danger to the record.

Whisper may repeat its prompt in silence; `asr.suppression` then holds back a text that is a piece of six
characters or more of it. So nothing of six characters may stand in the prompt that a person might really say:
long words are left out (or told by their core), and names stand in an order in which nobody reads them out:
backwards, the surest nearest to the speech.
"""

from __future__ import annotations

from collections.abc import Iterator

from asr.lexicon import HAN, Kind, Lexicon, court_words, firm_core
from asr.suppression import echoes

LONGEST = 5
"""Characters of the longest word that is put in: one less than what counts as an echo."""
BUDGET = 140
"""Characters of the whole prompt: about 200 of the 223 tokens that Whisper takes (a name costs 1.4 a character)."""


def prompt(lexicon: Lexicon, base: str, budget: int = BUDGET) -> str:
    """`base` with the words of the case before it, at most `budget` characters; `base` alone if there are none.

    The court's standing words are left out: Whisper knows most of them, and they would crowd out the names.
    """
    chosen: list[str] = []
    room = budget - len(base) - len("。")
    for word in _sayable(lexicon):
        if len(word) + 1 <= room and not any(word in other for other in chosen):
            chosen.append(word)
            room -= len(word) + 1
    hint = "、".join(reversed(chosen))
    if not hint or any(echoes(entry.text, hint) for entry in lexicon.entries):
        return base
    return f"{hint}。{base}"


def _sayable(lexicon: Lexicon) -> Iterator[str]:
    known = set(court_words())
    for entry in lexicon.ranked():
        word = firm_core(entry.text) if entry.kind is Kind.FIRM else entry.text
        if word not in known and 2 <= len(word) <= LONGEST and HAN.fullmatch(word):
            yield word
