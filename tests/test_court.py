"""The whole way with real parts: PulseAudio's microphone, PortAudio, Whisper, Chromium, a sealed record."""

import os
import subprocess
import sys
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Browser, Page

from asr.text import MARKS
from casefile.model import AudioChunk
from casefile.seal import verify
from casefile.stretches import read_range
from tests.clips import mandarin_texts
from tests.courtroom import free_port, two_seats, wait_for
from tests.pulse import PulseServer
from tests.simulated import simulated_hearing
from tingji.api import Api, machine_key

pytestmark = [pytest.mark.browser, pytest.mark.microphone]
SEATS = ("审判长", "原告", "被告", "证人")
SET_UP: dict[str, Any] = {
    "kind": "庭审",
    "courtroom": "第三法庭",
    "seats": [
        {"id": f"s{number}", "role": role, "short": role[0], "channels": [number]}
        for number, role in enumerate(SEATS)
    ],
}

SHOWN = """wanted => {
  const text = document.querySelector("main").cloneNode(true);
  text.querySelectorAll(".written").forEach(form => form.remove());
  return wanted.every(said => text.textContent.includes(said));
}"""
"""The page has these texts as they were said; beside a number it holds the written form, too."""


@pytest.fixture
def program(pulse: PulseServer, tmp_path: Path) -> Iterator[tuple[Api, Path]]:
    """`tingji run` on the null sink's microphone."""
    data, port = tmp_path / "data", free_port()
    command = [sys.executable, "-m", "tingji", "run", "--data", str(data), "--port", str(port)]
    command += ["--device", pulse.device, "--no-browser"]
    with (tmp_path / "run.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ)
    api = Api(f"http://127.0.0.1:{port}", machine_key(data))
    try:
        wait_for(lambda: api.get("/api/recorders"), f"no recorder: {(tmp_path / 'run.log').read_text()}")
        yield api, data
    finally:
        process.terminate()
        process.wait(60)


def sign_in(page: Page, log: Path, leads_to: str) -> None:
    """By the link that the start of the program printed; to the page at this path."""
    link = next(word for word in log.read_text().split() if "/first#first=" in word)
    page.goto(f"{link}&next={quote(leads_to, safe='')}")
    page.get_by_label("姓名").fill("李书记")
    page.get_by_label("新密码").fill("correct horse battery")
    page.get_by_label("再输入一次").fill("correct horse battery")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{leads_to}")


@pytest.fixture
def hearing(tmp_path: Path) -> tuple[Path, str]:
    """A hearing on four microphones and what is said in it; simulated from real speech where there is."""
    made = simulated_hearing(tmp_path / "made", seconds=45)
    if made:
        return made
    pcm = two_seats(tmp_path / "two.wav", 30)
    path = tmp_path / "four.wav"
    soundfile.write(path, np.concatenate([pcm, np.zeros_like(pcm)], axis=1), 16_000, subtype="PCM_16")
    return path, "".join(mandarin_texts()[:2]) * 4  # each seat says both, again and again


def letters(text: str) -> str:
    """Without marks, digits as characters: Whisper writes what is counted aloud either way."""
    plain = text.translate(str.maketrans("0123456789", "〇一二三四五六七八九"))
    return "".join(c for c in plain if c not in MARKS and not c.isspace())


def spoken(turn: dict[str, Any]) -> str:
    """Its words as they were said."""
    return "".join(word["text"] for word in turn["words"])


def blocks_without_hole(recording: Path) -> int:
    """Frames of sound; fails where a block is missing."""
    items = list(read_range(recording, 0, 10**9))
    assert all(isinstance(item, AudioChunk) for item in items), [
        i for i in items if not isinstance(i, AudioChunk)
    ]
    assert all(abs(b.start_ms - a.end_ms) <= 1 for a, b in pairwise(items))
    return sum(len(item.pcm) for item in items if isinstance(item, AudioChunk))


def test_a1_from_the_microphone_to_the_sealed_record(
    program: tuple[Api, Path], pulse: PulseServer, hearing: tuple[Path, str], browser: Browser
) -> None:
    api, data = program
    sound, wanted = hearing
    hearing_id = str(api.post("/api/hearings", SET_UP)["id"])
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    sign_in(page, data.parent / "run.log", f"/hearings/{hearing_id}")
    api.post(f"/api/hearings/{hearing_id}/start", {})
    pulse.play(sound)
    record = lambda: api.get(f"/api/hearings/{hearing_id}")  # noqa: E731
    wait_for(lambda: record()["turns"], "no text came")
    api.post(f"/api/hearings/{hearing_id}/close")
    wait_for(lambda: record()["state"] == "sealed", "not sealed", 120)
    sealed = record()

    assert sealed["format"]["channels"] >= 4
    assert sealed["format"]["rate"] == 44_100
    assert sealed["gaps"] == []
    seconds = blocks_without_hole(data / "recordings" / hearing_id) / 44_100
    assert seconds >= soundfile.info(str(sound)).duration
    assert seconds == pytest.approx(sealed["length_ms"] / 1000, abs=0.1)
    assert sealed["digests"]["copies"]["same"] is True
    assert verify(data / "records" / hearing_id).ok

    said = "".join(spoken(turn) for turn in sealed["turns"] if not turn["suppressed"])
    assert SequenceMatcher(None, letters(said), letters(wanted)).ratio() > 0.3
    shown = [spoken(turn) for turn in sealed["turns"] if not turn["suppressed"]][:3]
    wait_for(lambda: page.evaluate(SHOWN, shown), "not on the page")
    page.close()
