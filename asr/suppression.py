"""What Whisper is known to invent. A suppressed passage stays on the record, flagged with the rule's name.

Rules look at characters, never at bytes or spaces: 是的, 是的是的, 没有, 不是, 我认罪 pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

INVENTED = re.compile(
    r"请不吝点赞|点赞.{0,4}订阅|订阅.{0,4}转发|打赏支持|明镜与点点|明镜需要您的支持|欢迎收看订阅|字幕\s*(by|由|提供|志愿)"
    r"|amara\.org|索兰娅|优优独播剧场|yoyo television"
    r"|谢谢(大家)?(的)?(观看|收看)|感谢(您的)?(观看|收看)",
    re.IGNORECASE,
)
_LOOP = re.compile(r"(.{1,12}?)\1{4,}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the decoder says of its own output: probabilities 0 to 1 and a mean log-probability per token."""

    no_speech: float
    mean_log_probability: float


def suspicion(text: str, evidence: Evidence, prompt: str = "") -> str | None:
    """The name of the rule that holds this text back, or None."""
    if evidence.no_speech > 0.6 and evidence.mean_log_probability < -0.7:
        return "no_speech"
    if INVENTED.search(text):
        return "known_invention"
    if echoes(text, prompt):
        return "prompt_echo"
    if looped(text):
        return "loop"
    return None


def looped(text: str) -> bool:
    """A run of five or more equal pieces that makes up most of a text of more than eight characters."""
    plain = re.sub(r"[\W_]", "", text)
    runs = sum(len(match[0]) for match in _LOOP.finditer(plain))
    return len(plain) > 8 and runs * 2 > len(plain)


def echoes(text: str, prompt: str) -> bool:
    """The text is a piece of six characters or more of the prompt."""
    plain, source = re.sub(r"[\W_]", "", text), re.sub(r"[\W_]", "", prompt)
    return len(plain) >= 6 and plain in source
