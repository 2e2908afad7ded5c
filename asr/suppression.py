"""What Whisper is known to invent. A suppressed passage stays on the record, flagged with the rule's name.

Rules weigh what is known together: what the decoder says of itself, how much voice the detector found, how the
level moves. None looks at length in bytes or at spaces, and no rule holds back a short answer for being short:
是, 是的, 是的是的, 没有, 不是, 我认罪 pass wherever decoder or detector is sure. Figures: `bench/silence.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from types import MappingProxyType

import numpy as np

from casefile.model import Mono16k, Voicing

REASONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "no_speech": ("识别模型判断此处无人说话", "The recognizer itself takes this for silence"),
        "no_voice": (
            "声音不像人声，文字又没有把握",
            "It does not sound like a voice, and the text is not sure",
        ),
        "too_much_text": (
            "文字多于这段人声可能说出的字数",
            "More text than could be said in this much voice",
        ),
        "known_invention": (
            "识别模型在无声处常编造的套话",
            "A phrase that the model is known to make up in silence",
        ),
        "prompt_echo": (
            "只是重复了事先提示给模型的词语",
            "It only repeats words that the model was given beforehand",
        ),
        "loop": (
            "同样的字反复出现，是识别出错的表现",
            "The same piece over and over: a fault of recognition",
        ),
        "crosstalk": (
            "同一时间的同一句话，另一个话筒先收到或收得更响：是串音",
            "The same words at the same time, heard first or louder by another microphone: crosstalk",
        ),
    }
)
"""Each rule, and why it holds a text back, in Chinese and English; `crosstalk` is that of `tingji.crosstalk`."""

INVENTED = re.compile(
    r"请不吝点赞|点赞.{0,4}订阅|(订阅|转发|打赏|支持|点赞|\s)*明镜与点点(栏目)?|明镜需要您的支持|欢迎收看订阅(明镜)?"
    r"|字幕\s*(by|由|提供|志愿|制作).{0,20}|.{0,6}amara\.org.{0,8}|索兰娅|优优独播剧场|yoyo television series exclusive"
    r"|(谢谢|感谢)(大家|您)?(的)?(观看|收看)|thanks? (you )?for watching|(please )?(like and )?subscribe( to my channel)?"
    r"|subtitles? by.{0,30}|mbc 뉴스.{0,10}|ご視聴ありがとうございました",
    re.IGNORECASE,
)
SOUND_TAG = re.compile(r"\s*([\[(（【*♪].{0,12}[\])）】*♪]|♪+)[\s。.]*")
_LOOP = re.compile(r"(.{1,12}?)\1{4,}")
_UNIT = re.compile(r"[a-zà-ÿ]+|\d|[^\W\d_]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the decoder says of its own output, and what is known of the sound beneath it.

    `no_speech` 0 to 1, `mean_log_probability` per token; `voicing` None: no detector looked; `swing_db`: how far
    the level moves within the passage (10th to 90th percentile of 32 ms), None: unknown.
    """

    no_speech: float
    mean_log_probability: float
    voicing: Voicing | None = None
    swing_db: float | None = None

    @property
    def voiced(self) -> bool:
        """The detector is sure that somebody spoke: 128 ms or more, and not merely perhaps."""
        voicing = self.voicing
        return voicing is not None and voicing.ms >= 128 and voicing.probability >= 0.7

    @property
    def unvoiced(self) -> bool:
        """Little speaks for a voice: hardly any in the detector's ears, or a level as steady as a fan's."""
        perhaps = self.voicing is not None and (self.voicing.ms < 128 or self.voicing.probability < 0.6)
        return perhaps or (self.swing_db is not None and self.swing_db < 3)


def suspicion(text: str, evidence: Evidence, prompt: str = "") -> str | None:
    """The name of the rule (see `REASONS`) that holds this text back, or None."""
    rules = {
        "known_invention": invented(text),
        "prompt_echo": echoes(text, prompt) or (_doubtful(evidence) and only_hints(text, prompt)),
        "loop": looped(text),
        "no_speech": evidence.no_speech > 0.6 and evidence.mean_log_probability < _least_sure(evidence),
        "no_voice": evidence.unvoiced and (evidence.no_speech > 0.5 or evidence.mean_log_probability < -0.9),
        "too_much_text": _doubtful(evidence) and crowded(text, evidence.voicing),
    }
    return next((name for name, holds in rules.items() if holds), None)


def _least_sure(evidence: Evidence) -> float:
    """The mean log-probability below which no_speech is believed: lower where there is a voice."""
    return -1.0 if evidence.voiced else -0.7


def _doubtful(evidence: Evidence) -> bool:
    """The decoder is not quite sure: one in eighty of spoken utterances, so never a rule alone."""
    return evidence.no_speech > 0.2 or evidence.mean_log_probability < -0.6


def swing_db(audio: Mono16k) -> float | None:
    """How far the level of 32 ms frames moves, 10th to 90th percentile, in dB; None below a third of a second."""
    frames = audio[: len(audio) // 512 * 512].reshape(-1, 512)
    if len(frames) < 10:
        return None
    low, high = np.percentile(10 * np.log10((frames**2).mean(axis=1) + 1e-12), (10, 90))
    return float(high - low)


def invented(text: str) -> bool:
    """Known phrases, or the name of a sound (（音乐）, ♪), make up half of the text or more."""
    known = sum(len(_plain(match[0])) for match in INVENTED.finditer(text))
    return SOUND_TAG.fullmatch(text) is not None or known * 2 >= max(1, len(_plain(text)))


def crowded(text: str, voicing: Voicing | None) -> bool:
    """More syllables (or English words) than 12 for a second of voice, and six."""
    return voicing is not None and len(_UNIT.findall(text)) > 6 + voicing.ms * 12 / 1000


def looped(text: str) -> bool:
    """A run of five or more equal pieces that makes up most of a text of more than eight characters."""
    plain = _plain(text)
    runs = sum(len(match[0]) for match in _LOOP.finditer(plain))
    return len(plain) > 8 and runs * 2 > len(plain)


def echoes(text: str, prompt: str) -> bool:
    """Six characters of the prompt in a row make up half of the text or more, or eight stand anywhere in it."""
    plain = _plain(text)
    _, run = _longest_shared(plain, _plain(prompt))
    return run >= 8 or (run >= 6 and run * 2 >= len(plain))


def only_hints(text: str, prompt: str) -> bool:
    """Four fifths of the text are pieces (two characters or more) of the prompt, in any order: 李明。李明。"""
    plain = _plain(text)
    return bool(plain) and _covered(plain, _plain(prompt)) >= 0.8 * len(plain)


def _covered(plain: str, source: str) -> int:
    """Characters of `plain` that lie in pieces of `source`, the longest piece first."""
    at, run = _longest_shared(plain, source)
    return run + _covered(plain[:at], source) + _covered(plain[at + run :], source) if run >= 2 else 0


def _longest_shared(plain: str, source: str) -> tuple[int, int]:
    """Where in `plain` the longest piece begins that `source` holds too, and its length."""
    found = SequenceMatcher(None, plain, source, autojunk=False).find_longest_match()
    return found.a, found.size


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text)
