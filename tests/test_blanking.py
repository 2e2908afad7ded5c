"""casefile.blanking: what keeps screens dark, from when to when; stages and pauses store it with themselves."""

from __future__ import annotations

import pytest

from casefile.blanking import ALL, is_dark, unseen, with_screens
from casefile.errors import WrongState
from casefile.events import (
    BlankingRuled,
    Event,
    HearingClosed,
    HearingCreated,
    PauseEnded,
    PauseStarted,
    RecordSealed,
    ScreensBlanked,
    ScreensLit,
    StageEntered,
    Stored,
)
from casefile.model import (
    SCREEN_KINDS,
    BlankCause,
    BlankingRule,
    CaseRecord,
    Hearing,
    HearingKind,
    LinkKind,
    PauseReason,
)
from casefile.record import fold
from tests.courthouse import Courthouse

GALLERY, WITNESS = LinkKind.GALLERY, LinkKind.WITNESS
HAND, STAGE, PAUSE = BlankCause.HAND, BlankCause.STAGE, BlankCause.PAUSE


def after(*events: Event) -> CaseRecord:
    created = HearingCreated(Hearing("h1", HearingKind.TRIAL))
    return fold(
        Stored("h1", seq, "2024-01-01T00:00:00+00:00", "书记员", event, "", "")
        for seq, event in enumerate([created, *events], 1)
    )


def entered(*events: Event) -> CaseRecord:
    """Each event with what it does to the screens."""
    stored: list[Event] = []
    for event in events:
        stored += with_screens(after(*stored), event)
    return after(*stored)


def test_a_kind_is_dark_from_when_to_when() -> None:
    record = after(ScreensBlanked((GALLERY,), 1000, HAND), ScreensLit((GALLERY,), 5000, HAND))
    assert unseen(record, GALLERY) == [(1000, 5000)]
    assert not is_dark(record, GALLERY)
    assert not unseen(record, WITNESS)


def test_it_stays_dark_while_anything_keeps_it_dark() -> None:
    both = (ScreensBlanked((GALLERY,), 1000, STAGE), ScreensBlanked((GALLERY,), 2000, PAUSE))
    record = after(*both, ScreensLit((GALLERY,), 3000, PAUSE))
    assert is_dark(record, GALLERY)
    record = after(*both, ScreensLit((GALLERY,), 3000, PAUSE), ScreensLit((GALLERY,), 4000, STAGE))
    assert (is_dark(record, GALLERY), unseen(record, GALLERY)) == (False, [(1000, 4000)])


def test_the_clerks_hand_outweighs_stage_and_pause() -> None:
    record = after(ScreensBlanked(ALL, 1000, STAGE), ScreensLit((GALLERY,), 2000, HAND))
    assert (is_dark(record, GALLERY), is_dark(record, WITNESS)) == (False, True)


def test_a_cause_that_ends_does_not_light_what_was_blanked_by_hand() -> None:
    record = entered(
        ScreensBlanked((GALLERY,), 500, HAND),
        PauseStarted(1000, PauseReason.RECESS),
        PauseEnded(2000),
    )
    assert (is_dark(record, GALLERY), is_dark(record, WITNESS)) == (True, False)


def test_a_moment_that_goes_back_makes_no_span_that_ends_before_it_begins() -> None:
    record = after(ScreensBlanked((GALLERY,), 5000, HAND), ScreensLit((GALLERY,), 4000, HAND))
    assert unseen(record, GALLERY) == [(5000, 5000)]


@pytest.mark.parametrize("reason", PauseReason)
def test_every_pause_darkens_all_and_its_end_lights_them(reason: PauseReason) -> None:
    dark = entered(PauseStarted(1000, reason))
    assert all(is_dark(dark, kind) for kind in SCREEN_KINDS)
    lit = entered(PauseStarted(1000, reason), PauseEnded(2000))
    assert not any(is_dark(lit, kind) for kind in SCREEN_KINDS)


def test_a_stage_lights_what_the_one_before_darkened() -> None:
    dark = entered(StageEntered("休庭", 1000))
    assert all(is_dark(dark, kind) for kind in SCREEN_KINDS)
    assert not any(
        is_dark(entered(StageEntered("休庭", 1000), StageEntered("法庭调查", 2000)), kind)
        for kind in SCREEN_KINDS
    )


def test_a_recess_that_is_stage_and_pause_stays_dark_until_both_are_over() -> None:
    record = entered(StageEntered("休庭", 1000), PauseStarted(1500, PauseReason.RECESS), PauseEnded(9000))
    assert all(is_dark(record, kind) for kind in SCREEN_KINDS)


def test_what_the_clerk_chose_takes_the_place_of_what_is_usual() -> None:
    rules = (BlankingRuled(BlankingRule("休庭", ())), BlankingRuled(BlankingRule("证人出庭", (GALLERY,))))
    assert not any(is_dark(entered(*rules, StageEntered("休庭", 1000)), kind) for kind in SCREEN_KINDS)
    record = entered(*rules, StageEntered("证人出庭", 1000))
    assert [kind for kind in SCREEN_KINDS if is_dark(record, kind)] == [GALLERY]


def test_a_closing_in_a_pause_lights_nothing_by_itself() -> None:
    record = entered(PauseStarted(1000, PauseReason.RECESS), HearingClosed(2000))
    assert all(is_dark(record, kind) for kind in SCREEN_KINDS)


def test_who_blanked_and_lit_stands_on_the_record(court: Courthouse) -> None:
    hearing_id, clerk = court.hearing(), court.client()
    court.conduct.at_ms = 7000
    screens = f"/api/hearings/{hearing_id}/screens"
    clerk.post(f"{screens}/blank", json={"kinds": ["gallery", "witness"]})
    clerk.post(f"{screens}/light", json={"kinds": ["gallery", "party"]})
    stored = court.store.events(hearing_id)[-2:]
    assert [(one.by, one.event) for one in stored] == [
        ("书记员", ScreensBlanked((WITNESS, GALLERY), 7000, HAND)),
        ("书记员", ScreensLit((GALLERY,), 7000, HAND)),
    ]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("blank", {}),
        ("blank", {"kinds": "gallery"}),
        ("blank", {"kinds": ["judge"]}),
        ("light", {"kinds": ["gallery"], "at_ms": 3}),
        ("rules", {"kinds": ["gallery"]}),
        ("rules", {"name": "", "kinds": []}),
    ],
)
def test_what_is_no_kind_or_no_stage_is_refused(
    court: Courthouse, path: str, body: dict[str, object]
) -> None:
    hearing_id = court.hearing()
    assert court.client().post(f"/api/hearings/{hearing_id}/screens/{path}", json=body).status_code == 400
    assert court.feed.record(hearing_id).seq == 2


def test_nothing_changes_a_sealed_record(court: Courthouse) -> None:
    hearing_id = court.hearing()
    court.feed.append(hearing_id, [HearingClosed(0), RecordSealed("ab" * 32, "cd" * 32)], "tingji")
    answer = court.client().post(f"/api/hearings/{hearing_id}/screens/blank", json={"kinds": ["party"]})
    assert (answer.status_code, answer.json()["code"]) == (409, WrongState.code)
