"""The model of a clerk's work: what is to be corrected, and what it costs."""

from __future__ import annotations

from typing import Any

import pytest

from bench.clerk import turn_of, typed
from bench.clerk_work import (
    Edit,
    Piece,
    Work,
    corrected,
    corrections,
    errors,
    from_nothing,
    joined,
    lengthened,
    pinyin_keys,
    plain_editor,
    saved,
)


def said(seat: int, text: str, start_ms: int, end_ms: int) -> dict[str, Any]:
    return {"seat": seat, "text": text, "start_ms": start_ms, "end_ms": end_ms}


SAID = [said(0, "现在开庭。", 0, 2_000), said(1, "对证据没有异议。", 2_500, 5_000)]


def test_edits_make_each_piece_what_was_said_and_tell_whose_it_is() -> None:
    pieces = [Piece("现在开听，", 0, 2_000), Piece("对正据有异议。", 2_500, 5_000)]
    edits, seats = corrections(pieces, SAID)
    assert [corrected(piece.text, its) for piece, its in zip(pieces, edits, strict=True)] == [
        "现在开庭，",
        "对证据没有异议。",
    ]
    assert edits[0] == [Edit(3, 4, "庭")]
    assert seats == [0, 1]


def test_a_number_in_digits_is_right_as_it_stands_and_wrong_as_a_whole() -> None:
    turns = [said(0, "百分之五十七归三星", 0, 3_000)]
    edits, _ = corrections([Piece("57%归三星", 0, 3_000)], turns)
    assert edits == [[]]
    (wrong,), _ = corrections([Piece("58%归三星", 0, 3_000)], turns)
    assert corrected("58%归三星", wrong) == "百分之五十七归三星"


def test_what_no_piece_holds_is_missing_elsewhere() -> None:
    turns = [said(0, "现在开庭", 0, 2_000), said(1, "没有异议", 60_000, 62_000)]
    (edits,), _ = corrections([Piece("现在开庭", 0, 2_000)], turns)
    assert [(edit.text, edit.away) for edit in edits] == [("没有异议", True)]


def test_of_words_that_nobody_said_a_dash_is_left() -> None:
    edits, seats = corrections([Piece("现在开庭", 0, 2_000), Piece("谢谢观看。", 9_000, 9_900)], SAID[:1])
    assert seats == [0, None]
    assert corrected("谢谢", joined([Edit(0, 1, ""), Edit(1, 2, "")])) == "—"
    assert errors(corrected("谢谢观看。", edits[1]), []) == 0


def test_minutes_are_keys_clicks_decisions_listening_and_typing() -> None:
    work = Work(keys=5, typed=12, clicks=1, decisions=2, listened_s=30)
    seconds = 5 * 0.2 + (1.1 + 0.1 + 2 * 0.4) + 2 * 1.35 + 30
    assert work.minutes(120) == pytest.approx(seconds / 60 + 12 / 120)
    assert work.minutes(180) < work.minutes(120)


def test_keys_of_pinyin_are_letters_and_choices() -> None:
    assert pinyin_keys("证据") == len("zhengju") + 1
    assert pinyin_keys("") == 0


def test_typing_everything_lasts_as_long_as_the_slower_of_sound_and_fingers() -> None:
    characters = from_nothing(SAID).typed
    assert characters == 4 + 7 + 2 * 2  # the text, and two characters at each speaker
    assert typed(SAID, minutes=0.01)["minutes"]["120"] == round(characters / 120, 2)
    assert typed(SAID, minutes=9.0)["minutes"] == {"120": 9.0, "180": 9.0}


def test_a_plain_editor_hears_everything_and_writes_every_speaker() -> None:
    work = plain_editor("现在开听对证据没有异议", SAID, 5_000)
    assert work.listened_s >= 5.0
    assert work.clicks == 1 + 2
    assert work.typed == 1 + 2 * 2


def test_what_is_saved_is_what_people_waited() -> None:
    assert lengthened(124) == 2.0
    assert saved(124) == 0.5
    assert saved(300) == 0.0  # nobody waits for quick fingers
    assert saved(180, share=0.5) == 0.0  # nor for a clerk who condenses


def test_a_turn_of_a_transcript_keeps_its_voice_and_words() -> None:
    word = {"text": "审", "start_ms": 0, "end_ms": 200, "confidence": 0.5}
    made = turn_of(3, {"speaker": "未识别 1", "start_ms": 0, "end_ms": 200, "words": [word]})
    assert (made.id, made.text, made.speaker, made.seat) == ("t3", "审", "未识别 1", None)
