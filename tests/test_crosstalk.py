"""tingji.crosstalk: a voice that several microphones wrote down stands once; what one person alone said stays."""

from collections.abc import Sequence

import numpy as np

from casefile.events import TurnHeldBack
from casefile.model import Hearing, HearingKind, Mono16k, Seat, Speech, Turn, TurnState, Word
from tests.clips import mandarin
from tingji.crosstalk import RULE, Repeats, applied

SEATS = tuple(Seat(f"s{at}", f"席{at}", channels=(at,)) for at in range(5))
HEARING = Hearing("h", HearingKind.TRIAL, seats=SEATS)
DELAY = 60
STEP_MS = 250


def voice(number: int, seconds: float) -> Mono16k:
    """The beginning of a clip, RMS 0.1."""
    sound = mandarin(number)[4_800 : 4_800 + int(seconds * 16_000)]
    scaled: Mono16k = (sound * (0.1 / np.sqrt((sound**2).mean()))).astype(np.float32)
    return scaled


def leaked(sound: Mono16k, gain: float = 0.18, samples: int = DELAY) -> Mono16k:
    """As a neighbour's microphone hears it."""
    late = np.concatenate([np.zeros(samples, np.float32), sound[: len(sound) - samples]])
    return (gain * late).astype(np.float32)


def passage(channel: int, sound: Mono16k, start_ms: int = 0) -> Speech:
    hiss = np.random.default_rng(channel).normal(0, 0.002, len(sound)).astype(np.float32)
    return Speech(channel, start_ms, sound + hiss)


def turn(speech: Speech, text: str, at_ms: int = 0) -> Turn:
    """A word for each character, evenly."""
    start = speech.start_ms + at_ms
    words = tuple(
        Word(one, start + at * STEP_MS, start + (at + 1) * STEP_MS, 0.9) for at, one in enumerate(text)
    )
    seat = SEATS[speech.channel].id
    return Turn(
        f"{speech.channel}-{speech.start_ms}",
        seat,
        seat,
        speech.channel,
        speech.start_ms,
        speech.end_ms,
        words,
    )


def stands(
    said: Sequence[tuple[Speech, Turn]], hearing: Hearing = HEARING, repeats: Repeats | None = None
) -> list[tuple[int, str]]:
    """Channel and text of what is not held back, after passages that close in this order."""
    return [(one.channel, one.text) for one in after(said, hearing, repeats) if one.suppressed is None]


def after(
    said: Sequence[tuple[Speech, Turn]], hearing: Hearing = HEARING, repeats: Repeats | None = None
) -> list[Turn]:
    repeats, turns = repeats or Repeats(), list[Turn]()
    for speech, one in said:
        turns.append(one)
        turns = applied(turns, repeats.held_back(speech, hearing, turns))
    return turns


def test_one_voice_in_five_microphones_gives_one_turn_on_the_right_seat() -> None:
    sound, text = voice(0, 2), "请原告陈述诉讼"
    own = passage(2, sound)
    others = [passage(at, leaked(sound, gain)) for at, gain in ((0, 0.2), (1, 0.5), (3, 2.0), (4, 0.1))]
    said = [(one, turn(one, text)) for one in (*others[:2], own, *others[2:])]
    assert stands(said) == [(2, text)]
    assert {one.suppressed for one in after(said) if one.channel != 2} == {RULE}


def test_true_overlap_gives_two_turns() -> None:
    one, other = voice(0, 2), voice(2, 2)
    first, second = passage(0, one + leaked(other, 0.5)), passage(1, other + leaked(one, 0.5))
    said = [(first, turn(first, "请原告陈述诉讼")), (second, turn(second, "我反对他说的话"))]
    assert stands(said) == [(0, "请原告陈述诉讼"), (1, "我反对他说的话")]


def test_two_people_who_say_the_same_word_at_the_same_time_both_stay() -> None:
    one, other = voice(0, 0.9), voice(2, 0.9)
    for leak in (0.18, 0.5):
        first, second = passage(0, one + leaked(other, leak)), passage(1, other + leaked(one, leak))
        said = [(first, turn(first, "是的", 200)), (second, turn(second, "是的", 200))]
        assert stands(said) == [(0, "是的"), (1, "是的")]


def test_two_people_who_say_the_same_word_one_after_another_both_stay() -> None:
    silence = np.zeros(9_600, np.float32)
    one = np.concatenate([voice(0, 0.6), silence])
    other = np.concatenate([silence, voice(2, 0.6)])
    first, second = passage(0, one + leaked(other)), passage(1, other + leaked(one))
    said = [(first, turn(first, "是的")), (second, turn(second, "是的", 600))]
    assert stands(said) == [(0, "是的"), (1, "是的")]


def test_only_the_repeated_words_of_a_passage_are_held_back() -> None:
    one, other = voice(0, 2), voice(2, 2)
    silence = np.zeros_like(one)
    first = passage(0, np.concatenate([one, leaked(other)]))
    second = passage(1, np.concatenate([silence, other]))
    said = [
        (first, turn(first, "请原告陈述诉讼。我没有别的意见")),
        (second, turn(second, "我没有别的意见", 2000)),
    ]
    assert stands(said) == [(0, "请原告陈述诉讼。"), (1, "我没有别的意见")]
    assert [one.text for one in after(said) if one.suppressed] == ["我没有别的意见"]
    assert stands(said[::-1]) == [(1, "我没有别的意见"), (0, "请原告陈述诉讼。")]


def test_what_a_person_has_confirmed_is_left_alone() -> None:
    sound, text = voice(0, 2), "请原告陈述诉讼"
    soft, own = passage(1, leaked(sound)), passage(0, sound)
    confirmed = Turn(
        **{name: getattr(turn(soft, text), name) for name in Turn.__slots__} | {"state": TurnState.CONFIRMED}
    )
    assert stands([(soft, confirmed), (own, turn(own, text))]) == [(1, text), (0, text)]


def test_of_two_microphones_of_a_seat_the_better_one_has_the_turn() -> None:
    hearing = Hearing("h", HearingKind.TRIAL, seats=(Seat("s0", "原告", channels=(0, 1)), SEATS[2]))
    sound, text = voice(0, 2), "请原告陈述诉讼"
    near, far = passage(0, leaked(sound, 1.0)), passage(1, 0.7 * sound)  # the softer one hears it first
    assert stands([(far, turn(far, text)), (near, turn(near, text))], hearing) == [(0, text)]
    assert stands([(near, turn(near, text)), (far, turn(far, text))], hearing) == [(0, text)]


def test_a_remote_participant_is_a_channel_and_the_loudspeaker_that_repeats_it_is_crosstalk() -> None:
    sound, text = voice(0, 3), "请原告陈述诉讼请求事实"
    line, room = passage(4, sound), passage(0, leaked(sound, 0.3, 2_400))
    assert stands([(room, turn(room, text)), (line, turn(line, text))]) == [(4, text)]


def test_other_words_are_never_held_back_whatever_the_sound_says() -> None:
    sound = voice(0, 2)
    soft, own = passage(1, leaked(sound)), passage(0, sound)
    said = [(own, turn(own, "请原告陈述诉讼")), (soft, turn(soft, "我不同意这么说"))]
    assert len(stands(said)) == 2


def test_a_hold_back_says_its_rule_and_how_many_words_it_means() -> None:
    sound, text = voice(0, 2), "请原告陈述诉讼"
    soft, own = passage(1, leaked(sound)), passage(0, sound)
    repeats, turns = Repeats(), [turn(soft, text), turn(own, text)]
    assert repeats.held_back(soft, HEARING, turns) == []
    assert repeats.held_back(own, HEARING, turns) == [TurnHeldBack("1-0", RULE, 7)]
