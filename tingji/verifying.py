"""`tingji verify PATH`: one sealed record, archive or extract, or every record of a data folder."""

from __future__ import annotations

from pathlib import Path

from casefile.errors import NothingToVerify
from casefile.verify import Verified
from casefile.verify_main import by_fingerprint, signature_lines
from casefile.verify_package import verify_any
from tingji.console import Voice

MANIFEST = "manifest.json"


def record_folders(folder: Path) -> list[Path]:
    """The records that `folder` is or holds (a ZIP is one), oldest name first. Raises NothingToVerify."""
    if folder.is_file() or (folder / MANIFEST).exists():
        return [folder]
    inside = folder / "records" if (folder / "records").is_dir() else folder
    records = sorted(path for path in inside.iterdir() if path.is_dir() and not path.name.startswith("."))
    if not records:
        raise NothingToVerify
    return records


def verify_all(
    folder: Path, voice: Voice, court: bytes | None = None, fingerprint: str | None = None
) -> bool:
    """Verifies each record and says what was found; True when every one is whole. Raises NothingToVerify.

    `court`, `fingerprint`: the key that an archive must be signed by.
    """
    whole = [_verify(record, voice, court, fingerprint) for record in record_folders(folder)]
    return all(whole)


def _verify(record: Path, voice: Voice, court: bytes | None, fingerprint: str | None) -> bool:
    with voice.bar("校验案卷", "Verifying") as tell:
        result = verify_any(record, court, tell)
    result = by_fingerprint(result, fingerprint) if fingerprint else result
    for problem in result.problems:
        voice.complain(problem)
    if result.ok:
        _praise(record, result, voice)
        for line in signature_lines(result, bool(court or fingerprint)):
            voice.fact(line)
    return result.ok


def _praise(record: Path, result: Verified, voice: Voice) -> None:
    voice.say("案卷完整，与封存时一致：", "The record is whole, as it was sealed:")
    voice.fact(record)
    voice.say(
        f"文件 {result.files} 个，事件 {result.events} 条，声音 {result.blocks} 块。",
        f"{result.files} files, {result.events} events, {result.blocks} blocks of sound.",
    )
    voice.fact(f"manifest.json SHA-256 {result.manifest_sha256}")
    if result.damaged or result.missing:
        voice.warn(
            f"封存时已注明：{len(result.damaged)} 块声音损坏，{len(result.missing)} 处缺失。",
            f"Sealed as such: {len(result.damaged)} damaged blocks, {len(result.missing)} missing ranges.",
        )
    if not result.decoded:
        voice.warn(
            "本机没有 libsndfile：文件已逐一校验，但未解码核对声音。",
            "libsndfile is not installed here: every file was checked, but the sound was not decoded.",
        )
