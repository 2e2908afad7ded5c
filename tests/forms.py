"""Tables of numbers: how they are said, how they are written, and what is no number."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "data"


def forms() -> list[tuple[str, str, str]]:
    """(spoken, way, written) of every row."""
    lines = (FOLDER / "number_forms.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(spoken, way, written) for spoken, way, written in rows]


def traps() -> list[str]:
    """Texts with a numeral that must stay as they are."""
    return (FOLDER / "number_traps.txt").read_text("utf-8").split("\n")[:-1]
