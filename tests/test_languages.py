"""The languages of a hearing are those that the engine knows."""

from __future__ import annotations

from faster_whisper.tokenizer import _LANGUAGE_CODES

from casefile.languages import LANGUAGES, NAMES, nearest_language


def test_they_are_the_engines() -> None:
    assert set(LANGUAGES) == set(_LANGUAGE_CODES)
    assert len(LANGUAGES) == len(_LANGUAGE_CODES)


def test_every_name_stands_for_one_of_them() -> None:
    assert set(NAMES.values()) <= set(LANGUAGES)


def test_nonsense_is_near_to_nothing() -> None:
    assert nearest_language("§§§§") is None
