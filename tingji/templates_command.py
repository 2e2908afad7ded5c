"""`tingji templates`: the court's own templates of documents, checked and previewed before a hearing needs them."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from tingji.options import TYPESET, Data, formats_of, pick, settings_from, voice

templates_app = typer.Typer(
    no_args_is_help=True,
    help=pick(
        "文书模板：列出、取出、检查、预览。\n\n"
        "例：tingji templates copy 本院模板　（取出自带模板，供修改）\n\n"
        "例：tingji templates check 本院模板",
        "Templates of documents: list, copy, check, preview.\n\n"
        "Example: tingji templates copy ours   (the built-in ones, to be changed)\n\n"
        "Example: tingji templates check ours",
    ),
)
Folder = Annotated[
    Path, typer.Argument(metavar="DIR", file_okay=False, help=pick("模板目录。", "The folder of templates."))
]


@templates_app.command("list", help=pick("列出在用的模板。", "Lists the templates in use."))
def list_(data: Data = None) -> None:
    from casefile.documents.template import load_templates

    settings = settings_from(data)
    for name, template in load_templates(settings.templates).items():
        kinds = "、".join(kind.value for kind in template.kinds)
        volume = pick("副卷", "secret") if template.secret else pick("正卷", "open")
        voice.fact("\t".join((name, template.title, volume, kinds, "、".join(template.case_words))))


@templates_app.command(
    help=pick(
        "检查目录中的每个模板；有误时说明文件和位置。",
        "Checks every template of a folder; says file and place of a mistake.",
    )
)
def check(folder: Folder) -> None:
    from casefile.documents.template import load_templates

    templates = load_templates(folder)
    own = sorted(path.stem for path in folder.glob("*.toml"))
    voice.say(
        f"模板无误：{len(own)} 个，连同自带的共 {len(templates)} 个。",
        f"All fit: {len(own)}, {len(templates)} with the built-in ones.",
    )


@templates_app.command(
    help=pick(
        "取出自带模板到一个目录，不覆盖已有文件。",
        "Copies the built-in templates to a folder; overwrites nothing.",
    )
)
def copy(folder: Folder) -> None:
    from casefile.documents.template import BUILT_IN

    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(BUILT_IN.glob("*.toml")):
        if not (folder / path.name).exists():
            shutil.copyfile(path, folder / path.name)
            voice.fact(folder / path.name)


@templates_app.command(
    help=pick(
        "用虚构的庭审把每个模板排成文件，看版式。\n\n例：tingji templates preview 本院模板 --out 预览",
        "Every template filled from an invented hearing, to look at.\n\nExample: tingji templates preview ours --out preview",
    )
)
def preview(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", exists=True, file_okay=False)] = None,
    out: Annotated[
        Path, typer.Option("--out", file_okay=False, help=pick("写到哪个目录。", "Folder to write to."))
    ] = Path(),
    formats: Annotated[str, typer.Option("--format", help="docx, pdf")] = "pdf",
) -> None:
    from casefile.documents.template import load_templates
    from tingji.invented import previews

    templates = load_templates(folder)
    out.mkdir(parents=True, exist_ok=True)
    with voice.bar("排版", "Typesetting") as tell:
        for number, (name, made) in enumerate(previews(templates, formats_of(formats, TYPESET)), 1):
            (out / name).write_bytes(made)
            tell(number / (len(templates) * len(formats_of(formats, TYPESET))))
    voice.fact(out)
