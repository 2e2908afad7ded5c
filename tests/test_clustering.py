"""diarization.clustering: all voices of a hearing at once."""

import numpy as np

from diarization.clustering import cluster, matched
from diarization.stretches import Stretch


def stretch(who: int, seed: int, solo_ms: int = 3_000, noise: float = 0.05) -> Stretch:
    """Someone's voice with some noise."""
    vector = np.eye(192, dtype=np.float32)[who] + np.random.default_rng(seed).normal(0, noise, 192)
    return Stretch(((0, 3_000),), solo_ms, (vector / np.linalg.norm(vector)).astype(np.float32))


def conversation(who: list[int]) -> list[Stretch]:
    return [stretch(speaker, seed) for seed, speaker in enumerate(who)]


def test_each_voice_is_one_label_in_order_of_appearance() -> None:
    who = [3, 1, 3, 2, 1, 1, 3]
    assert cluster(conversation(who)).tolist() == [0, 1, 0, 2, 1, 1, 0]


def test_a_witness_who_says_one_sentence_is_not_merged_away() -> None:
    assert cluster(conversation([0] * 40 + [1] * 40 + [2])).tolist() == [0] * 40 + [1] * 40 + [2]


def test_two_people_who_sound_much_alike_are_told_apart_by_how_like_themselves_they_are() -> None:
    first, second = np.zeros((2, 192), np.float32)
    first[0], second[0], second[1] = 1, 0.57, (1 - 0.57**2) ** 0.5
    heard = [Stretch(((0, 3_000),), 3_000, voice) for voice in (first, second) for _ in range(5)]
    assert cluster(heard).tolist() == [0] * 5 + [1] * 5
    loose = conversation([0] * 10)
    assert (
        np.mean([one.embedding @ other.embedding for one in loose for other in loose if one is not other])
        < 0.7
    )
    assert cluster(loose).tolist() == [0] * 10


def test_a_cough_is_not_a_voice() -> None:
    heard = [*conversation([0] * 200 + [1] * 200), stretch(2, 999, solo_ms=1_000)]
    assert set(cluster(heard).tolist()) == {0, 1}


def test_a_short_word_joins_the_nearest_voice() -> None:
    assert cluster([*conversation([0, 1, 0, 1]), stretch(1, 9, solo_ms=300)]).tolist() == [0, 1, 0, 1, 1]


def test_a_known_number_of_voices_is_kept_to() -> None:
    assert cluster(conversation([0, 1, 2, 0, 1, 2]), speakers=2).max() == 1
    assert cluster(conversation([0, 0, 0, 1]), speakers=9).tolist() == [0, 1, 2, 3]


def test_nothing_to_hear_is_nobody() -> None:
    assert cluster([]).tolist() == []
    assert cluster([Stretch(((0, 100),), 0, None)]).tolist() == [-1]
    assert cluster([*conversation([0]), Stretch(((0, 100),), 0, None)]).tolist() == [0, -1]


def test_the_names_on_the_screen_stay_with_most_of_their_speech() -> None:
    heard = conversation([0, 1, 0, 0, 1, 2])
    live = ["审判长", "未识别 1", "审判长", "未识别 1", "未识别 1", "审判长"]
    assert matched(cluster(heard), live, heard, iter(["未识别 2"])) == [
        "审判长", "未识别 1", "审判长", "审判长", "未识别 1", "未识别 2",
    ]  # fmt: skip
