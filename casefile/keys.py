"""Keys that people write by hand: a key that is not known is refused, with the nearest known one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches

from casefile.errors import UnknownKey

NOT_TEXT = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")
"""What no line of text holds: control characters, line ends, halves of characters."""


def refuse_unknown(file: str, given: Iterable[str], known: Collection[str]) -> None:
    """Raises UnknownKey for the first key of `given` that is not in `known`; `file` says where it stands."""
    for key in given:
        if key not in known:
            zh_hint, en_hint = _hints(key, known)
            raise UnknownKey(file=file, key=NOT_TEXT.sub("?", key[:40]), zh_hint=zh_hint, en_hint=en_hint)


def _hints(key: str, known: Collection[str]) -> tuple[str, str]:
    near = get_close_matches(key, list(known), n=1)
    if near:
        return f"是否想写“{near[0]}”？", f"Did you mean {near[0]}?"
    every = ", ".join(sorted(known))
    return f"可用的项：{every}。", f"Known keys: {every}."
