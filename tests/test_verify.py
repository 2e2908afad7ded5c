"""Verification: every change of a sealed record is found and its file is named."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import casefile.verify
from casefile.manifest import HAS_SM3
from casefile.verify import Verified, verify
from tests.sealing import court


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = court(tmp_path_factory.mktemp("court"))
    made.seal()
    return made.out


@pytest.fixture
def folder(sealed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sealed, tmp_path / "h1"))


def named(found: Verified) -> list[str]:
    return [str(problem.facts["file"]) for problem in found.problems]


def test_a_record_as_sealed_is_whole(sealed: Path) -> None:
    found = verify(sealed)
    assert found.ok and found.decoded
    assert (found.hearing_id, found.events, found.blocks) == ("h1", 4, 12)
    assert found.manifest_sha256 == hashlib.sha256((sealed / "manifest.json").read_bytes()).hexdigest()


def test_verifying_changes_nothing_and_may_be_done_on_a_copy(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    assert verify(folder).ok
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


@pytest.mark.skipif(
    not HAS_SM3, reason="without a second digest a broken manifest.sha256 looks like a manifest"
)
def test_b5_any_flipped_byte_is_found_and_its_file_named(folder: Path) -> None:
    chance = random.Random(20)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole = path.read_bytes()
        for at in {0, len(whole) - 1, *(chance.randrange(len(whole)) for _ in range(6))}:
            broken = bytearray(whole)
            broken[at] ^= 1 << chance.randrange(8)
            path.write_bytes(broken)
            assert named(verify(folder)) == [path.relative_to(folder).as_posix()], (path.name, at)
        path.write_bytes(whole)
    assert verify(folder).ok


def test_b1_any_missing_file_is_found_and_named(folder: Path) -> None:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        whole = path.read_bytes()
        path.unlink()
        assert named(verify(folder)) == [path.relative_to(folder).as_posix()]
        path.write_bytes(whole)


@pytest.mark.parametrize("name", ["note.txt", "audio/0000000099-ch01.flac", "audio/.hidden"])
def test_a_file_that_does_not_belong_is_named(folder: Path, name: str) -> None:
    (folder / name).write_text("x")
    assert named(verify(folder)) == [name]


def test_a_file_that_is_longer_is_named(folder: Path) -> None:
    with (folder / "record.txt").open("a") as file:
        file.write("x")
    assert named(verify(folder)) == ["record.txt"]


def test_a_link_is_no_part_of_a_record(folder: Path, tmp_path: Path) -> None:
    (folder / "record.txt").rename(tmp_path / "elsewhere")
    (folder / "record.txt").symlink_to(tmp_path / "elsewhere")
    assert named(verify(folder)) == ["record.txt", "record.txt ->"]


def test_an_empty_folder_has_no_manifest(tmp_path: Path) -> None:
    assert named(verify(tmp_path)) == ["manifest.json"]
    assert named(verify(tmp_path / "nowhere")) == ["manifest.json"]


def test_problems_say_in_both_languages_what_is_broken(folder: Path) -> None:
    (folder / "record.txt").unlink()
    (problem,) = verify(folder).problems
    assert problem.zh == "案卷校验未通过：record.txt：文件缺失"
    assert problem.en == "The record is not whole: record.txt: the file is missing"
    assert problem.code == "record_broken"


def reseal(folder: Path, change: Callable[[dict[str, Any]], None] = lambda manifest: None) -> None:
    """What a forger does who knows the format: makes every digest of the manifest fit again."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for name in manifest["files"]:
        data = (folder / name).read_bytes()
        sm3 = hashlib.new("sm3", data).hexdigest() if HAS_SM3 else None
        manifest["files"][name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "sm3": sm3}
    change(manifest)
    text = json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(text)
    for algorithm in ("sha256", "sm3") if HAS_SM3 else ("sha256",):
        line = f"{hashlib.new(algorithm, text).hexdigest()}  manifest.json\n"
        (folder / f"manifest.{algorithm}").write_text(line)


def lines_of(path: Path) -> list[str]:
    return path.read_text().splitlines(keepends=True)


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda lines: [lines[0], lines[1].replace("48000", "8000").replace("mic", "tap"), *lines[2:]], "2"),
        (lambda lines: [lines[0], *lines[2:]], "2"),
        (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], "2"),
        (lambda lines: [*lines[:2], lines[1], *lines[2:]], "3"),
        (lambda lines: lines[:-1], "4"),
        (lambda lines: [*lines, lines[-1]], "5"),
        (lambda lines: ["{}\n", *lines[1:]], "1"),
        (lambda lines: ["[\n", *lines[1:]], "1"),
    ],
)
def test_b5_a_forged_event_is_found_by_the_chain(
    folder: Path, spoil: Callable[[list[str]], list[str]], word: str
) -> None:
    path = folder / "events.jsonl"
    path.write_text("".join(spoil(lines_of(path))))
    reseal(folder)
    (problem,) = verify(folder).problems
    assert problem.facts["file"] == "events.jsonl"
    assert f" {word} " in problem.en


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: [lines[0].replace("mic", "tap"), *lines[1:]],
        lambda lines: [lines[0], *lines[2:]],
        lambda lines: [lines[0], lines[2], lines[1], *lines[3:]],
        lambda lines: lines[:-1],
        lambda lines: ["{}\n", *lines[1:]],
        lambda lines: ["[]\n", *lines[1:]],
        lambda lines: [lines[0], lines[1].replace('"wall_ns":2000', '"wall_ns":9000'), *lines[2:]],
    ],
)
def test_a5_a_forged_sound_index_is_found_by_the_chain(
    folder: Path, spoil: Callable[[list[str]], list[str]]
) -> None:
    path = folder / "audio" / "0000000001.jsonl"
    before = lines_of(path)
    path.write_text("".join(spoil(before)))
    assert lines_of(path) != before
    reseal(folder)
    found = named(verify(folder))
    assert len(found) == 1 and found[0].startswith("audio/0000000001")


def test_forged_samples_are_found_by_decoding(folder: Path) -> None:
    first, other = (folder / "audio" / f"0000000001-ch0{n}.flac" for n in (1, 2))
    first.write_bytes(other.read_bytes())
    reseal(folder)
    (problem,) = verify(folder).problems
    assert problem.facts["file"] == "audio/0000000001-ch01.flac"
    assert "entry 2 " in problem.en


def test_sound_that_is_no_flac_is_found(folder: Path) -> None:
    (folder / "audio" / "0000000001-ch01.flac").write_bytes(b"not sound")
    reseal(folder)
    (problem,) = verify(folder).problems
    assert "decoded" in problem.en


def _drop_last_file(manifest: dict[str, Any]) -> None:
    file = manifest["audio"]["files"].pop(0)
    for name in [*file["flac"], file["wav"].replace(".wav", ".jsonl")]:
        del manifest["files"][f"audio/{name}"]


@pytest.mark.parametrize(
    ("change", "file"),
    [
        (lambda manifest: manifest.update(format="tingji-record/9"), "manifest.json"),
        (lambda manifest: manifest.pop("audio"), "manifest.json"),
        (lambda manifest: manifest.update(files=[]), "manifest.json"),
        (lambda manifest: manifest["audio"].update(last=99), "audio"),
        (lambda manifest: manifest["audio"].update(head="0" * 64), "audio"),
        (lambda manifest: manifest["audio"].update(missing=[[3, 4]]), "audio"),
        (lambda manifest: manifest["audio"]["files"].pop(), "audio"),
        (lambda manifest: manifest["audio"]["files"][0].update(frames=7), "audio/0000000001.jsonl"),
        (lambda manifest: manifest["audio"]["files"][0].update(flac=[]), "audio/0000000001.jsonl"),
        (lambda manifest: manifest["audio"]["files"][0].update(wav="../../x.wav"), "audio/../../x.wav"),
        (
            lambda manifest: manifest["audio"]["files"][0].update(pcm_sha256="00"),
            "audio/0000000001-ch01.flac",
        ),
        (lambda manifest: manifest["events"].update(count=3), "events.jsonl"),
        (lambda manifest: manifest["files"].pop("events.jsonl"), "events.jsonl"),
        (lambda manifest: manifest["files"].pop("record.txt"), "record.txt"),
        (lambda manifest: manifest.update(hearing_id="h2"), "events.jsonl"),
    ],
)
def test_a_manifest_that_tells_another_story_is_found(
    folder: Path, change: Callable[[dict[str, Any]], None], file: str
) -> None:
    reseal(folder, change)
    assert file in named(verify(folder))


def test_a_hole_cut_into_the_sound_is_found(folder: Path) -> None:
    for path in (folder / "audio").glob("0000000001*"):
        path.unlink()
    manifest = json.loads((folder / "manifest.json").read_text())
    _drop_last_file(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    reseal(folder)
    assert named(verify(folder)) == ["audio"]


def test_without_libsndfile_all_but_the_samples_is_checked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(casefile.verify, "can_decode", lambda: False)
    found = verify(folder)
    assert found.ok and not found.decoded
    (folder / "audio" / "0000000001-ch01.flac").write_bytes(b"x")
    assert named(verify(folder)) == ["audio/0000000001-ch01.flac"]


ALONE = """
import sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("numpy", "soundfile", "sqlalchemy", "alembic", "cffi"):
            raise ImportError(name)
sys.meta_path.insert(0, Nothing())
from pathlib import Path
from casefile.verify import verify
found = verify(Path(sys.argv[1]))
print(found.ok, found.decoded, [str(problem) for problem in found.problems])
"""


def test_b4_the_standard_library_is_enough(folder: Path) -> None:
    def run() -> str:
        command = [sys.executable, "-c", ALONE, str(folder)]
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
        )
        return done.stdout.strip()

    assert run() == "True False []"
    (folder / "record.txt").write_text("x")
    assert run().startswith("False False ['record_broken")


def test_progress_grows_to_one(sealed: Path) -> None:
    told: list[float] = []
    verify(sealed, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 5
