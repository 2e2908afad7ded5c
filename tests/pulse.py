"""A private PulseAudio with a null sink as a microphone, for tests of real capture.

Nothing of the user's sound server is touched: its own folder, its own socket, its own ALSA device.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

NEEDED = ("pulseaudio", "pactl", "paplay")
SINK = "courtroom"
POSITIONS = (
    "front-left", "front-right", "rear-left", "rear-right", "front-center", "lfe", "side-left", "side-right"
)  # fmt: skip
ASOUND = """</usr/share/alsa/alsa.conf>
pcm.tingji_court {{
    type pulse
    server "unix:{socket}"
    device "{sink}.monitor"
    hint {{ show on description "Tingji test microphone" }}
}}
"""


class PulseServer:
    """The running server. `device` is the microphone's name in PortAudio."""

    device = "tingji_court"

    def __init__(self, folder: Path, channels: int = 4) -> None:
        self._folder, self._channels = folder, channels
        self.socket = folder / "native"
        self._module = ""
        self._map = ",".join(POSITIONS[:channels])
        self.environment = {
            **os.environ,
            "XDG_RUNTIME_DIR": str(folder),
            "HOME": str(folder),
            "PULSE_SERVER": f"unix:{self.socket}",
            "PULSE_COOKIE": str(folder / "cookie"),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the server and plugs the microphone in."""
        asound = self._folder / "asound.conf"
        asound.write_text(ASOUND.format(socket=self.socket, sink=SINK))
        command = [
            "pulseaudio", "-n", "--system=false", "--daemonize=no", "--exit-idle-time=-1",
            "--use-pid-file=no", "--log-level=error", "-L", f"module-native-protocol-unix socket={self.socket} auth-anonymous=1",
        ]  # fmt: skip
        self._process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 15
        while self._control("info").returncode and time.monotonic() < deadline:
            time.sleep(0.05)
        self.plug_in()

    def _control(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pactl", *words], env=self.environment, capture_output=True, text=True, timeout=20, check=False
        )

    def plug_in(self) -> None:
        """The microphone is there (again)."""
        done = self._control(
            "load-module", "module-null-sink", f"sink_name={SINK}", f"channels={self._channels}",
            f"channel_map={self._map}", "rate=44100",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        self._module = done.stdout.strip()

    def unplug(self) -> None:
        """Takes the microphone away."""
        assert self._control("unload-module", self._module).returncode == 0

    def play(self, path: Path) -> None:
        """Plays a sound file to the microphone, to its end."""
        command = ["paplay", f"--device={SINK}", f"--channel-map={self._map}", "--no-remix", str(path)]
        subprocess.run(command, env=self.environment, check=True, timeout=600, capture_output=True)

    def play_tones(self, frequencies: list[int], seconds: float) -> None:
        """Plays one tone per channel."""
        time_s = np.arange(int(44100 * seconds)) / 44100
        waves = np.stack([np.sin(2 * np.pi * frequency * time_s) for frequency in frequencies], axis=1)
        path = self._folder / "tones.wav"
        soundfile.write(path, (waves * 9000).astype(np.int16), 44100)
        self.play(path)

    def stop(self) -> None:
        """Ends the server."""
        if self._process:
            self._process.terminate()
            self._process.wait(10)


@pytest.fixture
def pulse(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[PulseServer]:
    """A private PulseAudio, seen by PortAudio of this process; skips where it is not installed."""
    if missing := [name for name in NEEDED if not shutil.which(name)]:
        pytest.skip(
            f"{missing[0]} is missing: apt-get install pulseaudio pulseaudio-utils libasound2-plugins"
        )
    folder = tmp_path_factory.mktemp("pulse")
    server = PulseServer(folder)
    server.start()
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(folder / "asound.conf"))
    monkeypatch.setenv("PULSE_SERVER", server.environment["PULSE_SERVER"])
    yield server
    server.stop()
