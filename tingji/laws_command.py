"""`tingji laws`: the court's own law texts, which citations on the pages lead to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tingji.options import Data, pick, settings_from, voice

laws_app = typer.Typer(
    no_args_is_help=True,
    help=pick(
        "法律条文：导入、列出。\n\n例：tingji laws add 法律文本",
        "Law texts: add, list.\n\nExample: tingji laws add texts",
    ),
)


@laws_app.command(
    help=pick(
        "导入目录中的法律文本（每部法律一个 .md 或 .txt 文件，文件名即法律名称，每条以“第…条”起行）。\n\n"
        "例：tingji laws add 法律文本",
        "Adds the law texts of a folder (a .md or .txt file for each law, named after it; each article begins a line "
        "with 第…条).\n\nExample: tingji laws add texts",
    )
)
def add(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", exists=True, file_okay=False, help=pick("目录。", "The folder."))
    ],
    data: Data = None,
) -> None:
    from tingji.laws import add_laws

    for name, count in add_laws(folder, settings_from(data).data).items():
        voice.say(f"{name}：{count} 条", f"{name}: {count} articles")


@laws_app.command("list", help=pick("列出已导入的法律。", "Lists the laws that are there."))
def list_(data: Data = None) -> None:
    from tingji.laws import LawTexts

    for name, its in LawTexts(settings_from(data).data).library.items():
        voice.fact(f"{name}\t{len(its)}")
