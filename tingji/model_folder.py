"""A model as a folder of files: joined, digested, and put in place at once or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from casefile.disk import flush
from casefile.errors import ModelDamaged, NotAModel, UnknownFormat

MANIFEST = "tingji-model.json"
NEEDED = ("config.json", "model.bin", "tokenizer.json")
VOCABULARIES = ("vocabulary.txt", "vocabulary.json")
OPTIONAL = ("preprocessor_config.json", "generation_config.json")
BLOCK = 1 << 20

Progress = Callable[[int, int], None]
"""Called with the bytes done and the bytes in all."""


def quiet(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


class Counter:
    """Adds up bytes over several files and tells the progress."""

    def __init__(self, paths: Sequence[Path], progress: Progress) -> None:
        self.total = sum(path.stat().st_size for path in paths)
        self.done = 0
        self.progress = progress

    def add(self, count: int) -> None:
        """`count` more bytes are done."""
        self.done += count
        self.progress(self.done, self.total)


def digest(path: Path, counter: Counter) -> str:
    """SHA-256 of a file, hex."""
    return _hash(_blocks([path]), counter)


def join(paths: Sequence[Path], target: Path, counter: Counter) -> str:
    """Writes the files one after the other to `target`, flushed to the disk; SHA-256 of the whole, hex."""
    with target.open("wb") as out:
        result = _hash(_copied(_blocks(paths), out), counter)
        out.flush()
        os.fsync(out.fileno())
    return result


def _hash(blocks: Iterator[bytes], counter: Counter) -> str:
    sha256 = hashlib.sha256()
    for block in blocks:
        sha256.update(block)
        counter.add(len(block))
    return sha256.hexdigest()


def _blocks(paths: Sequence[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                yield block


def _copied(blocks: Iterator[bytes], out: BinaryIO) -> Iterator[bytes]:
    for block in blocks:
        out.write(block)
        yield block


@contextmanager
def new_folder(parent: Path, name: str) -> Iterator[Path]:
    """A scratch folder that takes the place of `parent/name` when the block ends well, else vanishes."""
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix=f".{name}-") as scratch:
        new = Path(scratch) / "new"
        new.mkdir()
        yield new
        target = parent / name
        if target.exists():
            target.rename(Path(scratch) / "old")
        new.rename(target)
    flush(parent)


def model_files(folder: Path) -> list[str]:
    """Names of the files of a Whisper model in CTranslate2's form. Raises NotAModel."""
    present = {path.name for path in folder.glob("*") if path.is_file()}
    missing = [file for file in NEEDED if file not in present]
    vocabularies = [file for file in VOCABULARIES if file in present]
    if missing or not vocabularies:
        raise NotAModel(missing=(missing or VOCABULARIES)[0])
    return [*NEEDED, *vocabularies, *(file for file in OPTIONAL if file in present)]


def write_manifest(folder: Path, name: str, source: str, digests: Mapping[str, str]) -> None:
    """Notes what was added: later loads are checked against it."""
    manifest = {"version": 1, "name": name, "source": source, "files": dict(digests)}
    path = folder / MANIFEST
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> tuple[str, dict[str, str]]:
    """Source and digests by file name. Raises ModelDamaged, or UnknownFormat for a newer version."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["version"] != 1:
            raise UnknownFormat(version=manifest["version"])
        digests = {str(file): str(value) for file, value in manifest["files"].items()}
        source = str(manifest["source"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise ModelDamaged(name=folder.name, file=MANIFEST) from None
    if not set(NEEDED) <= set(digests):
        raise ModelDamaged(name=folder.name, file=MANIFEST)
    return source, digests
