"""asr.sound: how far apart two syllables are."""

import pytest

from asr.sound import FAR, TONE, apart, name_syllables, syllables


def distance(one: str, other: str) -> float:
    return round(sum(apart(a, b) for a, b in zip(syllables(one), syllables(other), strict=True)), 2)


def test_the_same_sound_is_not_apart() -> None:
    assert distance("质证", "质政") == 0


def test_a_tone_counts_a_little() -> None:
    assert distance("刚", "港") == TONE


@pytest.mark.parametrize(
    ("one", "other"), [("南", "兰"), ("张", "脏"), ("晨", "岑"), ("山", "三"), ("安", "昂"), ("陈", "程"), ("林", "灵"), ("福", "湖"), ("刚", "康")]
)  # fmt: skip
def test_what_is_mixed_up_is_nearer_than_what_is_not(one: str, other: str) -> None:
    assert 0 < distance(one, other) < FAR


def test_other_sounds_are_far() -> None:
    assert distance("刚", "鸡") >= FAR


def test_distance_is_the_same_both_ways() -> None:
    assert distance("古德康", "谷德刚") == distance("谷德刚", "古德康")


def test_one_syllable_for_every_character() -> None:
    assert len(syllables("谷德刚毕业于实践大学")) == 10


def test_a_surname_is_read_as_one() -> None:
    assert name_syllables("单雄信")[0].initial == "sh"
    assert name_syllables("仇小美")[0].initial == "q"
    assert name_syllables("谷德刚") == syllables("谷德刚")
