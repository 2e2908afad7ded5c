"""`tingji key`: the court's key is made and shown on the server's console."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from casefile.errors import BadRequest, NoCourtKey
from tingji import options
from tingji.options import pick, settings_from, voice

key_app = typer.Typer(help=pick("本院签名密钥。", "The court's key."))

Out = Annotated[
    Path,
    typer.Option(
        "--out",
        help=pick("私钥文件，须在数据目录之外。", "The private key's file; not in the data folder."),
    ),
]
Unencrypted = Annotated[
    bool,
    typer.Option(
        "--no-passphrase",
        help=pick(
            "不加口令保存（仅限有物理保护的服务器）。",
            "Kept without a passphrase (only where the server is locked away).",
        ),
    ),
]


@key_app.command(
    help=pick(
        "生成本院签名密钥（只需一次）。\n\n例：tingji key make --out /etc/tingji/court.key",
        "Makes the court's key (once).\n\nExample: tingji key make --out /etc/tingji/court.key",
    )
)
def make(out: Out, no_passphrase: Unencrypted = False, data: options.Data = None) -> None:
    from tingji.court_key import make as make_key
    from tingji.court_key import public_file

    settings = settings_from(data)
    passphrase = None if no_passphrase else _new_passphrase()
    try:
        fingerprint = make_key(out.absolute(), settings.data, passphrase)
    except FileExistsError as error:
        raise BadRequest(
            zh_why="这个文件已经存在。密钥不会被覆盖：请换一个文件名。",
            en_why="There is such a file already. A key is never overwritten: choose another name.",
        ) from error
    voice.say("密钥已生成。私钥只留在本机：", "The key is made. The private half stays on this machine:")
    voice.fact(out.absolute())
    _tell(public_file(out.absolute()), fingerprint)
    voice.say(
        f'请在 tingji.toml 中写入：court_key = "{out.absolute()}"，并另存一份私钥于保险柜。',
        f'Write into tingji.toml: court_key = "{out.absolute()}", and keep a second copy of the private key in a safe.',
    )


@key_app.command(
    help=pick(
        "显示公钥和指纹。\n\n例：tingji key show",
        "Shows the public key and its fingerprint.\n\nExample: tingji key show",
    )
)
def show(data: options.Data = None) -> None:
    from casefile.ed25519 import fingerprint
    from tingji.court_key import public_file, read_public

    settings = settings_from(data)
    if settings.court_key is None:
        raise NoCourtKey
    public = public_file(settings.court_key)
    _tell(public, fingerprint(read_public(public)))


def _tell(public: Path, fingerprint: str) -> None:
    voice.say(
        "公钥可以公开，校验归档包时使用；请用另一途径（电话、当面）核对指纹：",
        "The public key is for everybody who verifies; compare the fingerprint by another way (telephone, in person):",
    )
    voice.fact(public)
    voice.fact(fingerprint)


def _new_passphrase() -> str:
    from tingji.court_key import SHORTEST_PASSPHRASE

    asked = pick("新口令", "New passphrase")
    passphrase: str = typer.prompt(asked, hide_input=True, confirmation_prompt=True)
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise BadRequest(
            zh_why=f"口令至少 {SHORTEST_PASSPHRASE} 个字符。",
            en_why=f"The passphrase needs at least {SHORTEST_PASSPHRASE} characters.",
        )
    return passphrase
