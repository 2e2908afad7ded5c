"""How what a live transcriber showed is measured (bench/shown.py), with series written by hand."""

import pytest

from bench.shown import Shown, counterparts, ends, figures, flicker, of_viewer, settled, utterances
from bench.viewer import Seen

TURNS = [
    {"start_ms": 1000, "end_ms": 3000, "text": "现在开庭审理"},
    {"start_ms": 5000, "end_ms": 8000, "text": "原告张三，请陈述"},
]


def wall(ms: int) -> float:
    return 100 + ms / 1000


def series() -> list[Shown]:
    return [
        Shown(101.2, "", "现"),
        Shown(101.8, "", "现在"),
        Shown(103.4, "现在开庭", "省理"),
        Shown(104.0, "現在開庭審理", ""),
        Shown(106.0, "現在開庭審理", "原告"),
        Shown(109.5, "現在開庭審理原告张三请陈述", ""),
    ]


def test_first_text_is_the_second_character_of_the_utterance_and_not_the_first() -> None:
    first = figures(series(), TURNS, wall, 9000)["first_text_s"]
    assert first == {"p50": 0.9, "p95": 1.0, "n": 2}


def test_final_text_waits_for_the_last_characters_of_the_utterance() -> None:
    found = figures(series(), TURNS, wall, 9000)
    assert found["final_text_s"] == {"p50": 1.25, "p95": 1.5, "n": 2}
    assert (found["recognised"], found["lost_at_end_chars"], found["cer"]) == (2, 0, 0.0)
    assert found["lag_at_end_s"] == 0.5


def test_an_utterance_with_somebody_before_it_has_no_first_text_of_its_own() -> None:
    close = [TURNS[0], {**TURNS[1], "start_ms": 3200}]
    found = figures(series(), close, wall, 9000)
    assert found["first_text_s"]["n"] == 1
    assert found["final_text_s"]["n"] == 1
    assert found["final_text_every_utterance_s"]["n"] == 2


def test_text_is_not_ascribed_to_what_was_not_said_yet() -> None:
    early = [Shown(101.5, "", "原告张三"), *series()[3:]]
    assert figures(early, TURNS, wall, 9000)["first_text_s"]["p95"] == 3.0


def test_text_that_stays_tentative_is_lost_at_the_end() -> None:
    cut = [*series()[:5], Shown(109.5, "现在开庭审理", "原告张三请陈述")]
    found = figures(cut, TURNS, wall, 9000)
    assert (found["lost_at_end_chars"], found["never_committed_chars"]) == (7, 7)
    assert found["cer"] == round(7 / 13, 4)
    assert found["cer_with_tentative"] == 0.0


def test_a_peer_that_shows_nothing_has_figures_too() -> None:
    found = figures([], TURNS, wall, 9000)
    assert (found["cer"], found["recognised"], found["lost_at_end_chars"]) == (1.0, 0, 13)
    assert found["first_text_s"]["n"] == 0


def test_committed_text_that_is_rewritten_was_not_final() -> None:
    rewritten = [Shown(1.0, "开庭", ""), Shown(2.0, "开停", ""), Shown(3.0, "开庭", "")]
    assert settled(rewritten, 0) == 1.0
    assert settled(rewritten, 1) == 3.0


def test_flicker_counts_what_was_replaced_or_gone_and_not_what_was_added() -> None:
    calm = [Shown(1.0, "", "开庭"), Shown(2.0, "开庭", "审理")]
    assert flicker(calm) == 0
    restless = [Shown(1.0, "", "开听审"), Shown(2.0, "开庭", "")]
    assert flicker(restless) == pytest.approx(100.0)


def test_counterparts_hold_replaced_characters_and_miss_those_left_out() -> None:
    assert counterparts("开庭审理", "开停审") == ([0, 1, 2, -1], [True, False, True, False])


def test_an_utterance_is_recognised_when_half_of_it_is_there() -> None:
    said = utterances(TURNS)
    assert ends("现在开庭审理是是是是是是是", said) == {0: 5}
    assert ends("现在开庭审理原告张三清晨书", said) == {0: 5, 1: 12}


def test_our_own_viewer_gives_the_same_kind_of_series() -> None:
    turn = {"start_ms": 0, "end_ms": 900, "text": "现在开庭", "suppressed": None}
    echo = {"start_ms": 1000, "end_ms": 1500, "text": "字幕", "suppressed": "phrase"}
    seen = Seen()
    seen.texts = [(1.0, 0, 500, "现在"), (2.0, 0, 900, "现在开庭"), (3.0, 1000, 1500, "字幕")]
    seen.finals = [(2.0, turn), (3.0, echo)]
    assert of_viewer(seen) == [
        Shown(1.0, "", "现在"),
        Shown(2.0, "现在开庭", ""),
        Shown(3.0, "现在开庭", ""),
    ]
