"""Words that carry nothing: marked, hidden by choice, never removed.

An answer is no filler: 嗯。 alone is a yes and 是啊 an agreement. 这个 and 那个 mostly point at something, so they are
marked only where they are said twice or stand beside a 呃.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_START = r"(?:^|(?<=[，。？！；：、,.?!;:\s]))"
_END = r"(?=[，。？！；：、,.?!;:\s]|$)"
_PAUSE = r"[，、,\s…]"
_PAUSES = re.compile(rf"{_PAUSE}*")
_BREAK = re.compile(r"(?:^|[，。？！；：、,.?!;:\s…])$")
_RULES = tuple(
    re.compile(rule)
    for rule in (
        r"呃+",
        rf"{_START}[额嗯啊欸诶]{{1,3}}(?={_PAUSE}+[^，。？！；：、,.?!;:\s是对好不没有行可同属知明听嗯啊])",
        r"(?:这个){2,}(?=\w|[，、,])|(?:那个){2,}(?=\w|[，、,])",
        rf"(?<=呃)[这那]个{_END}|(?<=呃，)[这那]个{_END}|{_START}[这那]个(?={_PAUSE}?呃)",
        rf"{_START}(?:就是说|怎么说呢|然后呢)(?=[，、,])",
        rf"{_START}就是就是(?:就是)*(?:说)?(?=\w)",
    )
)


@dataclass(frozen=True, slots=True)
class Filler:
    """`text[start:end]` (offsets in characters) is a filler."""

    start: int
    end: int


def fillers(text: str) -> tuple[Filler, ...]:
    """The fillers of one turn, in order, without overlap; none where the whole turn is nothing else."""
    spans = sorted({match.span() for rule in _RULES for match in rule.finditer(text)})
    found: list[Filler] = []
    for start, end in spans:
        if not found or start >= found[-1].end:
            found.append(Filler(start, end))
    rest = set(range(len(text))) - {i for filler in found for i in range(filler.start, filler.end)}
    return tuple(found) if any(text[i].isalnum() for i in rest) else ()


def gone_on(text: str, filler: Filler) -> int:
    """Where the text goes on without this filler (web/static/marks.js does the same).

    Between two pauses it takes one of them with it: 我，呃，认为 reads 我，认为 without it.
    """
    pause = _PAUSES.match(text, filler.end) if _BREAK.search(text[: filler.start]) else None
    return pause.end() if pause else filler.end
