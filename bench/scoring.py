"""Character error rate as `../shared/speech/README.md` defines it, and percentiles."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence

import cn2an
import opencc
from rapidfuzz.distance import Levenshtein

_SIMPLIFIED = opencc.OpenCC("t2s")
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")


def plain(text: str) -> str:
    """Simplified, lower case, numbers in Chinese characters, no punctuation or spaces, 两 = 二."""
    text = _SIMPLIFIED.convert(text).lower()
    try:
        text = cn2an.transform(text, "an2cn")
    except ValueError:  # cn2an gives up on the whole text for one odd number: then number by number
        text = _NUMBER.sub(_in_characters, text)
    return re.sub(r"[\W_]", "", text).replace("两", "二")


def _in_characters(match: re.Match[str]) -> str:
    try:
        return str(cn2an.transform(match[0], "an2cn"))
    except ValueError:
        return match[0]


def cer(hypothesis: str, reference: str) -> float:
    """Edit distance over the reference's length, both in their plain form."""
    wanted = plain(reference)
    return Levenshtein.distance(plain(hypothesis), wanted) / max(1, len(wanted))


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile and count."""
    if not values:
        return {"p50": float("nan"), "p95": float("nan"), "n": 0}
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return {"p50": round(statistics.median(ordered), 3), "p95": round(p95, 3), "n": len(ordered)}
