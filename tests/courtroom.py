"""A courtroom of real processes: `tingji serve` and `tingji record`, started, killed and started again."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from tests.clips import spoken
from tingji.api import Api, Refused, Unreachable, machine_key

PATIENCE_S = 60.0


def wait_for(what: Callable[[], Any], why: str, patience_s: float = PATIENCE_S) -> Any:
    """Ask until the answer is true; fail with `why`."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        try:
            if answer := what():
                return answer
        except Unreachable:
            pass
        time.sleep(0.02)
    raise AssertionError(why)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def two_seats(path: Path, seconds: float) -> np.ndarray:
    """Writes a file in which two seats speak in turn; its samples, int16, shape (frames, 2), 16 kHz."""
    first, second = spoken(0.8, 1.1), spoken(0.9, 0.9)
    round_ = np.zeros((len(first) + len(second), 2), np.float32)
    round_[: len(first), 0] = first
    round_[len(first) :, 1] = second
    sound = np.tile(round_ + 0.1 * round_[:, ::-1], (int(seconds * 16_000) // len(round_) + 1, 1))
    sound = sound[: int(seconds * 16_000)] + np.random.default_rng(5).normal(
        0, 3e-4, (int(seconds * 16_000), 2)
    )
    pcm = (sound * 32767).clip(-32768, 32767).astype(np.int16)
    soundfile.write(path, pcm, 16_000, subtype="PCM_16")
    return pcm


SET_UP = {
    "kind": "庭审",
    "seats": [
        {"id": "s1", "role": "审判长", "short": "审", "person": "王某", "channels": [0]},
        {"id": "s2", "role": "原告", "short": "原", "person": "李某", "channels": [1]},
    ],
}


@dataclass
class Courtroom:
    """Two processes over one data folder."""

    data: Path
    record_arguments: list[str]
    serve_arguments: list[str] = field(default_factory=list)
    environ: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def api(self) -> Api:
        return Api(f"http://127.0.0.1:{self.port}", machine_key(self.data))

    def start(self, name: str) -> None:
        """`serve` or `record`."""
        more = self.serve_arguments if name == "serve" else self.record_arguments
        command = [
            sys.executable,
            "-m",
            "tingji",
            name,
            "--data",
            str(self.data),
            "--port",
            str(self.port),
            *more,
        ]
        environ = {**os.environ, "TINGJI_LANGUAGE": "en", **self.environ}
        with (self.data.parent / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(command, stderr=log, stdout=log, env=environ)

    def kill(self, name: str) -> float:
        """-9; the wall clock at that moment."""
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        at = time.time()
        process.wait()
        return at

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(30)
        self.processes.clear()

    def create(self, set_up: dict[str, Any] | None = None) -> str:
        """A hearing that records."""
        wait_for(lambda: self.recorder_state() == "idle", "the recorder did not come")
        hearing_id = str(self.api.post("/api/hearings", set_up or SET_UP)["id"])
        self.api.post(f"/api/hearings/{hearing_id}/start", {})
        wait_for(lambda: self.state(hearing_id) == "recording", "the hearing did not start")
        return hearing_id

    def recorder_state(self) -> str | None:
        recorders = self.api.get("/api/recorders")
        return str(recorders[0]["state"]) if recorders else None

    def record(self, hearing_id: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.api.get(f"/api/hearings/{hearing_id}")
        return answer

    def state(self, hearing_id: str) -> str:
        return str(self.record(hearing_id)["state"])

    def close(self, hearing_id: str) -> dict[str, Any]:
        """Close it and wait for the seal."""
        wait_for(lambda: self._close(hearing_id), "closing was refused")
        wait_for(lambda: self.state(hearing_id) == "sealed", "the record was not sealed", 120)
        return self.record(hearing_id)

    def _close(self, hearing_id: str) -> bool:
        try:
            self.api.post(f"/api/hearings/{hearing_id}/close")
        except Refused as refusal:
            return refusal.code == "wrong_state"
        return True

    def entries(self, copy: str, hearing_id: str) -> list[dict[str, Any]]:
        """The index of the `journal` or of the `recordings`, in order."""
        lines: list[str] = []
        for index in sorted((self.data / copy / hearing_id).glob("*.jsonl")):
            lines += [line for line in index.read_text().split("\n")[:-1] if line]
        return [json.loads(line) for line in lines]


@contextmanager
def courtroom(folder: Path, record_arguments: list[str], **more: Any) -> Iterator[Courtroom]:
    """A running courtroom; at the end everything is stopped."""
    data = folder / "data"
    data.mkdir()
    room = Courtroom(data, record_arguments, **more)
    room.start("serve")
    room.start("record")
    try:
        yield room
    finally:
        room.stop()
