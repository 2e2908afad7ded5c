"""diarization.turns and .diarizer: words and speakers joined."""

import numpy as np

from casefile.model import (
    Attribution,
    Change,
    Hearing,
    HearingKind,
    Seat,
    SpeakerSpan,
    Speech,
    Utterance,
    Word,
)
from diarization.diarizer import SeatMicrophones
from diarization.turns import turns

SAID = ["请", "质证。", "没有", "异议。"]
WORDS = tuple(Word(text, i * 500, i * 500 + 400, 0.9) for i, text in enumerate(SAID))
UTTERANCE = Utterance(1, 0, 2000, WORDS)
SEATS = (Seat("s1", "审判长", "审", "王某", (1,)), Seat("s2", "原告", "原"))
HEARING = Hearing("h", HearingKind.TRIAL, seats=SEATS)


def span(voice: str, start_ms: int, end_ms: int) -> SpeakerSpan:
    return SpeakerSpan(None, voice, start_ms, end_ms, Attribution.CLUSTER)


def test_one_speaker_one_turn() -> None:
    (turn,) = turns(UTTERANCE, SeatMicrophones(HEARING).label(Speech(1, 0, np.zeros(32_000, np.float32))))
    assert (turn.id, turn.seat, turn.speaker, turn.text) == ("1-0", "s1", "王某", "请质证。没有异议。")


def test_a_microphone_without_seat_has_a_label() -> None:
    (found,) = SeatMicrophones(HEARING).label(Speech(4, 100, np.zeros(1600, np.float32)))
    assert (found.seat, found.voice, found.start_ms, found.end_ms) == (None, "话筒5", 100, 200)


def test_words_go_to_the_speaker_of_their_middle() -> None:
    first, second = turns(UTTERANCE, [span("甲", 0, 950), span("乙", 950, 2000)])
    assert (first.text, second.text) == ("请质证。", "没有异议。")
    assert first.end_ms == second.start_ms == 950


def test_the_last_word_of_a_sentence_is_not_drawn_to_who_speaks_next() -> None:
    words = (Word("方", 0, 200, 0.9), Word("式。", 200, 2_500, 0.9), Word("好。", 2_500, 2_700, 0.9))
    first, second = turns(Utterance(0, 0, 3_000, words), [span("甲", 0, 500), span("乙", 500, 3_000)])
    assert (first.text, second.text) == ("方式。", "好。")


def test_the_first_word_of_a_sentence_is_not_drawn_to_who_spoke_before() -> None:
    words = (Word("吗？", 0, 200, 0.9), Word("没有", 200, 1_500, 0.9), Word("了", 1_500, 1_700, 0.9))
    first, second = turns(Utterance(0, 0, 2_000, words), [span("甲", 0, 950), span("乙", 950, 2_000)])
    assert (first.text, second.text) == ("吗？", "没有了")


def test_nothing_said_no_turn() -> None:
    assert turns(Utterance(0, 0, 500, ()), [span("甲", 0, 500)]) == ()


def test_no_word_is_lost_behind_the_last_span() -> None:
    (turn,) = turns(UTTERANCE, [span("甲", 0, 600)])
    assert turn.text == UTTERANCE.text


def test_what_was_changed_as_a_whole_is_not_cut() -> None:
    words = tuple(Word(text, at * 200, at * 200 + 200, 0.9) for at, text in enumerate("问谷德刚答"))
    change = Change(1, "古得钢", "谷德刚", 200, 800, 0.9, "lexicon")
    spans = [
        SpeakerSpan(None, "未识别 1", 0, 400, Attribution.CLUSTER),
        SpeakerSpan(None, "未识别 2", 400, 1_000, Attribution.CLUSTER),
    ]
    first, second = turns(Utterance(0, 0, 1_000, words, changes=(change,)), spans)
    assert (first.text, second.text) == ("问谷德刚", "答")
    assert (first.changes, second.changes) == ((change,), ())


def test_a_microphone_that_two_share_is_nobodys() -> None:
    shared = Hearing(
        "h", HearingKind.TRIAL, seats=(Seat("a", "原告", channels=(0,)), Seat("b", "代理人", channels=(0,)))
    )
    (found,) = SeatMicrophones(shared).label(Speech(0, 0, np.zeros(1600, np.float32)))
    assert (found.seat, found.voice, found.how) == (None, "话筒1", Attribution.CHANNEL)
