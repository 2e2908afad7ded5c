"""tingji.enrolment and web.enrolment: voices taken before the hearing, and what is left of them when they go."""

from __future__ import annotations

import json
import logging
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from casefile.errors import NoClip, NoSuchSpeaker, VoicesNotWritten, WrongState
from casefile.events import EnrolmentWithdrawn, RecordingStarted, TurnAdded, VoiceNamed, stored_to_json
from casefile.feed import Feed
from casefile.model import (
    Attribution,
    AudioChunk,
    AudioFormat,
    Enrolment,
    Hearing,
    HearingKind,
    Naming,
    Seat,
    Speaker,
    SpeakerSpan,
    Speech,
)
from casefile.store import Store
from diarization.stretches import Stretch
from tests.courthouse import Courthouse, turn
from tests.hall import until
from tests.test_clustering import stretch
from tingji import enrolment
from tingji.enrolment import Enrolments
from tingji.speakers import Speakers
from tingji.voice_file import VoiceFile
from tingji.writers import WRITERS
from web.attribution import Target
from web.enrolment import Known, Offer
from web.reports import RecorderState

SEATS = (
    Seat("s1", "审判长", "审", "王某"),
    Seat("s2", "原告", "原", "李某"),
    Seat("s3", "书记员", "书", "", (1,)),
)
HEARING = Hearing("h1", HearingKind.TRIAL, seats=SEATS)
JUDGE, PLAINTIFF = Target("s1"), Target("s2")
IDLE = RecorderState("desk", "mics", 16_000, 2, None, "idle", ("mics",), 10**12)


class FakeEar:
    """Hears in a sound whose samples are all n/100 the voice n, for as long as it lasts; 1.0: two voices."""

    def stretches(self, speech: Speech) -> list[Stretch]:
        who, ms = round(float(speech.audio[-1:].sum()) * 100), len(speech.audio) // 16
        people = (1, 2) if who == 90 else (who,)
        heard = [stretch(one, 7, ms, 0.02) for one in people]
        return [replace(one, spans=((speech.start_ms, speech.end_ms),)) for one in heard] if ms else []


class FakeRecorders:
    """One recorder that hears voice `who`, for 1.6 s more at each look."""

    def __init__(self) -> None:
        self.states, self.who, self.asked = [IDLE], 3, list[tuple[str, int]]()

    def recorders(self) -> Sequence[RecorderState]:
        return self.states

    def clip(self, recorder: str, channel: int, ms: int) -> AudioChunk:
        self.asked.append((recorder, channel))
        frames = 25_600 * len(self.asked) if self.who else 0
        pcm = np.full((frames, 1), self.who * 328, np.int16)
        return AudioChunk(AudioFormat(16_000, 1), 0, pcm)


class Room:
    """A hearing that is set up, and all that enrols voices for it."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "tingji.db")
        self.feed, self.recorders, self.voices = Feed(self.store), FakeRecorders(), folder / "voices"
        self.feed.create(HEARING, "clerk")
        self.speakers = Speakers(self.feed, self.voices, FakeEar)  # type: ignore[arg-type]
        self.enrolments = Enrolments(self.feed, self.speakers, self.recorders)

    def enrol(self, to: Target, who: int, hearing_id: str = "h1") -> Known:
        """Waits until it is done, one way or the other."""
        self.recorders.who, self.recorders.asked = who, []
        self.enrolments.begin(hearing_id, to, None, "clerk")
        until(lambda: not self.known(to, hearing_id).listening)
        return self.known(to, hearing_id)

    def known(self, to: Target, hearing_id: str = "h1") -> Known:
        return next(
            one
            for one in self.enrolments.of(hearing_id).persons
            if (one.seat, one.name)[not to.seat] == (to.seat or to.name)
        )

    def open(self) -> None:
        self.feed.append("h1", [RecordingStarted(AudioFormat(16_000, 2), "desk", 0)], "recorder")

    def hear(self, who: int, start_ms: int, hearing_id: str = "h1") -> SpeakerSpan:
        record = self.feed.record(hearing_id)
        speech = Speech(0, start_ms, np.full(48_000, who / 100, np.float32))
        (span,) = self.speakers.label(record, speech, self.speakers.listen(record, speech))
        return span


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    monkeypatch.setattr(enrolment, "LOOK_S", 0.01)
    room = Room(tmp_path)
    yield room
    room.enrolments.close()
    room.speakers.close()
    room.store.close()


def test_three_seconds_before_the_hearing_and_the_person_is_named_from_the_first_word(room: Room) -> None:
    assert room.known(JUDGE) == Known("s1", "王某", 0)
    assert room.enrol(JUDGE, 3) == Known("s1", "王某", 3_200)
    assert room.recorders.asked == [("desk", 0)] * 2
    judge = Speaker("s1", "王某", Attribution.ENROLLED)
    assert room.feed.record("h1").enrolments == (Enrolment(judge, 3_200),)
    room.open()
    span = room.hear(3, 0)
    assert (span.seat, span.voice, span.how) == ("s1", "王某", Attribution.ENROLLED)
    assert room.hear(4, 9_000).voice == "未识别 1"
    assert room.known(JUDGE).held_ms == 6_200
    assert room.enrolments.of("h1").voices == {"未识别 1": 3_000}


def test_a_person_without_a_seat_is_enrolled_too_and_a_seat_with_a_microphone_of_its_own_need_not(
    room: Room,
) -> None:
    assert room.enrol(Target(None, "证人甲"), 5).held_ms == 3_200
    assert room.known(Target("s3")) == Known("s3", "书记员", 0, microphone=True)
    room.enrol(Target("s3"), 6)
    assert room.recorders.asked[-1] == ("desk", 1)


def test_what_a_voice_sounds_like_is_in_its_file_only_g6(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        room.enrol(JUDGE, 3)
        room.open()
        room.hear(3, 0)
        room.feed.append("h1", [TurnAdded(turn("t1", "现在开庭。", 0), 1_000)], "recognition")
        room.enrolments.withdraw("h1", PLAINTIFF, "clerk")
    voice = FakeEar().stretches(Speech(0, 0, np.full(48_000, 0.03, np.float32)))[0].embedding
    assert voice is not None
    secrets = [b64encode(voice.astype("<f4").tobytes()).decode()[:24], f"{voice[3]:.4f}"]
    assert secrets[0] in (room.voices / "h1.jsonl").read_text()
    record = room.feed.record("h1")
    told = [json.dumps(stored_to_json(one)) for one in room.store.events("h1")]
    told += [write(record) for write in WRITERS.values()] + [caplog.text, repr(record)]
    told += [repr(room.enrolments.of("h1"))]
    assert not [secret for secret in secrets for text in told if secret in text]


def test_no_other_hearing_knows_the_voice_g6(room: Room) -> None:
    room.enrol(JUDGE, 3)
    room.feed.create(replace(HEARING, id="h2"), "clerk")
    assert room.hear(3, 0, "h2").voice == "未识别 1"
    assert room.known(JUDGE, "h2").held_ms == 0


def test_withdrawn_it_is_deleted_at_once_and_names_on_record_stay_g6(room: Room) -> None:
    room.enrol(JUDGE, 3)
    room.enrol(PLAINTIFF, 4)
    room.open()
    room.hear(3, 0)
    room.hear(5, 9_000)
    judge = Speaker("s1", "王某", Attribution.ENROLLED)
    room.feed.append("h1", [VoiceNamed(Naming("未识别 1", None, judge))], "clerk")
    assert room.known(JUDGE).held_ms == 9_200
    room.enrolments.withdraw("h1", JUDGE, "clerk")
    assert (room.known(JUDGE).held_ms, room.known(PLAINTIFF).held_ms) == (0, 3_200)
    lines = [json.loads(line) for line in (room.voices / "h1.jsonl").read_text().splitlines() if line]
    assert [line["enrolled"]["seat"] for line in lines if "enrolled" in line] == ["s2"]
    assert [note["voice"] for line in lines for note in line.get("voices", ())] == [None, None]
    record = room.feed.record("h1")
    assert [one.speaker.seat for one in record.enrolments] == ["s2"]
    assert [one.after.seat for one in record.named_voices] == ["s1"]
    assert room.store.events("h1")[-1].event == EnrolmentWithdrawn(judge)
    assert room.hear(3, 20_000).voice == "未识别 2"


def test_a_restart_forgets_nothing(room: Room) -> None:
    room.enrol(JUDGE, 3)
    again = Speakers(room.feed, room.voices, FakeEar)  # type: ignore[arg-type]
    assert sum(again.held("h1").values()) == 3_200
    again.close()


@pytest.mark.parametrize(("who", "code"), [(0, "too_little_speech"), (90, "several_voices")])
def test_too_little_or_two_people_enrol_nobody(
    room: Room, monkeypatch: pytest.MonkeyPatch, who: int, code: str
) -> None:
    monkeypatch.setattr(enrolment, "MOST_S", 0.05)
    known = room.enrol(JUDGE, who)
    assert known.problem is not None
    assert (known.problem["code"], known.held_ms) == (code, 0)
    assert not room.voices.exists()
    assert room.feed.record("h1").enrolments == ()


def test_one_voice_is_not_two_people(room: Room) -> None:
    room.enrol(JUDGE, 3)
    known = room.enrol(PLAINTIFF, 3)
    assert known.problem is not None
    assert known.problem["code"] == "voice_taken"
    assert room.enrol(JUDGE, 3).held_ms == 3_200


def test_a_disk_that_does_not_let_go_is_told_and_tried_again_g6(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.enrol(JUDGE, 3)
    with monkeypatch.context() as patch:
        patch.setattr("tingji.voice_file.VoiceFile.delete", full)
        with pytest.raises(VoicesNotWritten):
            room.enrolments.withdraw("h1", JUDGE, "clerk")
    assert len(room.feed.record("h1").enrolments) == 1
    room.enrolments.withdraw("h1", JUDGE, "clerk")
    assert (list(room.voices.iterdir()), room.feed.record("h1").enrolments) == ([], ())


def full(_file: VoiceFile) -> None:
    raise OSError(28, "full")


def test_the_clerk_can_stop_it(room: Room) -> None:
    room.recorders.who = 0
    room.enrolments.begin("h1", JUDGE, None, "clerk")
    assert room.known(JUDGE).listening
    room.enrolments.stop("h1")
    assert room.known(JUDGE) == Known("s1", "王某", 0)


def test_nobody_is_listened_to_but_before_the_hearing_and_by_an_idle_recorder(room: Room) -> None:
    room.recorders.states = [replace(IDLE, hearing="h9", state="paused")]
    with pytest.raises(NoClip):
        room.enrolments.begin("h1", JUDGE, "desk", "clerk")
    with pytest.raises(NoSuchSpeaker):
        room.enrolments.begin("h1", Target("s9"), None, "clerk")
    room.open()
    room.recorders.states = [IDLE]
    with pytest.raises(WrongState):
        room.enrolments.begin("h1", JUDGE, None, "clerk")
    assert room.recorders.asked == []


def test_a_hearing_that_begins_meanwhile_keeps_no_sample(room: Room) -> None:
    room.recorders.who = 0
    room.enrolments.begin("h1", JUDGE, None, "clerk")
    room.open()
    room.recorders.who = 3
    until(lambda: not room.known(JUDGE).listening)
    assert room.feed.record("h1").enrolments == ()
    assert not room.voices.exists()


def test_voices_of_a_hearing_that_never_began_are_deleted_g6(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.enrol(JUDGE, 3)
    (room.voices / "h9.jsonl").write_text("{}")
    room.speakers.forget_old()
    assert [path.name for path in room.voices.iterdir()] == ["h1.jsonl"]
    monkeypatch.setattr("tingji.speakers.DRAFT_LASTS", timedelta(days=-1))
    room.speakers.forget_old()
    assert list(room.voices.iterdir()) == []


def test_over_http(tmp_path: Path) -> None:
    court = Courthouse(tmp_path)
    hearing_id = court.hearing(started=False)
    court.enrolments.offers = [Offer("t1", "未识别 1", "s2", "李某")]
    path = f"/api/hearings/{hearing_id}/enrolments"
    with court.client() as client:
        assert client.post(path, json={"person": "证人甲", "recorder": "desk"}).status_code == 202
        shown = client.get(path).json()
        assert shown["persons"][-1] == {
            "seat": None, "name": "证人甲", "held_ms": 0, "microphone": False, "listening": True, "problem": None,
        }  # fmt: skip
        assert (shown["needed_ms"], shown["offers"][0]["seat"]) == (3_000, "s2")
        assert client.post(f"{path}/stop").status_code == 202
        assert client.post(f"{path}/withdraw", json={"person": "证人甲"}).status_code == 202
        assert client.post(path, json={"seat": "s1", "person": "某"}).status_code == 400
        assert client.get("/api/hearings/nobody/enrolments").status_code == 404
    assert isinstance(court.store.events(hearing_id)[-1].event, EnrolmentWithdrawn)
    court.close()
