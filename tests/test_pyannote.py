"""diarization.pyannote: beside fakes here; against the real pyannote.audio with `make test-pyannote`."""

from __future__ import annotations

import os
import socket
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from casefile.errors import NoPyannote, NotAPipeline
from casefile.model import Speech
from casefile.record import fold
from casefile.store import Store
from diarization.pyannote import APART_MS, SILENT, Part, Pipeline, joined, voices
from diarization.stretches import Noted, Passage, Stretch
from tests.pipeline_folder import pipeline_folder
from tests.test_main import tingji
from tests.two_voices import sound, two_voices

APART_S = 8.0


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was, after each test."""
    for name in SILENT:
        monkeypatch.setenv(name, "as it was")


def speech(channel: int, start_ms: int, ms: int, level: float) -> Speech:
    return Speech(channel, start_ms, np.full(ms * 16, level, np.float32))


def test_microphones_are_laid_one_after_the_other() -> None:
    heard = [speech(2, 500, 1_000, 0.2), speech(0, 100, 200, 0.1), speech(2, 2_000, 300, 0.3)]
    sound_, starts = joined(heard)
    assert starts == {0: 0, 2: 300 + APART_MS}
    assert len(sound_) == (300 + APART_MS + 2_300 + APART_MS) * 16
    for one in heard:
        at = (starts[one.channel] + one.start_ms) * 16
        assert (sound_[at : at + len(one.audio)] == one.audio).all()
    assert np.count_nonzero(sound_) == sum(len(one.audio) for one in heard)
    assert len(joined([])[0]) == 0


def test_a_stretch_is_the_voice_that_it_has_most_in_common_with() -> None:
    first, second, nobodys = (
        Stretch(spans, 0, None) for spans in (((0, 400), (600, 1_000)), ((100, 900),), ((5_000, 6_000),))
    )
    passages = [
        Passage(channel, 0, 6_000, (Noted(one, None, 0.0),))
        for channel, one in ((0, first), (1, second), (1, nobodys))
    ]
    parts = [Part(0, 500, 0), Part(500, 1_000, 1), Part(650, 700, 0), Part(10_000, 10_950, 1)]
    assert voices(parts, passages, {0: 0, 1: 10_000}) == {first: 0, second: 1, nobodys: -1}
    assert set(voices([], passages, {0: 0, 1: 0}).values()) == {-1}


def test_a_folder_without_a_config_is_no_pipeline(tmp_path: Path) -> None:
    with pytest.raises(NotAPipeline):
        Pipeline(tmp_path)


def test_where_the_package_is_missing_it_is_said_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.yaml").write_text("pipeline:")
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(NoPyannote) as caught:
        Pipeline(tmp_path)
    assert "tingji[pyannote]" in caught.value.zh
    assert "tingji[pyannote]" in caught.value.en


@pytest.fixture
def real() -> None:
    if find_spec("torch") is None or find_spec("pyannote.audio") is None:
        pytest.skip("NOT RUN: the adapter against the real pyannote.audio (make test-pyannote; 7 GB)")


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What anybody tried to reach; it is refused."""
    tried: list[object] = []

    def refuse(_self: socket.socket, address: object) -> None:
        tried.append(address)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


@pytest.mark.pyannote
@pytest.mark.filterwarnings("ignore")
def test_the_real_pipeline_proposes_the_turn_under_the_wrong_name_and_reaches_for_nothing(
    real: None, no_network: list[object], tmp_path: Path
) -> None:
    two_voices(tmp_path / "data", APART_S)
    folder = pipeline_folder(tmp_path / "pipeline")
    options = ["--data", tmp_path / "data", "--backend", "pyannote", "--pipeline", folder]
    assert tingji("diarize", *options) == 0
    with Store(tmp_path / "data" / "tingji.db") as store:
        (found,) = fold(store.events("h1")).proposals
    assert (found.reassignment.turn_id, found.reassignment.after.seat) == ("t4", "s1")
    assert not import_module("pyannote.audio.telemetry.metrics").is_metrics_enabled()
    assert no_network == []


@pytest.mark.pyannote
@pytest.mark.filterwarnings("ignore")
def test_the_real_pipeline_says_who_speaks_when(real: None, tmp_path: Path) -> None:
    room = np.ascontiguousarray(sound(APART_S)[0][:, 0]).astype(np.float32) / 32_768
    told: list[float] = []
    parts = Pipeline(pipeline_folder(tmp_path)).parts(room, 2, 2, told.append)
    assert {part.voice for part in parts} == {0, 1}
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.pyannote
def test_a_damaged_pipeline_is_refused_in_a_sentence(real: None, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("pipeline:\n  name: pyannote.audio.pipelines.Nonesuch\n")
    with pytest.raises(NotAPipeline):
        Pipeline(tmp_path)


def test_it_is_told_to_be_silent_before_it_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.yaml").write_text("pipeline:")
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(NoPyannote):
        Pipeline(tmp_path)
    assert {name: os.environ[name] for name in SILENT} == SILENT
