"""The clerk's hand on the text: edits, confirmations, marks, the condensed layer, joinings; fold, commands, routes."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casefile.editing import condensed, edited, made_one, reworded, verbatim
from casefile.events import CaseWordsAdded, HearingClosed, TurnMended
from casefile.mending import mended
from casefile.model import (
    CaseWord,
    Change,
    Edit,
    Join,
    Mending,
    Omission,
    Tag,
    Turn,
    TurnState,
    WordKind,
    WordSource,
)
from casefile.record import fold
from tests.courthouse import Courthouse, turn

TEXT = "对真实性没有异议，呃，对证明目的有异议。"


@pytest.fixture
def hearing_id(court: Courthouse) -> str:
    return court.hearing()


def one(text: str = TEXT) -> Turn:
    return turn("t1", text, 1_000)


# --- values -----------------------------------------------------------------------------------------------------


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
@settings(deadline=None)
def test_b5_an_edit_says_exactly_what_was_typed_and_what_was_heard_stays(before: str, after: str) -> None:
    was = one(before)
    now = edited(was, Edit("t1", before, reworded(was, after)))
    assert now is not None
    assert now.text == after
    assert verbatim(now) == before
    starts = [word.start_ms for word in now.words]
    assert starts == sorted(starts)
    assert (now.start_ms, now.end_ms) == (was.start_ms, was.end_ms)


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
@settings(deadline=None)
def test_an_edit_back_to_what_was_heard_leaves_the_turn_as_it_was(before: str, after: str) -> None:
    was = one(before)
    now = edited(was, Edit("t1", before, reworded(was, after)))
    assert now is not None
    assert edited(now, Edit("t1", after, reworded(now, before))) == was


def test_what_stays_keeps_its_time_and_confidence_and_what_is_new_is_a_persons() -> None:
    was = one("古德康在场。")
    now = reworded(was, "谷德刚在场。")
    assert [word.text for word in now.words] == list("谷德刚在场。")
    assert [word.start_ms for word in now.words] == [word.start_ms for word in was.words]
    assert [word.confidence == 1.0 for word in now.words][:3] == [True, False, True]
    assert now.words[3:] == was.words[3:]


def test_an_edit_on_another_text_than_the_one_that_stands_changes_nothing() -> None:
    assert edited(one(), Edit("t1", "别的文字", reworded(one(), "新的"))) is None


def test_a_change_of_the_case_words_moves_with_its_text_and_goes_with_it() -> None:
    change = Change(0, "古德康", "谷德刚", 1_000, 1_600, 0.9, "lexicon")
    was = mended(one("古德康在场。"), change)
    moved = reworded(was, "证人谷德刚在场。")
    assert [(one.at, one.before, one.after) for one in moved.changes] == [(2, "古德康", "谷德刚")]
    assert reworded(was, "谷某在场。").changes == ()
    now = edited(was, Edit("t1", was.text, reworded(was, "谷某在场。")))
    assert now is not None
    assert verbatim(now) == "古德康在场。"


def test_the_condensed_text_leaves_out_pieces_and_the_pause_before_the_first() -> None:
    was = replace(one(), omissions=(Omission(9, "呃，"),))
    assert condensed(was) == "对真实性没有异议，对证明目的有异议。"
    assert was.text == TEXT
    assert condensed(replace(one("呃，我不同意。"), omissions=(Omission(0, "呃"),))) == "我不同意。"
    assert condensed(one()) == TEXT


def test_an_omission_moves_with_an_edit_before_it() -> None:
    was = replace(one(), omissions=(Omission(9, "呃，"),))
    assert reworded(was, "我" + TEXT).omissions == (Omission(10, "呃，"),)
    assert reworded(was, TEXT.replace("呃，", "")).omissions == ()


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20), st.booleans())
@settings(deadline=None)
def test_joined_turns_hold_all_words_of_both_layers(first: str, second: str, edit: bool) -> None:
    a, b = one(first), turn("t2", second, 20_000)
    if edit:
        b = edited(b, Edit("t2", second, reworded(b, second + "改"))) or b
    whole = made_one(a, b, Join("t1", "t2", (len(a.words), len(b.words))))
    assert whole is not None
    assert whole.text == a.text + b.text
    assert verbatim(whole) == first + second
    assert whole.end_ms == b.end_ms


def test_only_two_confirmed_turns_make_a_confirmed_one() -> None:
    a, b = replace(one(), state=TurnState.CONFIRMED), turn("t2", "好。", 20_000)
    whole = made_one(a, b, Join("t1", "t2", (len(a.words), len(b.words))))
    assert whole is not None
    assert whole.state is TurnState.FINAL
    b = replace(b, state=TurnState.CONFIRMED)
    whole = made_one(a, b, Join("t1", "t2", (len(a.words), len(b.words))))
    assert whole is not None
    assert whole.state is TurnState.CONFIRMED


# --- commands and routes ----------------------------------------------------------------------------------------


def post(court: Courthouse, hearing_id: str, turn_id: str, what: str, body: Any) -> Any:
    return court.client().post(f"/api/hearings/{hearing_id}/turns/{turn_id}/{what}", json=body)


def delete(court: Courthouse, hearing_id: str, turn_id: str, what: str) -> Any:
    return court.client().delete(f"/api/hearings/{hearing_id}/turns/{turn_id}/{what}")


def turns(court: Courthouse, hearing_id: str) -> list[Turn]:
    record = court.feed.record(hearing_id)
    assert record == fold(court.store.events(hearing_id))
    return list(record.turns)


def test_e4_an_edit_is_an_event_with_who_and_when_and_the_chain_holds(
    court: Courthouse, hearing_id: str
) -> None:
    turn_id = court.say(hearing_id, TEXT, 0)
    after = TEXT.replace("呃，", "")
    answer = post(court, hearing_id, turn_id, "text", {"before": TEXT, "after": after})
    assert answer.status_code == 202
    (now,) = turns(court, hearing_id)
    assert (now.text, now.state, verbatim(now)) == (after, TurnState.EDITED, TEXT)
    stored = court.store.events(hearing_id)[-1]
    assert stored.by == "书记员"
    assert type(stored.event).__name__ == "TurnEdited"


def test_two_hands_on_one_turn_the_second_is_told_and_nothing_is_lost(
    court: Courthouse, hearing_id: str
) -> None:
    turn_id = court.say(hearing_id, TEXT, 0)
    assert post(court, hearing_id, turn_id, "text", {"before": TEXT, "after": "甲。"}).status_code == 202
    answer = post(court, hearing_id, turn_id, "text", {"before": TEXT, "after": "乙。"})
    assert (answer.status_code, answer.json()["code"]) == (409, "text_changed")
    assert turns(court, hearing_id)[0].text == "甲。"
    assert TEXT not in answer.text


@pytest.mark.parametrize("text", ["", "  ", "\n", "字" * 5_001])
def test_an_unfit_text_is_refused(court: Courthouse, hearing_id: str, text: str) -> None:
    turn_id = court.say(hearing_id, TEXT, 0)
    answer = post(court, hearing_id, turn_id, "text", {"before": TEXT, "after": text})
    assert (answer.status_code, answer.json()["code"]) == (400, "unfit_text")
    assert turns(court, hearing_id)[0].text == TEXT


def test_line_breaks_and_control_characters_never_reach_the_record(
    court: Courthouse, hearing_id: str
) -> None:
    turn_id = court.say(hearing_id, TEXT, 0)
    post(court, hearing_id, turn_id, "text", {"before": TEXT, "after": " 甲\r\n乙\u2028丙\x07。 "})
    assert turns(court, hearing_id)[0].text == "甲 乙 丙 。"


def test_what_is_confirmed_is_the_text_that_was_seen(court: Courthouse, hearing_id: str) -> None:
    turn_id = court.say(hearing_id, TEXT, 0)
    assert post(court, hearing_id, turn_id, "confirm", {"text": "别的"}).json()["code"] == "text_changed"
    assert post(court, hearing_id, turn_id, "confirm", {"text": TEXT}).status_code == 202
    assert turns(court, hearing_id)[0].state is TurnState.CONFIRMED
    post(court, hearing_id, turn_id, "text", {"before": TEXT, "after": "改了。"})
    assert turns(court, hearing_id)[0].state is TurnState.EDITED
    post(court, hearing_id, turn_id, "confirm", {"text": "改了。"})
    assert delete(court, hearing_id, turn_id, "confirm").status_code == 202
    assert turns(court, hearing_id)[0].state is TurnState.EDITED


def test_d4_a_mark_stands_once_and_comes_off(court: Courthouse, hearing_id: str) -> None:
    turn_id = court.say(hearing_id, TEXT, 0)
    for _ in range(2):
        assert post(court, hearing_id, turn_id, "tags", {"tag": "自认"}).status_code == 202
    assert turns(court, hearing_id)[0].tags == (Tag.ADMISSION,)
    assert post(court, hearing_id, turn_id, "tags", {"tag": "随便"}).status_code == 400
    assert post(court, hearing_id, turn_id, "tags/remove", {"tag": "自认"}).status_code == 202
    assert turns(court, hearing_id)[0].tags == ()


def omit(court: Courthouse, hearing_id: str, turn_id: str, at: int, text: str, **more: Any) -> Any:
    return post(court, hearing_id, turn_id, "omissions", {"pieces": [{"at": at, "text": text}], **more})


def test_a_piece_is_left_out_and_taken_in_again(court: Courthouse, hearing_id: str) -> None:
    turn_id = court.say(hearing_id, TEXT, 0)
    assert omit(court, hearing_id, turn_id, 9, "呃，").status_code == 202
    (now,) = turns(court, hearing_id)
    assert (now.text, condensed(now)) == (TEXT, "对真实性没有异议，对证明目的有异议。")
    body = {"pieces": [{"at": 9, "text": "呃，"}]}
    assert post(court, hearing_id, turn_id, "omissions/remove", body).status_code == 202
    assert turns(court, hearing_id)[0].omissions == ()
    assert post(court, hearing_id, turn_id, "omissions/remove", body).json()["code"] == "text_changed"


@pytest.mark.parametrize(
    ("said", "piece"),
    [
        ("我不同意，好吧。", "我不同意，"),
        ("这个没有，对。", "这个没有"),
        ("未到庭，是的。", "未到庭"),
        ("共计三万五千元，对。", "三万五千元"),
        ("大概是这样，对。", "大概"),
        ("他叫王某，对。", "他叫王某"),
        ("他叫谷德刚，对。", "谷德"),
        ("二〇二四年六月，对。", "六月"),
    ],
)
def test_negations_numbers_and_names_want_a_second_key(
    court: Courthouse, hearing_id: str, said: str, piece: str
) -> None:
    word = CaseWord("谷德刚", WordKind.PERSON, WordSource.TYPED)
    court.feed.append(hearing_id, [CaseWordsAdded((word,))], "书记员")
    turn_id = court.say(hearing_id, said, 0)
    answer = omit(court, hearing_id, turn_id, said.index(piece), piece)
    assert (answer.status_code, answer.json()["code"]) == (409, "protected_words")
    assert turns(court, hearing_id)[0].omissions == ()
    assert omit(court, hearing_id, turn_id, said.index(piece), piece, anyway=True).status_code == 202
    assert turns(court, hearing_id)[0].omissions[0].text == piece


def test_d4_an_admission_is_never_left_out_by_one_key(court: Courthouse, hearing_id: str) -> None:
    turn_id = court.say(hearing_id, "是我签的字，嗯。", 0)
    post(court, hearing_id, turn_id, "tags", {"tag": "自认"})
    assert omit(court, hearing_id, turn_id, 6, "嗯").json()["code"] == "protected_words"


@pytest.mark.parametrize(("at", "text"), [(0, "呃，"), (9, "呃，对证明目的没"), (8, "，呃"), (30, "呃")])
def test_a_piece_that_does_not_stand_there_is_refused(
    court: Courthouse, hearing_id: str, at: int, text: str
) -> None:
    turn_id = court.say(hearing_id, TEXT, 0)
    omit(court, hearing_id, turn_id, 9, "呃，")
    assert omit(court, hearing_id, turn_id, at, text, anyway=True).json()["code"] == "text_changed"
    assert len(turns(court, hearing_id)[0].omissions) == 1


def test_neighbours_become_one_turn_and_two_again(court: Courthouse, hearing_id: str) -> None:
    first, second = court.say(hearing_id, "我看见", 0), court.say(hearing_id, "他签字。", 2_000)
    before = turns(court, hearing_id)
    assert post(court, hearing_id, first, "join", {"second": second}).status_code == 202
    (whole,) = turns(court, hearing_id)
    assert (whole.id, whole.text) == (first, "我看见他签字。")
    assert delete(court, hearing_id, first, "join").status_code == 202
    assert turns(court, hearing_id) == before
    assert delete(court, hearing_id, first, "join").json()["code"] == "not_side_by_side"


def test_what_has_changed_since_is_not_parted_again(court: Courthouse, hearing_id: str) -> None:
    first, second = court.say(hearing_id, "我看见", 0), court.say(hearing_id, "他签字。", 2_000)
    post(court, hearing_id, first, "join", {"second": second})
    post(court, hearing_id, first, "text", {"before": "我看见他签字。", "after": "我看见他们签字。"})
    assert delete(court, hearing_id, first, "join").json()["code"] == "not_side_by_side"
    assert [one.text for one in turns(court, hearing_id)] == ["我看见他们签字。"]


def test_only_neighbours_are_joined(court: Courthouse, hearing_id: str) -> None:
    ids = [court.say(hearing_id, text, at) for at, text in enumerate(["甲。", "乙。", "丙。"])]
    for first, second in [(ids[0], ids[2]), (ids[1], ids[0]), (ids[0], "没有")]:
        answer = post(court, hearing_id, first, "join", {"second": second})
        assert answer.json()["code"] == "not_side_by_side"
    assert len(turns(court, hearing_id)) == 3


def test_an_edited_turn_is_cut_in_both_layers(court: Courthouse, hearing_id: str) -> None:
    turn_id = court.say(hearing_id, "我看见他签字。", 0)
    post(court, hearing_id, turn_id, "text", {"before": "我看见他签字。", "after": "我看见谷某签字。"})
    assert post(court, hearing_id, turn_id, "split", {"at_word": 3}).status_code == 202
    first, second = turns(court, hearing_id)
    assert (first.text, second.text) == ("我看见", "谷某签字。")
    assert (verbatim(first), verbatim(second)) == ("我看见", "他签字。")


def test_a_mending_inside_what_is_left_out_can_still_be_taken_in(court: Courthouse, hearing_id: str) -> None:
    turn_id = court.say(hearing_id, "嗯古德康嗯", 0)
    omit(court, hearing_id, turn_id, 0, "嗯古德康嗯", anyway=True)
    change = Change(1, "古德康", "谷德刚", 200, 800, 0.9, "lexicon")
    court.feed.append(hearing_id, [TurnMended(Mending(turn_id, change))], "书记员")
    assert turns(court, hearing_id)[0].omissions == (Omission(0, "嗯谷德刚嗯"),)
    body = {"pieces": [{"at": 0, "text": "嗯谷德刚嗯"}]}
    assert post(court, hearing_id, turn_id, "omissions/remove", body).status_code == 202


def test_viewers_are_told_how_the_turn_stands(court: Courthouse, hearing_id: str) -> None:
    turn_id = court.say(hearing_id, "共计三万五千元。", 0)
    post(court, hearing_id, turn_id, "text", {"before": "共计三万五千元。", "after": "共计三万六千元。"})

    async def first() -> str:
        async with court.feed.subscribe(hearing_id) as messages:
            return await anext(messages)

    (told,) = json.loads(asyncio.run(first()))["events"][-1]["turns"]
    assert "".join(word["text"] for word in told["turn"]["words"]) == "共计三万六千元。"
    assert told["turn"]["state"] == "edited"
    assert told["marks"]["written"][0]["written"] == "36,000元"


def test_nothing_changes_once_the_record_is_sealed(court: Courthouse, hearing_id: str) -> None:
    turn_id = court.say(hearing_id, TEXT, 0)
    court.conduct.close(hearing_id, "书记员")
    for what, body in [
        ("text", {"before": TEXT, "after": "甲。"}),
        ("confirm", {"text": TEXT}),
        ("tags", {"tag": "自认"}),
        ("omissions", {"pieces": [{"at": 9, "text": "呃，"}]}),
    ]:
        assert post(court, hearing_id, turn_id, what, body).json()["code"] == "wrong_state"


def test_while_it_is_being_closed_the_text_can_still_be_put_right(court: Courthouse, hearing_id: str) -> None:
    turn_id = court.say(hearing_id, TEXT, 0)
    court.feed.append(hearing_id, [HearingClosed(10_000)], "书记员")
    assert post(court, hearing_id, turn_id, "confirm", {"text": TEXT}).status_code == 202


def test_an_unknown_turn_is_not_found(court: Courthouse, hearing_id: str) -> None:
    answer = post(court, hearing_id, "t99", "text", {"before": "甲", "after": "乙"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_d1_the_export_says_what_was_heard_beside_what_stands(court: Courthouse, hearing_id: str) -> None:
    turn_id = court.say(hearing_id, TEXT, 0)
    omit(court, hearing_id, turn_id, 9, "呃，")
    post(court, hearing_id, turn_id, "text", {"before": TEXT, "after": "我" + TEXT})
    found = court.client().get(f"/api/hearings/{hearing_id}/export/json").json()["turns"][0]
    assert found["text"] == "我" + TEXT
    assert found["verbatim"] == TEXT
    assert found["condensed"] == "我对真实性没有异议，对证明目的有异议。"
    assert found["state"] == "edited"
