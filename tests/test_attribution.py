"""Who spoke, by the clerk's word: the fold, the commands, the routes, and what waits for the seal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from httpx import Response
from hypothesis import given, settings
from hypothesis import strategies as st

from casefile.attribution import joined, speaker_of, split
from casefile.events import (
    Event,
    HearingCreated,
    MendingRefused,
    ReassigningUndone,
    SpeakersProposed,
    SplitUndone,
    Stored,
    TurnAdded,
    TurnReassigned,
    TurnRestored,
    TurnSplit,
    VoiceNamed,
    VoiceNamingUndone,
)
from casefile.model import (
    Attribution,
    CaseRecord,
    Change,
    Hearing,
    HearingKind,
    Mending,
    Naming,
    Proposal,
    Reassignment,
    Seat,
    Speaker,
    Split,
    Turn,
    TurnState,
)
from casefile.record import fold
from tests.courthouse import SEATS, Courthouse, turn

HEARING = Hearing(
    "h", HearingKind.TRIAL, seats=(Seat("s1", "审判长", "审", "王某", (0,)), Seat("s2", "证人"))
)
LI = Speaker("s2", "李某", Attribution.CLERK)


def voice(turn_id: str, label: str, start_ms: int = 0, **facts: Any) -> Turn:
    """A turn of a voice that was found by its sound."""
    made = turn(turn_id, "我看见了被告。", start_ms)
    cluster = Attribution.CLUSTER
    return replace(made, seat=None, speaker=label, how=cluster, certainty=0.7, **facts)


def told(*events: Event) -> CaseRecord:
    all_ = [HearingCreated(HEARING), *events]
    return fold(Stored("h", n, "2024-01-01", "clerk", event, "", "") for n, event in enumerate(all_, 1))


def added(*turns: Turn) -> list[Event]:
    return [TurnAdded(one, one.end_ms) for one in turns]


def who(record: CaseRecord) -> list[tuple[str | None, str]]:
    return [(one.seat, one.speaker) for one in record.turns]


ONE = voice("t1", "未识别 1")
MADE = Reassignment("t1", speaker_of(ONE), LI)
NAMED = Naming("未识别 1", None, Speaker("s2", "李某", Attribution.ENROLLED))


def test_a_reassigned_turn_is_the_clerks_and_its_undo_gives_the_same_turn() -> None:
    after = told(*added(ONE), TurnReassigned(MADE))
    assert speaker_of(after.turns[0]) == LI
    assert after.reassigned == (MADE,)
    back = told(*added(ONE), TurnReassigned(MADE), ReassigningUndone(MADE))
    assert back.turns == (ONE,)
    assert (back.reassigned, back.refused_reassignments) == ((), (MADE,))


def test_a_reassignment_of_a_turn_that_stands_otherwise_changes_nothing() -> None:
    other = Reassignment("t1", speaker_of(ONE), Speaker("s1", "王某", Attribution.CLERK))
    record = told(*added(ONE), TurnReassigned(MADE), TurnReassigned(other))
    assert who(record) == [("s2", "李某")]


def test_a_named_voice_shows_its_name_before_and_after_but_never_on_what_a_person_decided() -> None:
    confirmed = voice("t2", "未识别 1", 5000, state=TurnState.CONFIRMED)
    clerk = Reassignment("t3", speaker_of(ONE), Speaker("s1", "王某", Attribution.CLERK))
    record = told(
        *added(ONE, confirmed, voice("t3", "未识别 1", 9000)),
        TurnReassigned(clerk),
        VoiceNamed(NAMED),
        *added(voice("t4", "未识别 1", 12_000), voice("t5", "未识别 2", 15_000)),
    )
    assert who(record) == [
        ("s2", "李某"), (None, "未识别 1"), ("s1", "王某"), ("s2", "李某"), (None, "未识别 2")
    ]  # fmt: skip
    assert (record.turns[0].how, record.turns[0].certainty) == (Attribution.ENROLLED, 0.7)


def test_a_name_is_taken_back_and_a_reassignment_undone_later_shows_the_label() -> None:
    base = [*added(ONE), VoiceNamed(NAMED)]
    assert told(*base, VoiceNamingUndone(NAMED)).turns == (ONE,)
    named = told(*base).turns[0]
    made = Reassignment("t1", speaker_of(named), Speaker("s1", "王某", Attribution.CLERK))
    record = told(*base, TurnReassigned(made), VoiceNamingUndone(NAMED), ReassigningUndone(made))
    assert record.turns == (ONE,)
    again = Naming("未识别 1", NAMED.after, Speaker("s1", "王某", Attribution.ENROLLED))
    assert who(told(*base, VoiceNamed(again))) == [("s1", "王某")]
    assert who(told(*base, VoiceNamed(again), VoiceNamingUndone(again))) == [("s2", "李某")]


def test_a_confirmed_turn_moves_only_by_its_own_reassignment() -> None:
    confirmed = replace(ONE, state=TurnState.CONFIRMED)
    after = told(*added(confirmed), TurnReassigned(MADE))
    assert who(after) == [("s2", "李某")]
    assert who(told(*added(confirmed), TurnReassigned(MADE), ReassigningUndone(MADE))) == [("s2", "李某")]


def test_words_changes_suppression_and_refusals_follow_a_split() -> None:
    changes = (Change(1, "看见", "看到", 0, 1, 0.9, "lexicon"), Change(4, "被告", "被告", 0, 1, 0.5, "doubt"))
    whole = replace(ONE, changes=changes, suppressed="loop")
    cut = Split("t1", 4, 7, "t1~4")
    refused = Mending("t1", Change(4, "被告", "北高", 800, 1200, 0.9, "lexicon"))
    record = told(*added(whole), MendingRefused(refused), TurnRestored("t1"), TurnSplit(cut))
    first, second = record.turns
    assert (first.text, second.text, second.id) == ("我看见了", "被告。", "t1~4")
    assert [one.at for one in first.changes + second.changes] == [1, 0]
    assert (first.end_ms, second.start_ms, second.end_ms) == (800, 800, whole.end_ms)
    assert record.refused_mendings == (Mending("t1~4", replace(refused.change, at=0)),)
    back = told(*added(whole), MendingRefused(refused), TurnRestored("t1"), TurnSplit(cut), SplitUndone(cut))
    assert back.turns == (replace(whole, suppressed=None),)
    assert (back.refused_mendings, back.splits) == ((refused,), ())


def test_no_cut_at_the_ends_nor_through_a_change() -> None:
    changed = replace(ONE, changes=(Change(1, "看见", "看到", 0, 1, 0.9, "lexicon"),))
    assert [at for at in range(-1, 9) if split(changed, Split("t1", at, 7, "x"))] == [1, 3, 4, 5, 6]


def test_halves_that_have_become_different_are_not_joined() -> None:
    cut = Split("t1", 4, 7, "t1~4")
    second = Reassignment("t1~4", speaker_of(ONE), LI)
    record = told(*added(ONE), TurnSplit(cut), TurnReassigned(second), SplitUndone(cut))
    assert who(record) == [(None, "未识别 1"), ("s2", "李某")]
    again = told(
        *added(ONE), TurnSplit(cut), TurnReassigned(second), ReassigningUndone(second), SplitUndone(cut)
    )
    assert again.turns == (ONE,)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(0, 2)), max_size=25))
@settings(max_examples=60, deadline=None)
def test_whatever_the_clerk_does_no_word_is_lost_and_undone_backwards_all_is_as_before(
    steps: list[tuple[int, int, int]],
) -> None:
    turns = [voice(f"t{n}", f"未识别 {n % 2 + 1}", n * 2000) for n in range(3)]
    events = added(*turns)
    undo: list[Event] = []
    for kind, which, to in steps:
        record = told(*events)
        for event, back in _step(record, kind, which, to):
            if told(*events, event).turns != record.turns:
                events.append(event)
                undo.insert(0, back)
    after, before = told(*events), told(*added(*turns))
    assert "".join(one.text for one in after.turns) == "".join(one.text for one in turns)
    assert told(*events, *undo).turns == before.turns


def _step(record: CaseRecord, kind: int, which: int, to: int) -> Iterator[tuple[Event, Event]]:
    one = record.turns[which % len(record.turns)]
    seat = Speaker(f"s{to + 1}", "某", Attribution.CLERK if kind == 0 else Attribution.ENROLLED)
    if kind == 0:
        made = Reassignment(one.id, speaker_of(one), seat)
        yield TurnReassigned(made), ReassigningUndone(made)
    elif kind == 1:
        label = f"未识别 {which % 2 + 1}"
        known = next((naming.after for naming in record.named_voices if naming.label == label), None)
        naming = Naming(label, known, seat)
        yield VoiceNamed(naming), VoiceNamingUndone(naming)
    else:
        cut = Split(one.id, to + 1, len(one.words), f"{one.id}~{to + 1}")
        yield TurnSplit(cut), SplitUndone(cut)


def test_joining_is_the_inverse_of_cutting() -> None:
    cut = Split("t1", 3, 7, "t1~3")
    halves = split(ONE, cut)
    assert halves is not None
    assert joined(*halves, cut) == ONE


class Desk:
    """The routes of one hearing that has three turns of 未识别 1 and one of 未识别 2."""

    def __init__(self, court: Courthouse) -> None:
        self.court, self.id = court, court.hearing()
        self._client = court.client()
        self.says(voice("t1", "未识别 1"), voice("t2", "未识别 2", 3000))
        self.says(voice("t3", "未识别 1", 6000), voice("t4", "未识别 1", 9000, state=TurnState.CONFIRMED))

    def says(self, *turns: Turn) -> None:
        self.court.feed.append(self.id, added(*turns), "recognition")

    def post(self, path: str, body: Any) -> Response:
        return self._client.post(f"/api/hearings/{self.id}/{path}", json=body)

    def unsplit(self, turn_id: str) -> int:
        return self._client.delete(f"/api/hearings/{self.id}/turns/{turn_id}/split").status_code

    def listed(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = self._client.get(f"/api/hearings/{self.id}/speakers").json()
        return found

    def who(self) -> list[str | None]:
        return [one.seat for one in self.court.feed.record(self.id).turns]


@pytest.fixture
def desk(court: Courthouse) -> Desk:
    return Desk(court)


def test_a_reassigned_turn_offers_the_rest_of_its_voice_and_one_step_takes_all(desk: Desk) -> None:
    assert desk.post("turns/t1/speaker", {"seat": "s2"}).status_code == 202
    desk.says(voice("t5", "未识别 1", 12_000))
    offers = desk.listed()["offers"]
    assert [(one["turn_id"], one["before"]["name"], one["after"]["seat"]) for one in offers] == [
        ("t3", "未识别 1", "s2"), ("t5", "未识别 1", "s2")
    ]  # fmt: skip
    chosen = [{"turn_id": one["turn_id"], "seat": "s2"} for one in offers]
    assert desk.post("speakers/accept", {"turns": chosen}).status_code == 202
    assert desk.who() == ["s2", None, "s2", None, "s2"]
    assert desk.post("speakers/undo", {"turn_ids": ["t3", "t5"]}).status_code == 202
    assert (desk.who(), desk.listed()["offers"]) == (["s2", None, None, None, None], [])
    last = list(desk.court.store.events(desk.id))[-1]
    assert (type(last.event), last.by) == (ReassigningUndone, "书记员")


def test_what_is_refused_is_not_offered_again_and_what_is_not_offered_is_refused(desk: Desk) -> None:
    desk.post("turns/t1/speaker", {"seat": "s2"})
    assert desk.post("speakers/refuse", {"turns": [{"turn_id": "t3", "seat": "s2"}]}).status_code == 202
    assert desk.listed()["offers"] == []
    answer = desk.post("speakers/accept", {"turns": [{"turn_id": "t3", "seat": "s2"}]})
    assert (answer.status_code, answer.json()["code"]) == (409, "offer_gone")
    assert desk.post("speakers/accept", {"turns": [{"turn_id": "t4", "seat": "s2"}]}).status_code == 409
    assert desk.post("speakers/undo", {"turn_ids": ["t1", "t3"]}).status_code == 409
    assert desk.who() == ["s2", None, None, None]


def test_where_the_clerk_says_two_things_of_a_voice_nothing_is_offered(desk: Desk) -> None:
    desk.says(voice("t5", "未识别 1", 12_000))
    desk.post("turns/t1/speaker", {"seat": "s2"})
    desk.post("turns/t3/speaker", {"seat": "s3"})
    assert desk.listed()["offers"] == []


def test_a_voice_is_named_and_its_name_taken_back(desk: Desk) -> None:
    assert desk.post("voices/name", {"label": "未识别 1", "seat": "s3"}).status_code == 202
    assert desk.who() == ["s3", None, "s3", None]
    assert desk.post("voices/name", {"label": "未识别 1", "person": "钱某"}).status_code == 202
    assert desk.court.feed.record(desk.id).turns[0].speaker == "钱某"
    assert [desk.post("voices/undo", {"label": "未识别 1"}).status_code for _ in range(2)] == [202, 202]
    assert desk.who() == [None] * 4
    assert desk.post("voices/undo", {"label": "未识别 1"}).status_code == 409


@pytest.mark.parametrize("label", ["未识别", "未识别 9"])
def test_what_is_no_voice_gets_no_name(desk: Desk, label: str) -> None:
    desk.says(voice("t5", "未识别", 12_000))
    answer = desk.post("voices/name", {"label": label, "seat": "s3"})
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_speaker")


def test_a_turn_is_split_and_joined_by_the_routes(desk: Desk) -> None:
    assert desk.post("turns/t1/split", {"at_word": 4}).json() == {"id": "t1~4"}
    assert desk.post("turns/t1~4/speaker", {"seat": "s3"}).status_code == 202
    assert desk.who()[:2] == [None, "s3"]
    assert desk.unsplit("t1") == 409
    desk.post("speakers/undo", {"turn_ids": ["t1~4"]})
    assert (desk.unsplit("t1"), desk.unsplit("t1")) == (202, 409)
    assert desk.post("turns/t1/split", {"at_word": 7}).json()["code"] == "no_cut_here"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("turns/t1/speaker", {}),
        ("turns/t1/speaker", {"seat": "s1", "person": "王某"}),
        ("turns/t1/speaker", {"seat": 3}),
        ("turns/t1/speaker", {"person": ""}),
        ("turns/t1/split", {"at_word": 0}),
        ("turns/t1/split", {"at_word": True}),
        ("voices/name", {"seat": "s1"}),
        ("speakers/accept", {"turns": []}),
        ("speakers/undo", {"turn_ids": [1]}),
    ],
)
def test_bodies_that_do_not_fit_are_refused(desk: Desk, path: str, body: dict[str, Any]) -> None:
    before = desk.court.feed.record(desk.id).seq
    assert desk.post(path, body).status_code == 400
    assert desk.court.feed.record(desk.id).seq == before


def test_an_unknown_seat_or_turn_is_told(desk: Desk) -> None:
    assert desk.post("turns/t1/speaker", {"seat": "s9"}).json()["code"] == "no_such_speaker"
    assert desk.post("turns/t9/speaker", {"seat": "s1"}).json()["code"] == "not_found"


def test_what_is_closed_is_not_changed(desk: Desk) -> None:
    desk.court.conduct.close(desk.id, "书记员")
    assert desk.post("turns/t1/speaker", {"seat": "s2"}).json()["code"] == "wrong_state"
    assert desk.post("voices/name", {"label": "未识别 1", "seat": "s2"}).status_code == 409


def test_proposals_change_nothing_until_they_are_accepted(desk: Desk) -> None:
    record = desk.court.feed.record(desk.id)
    after = Speaker("s2", SEATS[1].person, Attribution.CLERK)
    found = [Proposal(Reassignment(one.id, speaker_of(one), after), 0.9) for one in record.turns]
    desk.court.feed.append(desk.id, [SpeakersProposed(tuple(found))], "closing")
    assert desk.who() == [None] * 4
    assert [one["turn_id"] for one in desk.listed()["proposals"]] == ["t1", "t2", "t3"]
    desk.post("speakers/refuse", {"turns": [{"turn_id": "t2", "seat": "s2"}]})
    desk.post("speakers/accept", {"turns": [{"turn_id": "t3", "seat": "s2"}]})
    assert [one["turn_id"] for one in desk.listed()["proposals"]] == ["t1"]
    assert desk.who() == [None, None, "s2", None]
