"""`tingji accounts`, `tingji recorder`, `tingji tls`: what the technician does on the machine's console."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from casefile.errors import AdministratorThere, BadRequest
from casefile.people.nouns import MACHINE, Act, Role
from tingji import options
from tingji.first_link import address_of, people_of
from tingji.first_link import first_link as offer_first_link
from tingji.options import pick, settings_from, voice

ROLE_NAMES = {
    Role.TECHNICIAN: "技术人员",
    Role.CLERK: "书记员",
    Role.JUDGE: "法官",
    Role.COMMITTEE: "审委会委员",
    Role.ARCHIVIST: "档案员",
}
accounts_app = typer.Typer(help=pick("账号（在服务器上运行）。", "Accounts (run on the server)."))
recorder_app = typer.Typer(help=pick("登记录音机。", "Enrolling recorders."))
tls_app = typer.Typer(help=pick("加密连接。", "Encrypted connections."))

Name = Annotated[str, typer.Argument(metavar="NAME", help=pick("姓名。", "Name."))]
Roles = Annotated[
    list[Role],
    typer.Option("--role", help=pick("角色，可多次使用。", "Role; may be given again.")),
]


@accounts_app.command("first-link", help=pick("重新打印首次链接。", "Prints the first link again."))
def first_link(data: options.Data = None) -> None:
    if offer_first_link(settings_from(data), voice) is None:
        raise AdministratorThere


@accounts_app.command(help=pick("新建账号，打印设置密码的链接。", "Makes an account; prints its link."))
def add(name: Name, role: Roles, data: options.Data = None) -> None:
    settings = settings_from(data)
    with people_of(settings) as people:
        account, token = people.accounts.add(name, role)
        people.audit.note(MACHINE, Act.ACCOUNT_MADE, str(account))
    _tell(address_of(settings, token, "choose"))


@accounts_app.command(
    help=pick("作废密码，打印重新设置的链接。", "Voids the password; prints a link for a new one.")
)
def reset(name: Name, data: options.Data = None) -> None:
    settings = settings_from(data)
    with people_of(settings) as people:
        account, token = people.accounts.reset(people.accounts.named(name).id)
        people.audit.note(MACHINE, Act.RESET, account.name)
    _tell(address_of(settings, token, "choose"))


@accounts_app.command("list", help=pick("列出账号。", "Lists accounts."))
def list_(data: options.Data = None) -> None:
    with people_of(settings_from(data)) as people:
        for account in people.accounts.all():
            roles = ", ".join(pick(ROLE_NAMES[role], role.value) for role in account.roles)
            off = pick("（停用）", " (disabled)") if account.disabled else ""
            voice.fact(f"{account.name}{off}  {roles}")


@accounts_app.command(help=pick("停用账号，立即退出登录。", "Disables an account; it is signed out at once."))
def disable(name: Name, data: options.Data = None) -> None:
    with people_of(settings_from(data)) as people:
        account = people.accounts.disable(people.accounts.named(name).id, True)
        people.audit.note(MACHINE, Act.DISABLED, account.name)


@accounts_app.command(help=pick("恢复账号。", "Enables an account again."))
def enable(name: Name, data: options.Data = None) -> None:
    with people_of(settings_from(data)) as people:
        account = people.accounts.disable(people.accounts.named(name).id, False)
        people.audit.note(MACHINE, Act.ENABLED, account.name)


@accounts_app.command(help=pick("让某人负责某次庭审。", "Lets somebody work on a hearing."))
def assign(
    name: Name,
    hearing: Annotated[str, typer.Argument(metavar="HEARING")],
    data: options.Data = None,
) -> None:
    with people_of(settings_from(data)) as people:
        account = people.assignments.add(hearing, people.accounts.named(name).id)
        people.audit.note(MACHINE, Act.PERSON_ADDED, account.name, hearing)


def _tell(link: str) -> None:
    voice.say(
        "请把下面的链接交给本人，24 小时内有效，只能用一次：",
        "Give this link to the person; it is valid for 24 hours and works once:",
    )
    voice.fact(link)


@recorder_app.command(
    help=pick("发放一次性登记代码（在服务器上）。", "Makes a one-time code (on the server).")
)
def code(name: Name, data: options.Data = None) -> None:
    with people_of(settings_from(data)) as people:
        given = people.recorders.code(name)
        people.audit.note(MACHINE, Act.CODE, name)
    voice.say("在录音机上 30 分钟内运行：", "Within 30 minutes run on the recorder:")
    voice.fact(f"tingji recorder enrol {given} --server https://...")


@recorder_app.command("list", help=pick("列出已登记的录音机。", "Lists enrolled recorders."))
def list_recorders(data: options.Data = None) -> None:
    with people_of(settings_from(data)) as people:
        for recorder in people.recorders.all():
            voice.fact(recorder.name)


@recorder_app.command(help=pick("撤销录音机的密钥。", "Withdraws a recorder's key."))
def withdraw(name: Name, data: options.Data = None) -> None:
    with people_of(settings_from(data)) as people:
        people.recorders.withdraw(name)
        people.audit.note(MACHINE, Act.WITHDRAWN, name)


@recorder_app.command(help=pick("用一次性代码登记本录音机。", "Enrols this recorder by its one-time code."))
def enrol(
    code: Annotated[str, typer.Argument(metavar="CODE")],
    data: options.Data = None,
    server: options.ServerAddress = None,
    port: options.Port = None,
    authority: Annotated[
        Path | None,
        typer.Option(
            "--authority",
            exists=True,
            dir_okay=False,
            help=pick("服务器的 authority.pem。", "The server's authority.pem."),
        ),
    ] = None,
) -> None:
    from tingji.enrolling import enrol as enrol_here

    settings = settings_from(data, server=server, port=port, authority=authority and authority.absolute())
    name = enrol_here(settings, code)
    voice.say(f"已登记：{name}。现在可以运行 tingji record。", f"Enrolled as {name}. Now run tingji record.")


@tls_app.command("make", help=pick("为本服务器生成证书。", "Makes a certificate for this server."))
def make_tls(
    name: Annotated[
        list[str] | None,
        typer.Option(
            "--name",
            help=pick(
                "服务器的域名或地址，可多次使用。", "The server's name or address; may be given again."
            ),
        ),
    ] = None,
    data: options.Data = None,
) -> None:
    import socket

    from tingji.tls import make

    settings = settings_from(data)
    try:
        made = make(settings.data / "tls", name or [socket.gethostname()])
    except FileExistsError as error:
        raise BadRequest(
            zh_why="已有证书。如需更换，请先移走数据目录中的 tls 文件夹。",
            en_why="There is a certificate already. To make another, move the folder tls out of the data folder first.",
        ) from error
    voice.say(
        "证书已生成，重新启动后生效。请把下面的文件装入每台客户端的“受信任的根证书颁发机构”，并核对指纹：",
        "The certificate is made; it counts from the next start. Install this file on every client as a trusted root "
        "authority, and compare the fingerprint:",
    )
    voice.fact(made.authority)
    voice.fact(f"SHA-256 {made.fingerprint}")
    voice.say(
        "Windows：双击文件，安装到“受信任的根证书颁发机构”。Linux：复制到 /usr/local/share/ca-certificates/tingji.crt 后运行 "
        "update-ca-certificates，Chromium 另在设置的证书管理中导入。录音机：tingji recorder enrol 代码 --authority 文件。",
        "Windows: open the file and install it under Trusted Root Certification Authorities. Linux: copy it to "
        "/usr/local/share/ca-certificates/tingji.crt and run update-ca-certificates; import it in Chromium's certificate "
        "settings too. Recorders: tingji recorder enrol CODE --authority FILE.",
    )
