"""Sealing: all or nothing, the samples unchanged, again after a crash."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import soundfile

import casefile.compress
from casefile.entries import HEADER_BYTES
from casefile.errors import CompressionFailed, DamagedRecording, DiskFull, ForgedEvent
from casefile.events import HearingClosed, Stored, stored_to_json
from casefile.export import SEALED
from casefile.manifest import HAS_SM3
from casefile.model import CaseRecord
from casefile.seal import seal
from casefile.verify import verify
from tests.sealing import HEARING, Court, court, pieces, write


def test_b4_the_record_holds_what_its_manifest_says(tmp_path: Path) -> None:
    made = court(tmp_path)
    sealed = made.seal()
    text = (made.out / "manifest.json").read_bytes()
    assert hashlib.sha256(text).hexdigest() == sealed.manifest_sha256
    assert (made.out / "manifest.sha256").read_text() == f"{sealed.manifest_sha256}  manifest.json\n"
    said = json.loads(text)
    assert said["format"] == "tingji-record/1"
    assert (said["hearing_id"], said["events"]) == ("h1", {"count": 4, "head": made.events[-1].digest})
    for path, facts in said["files"].items():
        data = (made.out / path).read_bytes()
        assert facts["bytes"] == len(data)
        assert facts["sha256"] == hashlib.sha256(data).hexdigest()
    assert {"record.json", "record.txt", "record.srt", "record.vtt", "events.jsonl"} < set(said["files"])


@pytest.mark.skipif(not HAS_SM3, reason="OpenSSL here has no SM3")
def test_b7_sm3_stands_beside_sha256(tmp_path: Path) -> None:
    made = court(tmp_path)
    sealed = made.seal()
    text = (made.out / "manifest.json").read_bytes()
    assert sealed.manifest_sm3 == hashlib.new("sm3", text).hexdigest()
    assert (made.out / "manifest.sm3").read_text() == f"{sealed.manifest_sm3}  manifest.json\n"
    data = (made.out / "record.txt").read_bytes()
    assert json.loads(text)["files"]["record.txt"]["sm3"] == hashlib.new("sm3", data).hexdigest()


@pytest.mark.parametrize(("channels", "rate"), [(1, 8000), (3, 44100), (32, 16000)])
def test_c1_flac_per_channel_decodes_to_the_samples_recorded(
    tmp_path: Path, channels: int, rate: int
) -> None:
    made = court(tmp_path, channels, rate=rate)
    sealed = made.seal()
    for file in sealed.manifest.audio.files:
        recorded = (made.recording / file.wav).read_bytes()[HEADER_BYTES:]
        assert hashlib.sha256(recorded).hexdigest() == file.pcm_sha256
        decoded = [_samples(made.out / "audio" / name, rate) for name in file.flac]
        assert len(decoded) == (channels if file.frames else 0)
        if decoded:
            assert np.stack(decoded, axis=1).tobytes() == recorded
    assert sum(file.frames for file in sealed.manifest.audio.files) == 12 * rate // 10


def _samples(path: Path, rate: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    samples, found = soundfile.read(path, dtype="int16")
    assert found == rate
    return np.asarray(samples)


def test_the_indexes_are_as_recorded(tmp_path: Path) -> None:
    made = court(tmp_path)
    sealed = made.seal()
    for index in made.recording.glob("*.jsonl"):
        assert (made.out / "audio" / index.name).read_bytes() == index.read_bytes()
    last = json.loads(sorted(made.recording.glob("*.jsonl"))[-1].read_text().splitlines()[-1])
    assert (sealed.manifest.audio.first, sealed.manifest.audio.last) == (1, last["n"])
    assert sealed.manifest.audio.head == last["sha256"]


def test_events_are_lines_of_the_wire_format(tmp_path: Path) -> None:
    made = court(tmp_path)
    made.seal()
    lines = (made.out / "events.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [stored_to_json(one) for one in made.events]


def test_the_size_in_the_header_does_not_count(tmp_path: Path) -> None:
    made = court(tmp_path)
    for wav in made.recording.glob("*.wav"):
        data = bytearray(wav.read_bytes())
        data[4:8] = data[40:44] = b"\0\0\0\0"
        wav.write_bytes(data)
    made.seal()
    assert verify(made.out).ok


def test_a_hearing_without_sound_is_sealed_too(tmp_path: Path) -> None:
    made = court(tmp_path)
    shutil.rmtree(made.recording)
    sealed = made.seal()
    assert (sealed.manifest.audio.last, sealed.manifest.audio.files) == (0, ())
    assert verify(made.out).ok


def test_sealing_twice_gives_the_record_that_is_there(tmp_path: Path) -> None:
    made = court(tmp_path)
    first = made.seal()
    before = _tree(made.out)
    assert made.seal() == first
    assert _tree(made.out) == before


def test_b2_an_earlier_record_is_kept_beside(tmp_path: Path) -> None:
    made = court(tmp_path)
    first = made.seal()
    older = Court(made.events[:-1], made.recording, made.out)
    assert older.seal() != first
    kept = made.out.with_name("h1.superseded-1")
    assert verify(kept).manifest_sha256 == first.manifest_sha256
    assert verify(kept).ok and verify(made.out).ok


def test_a_record_that_was_not_finished_is_made_anew(tmp_path: Path) -> None:
    made = court(tmp_path)
    left = made.out.parent / ".sealing-h1" / "audio"
    left.mkdir(parents=True)
    (left / "0000000001-ch01.flac").write_bytes(b"half")
    (left / "alien").write_bytes(b"")
    made.seal()
    assert verify(made.out).ok
    assert [path.name for path in made.out.parent.iterdir()] == ["h1"]


SEALER = """
import sys
from pathlib import Path
from tests.sealing import *
folder = Path(sys.argv[1])
from casefile.store import Store
with Store(folder / "t.db") as store:
    events = store.events("h1")
def told(done):
    print(done, flush=True)
made = Court(events, folder / "recordings" / "h1", folder / "records" / "h1")
seal(made.record, made.events, made.recording, made.out, writers=SEALED, progress=told)
print("sealed", flush=True)
"""


@pytest.mark.parametrize("lines", [0, 1, 3, 5])
def test_kill_9_while_sealing_leaves_no_half_record(tmp_path: Path, lines: int) -> None:
    made = court(tmp_path, channels=8, blocks=30, rate=48000)
    command = [sys.executable, "-c", SEALER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]) as child:
        assert child.stdout is not None
        for _ in range(lines):
            child.stdout.readline()
        child.kill()
    assert not made.out.exists() or verify(made.out).ok
    made.seal()
    assert verify(made.out).ok
    assert not (made.out.parent / ".sealing-h1").exists()


def test_a_failing_writer_leaves_nothing(tmp_path: Path) -> None:
    made = court(tmp_path)

    def fails(record: CaseRecord) -> str:
        raise KeyError

    with pytest.raises(KeyError):
        seal(made.record, made.events, made.recording, made.out, writers={"record.txt": fails})
    assert list(made.out.parent.iterdir()) == []


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_a_disk_without_room_is_said_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = court(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(1 << 30, 1 << 30, 1000))
    with pytest.raises(DiskFull):
        made.seal()
    assert list(made.out.parent.iterdir()) == []


def test_a_disk_that_fills_up_while_sealing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = court(tmp_path)

    def full(record: CaseRecord) -> str:
        raise OSError(28, "No space left on device")

    with pytest.raises(DiskFull):
        seal(made.record, made.events, made.recording, made.out, writers={"record.txt": full})
    assert list(made.out.parent.iterdir()) == []


def test_flac_that_does_not_decode_to_the_samples_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = court(tmp_path)
    monkeypatch.setattr(casefile.compress, "pcm_sha256", lambda paths: (1, "00"))
    with pytest.raises(CompressionFailed):
        made.seal()
    assert not made.out.exists()


def test_forged_events_are_not_sealed(tmp_path: Path) -> None:
    made = court(tmp_path)
    last = made.events[-1]
    forged = Stored("h1", last.seq, last.at, "judge", HearingClosed(5), last.previous, last.digest)
    with pytest.raises(ForgedEvent):
        Court([*made.events[:-1], forged], made.recording, made.out).seal()


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def test_damage_that_nobody_declared_is_refused_and_named(tmp_path: Path) -> None:
    made = court(tmp_path)
    flip(made.recording / "0000000001.wav", HEADER_BYTES + 1600 * 2 + 5)
    with pytest.raises(DamagedRecording) as caught:
        made.seal()
    assert caught.value.facts["number"] == 3
    assert not made.out.exists()


def test_damage_that_is_declared_is_carried_and_stays_visible(tmp_path: Path) -> None:
    made = court(tmp_path)
    flip(made.recording / "0000000001.wav", HEADER_BYTES + 1600 * 2 + 5)
    assert made.seal(damaged=(3,)).manifest.audio.damaged == (3,)
    found = verify(made.out)
    assert (found.ok, found.damaged) == (True, (3,))


def test_a_block_marked_as_damaged_in_its_index_is_carried(tmp_path: Path) -> None:
    made = court(tmp_path)
    flip(made.recording / "0000000001.wav", HEADER_BYTES)
    index = made.recording / "0000000001.jsonl"
    lines = [json.loads(line) for line in index.read_text().splitlines()]
    lines[1]["damaged"] = True
    index.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert made.seal().manifest.audio.damaged == (2,)
    assert verify(made.out).damaged == (2,)


def test_a_damaged_block_that_is_cut_short_becomes_silence(tmp_path: Path) -> None:
    made = court(tmp_path)
    wav = max(path for path in made.recording.glob("*.wav") if path.stat().st_size > HEADER_BYTES)
    with wav.open("r+b") as file:
        file.truncate(wav.stat().st_size - 101)
    with pytest.raises(DamagedRecording) as caught:
        made.seal()
    made.seal(damaged=(int(str(caught.value.facts["number"])),))
    assert verify(made.out).ok


def test_an_index_line_that_is_damaged_is_refused(tmp_path: Path) -> None:
    made = court(tmp_path)
    flip(made.recording / "0000000001.jsonl", 0)
    with pytest.raises(DamagedRecording):
        made.seal()


def test_entries_that_no_copy_has_are_a_declared_hole(tmp_path: Path) -> None:
    made = court(tmp_path)
    shutil.rmtree(made.recording)
    whole = pieces(2, 12)
    write(made.recording, [*whole[:4], *whole[7:]])
    assert made.seal().manifest.audio.missing == ((5, 7),)
    found = verify(made.out)
    assert (found.ok, found.missing) == (True, ((5, 7),))


def test_files_of_another_hearing_are_not_sealed(tmp_path: Path) -> None:
    made = court(tmp_path)
    write(tmp_path / "other", pieces(2, 12, seed=1))
    for file in (tmp_path / "other").glob("0000000007.*"):
        shutil.copy(file, made.recording)
    with pytest.raises(DamagedRecording) as caught:
        made.seal()
    assert caught.value.facts["number"] == 7


def test_progress_grows_to_one(tmp_path: Path) -> None:
    made = court(tmp_path)
    told: list[float] = []
    seal(made.record, made.events, made.recording, made.out, writers=SEALED, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 2


def _tree(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.rglob("*")}


def test_the_record_is_of_the_hearing_that_was_asked_for(tmp_path: Path) -> None:
    assert court(tmp_path).seal().manifest.hearing_id == HEARING.id
