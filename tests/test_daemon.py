"""The recorder as a program: killed, stopped, without a server; the state it keeps."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from casefile.audio import Follower
from casefile.entries import Ended, Start
from casefile.errors import FolderInUse, NoClip, UnreadableSound
from casefile.model import AudioChunk, AudioFormat, Gap, GapReason, PauseReason
from casefile.soundcheck import check
from casefile.tape import entries
from recorder.daemon import Ear, RecorderSettings, run
from recorder.state import MOST_OBEYED, Memory
from recorder.uplink import Uplink
from tests.hall import Hall, until
from tests.sounds import pcm_of

RATE = 16000
PROGRAM = """
import json, sys
from pathlib import Path
from recorder.daemon import Ear, RecorderSettings, run
told = json.loads(sys.argv[1])
paths = [Path(told[name]) for name in ("journal", "state", "replay")]
run(RecorderSettings("r1", told["url"], paths[0], paths[1], None, paths[2], told["speed"]))
"""


class Program:
    """The recorder in a process of its own, replaying a file."""

    def __init__(self, folder: Path, url: str, seconds: float, speed: float = 1.0) -> None:
        self.journal, self.state = folder / "journal", folder / "recorder.json"
        self.pcm = pcm_of(3, int(RATE * seconds), 1)
        replay = folder / "replay.wav"
        soundfile.write(replay, self.pcm, RATE)
        paths = {"journal": str(self.journal), "state": str(self.state), "replay": str(replay)}
        self._arguments = json.dumps({"url": url, "speed": speed, **paths})
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        root = Path(__file__).parent.parent
        self._process = subprocess.Popen([sys.executable, "-c", PROGRAM, self._arguments], cwd=root)

    def end(self, number: signal.Signals) -> int:
        """Sends a signal and waits for the end."""
        assert self._process
        self._process.send_signal(number)
        return self._process.wait(20)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    hall = Hall(tmp_path)
    hall.open()
    yield hall
    hall.close()


def read(folder: Path) -> list[AudioChunk | Gap]:
    """All of a recording."""
    follower = Follower(folder)
    return [item for items in iter(follower.read, []) for item in items]


def assert_true_to(pcm: np.ndarray, items: list[AudioChunk | Gap]) -> int:
    """Every sample lies where it was in the file, no hole is left; returns the gaps' length in ms."""
    at_ms = 0
    for item in items:
        assert item.start_ms == at_ms
        at_ms = item.end_ms
        if isinstance(item, AudioChunk):
            start = item.start_ms * RATE // 1000
            assert np.array_equal(item.pcm, pcm[start : start + len(item.pcm)])
    return sum(item.end_ms - item.start_ms for item in items if isinstance(item, Gap))


def test_a4_killed_again_and_again_it_goes_on_and_tells_the_gap(tmp_path: Path, hall: Hall) -> None:
    chance = random.Random(4)
    program = Program(tmp_path, hall.url, seconds=12)
    program.start()
    until(hall.ingest.recorders)
    hall.ingest.start("h")
    until(lambda: hall.clerk.told)
    for _ in range(4):
        end = threading.Event()
        end.wait(chance.uniform(0.3, 1.2))  # the moment of the kill is what is tested
        acknowledged = hall.ingest.intake("h").flush().pairs()
        program.end(signal.SIGKILL)
        before = [entry.n for entry in entries(program.journal / "h")]
        assert before[-1] >= acknowledged[-1][1]
        until(lambda: hall.ingest.recorders() == [])
        program.start()
        until(hall.ingest.recorders)
    until(lambda: ("source_ended", "r1") in hall.clerk.told)
    hall.ingest.close("h")
    until(lambda: "ended" in hall.clerk.kinds())
    program.end(signal.SIGTERM)
    assert check(program.journal / "h") == check(hall.recordings / "h")
    assert check(program.journal / "h").broken == ()
    assert assert_true_to(program.pcm, read(program.journal / "h")) > 0
    reasons = {item.reason for item in read(hall.recordings / "h") if isinstance(item, Gap)}
    assert reasons == {GapReason.RECORDER_STOPPED}
    assert [entry.fact for entry in entries(program.journal / "h")][-1] == Ended(12_000)
    assert ("gap", "h") in {one[:2] for one in hall.clerk.told}


def test_sigterm_closes_the_files_and_keeps_the_hearing_open(tmp_path: Path, hall: Hall) -> None:
    program = Program(tmp_path, hall.url, seconds=4)
    program.start()
    until(hall.ingest.recorders)
    hall.ingest.start("h")
    until(lambda: hall.clerk.told)
    assert program.end(signal.SIGTERM) == 0
    assert Memory(program.state).now.hearing == "h"
    for sound in (program.journal / "h").glob("*.wav"):
        assert int.from_bytes(sound.read_bytes()[40:44], "little") == sound.stat().st_size - 44
    program.start()
    until(lambda: ("source_ended", "r1") in hall.clerk.told)
    hall.ingest.close("h")
    until(lambda: "ended" in hall.clerk.kinds())
    assert Memory(program.state).now.hearing is None
    program.end(signal.SIGTERM)
    assert_true_to(program.pcm, read(hall.recordings / "h"))
    assert sum(isinstance(entry.fact, Start) for entry in entries(program.journal / "h")) == 2


class Thread:
    """The recorder on a thread of this process."""

    def __init__(self, settings: RecorderSettings, ear: Ear | None = None) -> None:
        self.stop = threading.Event()
        self._thread = threading.Thread(target=run, args=(settings, self.stop, ear))
        self._thread.start()

    def end(self) -> None:
        self.stop.set()
        self._thread.join(20)
        assert not self._thread.is_alive()


def settings_of(folder: Path, url: str, seconds: float = 3, speed: float = 0) -> RecorderSettings:
    """A replay of noise."""
    soundfile.write(folder / "replay.wav", pcm_of(3, int(RATE * seconds), 1), RATE)
    return RecorderSettings(
        "r1", url, folder / "journal", folder / "recorder.json", replay=folder / "replay.wav", speed=speed
    )


def test_the_files_timeline_is_the_hearings(tmp_path: Path, hall: Hall) -> None:
    recorder = Thread(settings_of(tmp_path, hall.url))
    until(hall.ingest.recorders)
    hall.ingest.start("h")
    until(lambda: hall.ingest.recorders()[0].source_ended)
    hall.ingest.close("h")
    until(lambda: "ended" in hall.clerk.kinds())
    recorder.end()
    (sound,) = [item for item in read(hall.recordings / "h") if item.start_ms == 0]
    assert isinstance(sound, AudioChunk)
    assert_true_to(pcm_of(3, RATE * 3, 1), read(hall.recordings / "h"))
    assert ("ended", "h", 3000) in hall.clerk.told


def test_a2_a_pause_by_the_clerk(tmp_path: Path, hall: Hall) -> None:
    recorder = Thread(settings_of(tmp_path, hall.url, seconds=4, speed=4))
    until(hall.ingest.recorders)
    hall.ingest.start("h")
    until(lambda: "started" in hall.clerk.kinds())
    hall.ingest.pause("h", PauseReason.CLOSED_EVIDENCE)
    until(lambda: "paused" in hall.clerk.kinds())
    hall.ingest.resume("h")
    until(lambda: "resumed" in hall.clerk.kinds())
    until(lambda: hall.ingest.recorders()[0].source_ended)
    hall.ingest.close("h")
    until(lambda: "ended" in hall.clerk.kinds())
    recorder.end()
    assert hall.clerk.kinds() == ["started", "paused", "resumed", "source_ended", "ended"]
    items = read(hall.recordings / "h")
    assert_true_to(pcm_of(3, RATE * 4, 1), items)
    assert [item.reason for item in items if isinstance(item, Gap)] == [GapReason.PAUSE]


def test_health_is_told_once_a_second(tmp_path: Path, hall: Hall) -> None:
    recorder = Thread(settings_of(tmp_path, hall.url, seconds=30, speed=1))
    until(hall.ingest.recorders)
    hall.ingest.start("h")
    until(lambda: any(health["channels"] for health in list(hall.clerk.healths)))
    recorder.end()
    health = next(health for health in hall.clerk.healths if health["channels"])
    assert (health["recorder"], health["hearing"], health["state"]) == ("r1", "h", "recording")
    assert (health["missing"], health["problem"]) == (None, None)
    assert health["channels"][0]["state"] == "ok"  # type: ignore[index]
    assert int(str(health["disk_free_bytes"])) > 0


def test_a_file_that_is_no_sound_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "replay.wav").write_bytes(b"no sound")
    settings = RecorderSettings(
        "r1", "ws://127.0.0.1:9/", tmp_path / "j", tmp_path / "s.json", replay=tmp_path / "replay.wav"
    )
    with pytest.raises(UnreadableSound):
        run(settings)


class DeafEar:
    """A source that breaks."""

    device, ended, problem = "desk", False, None

    def __iter__(self) -> Iterator[AudioChunk | Gap]:
        raise RuntimeError("broken")

    def begin(self, position_ms: int, since_ns: int | None) -> None: ...
    def devices(self) -> list[str]:
        return []

    def use(self, device: str) -> None: ...
    def stop(self) -> None: ...


def test_a_recorder_that_cannot_hear_ends_with_the_cause(tmp_path: Path) -> None:
    settings = RecorderSettings("r1", "ws://127.0.0.1:9/", tmp_path / "j", tmp_path / "s.json")
    with pytest.raises(RuntimeError, match="broken"):
        run(settings, threading.Event(), DeafEar())


class OpenMicrophone(DeafEar):
    """A microphone in a quiet room."""

    device = "desk"

    def __init__(self) -> None:
        self.over = threading.Event()

    def __iter__(self) -> Iterator[AudioChunk | Gap]:
        at_ms = 0
        while not self.over.wait(0.02):
            yield AudioChunk(AudioFormat(RATE, 1), at_ms, np.zeros((RATE // 10, 1), np.int16))
            at_ms += 100

    def stop(self) -> None:
        self.over.set()


def test_live_sound_never_enters_a_hearing_that_was_played_from_a_file(tmp_path: Path, hall: Hall) -> None:
    played = settings_of(tmp_path, hall.url, seconds=30, speed=1)
    recorder = Thread(played)
    until(hall.ingest.recorders)
    hall.ingest.start("h")
    until(lambda: "started" in hall.clerk.kinds())
    recorder.end()
    recorder = Thread(replace(played, replay=None), OpenMicrophone())
    until(lambda: "ended" in hall.clerk.kinds())
    until(lambda: [(one.hearing, bool(one.rate)) for one in hall.ingest.recorders()] == [(None, True)])
    hall.ingest.start("h2")
    until(lambda: ("started", "h2") in {one[:2] for one in hall.clerk.told})
    recorder.end()
    devices = [entry.fact.device for entry in entries(played.journal / "h") if isinstance(entry.fact, Start)]
    assert devices == ["replay"]
    assert Memory(played.state).now.hearing == "h2"


class SlowMicrophone(OpenMicrophone):
    """It takes its time to open, and then tells first what was missed."""

    def __init__(self) -> None:
        super().__init__()
        self.open = threading.Event()

    def __iter__(self) -> Iterator[AudioChunk | Gap]:
        assert self.open.wait(20)
        yield Gap(0, 5_000, GapReason.RECORDER_STOPPED)
        yield from super().__iter__()


def test_a2_a_pause_given_at_once_after_a_restart_begins_when_the_recorder_is_back(
    tmp_path: Path, hall: Hall
) -> None:
    settings = replace(settings_of(tmp_path, hall.url), replay=None)
    recorder = Thread(settings, OpenMicrophone())
    until(lambda: [state for state in hall.ingest.recorders() if state.rate], what="the first sound")
    hall.ingest.start("h")
    until(lambda: "started" in hall.clerk.kinds())
    recorder.end()
    until(lambda: hall.ingest.recorders() == [])
    ear = SlowMicrophone()
    recorder = Thread(settings, ear)
    until(hall.ingest.recorders)
    hall.ingest.pause("h", PauseReason.RECESS)
    threading.Event().wait(0.5)  # time enough to obey too early
    assert "paused" not in hall.clerk.kinds()
    ear.open.set()
    until(lambda: "paused" in hall.clerk.kinds())
    recorder.end()
    (gap,) = [one[2] for one in hall.clerk.told if one[0] == "gap"]
    (at_ms,) = [one[2] for one in hall.clerk.told if one[0] == "paused"]
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.end_ms - gap.start_ms) == (GapReason.RECORDER_STOPPED, 5_000)
    assert int(str(at_ms)) >= gap.end_ms


def test_settings_check_themselves(tmp_path: Path) -> None:
    for wrong in ({"speed": -1.0}, {"most_channels": 0}, {"most_channels": 33}):
        with pytest.raises(ValueError):
            RecorderSettings("r1", "ws://x", tmp_path, tmp_path, **wrong)  # type: ignore[arg-type]


def test_the_state_is_remembered(tmp_path: Path) -> None:
    path = tmp_path / "recorder.json"
    memory = Memory(path)
    memory.keep(device="麦克风", hearing="h")
    memory.keep(hearing=None)
    assert (Memory(path).now.device, Memory(path).now.hearing) == ("麦克风", None)


def test_the_orders_obeyed_last_are_remembered(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "recorder.json")
    for number in range(MOST_OBEYED + 3):
        memory.obeyed(str(number))
    memory.keep(hearing="h")
    assert Memory(tmp_path / "recorder.json").now.obeyed == tuple(map(str, range(3, MOST_OBEYED + 3)))


def test_an_order_is_carried_out_once(tmp_path: Path, hall: Hall) -> None:
    recorder = Thread(settings_of(tmp_path, hall.url, seconds=30, speed=1))
    until(hall.ingest.recorders)
    hall.ingest.start("h")
    until(lambda: "started" in hall.clerk.kinds())
    pause: dict[str, object] = {"type": "pause", "id": "p", "hearing_id": "h", "reason": "休庭"}
    station = hall.ingest._station("h")
    for message in (pause, {"type": "resume", "id": "r", "hearing_id": "h"}, pause):
        station.send(message)
    until(lambda: hall.ingest.recorders()[0].state == "recording")
    hall.ingest.close("h")
    until(lambda: "ended" in hall.clerk.kinds())
    until(lambda: hall.ingest.waiting("h") == [])
    recorder.end()
    assert hall.clerk.kinds() == ["started", "paused", "resumed", "ended"]


def test_it_ends_only_when_its_connection_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    talking, closed = threading.Event(), threading.Event()

    async def talk(_: Uplink) -> None:
        try:
            talking.set()
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.3)  # a server that is slow to say goodbye
            closed.set()

    monkeypatch.setattr(Uplink, "run", talk)
    recorder = Thread(settings_of(tmp_path, "ws://127.0.0.1:1"))
    assert talking.wait(20)
    recorder.end()
    assert closed.is_set()


def test_before_a_hearing_it_answers_with_what_it_hears(tmp_path: Path, hall: Hall) -> None:
    recorder = Thread(settings_of(tmp_path, hall.url), OpenMicrophone())
    until(lambda: [one for one in hall.ingest.recorders() if one.channels])
    until(lambda: len(hall.ingest.clip("r1", 0, 400).pcm) == RATE * 4 // 10)
    with pytest.raises(NoClip):
        hall.ingest.clip("r1", 1, 400)
    recorder.end()
    assert list((tmp_path / "journal").glob("*/*.wav")) == []


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\0\0", '{"obeyed": 1}'])
def test_a_damaged_state_counts_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "recorder.json"
    path.write_text(text)
    assert Memory(path).now.hearing is None


def test_two_recorders_never_write_one_journal(tmp_path: Path, hall: Hall) -> None:
    settings = settings_of(tmp_path, hall.url, seconds=30, speed=1)
    recorder = Thread(settings)
    until(hall.ingest.recorders)
    with pytest.raises(FolderInUse):
        run(settings)
    recorder.end()


def test_an_old_journal_that_cannot_be_opened_does_not_keep_the_recorder_from_starting(
    tmp_path: Path, hall: Hall
) -> None:
    settings = settings_of(tmp_path, hall.url, seconds=30, speed=1)
    Memory(settings.state).keep(hearing="old")
    (settings.journal / "old" / "0000000001.jsonl").mkdir(parents=True)
    recorder = Thread(settings)
    until(lambda: ("refused", "old", "journal_unreadable") in hall.clerk.told)
    assert (settings.journal / "old.unreadable" / "0000000001.jsonl").exists()
    hall.ingest.start("h")
    until(lambda: ("started", "h") in {one[:2] for one in hall.clerk.told})
    recorder.end()


def test_a_hearing_that_the_server_closed_alone_is_ended_when_the_recorder_comes_back(
    tmp_path: Path, hall: Hall
) -> None:
    settings = settings_of(tmp_path, hall.url, seconds=30, speed=1)
    recorder = Thread(settings)
    until(hall.ingest.recorders)
    hall.ingest.start("h")
    until(lambda: hall.clerk.told)
    hall.close()
    hall.ingest.given_up("h")
    hall.open()
    until(lambda: Memory(settings.state).now.hearing is None)
    until(lambda: [state.hearing for state in hall.ingest.recorders()] == [None])
    hall.ingest.start("h2")
    until(lambda: ("started", "h2") in {one[:2] for one in hall.clerk.told})
    until((settings.journal / "h" / "released").exists)
    recorder.end()
    assert isinstance(list(entries(settings.journal / "h"))[-1].fact, Ended)
