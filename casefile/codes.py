"""Short codes of one hearing, made of who is there: `zzd` + Tab is 证人庄雅筑答： (court.md §5.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import count

from casefile.model import Hearing, Seat

Letters = Callable[[str], str]
"""The letter with which the reading of a Chinese character begins; "" for any other character."""
ASKS, ANSWERS = ("w", "问："), ("d", "答：")
BENCH = ("审判长", "审判员", "陪审员", "独任")


def case_codes(hearing: Hearing, first: Letters) -> Mapping[str, str]:
    """By code its text: role and surname of every seat that has a person, then w (问) or d (答).

    Two people with one code: the second gets a number, so that each code says one thing.
    """
    codes = dict[str, str]()
    for seat in hearing.seats:
        for code, text in _of(seat, first):
            codes[_free(code, codes)] = text
    return codes


def _of(seat: Seat, first: Letters) -> Iterator[tuple[str, str]]:
    name = seat.pseudonym or seat.person
    letters = first(seat.role[:1]) + first(name[:1])
    if not name or len(letters) != len(seat.role[:1] + name[:1]):
        return
    for letter, word in (ASKS,) if seat.role.endswith(BENCH) else (ASKS, ANSWERS):
        yield letters + letter, f"{seat.role}{name}{word}"


def _free(code: str, taken: Mapping[str, str]) -> str:
    """The code, or with the first number from 2 on that is free, before its last letter."""
    made = (f"{code[:-1]}{number}{code[-1]}" for number in count(2))
    return code if code not in taken else next(one for one in made if one not in taken)
