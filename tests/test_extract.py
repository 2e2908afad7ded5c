"""F4: an extract keeps its proof to the whole; nothing in it can be changed, added or taken from another hearing."""

from __future__ import annotations

import json
import random
import shutil
import wave
from pathlib import Path

import pytest

from casefile.court_seal import file_digests, sign
from casefile.errors import ArchiveThere, NothingInRange, NothingToVerify, RecordBroken
from casefile.extract import Range, extract
from casefile.manifest import HAS_SM3
from casefile.package import Format, package_of
from casefile.verifier import verifier
from casefile.verify import Verified
from casefile.verify_package import verify_any
from tests.archived import archived
from tests.test_archive import alone, files
from tingji.court_key import CourtKey

SPAN = Range(250, 700)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, CourtKey, Path]:
    """The archive, its key, and an extract."""
    folder = tmp_path_factory.mktemp("court")
    done, key = archived(folder)
    return done.folder, key, extract(done.folder, folder / "part", SPAN, key, verifier())


@pytest.fixture
def part(made: tuple[Path, CourtKey, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(made[2], tmp_path / "part"))


def named(found: Verified) -> list[str]:
    return [str(problem.facts["file"]) for problem in found.problems]


def test_f4_it_holds_the_range_and_proves_it(made: tuple[Path, CourtKey, Path]) -> None:
    archive, key, part = made
    found = verify_any(part, key.public)
    assert found.ok, named(found)
    assert alone(part / "verify.py", "--key", archive / "court.pub").returncode == 0
    assert {"sound/0000000001.wav", "sound/0000000001.jsonl", "events.jsonl", "record.txt"} < set(files(part))
    assert "开庭" in (part / "record.txt").read_text()


def test_f4_the_sound_is_the_samples_of_the_whole(made: tuple[Path, CourtKey, Path]) -> None:
    """Blocks of 100 ms from 200 to 700 ms: three in the first file of the recording, two in the next."""
    lengths = []
    for path in sorted((made[2] / "sound").glob("*.wav")):
        with wave.open(str(path)) as sound:
            assert (sound.getnchannels(), sound.getframerate()) == (2, 8000)
            lengths.append(sound.getnframes())
    assert sum(lengths) == 5 * 800


@pytest.mark.skipif(not HAS_SM3, reason="as in test_verify")
def test_f4_any_flipped_byte_is_found_and_named(part: Path) -> None:
    chance = random.Random(4)
    for name in files(part):
        whole = (part / name).read_bytes()
        for at in (0, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(3))):
            broken = bytearray(whole)
            broken[at] ^= 1 << chance.randrange(8)
            (part / name).write_bytes(broken)
            assert named(verify_any(part)) == [name], (name, at)
        (part / name).write_bytes(whole)
    assert verify_any(part).ok


def resign(part: Path, key: CourtKey) -> None:
    """Even the court's own key makes no extract of what is not in the whole."""
    old = package_of((part / "manifest.json").read_bytes())
    listed = {"manifest.json", "manifest.sha256", "manifest.sm3", "manifest.sig", "court.pub"}
    held = {name: one for name, one in file_digests(part).items() if name not in listed}
    sign(part, Format.EXTRACT, old.hearing_id, held, dict(old.facts), key)


def test_f4_samples_that_are_not_in_the_whole_are_found(
    part: Path, made: tuple[Path, CourtKey, Path]
) -> None:
    path = part / "sound" / "0000000001.wav"
    data = bytearray(path.read_bytes())
    data[44 + 5] ^= 1
    path.write_bytes(data)
    resign(part, made[1])
    assert named(verify_any(part)) == ["sound/0000000001.wav"]
    data[44 + 5] ^= 1
    for wrong in (data + b"\0\0", data[:-2]):
        path.write_bytes(wrong)
        resign(part, made[1])
        assert named(verify_any(part)) == ["sound/0000000001.wav"]


def test_f4_an_index_that_is_not_the_wholes_is_found(part: Path, made: tuple[Path, CourtKey, Path]) -> None:
    path = part / "sound" / "0000000001.jsonl"
    path.write_text(path.read_text().replace('"wall_ns":2000', '"wall_ns":2001'))
    resign(part, made[1])
    assert "sound/0000000001.jsonl" in named(verify_any(part))


def test_f4_events_that_are_not_in_the_whole_are_found(part: Path, made: tuple[Path, CourtKey, Path]) -> None:
    path = part / "events.jsonl"
    path.write_text(path.read_text().replace("开庭", "闭庭"))
    resign(part, made[1])
    assert named(verify_any(part)) == ["events.jsonl"]


def test_f4_a_list_of_digests_that_is_not_the_wholes_is_found(
    part: Path, made: tuple[Path, CourtKey, Path]
) -> None:
    with (part / "whole" / "events.digests").open("a") as file:
        file.write("0" * 64 + "\n")
    resign(part, made[1])
    assert named(verify_any(part)) == ["whole/events.digests"]


def test_f4_a_whole_signed_by_another_is_found(part: Path, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    other, key = archived(tmp_path / "b")
    for name in ("manifest.json", "manifest.sig", "manifest.sha256", "manifest.sm3", "court.pub"):
        if (other.folder / name).exists():
            shutil.copy(other.folder / name, part / "whole" / name)
    resign(part, key)
    assert verify_any(part, key.public).problems


def test_nothing_in_range_nothing_overwritten_nothing_broken(
    made: tuple[Path, CourtKey, Path], tmp_path: Path
) -> None:
    archive, key, part = made
    with pytest.raises(NothingInRange):
        extract(archive, tmp_path / "x", Range(5000, 6000), key, verifier())
    with pytest.raises(ArchiveThere):
        extract(archive, part, SPAN, key, verifier())
    with pytest.raises(NothingToVerify):
        extract(tmp_path, tmp_path / "x", SPAN, key, verifier())
    with pytest.raises(NothingToVerify):
        extract(part, tmp_path / "x", SPAN, key, verifier())
    copy = Path(shutil.copytree(archive, tmp_path / "h1"))
    path = copy / "正卷" / "events.jsonl"
    path.write_text(path.read_text().replace("开庭", "闭庭"))
    with pytest.raises(RecordBroken):
        extract(copy, tmp_path / "x", SPAN, key, verifier())
    assert json.loads((part / "manifest.json").read_text())["range"] == {"from_ms": 250, "to_ms": 700}
    assert not (tmp_path / "x").exists()
