"""Errors of settings, commands and programs."""

from __future__ import annotations

from casefile.errors.base import TingjiError


class UnknownKey(TingjiError):
    """A key in a settings or hearing file is not known."""

    code = "unknown_key"
    zh = "{file} 中有无法识别的项“{key}”。{zh_hint}"
    en = "{file} has an unknown key {key}. {en_hint}"


class NotLoopback(TingjiError):
    """The server was asked to listen beyond this machine."""

    code = "not_loopback"
    zh = "没有证书时只能监听本机地址（127.0.0.1、::1），不能监听 {host}。请先运行 tingji tls make，或设置 certificate 与 private_key。"
    en = "Without a certificate only loopback (127.0.0.1, ::1) is possible, not {host}. Run tingji tls make, or set certificate and private_key."


class BadSetting(TingjiError):
    """A setting has a value that does not fit."""

    code = "bad_setting"
    zh = "{file} 中的“{key}”不正确：{zh_why}"
    en = "{key} in {file} is not right: {en_why}"


class UnreadableFile(TingjiError):
    """A settings or hearing file is missing or is not TOML."""

    code = "unreadable_file"
    zh = "无法读取 {file}：{zh_why}"
    en = "{file} cannot be read: {en_why}"


class AlreadyRunning(TingjiError):
    """Another `tingji run` uses the same data folder."""

    code = "already_running"
    zh = "这个数据目录已有庭记在运行：{url}。请直接打开该网址，或先停止它。"
    en = "Tingji is already running on this data folder: {url}. Open that address, or stop it first."


class FolderInUse(AlreadyRunning):
    """Another recorder, or another server, writes the same folder."""

    code = "folder_in_use"
    zh = "另一个庭记程序正在写入 {folder}，为避免录音互相覆盖，本程序未启动。请先停止那个程序，或改用别的数据目录。"
    en = "Another Tingji program is writing {folder}: this one did not start. Stop the other one, or use another data folder."


class PortTaken(TingjiError):
    """The port is in use."""

    code = "port_taken"
    zh = "端口 {port} 已被占用。请换一个端口，或用 --port 0 自动选择。"
    en = "Port {port} is taken. Choose another one, or let --port 0 pick a free one."


class RunFailed(TingjiError):
    """`tingji run --exit-when-done` could not finish its hearing."""

    code = "run_failed"
    zh = "未能完成：{zh_why}。已录下的声音都在数据目录中；再次运行同一命令即可继续。"
    en = "Not finished: {en_why}. The sound recorded so far is in the data folder; run the same command again to go on."


class DecisionsOpen(TingjiError):
    """`tingji run --exit-when-done` has done all it can do; a person decides before the seal."""

    code = "decisions_open"
    zh = (
        "声音和文字已全部入卷，但尚未封存：有 {count} 处发言人建议待书记员决定。"
        "请运行 tingji run --data {data}，在庭审页“发言人”中逐条决定，随后自动封存。"
    )
    en = (
        "All sound and text are on record, but the record is not sealed: {count} proposals on who spoke wait for the clerk. "
        "Start tingji run --data {data} and decide on them under Who spoke; then it is sealed."
    )


class RealHearing(TingjiError):
    """A sound file was to stand for the microphones while a real hearing is being recorded."""

    code = "real_hearing"
    zh = (
        "数据目录中有一场由话筒录音的庭审尚未闭庭，不能改用声音文件，以免混入案卷。"
        "请去掉 --replay 启动，续录并闭庭；或用 --data 换一个数据目录播放。"
    )
    en = (
        "A hearing recorded from microphones is still open in this data folder: a sound file must not enter it. "
        "Start without --replay to go on and close it, or play the file in another folder (--data)."
    )


class WhichHearing(TingjiError):
    """Several hearings are not sealed yet."""

    code = "which_hearing"
    zh = "有多次庭审尚未封存，请用 --id 指明其中一次：{known}"
    en = "Several hearings are not sealed yet. Name one of them with --id: {known}"


class NoLaws(TingjiError):
    """A folder holds no law text."""

    code = "no_laws"
    zh = "{where} 中没有法律文本：每部法律一个 .md 或 .txt 文件，文件名即法律名称，每条以“第…条”起行。"
    en = "{where} holds no law text: a .md or .txt file for each law, named after it, each article beginning a line of its own."
