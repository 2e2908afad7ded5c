"""The languages that a hearing may be held in: the codes that Whisper models know."""

from __future__ import annotations

from difflib import get_close_matches

CODES = (
    "af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy "
    "id is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru "
    "sa sd si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo zh yue"
)
LANGUAGES = tuple(CODES.split())
"""`faster_whisper.tokenizer._LANGUAGE_CODES`; tests/test_languages.py compares."""

NAMES = {
    "chinese": "zh", "mandarin": "zh", "cmn": "zh", "cn": "zh", "中文": "zh", "汉语": "zh", "普通话": "zh",
    "cantonese": "yue", "粤语": "yue", "english": "en", "英语": "en", "tibetan": "bo", "藏语": "bo",
    "mongolian": "mn", "蒙古语": "mn", "kazakh": "kk", "哈萨克语": "kk", "korean": "ko", "朝鲜语": "ko",
}  # fmt: skip
"""What people write instead of a code."""


def nearest_language(text: str) -> str | None:
    """The code that was probably meant, or None."""
    plain = text.strip().lower()
    first = plain.replace("_", "-").partition("-")[0]
    if first in LANGUAGES:
        return first
    if first in NAMES:
        return NAMES[first]
    near = get_close_matches(plain, [*LANGUAGES, *NAMES], n=1, cutoff=0.5)
    return NAMES.get(near[0], near[0]) if near else None
