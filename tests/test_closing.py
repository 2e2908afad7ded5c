"""tingji.closing: compared, sealed, and gone on with after a crash or a trouble."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casefile.events import (
    CopiesCompared,
    HearingClosed,
    PassageMissed,
    ReassigningRefused,
    RecorderGivenUp,
    RecordingStarted,
    RecordSealed,
    TurnAdded,
)
from casefile.feed import Feed
from casefile.model import (
    Attribution,
    GapReason,
    Hearing,
    HearingKind,
    HearingState,
    Proposal,
    Reassignment,
    Speaker,
    Turn,
    Word,
)
from casefile.seal import verify
from casefile.soundcheck import Checked, check
from casefile.store import Store
from tests.courtroom import wait_for
from tests.fakes import FakeIngest
from tests.sounds import FORMAT, hearing, recorded
from tingji import closing
from tingji.closing import Closings
from tingji.copies import compared
from tingji.listening import Listening
from tingji.speakers import Speakers
from tingji.standing import Standing

GOOD = Checked(33, "d", (), 3000)


class Court:
    """A hearing whose recording has ended; its recorder answers checks as `theirs` says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.feed = Feed(Store(folder / "tingji.db"))
        self.feed.create(Hearing("h1", HearingKind.TRIAL), "clerk")
        self.feed.append("h1", [RecordingStarted(FORMAT, "desk", 0)], "recorder")
        recorded(folder / "recordings" / "h1", hearing(30))
        self.ingest = FakeIngest()
        self.theirs = check(folder / "recordings" / "h1")
        self.closings = self.opened()

    def opened(self) -> Closings:
        """As after a start of the server."""
        listening = Listening(self.feed, None, self.folder, Speakers(self.feed, self.folder / "voices"))
        standing = Standing(self.feed, listening, self.folder)
        standing.recorders = self.ingest.recorders
        paths = (self.folder / "recordings", self.folder / "records")
        closings = Closings(self.feed, listening, standing, *paths)
        closings.other = self.ingest
        self.ingest.on_check = lambda hearing_id: closings.checked(hearing_id, self.theirs)
        return closings

    def sealed(self) -> bool:
        return self.feed.record("h1").state is HearingState.SEALED

    def types(self) -> list[type]:
        return [type(stored.event) for stored in self.feed.store.events("h1")[2:]]

    def problem(self) -> object:
        problem = self.closings.standing.status("h1")["problem"]
        return problem["code"] if isinstance(problem, dict) else None


@pytest.fixture
def court(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Court]:
    monkeypatch.setattr(closing, "TRY_AGAIN_S", 0.05)
    monkeypatch.setattr(closing, "ASK_AGAIN_S", 0.1)
    court = Court(tmp_path)
    yield court
    court.closings.stopping.set()
    court.feed.store.close()


def test_b3_closing_compares_seals_and_releases(court: Court) -> None:
    court.closings.begin("h1")
    wait_for(court.sealed, "not sealed")
    assert court.types() == [PassageMissed, PassageMissed, HearingClosed, CopiesCompared, RecordSealed]
    record = court.feed.record("h1")
    assert record.digests["copies"]["same"] is True
    assert record.length_ms == 3000
    assert verify(court.folder / "records" / "h1").ok
    wait_for(lambda: ("release", "h1") in court.ingest.commands, "not released")


def test_every_step_is_told(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, object]] = []
    monkeypatch.setattr(court.feed, "tell", lambda _id, message: told.append(message))
    court.closings.begin("h1")
    wait_for(court.sealed, "not sealed")
    steps = [message["step"] for message in told if message["type"] == "progress"]
    assert list(dict.fromkeys(steps)) == ["finishing", "comparing", "compressing", "sealing"]


def test_b3_copies_that_differ_are_on_record(court: Court) -> None:
    court.theirs = Checked(32, "other", (), 3000)
    court.closings.begin("h1")
    wait_for(court.sealed, "not sealed")
    copies = court.feed.record("h1").digests["copies"]
    assert copies["same"] is False
    assert copies["note"]


def test_closing_waits_for_a_recorder_that_is_away_and_says_so(court: Court) -> None:
    court.ingest.away = True
    court.closings.begin("h1")
    wait_for(lambda: court.problem() == "no_recorder", "nobody was told")
    assert not court.sealed()
    court.ingest.away = False
    wait_for(court.sealed, "not sealed")
    wait_for(lambda: court.problem() != "no_recorder", "the trouble is still shown")


def test_a_recorder_that_is_given_up_is_noted(court: Court) -> None:
    court.ingest.away = True
    court.closings.begin("h1")
    wait_for(lambda: court.problem() == "no_recorder", "nobody was told")
    court.feed.append("h1", [RecorderGivenUp()], "clerk")
    wait_for(court.sealed, "not sealed")
    assert court.feed.record("h1").digests["copies"]["note"] == "recorder_away"


def test_without_recognition_the_record_says_that_nothing_was_recognized(court: Court) -> None:
    court.closings.begin("h1")
    wait_for(court.sealed, "not sealed")
    missed = court.feed.record("h1").missed
    assert [(each.channel, each.start_ms, each.end_ms, each.reason) for each in missed] == [
        (0, 0, 3000, "not_recognized"),
        (1, 0, 3000, "not_recognized"),
    ]


def test_a4_sound_that_never_came_is_a_gap_on_record(tmp_path: Path, court: Court) -> None:
    pieces = hearing(30, end=False)
    folder = court.folder / "recordings" / "h1"
    shutil.rmtree(folder)
    recorded(folder, [*pieces[:11], *pieces[21:]])
    court.feed.append("h1", [RecorderGivenUp()], "clerk")
    court.closings.begin("h1")
    wait_for(court.sealed, "not sealed")
    (gap,) = court.feed.record("h1").gaps
    assert (gap.start_ms, gap.end_ms, gap.reason) == (1000, 2000, GapReason.NOT_RECEIVED)
    assert court.feed.record("h1").length_ms == 3000


def test_a_stopped_server_goes_on_at_its_next_start(court: Court) -> None:
    court.ingest.away = True
    court.closings.begin("h1")
    wait_for(lambda: court.types()[-1:] == [HearingClosed], "not closed")
    court.closings.stopping.set()
    court.ingest.away = False
    court.closings = court.opened()
    court.closings.begin("h1")
    wait_for(court.sealed, "not sealed")
    assert court.types() == [PassageMissed, PassageMissed, HearingClosed, CopiesCompared, RecordSealed]


def test_a_failing_seal_is_told_and_tried_again(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    real, fails = closing.seal, [OSError(5, "the disk"), OSError(5, "the disk")]

    def seal(*arguments: object, **more: object) -> object:
        if fails:
            raise fails.pop()
        return real(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(closing, "seal", seal)
    court.closings.begin("h1")
    wait_for(court.sealed, "not sealed")
    assert fails == []


def damage(court: Court) -> Callable[[], None]:
    """Flips a bit of the server's copy; returns what mends it."""
    wav = sorted((court.folder / "recordings" / "h1").glob("*.wav"))[0]
    whole = wav.read_bytes()
    wav.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    return lambda: wav.write_bytes(whole) and None


def test_a_block_that_is_damaged_in_both_copies_is_sealed_as_damaged(court: Court) -> None:
    damage(court)
    court.theirs = check(court.folder / "recordings" / "h1")
    court.closings.begin("h1")
    wait_for(court.sealed, "not sealed")
    assert court.feed.record("h1").digests["copies"]["same"] is False
    found = verify(court.folder / "records" / "h1")
    assert found.ok
    assert len(found.damaged) == 1
    assert ("repair", "h1") not in court.ingest.commands


def test_a_block_that_is_damaged_here_is_repaired_from_the_recorder(court: Court) -> None:
    mend = damage(court)

    def repair(broken: tuple[int, ...]) -> None:
        mend()
        court.ingest.whole_again = broken

    court.ingest.on_repair = repair
    court.closings.begin("h1")
    wait_for(court.sealed, "not sealed")
    copies = court.feed.record("h1").digests["copies"]
    assert copies["same"] is True
    assert len(copies["repaired"]) == 1
    assert verify(court.folder / "records" / "h1").damaged == ()


@pytest.mark.parametrize(
    ("theirs", "note"),
    [
        (GOOD, ""),
        (None, "recorder_away"),
        (Checked(33, "d", (7,), 3000), "server broken [], recorder broken [7]"),
        (Checked(31, "x", (), 3000), "server 33 entries, recorder 31"),
    ],
)
def test_what_differs_is_named(theirs: Checked | None, note: str) -> None:
    assert compared(GOOD, theirs) == note


HEARD = Speaker(None, "未识别 1", Attribution.CLUSTER)
OFFERED = Reassignment("t1", HEARD, Speaker("s1", "王某", Attribution.CLERK))


def said(court: Court) -> None:
    turn = Turn("t1", None, HEARD.name, 0, 100, 900, (Word("好。", 100, 900, 0.9),), HEARD.how)
    court.feed.append("h1", [TurnAdded(turn, 1000)], "recognition")


def test_the_seal_waits_until_what_was_proposed_is_decided_also_over_a_restart(court: Court) -> None:
    said(court)
    court.closings.propose = lambda _hearing_id: (Proposal(OFFERED, 0.9),)
    court.closings.begin("h1")
    wait_for(lambda: "copies" in court.feed.record("h1").digests, "compared")
    assert [one.reassignment for one in court.feed.record("h1").proposals] == [OFFERED]
    court.closings.stopping.set()
    court.closings = court.opened()
    court.closings.begin("h1")
    assert not court.sealed()
    court.feed.append("h1", [ReassigningRefused(OFFERED)], "clerk")
    wait_for(court.sealed, "sealed")
    assert court.feed.record("h1").turns[0].speaker == "未识别 1"


def test_a_look_that_fails_keeps_nothing_from_being_sealed(court: Court) -> None:
    def broken(_hearing_id: str) -> tuple[Proposal, ...]:
        raise RuntimeError("a model broke")

    said(court)
    court.closings.propose = broken
    court.closings.begin("h1")
    wait_for(court.sealed, "sealed")


def test_what_voices_sound_like_is_deleted_when_the_hearing_is_closed_g6(court: Court) -> None:
    """Before the seal, and again after a crash in between."""
    states: list[HearingState] = []
    court.closings.forget = lambda hearing_id: states.append(court.feed.record(hearing_id).state)
    court.closings.begin("h1")
    wait_for(court.sealed, "not sealed")
    assert states == [HearingState.CLOSING]
