"""asr.agreement: what was shown stays, unsure characters are gaps, nothing is shown that nobody agrees on."""

from hypothesis import given
from hypothesis import strategies as st

from asr.agreement import Agreement
from casefile.model import Word


def said(text: str, probability: float = 0.9) -> list[Word]:
    return [Word(character, 0, 0, probability) for character in text]


def test_one_sure_character_is_shown_at_the_first_look_and_the_rest_when_two_agree() -> None:
    agreement = Agreement()
    assert agreement.update(said("原告请求"), 700) == "原"
    assert agreement.update(said("原告请求"), 940) == "原告请求"


def test_the_first_that_is_shown_may_be_the_second_character_and_not_a_later_one() -> None:
    assert Agreement().update(said("在", 0.3) + said("本月"), 700) == "…本"
    assert Agreement().update(said("在本", 0.3) + said("月一"), 700) == ""


def test_the_last_character_may_be_half_a_syllable_and_is_not_shown_at_the_first_look() -> None:
    assert Agreement().update(said("原"), 600) == ""
    assert Agreement().update(said("，，原"), 600) == ""


def test_two_looks_at_almost_the_same_sound_are_one() -> None:
    agreement = Agreement()
    agreement.update(said("原告"), 700)
    assert agreement.update(said("原告"), 780) == "原"


def test_agreed_and_unsure_characters_between_sure_ones_are_a_gap() -> None:
    agreement = Agreement()
    heard = said("原告", 0.8) + said("情球", 0.2) + said("判令", 0.8)
    agreement.update(heard, 500)
    assert agreement.update(heard, 700) == "原告…判令"
    assert agreement.settled == "原告情球判令"


def test_unsure_characters_at_the_end_are_not_shown_at_all() -> None:
    agreement = Agreement()
    heard = said("原告", 0.8) + said("情球", 0.2)
    agreement.update(heard, 500)
    assert agreement.update(heard, 700) == "原告"


def test_a_less_sure_character_has_to_stand_longer() -> None:
    agreement = Agreement()
    agreement.update(said("原告", 0.7), 500)
    assert agreement.update(said("原告", 0.7), 700) == "原"
    assert agreement.update(said("原告", 0.7), 900) == "原告"


def test_marks_are_shown_with_what_is_before_them() -> None:
    agreement = Agreement()
    heard = said("对，", 0.8) + said("是", 0.8)
    agreement.update(heard, 500)
    assert agreement.update(heard, 700) == "对，是"


def test_what_was_settled_stays_whatever_the_next_hypothesis_says() -> None:
    agreement = Agreement()
    agreement.update(said("原告请求", 0.8), 500)
    agreement.update(said("原告请求", 0.8), 700)
    assert agreement.update(said("被告", 0.9), 900) == "原告请求"


@given(st.lists(st.lists(st.tuples(st.sampled_from("甲乙，"), st.floats(0, 1)), max_size=6), max_size=6))
def test_what_is_shown_only_grows(looks: list[list[tuple[str, float]]]) -> None:
    agreement, sure, settled = Agreement(), "", ""
    for number, look in enumerate(looks):
        shown = agreement.update([Word(c, 0, 0, p) for c, p in look], 300 * number)
        assert agreement.settled.startswith(settled)
        assert _within(sure.replace("…", ""), shown.replace("…", ""))
        sure, settled = shown, agreement.settled


def _within(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(character in rest for character in part)
