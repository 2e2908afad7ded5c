"""asr.fluency: what reads as common words is likelier than what does not."""

import pytest

from asr.fluency import UNKNOWN, Reading, common_words


def test_words_have_their_share() -> None:
    words = common_words()
    assert words["的"] > words["法院"] > words["孳"]
    assert all(share < 0 for share in words.values())


def test_no_names_of_people_are_common_words() -> None:
    assert "张伟" not in common_words()
    assert "谷德刚" not in common_words()


def test_a_text_is_as_likely_as_its_best_cut() -> None:
    words = common_words()
    assert Reading("现在开庭", {}).likely == pytest.approx(words["现在"] + words["开庭"])


def test_what_no_list_holds_is_unlikely() -> None:
    assert Reading("\u9fa5\u9fa4", {}).likely <= UNKNOWN


def test_gain_is_the_difference_to_the_text_with_the_word() -> None:
    reading = Reading("古德康到庭", {})
    with_name = Reading("谷德刚到庭", {"谷德刚": -3.5})
    assert reading.gain(0, 3, -3.5) == pytest.approx(with_name.likely - reading.likely)


def test_breaking_a_common_word_costs() -> None:
    assert Reading("银行账户", {}).gain(1, 3, -3.5) < 0


def test_words_end_at_the_cuts() -> None:
    assert Reading("现在开庭", {}).cuts == {0, 2, 4}
    assert Reading("", {}).cuts == {0}
