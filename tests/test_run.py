"""`tingji run`, the real one: a file as the microphone, without recognition."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import psutil
import pytest

from casefile.errors import PortTaken
from casefile.store import Store
from casefile.verify import verify
from tingji.run import free_port

RATE = 8000
SECONDS = 8
DEADLINE_S = 60.0
HEARING = 'kind = "庭审"\n[[seats]]\nrole = "审判长"\nchannels = [0]\n'


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


class Installation:
    """A data folder, a sound of 8 s, and every `tingji run` that was started on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.runs: list[subprocess.Popen[bytes]] = []
        (folder / "hearing.toml").write_text(HEARING, encoding="utf-8")
        noise = np.random.default_rng(1).normal(0, 2000, RATE * SECONDS).astype("<i2")
        with wave.open(str(folder / "sound.wav"), "wb") as out:
            out.setparams((1, 2, RATE, 0, "NONE", ""))
            out.writeframes(noise.tobytes())

    def run(self, *extra: str, speed: float = 1.0) -> subprocess.Popen[bytes]:
        """Starts `tingji run` in a process group of its own; what it says is kept in OUT-n."""
        command = [
            sys.executable,
            "-m",
            "tingji",
            "run",
            "--data",
            str(self.data),
            "--port",
            "0",
            "--no-text",
        ]
        command += [
            "--replay",
            str(self.folder / "sound.wav"),
            "--hearing",
            str(self.folder / "hearing.toml"),
        ]
        command += ["--no-browser", "--speed", str(speed), *extra]
        with self.out(len(self.runs)).open("wb") as out:
            run = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
        self.runs.append(run)
        return run

    def out(self, number: int = -1) -> Path:
        return self.folder / f"out-{number % (len(self.runs) or 1) if number < 0 else number}"

    def said(self) -> str:
        return self.out().read_text()

    def end(self) -> int:
        return self.runs[-1].wait(DEADLINE_S)

    def children(self) -> dict[str, psutil.Process]:
        """The running server and recorder of this folder, by name, whoever started them."""
        found = {}
        for process in psutil.process_iter(["environ", "cmdline"]):
            command = process.info["cmdline"] or []
            if (process.info["environ"] or {}).get("TINGJI_DATA") == str(self.data) and command[1:3] == [
                "-m",
                "tingji",
            ]:
                found[command[3]] = process
        return found

    def recording(self) -> bool:
        """True when sound is being written in both copies."""
        copies = [list((self.data / name).glob("*/*.jsonl")) for name in ("journal", "recordings")]
        return all(any(b'"block"' in path.read_bytes() for path in paths) for paths in copies)

    def hearings(self) -> list[tuple[str, str]]:
        with Store(self.data / "tingji.db") as store:
            return [(summary.id, summary.state.value) for summary in store.hearings()]

    def kill_all(self) -> None:
        for run in self.runs:
            with suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)
            run.wait()
        until(lambda: not self.children(), "a child outlived SIGKILL")


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(tmp_path)
    yield installation
    installation.kill_all()


def sealed_hearing(installation: Installation) -> Path:
    """The record's folder, which the run has named on its last line; the only hearing there is."""
    ((hearing_id, state),) = installation.hearings()
    assert state == "sealed"
    record = Path(installation.said().split()[-1])
    assert record == installation.data / "records" / hearing_id
    assert verify(record).ok
    return record


def test_a_hearing_by_itself(installation: Installation) -> None:
    installation.run("--exit-when-done", speed=4)
    assert installation.end() == 0, installation.said()
    sealed_hearing(installation)
    assert not installation.children()


def test_the_link_that_is_printed_leads_to_the_hearing(installation: Installation) -> None:
    installation.run()
    until(lambda: "/first#first=" in installation.said() and installation.recording(), "no link, or no sound")
    link = urlsplit(next(word for word in installation.said().split() if "/first#first=" in word))
    body = {
        "token": link.fragment.removeprefix("first="),
        "name": "王技术",
        "password": "correct horse battery",
    }
    with closing(http.client.HTTPConnection(link.netloc, timeout=DEADLINE_S)) as connection:
        headers = {"X-Tingji": "page", "Content-Type": "application/json"}
        connection.request("POST", "/api/first", json.dumps(body), headers)
        answer = connection.getresponse()
        answer.read()
        cookie = (answer.headers["set-cookie"] or "").partition(";")[0]
        connection.request("GET", "/api/hearings", headers={"Cookie": cookie})
        (hearing,) = json.loads(connection.getresponse().read())
        connection.request("GET", f"/api/hearings/{hearing['id']}/rights", headers={"Cookie": cookie})
        assert "conduct" in json.loads(connection.getresponse().read())


def test_killed_all_at_once_it_goes_on_with_the_same_hearing(installation: Installation) -> None:
    installation.run("--exit-when-done")
    until(installation.recording, "no sound was written")
    installation.kill_all()
    installation.run("--exit-when-done")
    assert installation.end() == 0, installation.said()
    record = sealed_hearing(installation)
    assert "recorder_stopped" in (record / "events.jsonl").read_text()


def test_without_its_supervisor_the_recorder_goes_on_and_is_taken_over(installation: Installation) -> None:
    supervisor = installation.run("--exit-when-done")
    until(installation.recording, "no sound was written")
    supervisor.kill()
    supervisor.wait()
    before = installation.children()
    assert set(before) == {"serve", "record"}
    installation.run("--exit-when-done")
    assert installation.end() == 0, installation.said()
    assert not any(process.is_running() for process in before.values())
    sealed_hearing(installation)


@pytest.mark.parametrize("name", ["serve", "record"])
def test_a_killed_child_is_started_again_and_said_so(installation: Installation, name: str) -> None:
    installation.run("--exit-when-done")
    until(installation.recording, "no sound was written")
    installation.children()[name].kill()
    assert installation.end() == 0, installation.said()
    assert "-9" in installation.said()
    sealed_hearing(installation)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_both_gently_and_the_hearing_stays_open(
    installation: Installation, number: signal.Signals
) -> None:
    run = installation.run()
    until(installation.recording, "no sound was written")
    run.send_signal(number)
    assert installation.end() == 0, installation.said()
    assert not installation.children()
    assert [state for _, state in installation.hearings()] == ["recording"]


def test_interrupted_before_it_was_done_is_1(installation: Installation) -> None:
    run = installation.run("--exit-when-done")
    until(installation.recording, "no sound was written")
    run.terminate()
    assert installation.end() == 1


def test_a_second_run_on_the_same_folder_names_the_first_ones_address(installation: Installation) -> None:
    installation.run()
    until(installation.recording, "no sound was written")
    installation.run()
    assert installation.end() == 1
    assert "http://127.0.0.1:" in installation.said()
    assert len(installation.children()) == 2


def test_a_file_that_is_no_sound_ends_with_one_sentence(installation: Installation) -> None:
    (installation.folder / "sound.wav").write_bytes(b"no sound")
    installation.run("--exit-when-done")
    assert installation.end() == 1
    assert "Traceback" not in installation.said()


def test_a_taken_port_is_said_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortTaken):
            free_port("127.0.0.1", taken.getsockname()[1])
    assert free_port("127.0.0.1", 0) > 0
