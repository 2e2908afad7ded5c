"""一键归档 and its verification: whatever is changed is found and named; who signed counts."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casefile.archiving import VERIFIER, Archived
from casefile.chain import chain
from casefile.court_seal import file_digests, sign
from casefile.ed25519 import fingerprint
from casefile.errors import ArchiveBlocked, ArchiveThere, FailedTests, NothingSealed
from casefile.explaining import Blocker
from casefile.manifest import HAS_SM3
from casefile.model import HearingKind, Secrecy
from casefile.package import Format, Retention, package_of
from casefile.people.audit import Audit
from casefile.people.nouns import Act
from casefile.store import Store
from casefile.verifier import MODULES, verifier
from casefile.verify import Verified
from casefile.verify_package import verify_any
from tests.archived import archive_of, archived, key_in, order, sealed_court
from tests.sealing import HEARING
from tests.test_main import tingji
from tingji.court_key import CourtKey

DOCUMENTS = {"庭审笔录.docx": b"PK", "副卷/阅卷意见.txt": "内部".encode()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Archived, CourtKey]:
    return archived(tmp_path_factory.mktemp("court"), DOCUMENTS)


@pytest.fixture
def folder(made: tuple[Archived, CourtKey], tmp_path: Path) -> Path:
    return Path(shutil.copytree(made[0].folder, tmp_path / "h1"))


def named(found: Verified) -> list[str]:
    return [str(problem.facts["file"]) for problem in found.problems]


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# --- what is in it -------------------------------------------------------------------------------------------------


def test_folder_and_zip_hold_the_same_and_verify(made: tuple[Archived, CourtKey]) -> None:
    done, key = made
    for path in (done.folder, done.zip):
        found = verify_any(path, key.public)
        assert found.ok and found.decoded, named(found)
        assert (found.signed_by, found.sealed_events, found.events) == (key.public, 5, 12)
        assert found.manifest_sha256 == done.manifest_sha256
    with zipfile.ZipFile(done.zip) as packed:
        assert packed.testzip() is None
        assert sorted(packed.namelist()) == [f"h1/{name}" for name in files(done.folder)]
        assert {one.compress_type for one in packed.infolist()} == {zipfile.ZIP_STORED}


def test_unzip_reads_it(made: tuple[Archived, CourtKey], tmp_path: Path) -> None:
    with zipfile.ZipFile(made[0].zip) as packed:
        packed.extractall(tmp_path)
    assert verify_any(tmp_path / "h1").ok
    if shutil.which("unzip"):
        done = subprocess.run(["unzip", "-tq", made[0].zip], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_c2_the_inner_volume_is_apart(made: tuple[Archived, CourtKey]) -> None:
    held = files(made[0].folder)
    assert "正卷/文书/庭审笔录.docx" in held and "副卷/文书/阅卷意见.txt" in held
    assert [name for name in held if name.startswith("副卷/")] == ["副卷/文书/阅卷意见.txt"]
    assert {
        "正卷/笔录/record.txt",
        "正卷/events.jsonl",
        "正卷/阅览.html",
        "正卷/签名/signatures.json",
        "verify.py",
    } < set(held)
    assert "正卷/封存案卷/audio/0000000001-ch01.flac" in held


@pytest.mark.parametrize(
    "hearing",
    [
        replace(HEARING, kind=HearingKind.DELIBERATION),
        replace(HEARING, kind=HearingKind.JUDGES_MEETING),
        replace(HEARING, kind=HearingKind.COMMITTEE),
        replace(HEARING, secrecy=Secrecy.TRIAL_SECRET),
    ],
)
def test_c2_a_secret_meeting_never_lands_in_the_open_volume(tmp_path: Path, hearing: Any) -> None:
    done, key = archived(tmp_path, {"正卷/笔录.docx": b"PK", "记录.txt": b"x"}, hearing=hearing)
    assert not (done.folder / "正卷").exists()
    assert (done.folder / "副卷" / "文书" / "笔录.docx").exists()
    assert verify_any(done.zip, key.public).ok


def test_a_document_that_leads_out_is_refused(tmp_path: Path) -> None:
    made, key = sealed_court(tmp_path), key_in(tmp_path)
    for name in ("../x.txt", "/etc/x.txt", "副卷/../../x", "", "副卷"):
        with pytest.raises(ValueError, match="leads out"):
            archive_of(made, tmp_path, order(key, documents=lambda _record, name=name: {name: b""}))
    assert list((tmp_path / "out").iterdir()) == []


def test_no_name_and_no_case_number_outside_the_archive(tmp_path: Path) -> None:
    done, _ = archived(tmp_path)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["h1", "h1.zip"]
    for name in files(done.folder):
        assert "民初" not in name and "王某" not in name


def test_c3_retention_stands_in_the_signed_manifest(tmp_path: Path) -> None:
    made = sealed_court(tmp_path)
    done = archive_of(made, tmp_path, order(key_in(tmp_path), retention=Retention.SIXTY_YEARS))
    assert json.loads((done.folder / "manifest.json").read_text())["retention"] == "60年"


def test_c1_the_four_are_tested_and_reported(made: tuple[Archived, CourtKey]) -> None:
    report = json.loads((made[0].folder / "四性检测.json").read_text())
    assert [one["nature"] for one in report["findings"]] == ["真实性"] * 3 + ["完整性"] * 3 + [
        "可用性"
    ] * 2 + ["安全性"] * 2
    assert {one["outcome"] for one in report["findings"]} == {"通过", "说明", "未检测"} - {"说明"}
    text = (made[0].folder / "四性检测.txt").read_text()
    assert "【可用性】" in text and "王某" not in text


def test_c1_an_unsigned_record_is_said_to_be_one(tmp_path: Path) -> None:
    done, _ = archived(tmp_path, signed=())
    assert "尚未全部核对签字" in (done.folder / "四性检测.txt").read_text()


def test_c1_a_record_that_is_broken_is_not_archived(tmp_path: Path) -> None:
    made = sealed_court(tmp_path)
    (made.out / "record.txt").write_text("x")
    with pytest.raises(FailedTests) as caught:
        archive_of(made, tmp_path, order(key_in(tmp_path)))
    assert "record.txt" in caught.value.zh
    assert list((tmp_path / "out").iterdir()) == []


def test_c1_a_document_in_a_closed_format_is_not_archived(tmp_path: Path) -> None:
    with pytest.raises(FailedTests):
        archived(tmp_path, {"笔录.exe": b"MZ"})


def test_a4_blockers_keep_it_from_the_archive(tmp_path: Path) -> None:
    made = sealed_court(tmp_path)
    blocker = Blocker("statement_unsigned", "情况说明尚未签字。", "The statement is not signed.")
    with pytest.raises(ArchiveBlocked) as caught:
        archive_of(made, tmp_path, order(key_in(tmp_path), blockers=(lambda record: [blocker],)))
    assert "情况说明尚未签字" in caught.value.zh and "not signed" in caught.value.en
    assert not (tmp_path / "out").exists()


def test_nothing_is_overwritten_and_nothing_unsealed_is_archived(tmp_path: Path) -> None:
    made, key = sealed_court(tmp_path), key_in(tmp_path)
    archive_of(made, tmp_path, order(key))
    with pytest.raises(ArchiveThere):
        archive_of(made, tmp_path, order(key))
    made.out = tmp_path / "nowhere"
    with pytest.raises(NothingSealed):
        archive_of(made, tmp_path / "two", order(key))


# --- what is changed is found --------------------------------------------------------------------------------------


@pytest.mark.skipif(
    not HAS_SM3, reason="the record's own manifest.sha256 needs a second digest to be told apart"
)
def test_b5_any_flipped_byte_of_two_thousand_is_found_and_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casefile.verify.can_decode", lambda: False)  # digests alone must do
    chance, names = random.Random(20), files(folder)
    weights = [1 + (folder / name).stat().st_size ** 0.5 for name in names]
    places = [(name, 0) for name in names] + [(name, -1) for name in names]
    places += [
        (name, chance.randrange(1 << 40)) for name in chance.choices(names, weights, k=2000 - len(places))
    ]
    for name, at in places:
        path = folder / name
        whole = path.read_bytes()
        broken = bytearray(whole)
        broken[at % len(whole)] ^= 1 << chance.randrange(8)
        path.write_bytes(broken)
        assert named(verify_any(folder)) == [name], (name, at)
        path.write_bytes(whole)
    assert verify_any(folder).ok


def test_b5_any_flipped_byte_of_the_zip_is_found(made: tuple[Archived, CourtKey], tmp_path: Path) -> None:
    chance, whole, path = random.Random(21), made[0].zip.read_bytes(), tmp_path / "h1.zip"
    inside = [name.removeprefix("h1/") for name in zipfile.ZipFile(made[0].zip).namelist()]
    tail = len(whole) - 6000
    places = [chance.randrange(len(whole)) for _ in range(150)] + [
        chance.randrange(tail, len(whole)) for _ in range(150)
    ]
    for at in (0, len(whole) - 1, *places):
        broken = bytearray(whole)
        broken[at] ^= 1 << chance.randrange(8)
        path.write_bytes(broken)
        found = named(verify_any(path))
        assert len(found) == 1 and found[0] in ("h1.zip", *inside), at
    path.write_bytes(whole + b"x")
    assert named(verify_any(path)) == ["h1.zip"]
    path.write_bytes(whole[:-1])
    assert named(verify_any(path)) == ["h1.zip"]


def test_b1_any_missing_file_is_named(folder: Path) -> None:
    for name in files(folder):
        whole = (folder / name).read_bytes()
        (folder / name).unlink()
        assert named(verify_any(folder)) == [name]
        (folder / name).write_bytes(whole)


@pytest.mark.parametrize("name", ["正卷/x.txt", "副卷/y.txt", "z", "正卷/封存案卷/note.txt"])
def test_what_does_not_belong_is_named(folder: Path, name: str) -> None:
    (folder / name).write_text("x")
    assert named(verify_any(folder)) == [name]


def resign(
    folder: Path, key: CourtKey, change: Callable[[dict[str, Any]], None] = lambda facts: None
) -> None:
    """What a forger does who has a key: every digest of the manifest fits again."""
    old = package_of((folder / "manifest.json").read_bytes())
    facts = dict(old.facts)
    change(facts)
    listed = {"manifest.json", "manifest.sha256", "manifest.sm3", "manifest.sig", "court.pub"}
    files = {name: one for name, one in file_digests(folder, facts["record"]).items() if name not in listed}
    sign(folder, Format.ARCHIVE, old.hearing_id, files, facts, key)


def test_b6_a_manifest_signed_by_another_key_is_found_by_the_courts(
    made: tuple[Archived, CourtKey], folder: Path, tmp_path: Path
) -> None:
    forger = key_in(tmp_path, "forger")
    (folder / "四性检测.txt").write_text("改过")
    resign(folder, forger)
    alone = verify_any(folder)
    assert alone.ok and alone.signed_by == forger.public
    assert named(verify_any(folder, made[1].public)) == ["manifest.sig"]
    (folder / "court.pub").write_bytes((made[0].folder / "court.pub").read_bytes())
    assert named(verify_any(folder)) == ["court.pub"]


@pytest.mark.parametrize("name", ["record", "events", "digests", "signatures"])
@pytest.mark.parametrize("value", [None, "nowhere", 7, {"path": "nowhere"}])
def test_a_signed_manifest_that_makes_no_sense_is_told_not_raised(
    made: tuple[Archived, CourtKey], folder: Path, name: str, value: Any
) -> None:
    old = package_of((folder / "manifest.json").read_bytes())
    sign(folder, Format.ARCHIVE, old.hearing_id, old.files, {**old.facts, name: value}, made[1])
    assert "manifest.json" in " ".join(named(verify_any(folder)))


Lines = list[dict[str, Any]]


def rechained(lines: Lines) -> Lines:
    """Numbers and digests made anew."""
    previous = "0" * 64
    for seq, line in enumerate(lines, 1):
        line["seq"], line["previous"] = seq, previous
        previous = line["digest"] = chain(
            previous, line["hearing_id"], seq, line["at"], line["by"], line["event"]
        )
    return lines


def _moved(lines: Lines) -> Lines:
    signed = [line for line in lines if line["event"]["type"] == "RecordSigned"]
    signed[0]["event"]["signature"]["signatory_id"] = "g2"
    return lines


SPOILED: dict[str, Callable[[Lines], Lines]] = {
    "removed": lambda lines: [*lines[:8], *lines[9:]],
    "removed last": lambda lines: lines[:-1],
    "swapped": lambda lines: [*lines[:8], lines[9], lines[8], *lines[10:]],
    "inserted": lambda lines: [*lines[:8], lines[8], *lines[8:]],
    "before the seal": lambda lines: [*lines[:2], *lines[3:]],
    "signature moved": _moved,
}


@pytest.mark.parametrize("how", SPOILED)
@pytest.mark.parametrize("rechain", [False, True])
def test_b5_events_that_were_tampered_with_are_found(
    folder: Path, made: tuple[Archived, CourtKey], how: str, rechain: bool
) -> None:
    path = folder / "正卷" / "events.jsonl"
    lines = SPOILED[how]([json.loads(line) for line in path.read_text().splitlines()])
    lines = rechained(lines) if rechain else lines
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    assert named(verify_any(folder)) == ["正卷/events.jsonl"]
    resign(
        folder, made[1]
    )  # even with the court's own key: the chain does not hold, or not go on from the seal
    assert "正卷/events.jsonl" in named(verify_any(folder))


def test_b5_events_that_do_not_go_on_from_the_sealed_record_are_found(
    folder: Path, made: tuple[Archived, CourtKey]
) -> None:
    path = folder / "正卷" / "events.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    lines[1]["event"]["device"] = "tap"
    lines = rechained(lines)
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    (folder / "正卷" / "events.digests").write_text("".join(line["digest"] + "\n" for line in lines))
    held = json.loads((folder / "正卷" / "签名" / "signatures.json").read_text())
    held["signed"] = [line for line in lines if line["event"]["type"] == "RecordSigned"]
    (folder / "正卷" / "签名" / "signatures.json").write_text(json.dumps(held))
    resign(folder, made[1], lambda facts: facts["events"].update(head=lines[-1]["digest"]))
    (problem,) = verify_any(folder).problems
    assert problem.facts["file"] == "正卷/events.jsonl"
    assert "go on from the sealed record" in problem.en


def test_b6_a_signature_given_to_another_signatory_is_found(
    folder: Path, made: tuple[Archived, CourtKey]
) -> None:
    path = folder / "正卷" / "签名" / "signatures.json"
    held = json.loads(path.read_text())
    held["signed"][0]["event"]["signature"]["signatory_id"] = "g2"
    path.write_text(json.dumps(held))
    assert named(verify_any(folder)) == ["正卷/签名/signatures.json"]
    resign(folder, made[1])
    assert named(verify_any(folder)) == ["正卷/签名/signatures.json"]


# --- the single file -----------------------------------------------------------------------------------------------


def test_the_archive_holds_the_programs_own_modules_word_for_word(made: tuple[Archived, CourtKey]) -> None:
    shipped = (made[0].folder / VERIFIER).read_text("utf-8")
    assert shipped == verifier()
    for module in MODULES:
        assert (Path(__file__).parents[1] / f"{module.replace('.', '/')}.py").read_text("utf-8") in shipped


def alone(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The single file as a stranger runs it: no package but the standard library's."""
    command = [sys.executable, "-I", "-S", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1"},
    )


def test_b4_the_single_file_verifies_with_the_standard_library_alone(
    folder: Path, made: tuple[Archived, CourtKey], tmp_path: Path
) -> None:
    done = alone(folder / VERIFIER)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "完整" in done.stdout and "Whole" in done.stdout
    assert "no key of the court was given" in done.stdout and fingerprint(made[1].public) in done.stdout
    assert files(folder) == files(made[0].folder)
    key = tmp_path / "court.pub"
    shutil.copy(folder / "court.pub", key)
    for known in (("--key", key), ("--fingerprint", fingerprint(made[1].public))):
        done = alone(folder / VERIFIER, made[0].zip, *known)
        assert done.returncode == 0 and "Signed by the court's key" in done.stdout
    (folder / "正卷" / "笔录" / "record.txt").write_text("x")
    done = alone(folder / VERIFIER)
    assert done.returncode == 1
    assert "正卷/笔录/record.txt：内容已被改动" in done.stdout and "its content was changed" in done.stdout


def test_the_single_file_knows_another_key(folder: Path, tmp_path: Path) -> None:
    forger = key_in(tmp_path, "forger")
    for known in (("--key", tmp_path / "forger.pub"), ("--fingerprint", fingerprint(forger.public))):
        done = alone(folder / VERIFIER, *known)
        assert done.returncode == 1 and "manifest.sig" in done.stdout
    assert alone(folder / VERIFIER, "--key", tmp_path / "nothing").returncode == 2
    assert alone(folder / VERIFIER, tmp_path / "nothing").returncode == 2


# --- the commands --------------------------------------------------------------------------------------------------


def test_archive_extract_verify_at_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    sealed_court(tmp_path).out.parent.rename(data / "records")
    (tmp_path / "t.db").rename(data / "tingji.db")
    for left in tmp_path.glob("t.db-*"):
        left.unlink()
    assert tingji("archive", "h1", "--data", data, "--out", tmp_path / "out") == 1
    assert "key of the court" in capsys.readouterr().err
    key_in(tmp_path)
    (data / "tingji.toml").write_text(f'court_key = "{tmp_path / "court.key"}"\n')
    assert tingji("archive", "nothing", "--data", data, "--out", tmp_path / "out") == 1
    assert tingji("archive", "h1", "--data", data, "--out", tmp_path / "out", "--retention", "30年") == 0
    assert "passed" in capsys.readouterr().out
    assert tingji("archive", "h1", "--data", data, "--out", tmp_path / "out") == 1
    capsys.readouterr()
    public = tmp_path / "court.key.pub"
    for path in (tmp_path / "out" / "h1", tmp_path / "out" / "h1.zip"):
        assert tingji("verify", path, "--key", public) == 0
        assert "Signed by the court's key" in capsys.readouterr().out
    assert tingji("verify", tmp_path / "out" / "h1.zip") == 0
    assert "no key of the court was given" in capsys.readouterr().out
    assert tingji("verify", data / "records" / "h1", "--key", public) == 1
    part = tmp_path / "part"
    take = ("extract", tmp_path / "out" / "h1", "--data", data, "--out", part)
    assert tingji(*take, "--from", "00:00:00.3", "--to", "x") == 1
    assert tingji(*take, "--from", "0.3", "--to", "0.7") == 0
    assert tingji("verify", part, "--key", public) == 0
    with Store(data / "tingji.db") as store:
        assert [line.act for line in Audit(store.engine, lambda: 0).of("h1")] == [Act.ARCHIVED]
