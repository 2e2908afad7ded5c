"""`tingji verify DIR`: one sealed record, or every record of a data folder."""

from __future__ import annotations

from pathlib import Path

from casefile.errors import NothingToVerify
from tingji.console import Voice

MANIFEST = "manifest.json"


def record_folders(folder: Path) -> list[Path]:
    """The sealed records that `folder` is or holds, oldest name first. Raises NothingToVerify."""
    if (folder / MANIFEST).exists():
        return [folder]
    inside = folder / "records" if (folder / "records").is_dir() else folder
    records = sorted(path for path in inside.iterdir() if path.is_dir() and not path.name.startswith("."))
    if not records:
        raise NothingToVerify
    return records


def verify_all(folder: Path, voice: Voice) -> bool:
    """Verifies each record and says what was found; True when every one is whole. Raises NothingToVerify."""
    whole = [_verify(record, voice) for record in record_folders(folder)]
    return all(whole)


def _verify(record: Path, voice: Voice) -> bool:
    from casefile.seal import verify  # noqa: PLC0415 - loads only what verifying needs

    with voice.bar("校验案卷", "Verifying") as tell:
        result = verify(record, tell)
    for problem in result.problems:
        voice.complain(problem)
    if result.ok:
        voice.say("案卷完整，与封存时一致：", "The record is whole, as it was sealed:")
        voice.fact(record)
    return bool(result.ok)
