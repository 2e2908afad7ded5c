"""tingji.second_look: what the voices of the whole hearing give to another name is proposed, never done."""

from dataclasses import replace

from casefile.model import (
    Attribution,
    CaseRecord,
    Hearing,
    HearingKind,
    Reassignment,
    Seat,
    Speaker,
    Turn,
    TurnState,
    Word,
)
from diarization.stretches import Noted, Passage, Stretch
from tests.test_clustering import stretch
from tingji.second_look import proposed

HEARING = Hearing("h1", HearingKind.TRIAL, seats=(Seat("s1", "审判长", "审", "王某"),))
JUDGE = Speaker("s1", "王某", Attribution.ENROLLED)
OTHER = Speaker(None, "未识别 2", Attribution.CLUSTER)


def passage(number: int, who: int) -> Passage:
    at_ms = number * 5_000
    voice = Stretch(((at_ms, at_ms + 3_000),), 3_000, stretch(who, number).embedding)
    return Passage(0, at_ms, at_ms + 3_000, (Noted(voice, None, 0.5),))


def turn(number: int, speaker: Speaker) -> Turn:
    at_ms = number * 5_000
    words = (Word("有。", at_ms, at_ms + 3_000, 0.9),)
    return Turn(f"t{number}", speaker.seat, speaker.name, 0, at_ms, at_ms + 3_000, words, speaker.how)


SPOKE = [0, 1, 0, 1, 0, 1, 1]
PASSAGES = [passage(number, who) for number, who in enumerate(SPOKE)]
RIGHT = [turn(number, (JUDGE, OTHER)[who]) for number, who in enumerate(SPOKE)]


def record(*turns: Turn) -> CaseRecord:
    return CaseRecord(HEARING, turns=turns)


def test_where_every_turn_is_its_voices_nothing_is_proposed() -> None:
    assert proposed(record(*RIGHT), PASSAGES) == ()


def test_a_turn_under_anothers_name_is_proposed_to_its_own() -> None:
    (found,) = proposed(record(*RIGHT[:6], turn(6, JUDGE)), PASSAGES)
    after = replace(OTHER, certainty=found.confidence)
    assert found.reassignment == Reassignment("t6", JUDGE, after)
    assert found.confidence >= 0.9


def test_speech_that_was_nobodys_is_proposed_to_its_voice() -> None:
    nobody = Speaker(None, "未识别", Attribution.CLUSTER)
    (found,) = proposed(record(turn(0, nobody), *RIGHT[1:]), PASSAGES)
    assert (found.reassignment.turn_id, found.reassignment.after.seat) == ("t0", "s1")


def test_turns_that_were_never_given_to_their_seat_are_proposed_to_it() -> None:
    label = Speaker(None, "未识别 1", Attribution.CLUSTER)
    found = proposed(
        record(turn(0, label), turn(1, OTHER), turn(2, label), *RIGHT[3:], turn(8, JUDGE), turn(9, JUDGE)),
        [*PASSAGES, passage(8, 0), passage(9, 0)],
    )
    assert [(one.reassignment.turn_id, one.reassignment.after.seat) for one in found] == [
        ("t0", "s1"),
        ("t2", "s1"),
    ]


def test_what_a_person_has_decided_or_confirmed_is_left_alone() -> None:
    wrong = turn(6, JUDGE)
    assert proposed(record(*RIGHT[:6], replace(wrong, state=TurnState.CONFIRMED)), PASSAGES) == ()
    assert proposed(record(*RIGHT[:6], replace(wrong, how=Attribution.CLERK)), PASSAGES) == ()
    decided = replace(record(*RIGHT[:6], wrong), reassigned=(Reassignment("t6", OTHER, JUDGE),))
    assert proposed(decided, PASSAGES) == ()


def test_a_hearing_without_voices_has_nothing_to_propose() -> None:
    assert proposed(record(*RIGHT), []) == ()
    assert proposed(record(), PASSAGES) == ()
