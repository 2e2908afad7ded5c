"""asr.repeats: the same words at the same time, heard by two microphones."""

import pytest

from asr.repeats import repeated
from casefile.model import Word


def said(text: str, start_ms: int = 0, step_ms: int = 200) -> list[Word]:
    """Words of one character each, one every 200 ms; a mark belongs to the word before it."""
    words: list[Word] = []
    for character in text:
        if character in "，。":
            last = words.pop()
            words.append(Word(last.text + character, last.start_ms, last.end_ms, 0.9))
        else:
            at = start_ms + len(words) * step_ms
            words.append(Word(character, at, at + step_ms, 0.9))
    return words


def texts(found: list[range], words: list[Word]) -> list[str]:
    return ["".join(words[number].text for number in run) for run in found]


def test_the_same_words_at_the_same_time_are_found() -> None:
    words = said("请原告陈述诉讼请求。")
    assert repeated(words, words) == [range(9)]


@pytest.mark.parametrize("heard", ["请原高陈述诉讼请球", "请元告称述速讼请求", "请原告陈术诉送亲求"])
def test_words_that_sound_alike_are_the_same_words(heard: str) -> None:
    assert repeated(said(heard), said("请原告陈述诉讼请求")) == [range(9)]


def test_only_what_is_repeated_is_found_of_a_longer_text() -> None:
    words = said("我没有意见。请原告陈述诉讼请求。")
    assert texts(repeated(words, said("请原告陈述诉讼请求。", 1000)), words) == ["请原告陈述诉讼请求。"]


def test_the_same_words_at_another_time_are_none() -> None:
    assert repeated(said("是的"), said("是的", 1200)) == []


def test_other_words_at_the_same_time_are_none() -> None:
    assert repeated(said("我不同意这个说法"), said("请原告陈述诉讼请求")) == []


def test_a_syllable_heard_otherwise_does_not_part_a_run() -> None:
    assert repeated(said("请原告跑述诉讼请求"), said("请原告陈述诉讼请求")) == [range(9)]


def test_words_of_other_scripts_are_compared_as_they_are_written() -> None:
    words = [Word("OK,", 0, 200, 0.9), Word(" thanks", 200, 500, 0.9)]
    assert repeated(words, [Word("ok", 50, 300, 0.9), Word("Thanks.", 300, 600, 0.9)]) == [range(2)]
    assert repeated(words, [Word("no", 50, 300, 0.9)]) == []


def test_without_words_nothing_is_repeated() -> None:
    assert (
        repeated([], said("是的")) == repeated(said("是的"), []) == repeated([Word("。", 0, 9, 1)], []) == []
    )
