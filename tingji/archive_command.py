"""`tingji archive` and `tingji extract`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from casefile.errors import BadRequest
from casefile.package import Retention
from tingji.options import pick, voice
from tingji.settings import Settings

Retain = Annotated[
    Retention,
    typer.Option("--retention", help=pick("保管期限。", "How long it is kept: permanent, 60 or 30 years.")),
]
From = Annotated[str, typer.Option("--from", metavar="HH:MM:SS", help=pick("起点。", "Where it begins."))]
To = Annotated[str, typer.Option("--to", metavar="HH:MM:SS", help=pick("终点。", "Where it ends."))]


def milliseconds(text: str) -> int:
    """`HH:MM:SS`, `MM:SS` or seconds, with decimals or without. Raises BadRequest."""
    try:
        parts = [float(part) for part in text.split(":")]
        if not 1 <= len(parts) <= 3 or any(part < 0 for part in parts):
            raise ValueError
    except ValueError:
        raise BadRequest(
            zh_why="时间写法不对，应为 时:分:秒，例如 00:10:00。",
            en_why="This is no time: write hours:minutes:seconds, such as 00:10:00.",
        ) from None
    return round(
        sum(part * unit for part, unit in zip(reversed(parts), (1_000, 60_000, 3_600_000), strict=False))
    )


def passphrase_for(settings: Settings) -> str | None:
    """Asked for at the terminal where the court's key is encrypted."""
    from tingji.court_key import is_locked

    key = settings.court_key
    if key is None or not key.is_file() or not is_locked(key):
        return None
    asked: str = typer.prompt(pick("签名密钥口令", "Passphrase of the court's key"), hide_input=True)
    return asked


def archive(settings: Settings, hearing: str, out: Path, retention: Retention) -> None:
    """Archives one hearing and says what was made."""
    from casefile.people.audit import Audit
    from casefile.people.clock import now_s
    from casefile.people.nouns import MACHINE, Act
    from casefile.store import Store
    from tingji.archiving import Wish, archive_hearing

    wish = Wish(retention, passphrase_for(settings))
    with Store(settings.data / "tingji.db") as store:
        with voice.bar("归档", "Archiving") as tell:
            made = archive_hearing(store, settings, hearing, out, wish, tell)
        Audit(store.engine, now_s).note(MACHINE, Act.ARCHIVED, "", hearing)
    for finding in made.findings:
        voice.say(
            f"{finding.outcome} {finding.nature} {finding.item}",
            f"{finding.outcome.name.lower()}: {finding.en}",
        )
    voice.say("归档包（文件夹与压缩包）：", "The archive, as a folder and as a ZIP:")
    voice.fact(made.folder)
    voice.fact(made.zip)
    voice.fact(f"manifest.json SHA-256 {made.manifest_sha256}")


def extract(settings: Settings, archived: Path, from_ms: int, to_ms: int, out: Path) -> None:
    """Takes a range out of an archive."""
    from casefile.extract import Range
    from tingji.archiving import extract_range

    made = extract_range(settings, archived, out, Range(from_ms, to_ms), passphrase_for(settings))
    voice.say("摘录已生成，附有与全案的关联证明：", "The extract is made, with its proof to the whole:")
    voice.fact(made)
