"""Options that several commands share, and what every command starts with: its settings and its voice."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tingji.console import Voice
from tingji.settings import Settings, Value, preferred_language, read_settings

voice = Voice(preferred_language())
"""Speaks the locale's language until the settings say otherwise."""

pick = voice.pick


class Backends(StrEnum):
    """Who groups the voices in `tingji diarize`."""

    OWN = "own"
    PYANNOTE = "pyannote"


FORMATS = ("json", "txt", "srt", "vtt", "rttm")
TYPESET = ("docx", "pdf")
"""Forms of court documents."""

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help=pick(
            "数据目录：录音、案卷、设置都在其中（默认 ./data）。",
            "The data folder: sound, case file and settings lie in it (default ./data).",
        ),
    ),
]
HearingId = Annotated[
    str | None,
    typer.Option(
        "--id",
        help=pick(
            "数据目录中的哪次庭审（默认：导出时全部，复核时尚未封存的那一次）。",
            "Which hearing of a data folder (default: to export all, to diarize the one that is not sealed).",
        ),
    ),
]
Model = Annotated[
    str | None,
    typer.Option("--model", help=pick("识别模型（默认 whisper-base）。", "Model (default whisper-base).")),
]
Threads = Annotated[
    int | None,
    typer.Option(
        "--threads", min=0, help=pick("识别用的线程数，0 为全部核心。", "CPU threads; 0: all cores.")
    ),
]
Host = Annotated[
    str | None,
    typer.Option(
        "--host",
        help=pick(
            "监听地址；本机以外须有证书和账号。",
            "Address to listen on; beyond this machine only with TLS and accounts.",
        ),
    ),
]
Port = Annotated[
    int | None,
    typer.Option(
        "--port",
        min=0,
        max=65535,
        help=pick("端口（默认 8420，0 为自动选择）。", "Port (default 8420; 0: any free one)."),
    ),
]
Channels = Annotated[
    int | None,
    typer.Option(
        "--channels",
        min=0,
        max=32,
        help=pick(
            "只录设备的前几个通道（0 为全部）；声卡号称的通道多于话筒时用。",
            "Record only the device's first channels (0: all), where it claims more than there are microphones.",
        ),
    ),
]
NoText = Annotated[
    bool, typer.Option("--no-text", help=pick("只录音，不识别。", "Record only, without recognition."))
]
Device = Annotated[
    str | None,
    typer.Option(
        "--device",
        help=pick(
            "录音设备名称（会记住）；见 record --list。",
            "Input device by name (remembered); see record --list.",
        ),
    ),
]
Journal = Annotated[
    Path | None,
    typer.Option(
        "--journal",
        help=pick(
            "录音机自己的一份录音放在哪里，最好是另一块硬盘。",
            "Folder of the recorder's own copy; best on another disk.",
        ),
    ),
]
Replay = Annotated[
    Path | None,
    typer.Option(
        "--replay",
        exists=True,
        dir_okay=False,
        help=pick(
            "用声音文件代替麦克风（wav、flac、mp3、m4a）。",
            "A sound file in place of the microphone (wav, flac, mp3, m4a).",
        ),
    ),
]
Speed = Annotated[
    float,
    typer.Option(
        "--speed", min=0, help=pick("播放倍速，0 为尽快。", "Times real time; 0: as fast as it goes.")
    ),
]
HearingFile = Annotated[
    Path | None,
    typer.Option(
        "--hearing",
        exists=True,
        dir_okay=False,
        help=pick(
            "预先写好的庭审设置（docs/formats.md §4）。", "A hearing set up beforehand (docs/formats.md §4)."
        ),
    ),
]
Papers = Annotated[
    list[Path] | None,
    typer.Option(
        "--papers",
        exists=True,
        help=pick(
            "案件材料（起诉状、答辩状、证据目录；docx、pdf、txt 文件或文件夹，可多次使用）：只取其中的姓名、公司、地名、"
            '案号和用语来认准字词，材料本身不保存。也可在 --hearing 文件中写 papers = ["起诉状.docx"]。',
            "Papers of the case (pleadings, lists of evidence; docx, pdf, txt or a folder of them; may be given again): "
            "only their names, firms, places, numbers and terms are taken, to recognize them; the paper is not kept. "
            'Or write papers = ["claim.docx"] into the --hearing file.',
        ),
    ),
]
PublicKey = Annotated[
    Path | None,
    typer.Option(
        "--key",
        exists=True,
        dir_okay=False,
        help=pick(
            "本院公钥文件：归档包必须由它签名。", "The court's public key: an archive must be signed by it."
        ),
    ),
]
Fingerprint = Annotated[
    str | None,
    typer.Option(
        "--fingerprint", help=pick("本院公钥指纹（40 位数字）。", "The key's fingerprint (40 digits).")
    ),
]
Backend = Annotated[
    Backends,
    typer.Option(
        "--backend",
        help=pick(
            "用自带的模型（own），或另行安装的 pyannote.audio（pyannote）。",
            "Tingji's own models (own), or pyannote.audio, which is installed separately (pyannote).",
        ),
    ),
]
PipelineFolder = Annotated[
    Path | None,
    typer.Option(
        "--pipeline",
        exists=True,
        file_okay=False,
        help=pick(
            "pyannote 流水线所在的本机目录；不会联网下载。",
            "The folder of pyannote's pipeline on this machine; nothing is fetched.",
        ),
    ),
]
HowManySpeakers = Annotated[
    int | None,
    typer.Option(
        "--speakers",
        min=1,
        help=pick(
            "共用话筒里一共有几个人的声音（确知时才填）。",
            "How many people the shared microphones hear, if that is known for certain.",
        ),
    ),
]
WrittenNumbers = Annotated[
    bool,
    typer.Option(
        "--written-numbers",
        help=pick(
            "数字改为书面写法（三万五千元写作 35,000元）。",
            "Numbers as they are written (三万五千元 as 35,000元).",
        ),
    ),
]
WithoutFillers = Annotated[
    bool,
    typer.Option("--without-fillers", help=pick("略去“呃”等口头语。", "Leave fillers such as 呃 out.")),
]
Condensed = Annotated[
    bool,
    typer.Option(
        "--condensed",
        help=pick(
            "只写精简笔录，不含书记员略去的片段。",
            "The condensed record: without the pieces that the clerk left out.",
        ),
    ),
]
NoBrowser = Annotated[
    bool, typer.Option("--no-browser", help=pick("不打开浏览器。", "Do not open the browser."))
]
ExitWhenDone = Annotated[
    bool,
    typer.Option(
        "--exit-when-done",
        help=pick(
            "声音放完后结束庭审、封存并退出；有发言人建议待决定时不封存，以 3 退出。",
            "Close, seal and exit when the sound has ended; not sealed, exit code 3, where proposals on who spoke wait for the clerk.",
        ),
    ),
]
NoVoices = Annotated[
    bool,
    typer.Option(
        "--no-voices",
        help=pick(
            "不按声音区分发言人，只标话筒。",
            "Do not tell speakers apart by voice: name the microphone alone.",
        ),
    ),
]
ListDevices = Annotated[bool, typer.Option("--list", help=pick("列出录音设备。", "List the input devices."))]
ServerAddress = Annotated[
    str | None,
    typer.Option("--server", help=pick("服务地址（默认本机）。", "The server (default: this machine).")),
]
RecorderName = Annotated[
    str | None, typer.Option("--name", help=pick("录音机名称。", "The recorder's name."))
]
Out = Annotated[
    Path, typer.Option("--out", file_okay=False, help=pick("写到哪个目录。", "Folder to write to."))
]
Formats = Annotated[
    str,
    typer.Option("--format", help=pick(f"格式，逗号分隔：{','.join(FORMATS)}。", f"Of {','.join(FORMATS)}.")),
]


ExportFormats = Annotated[
    str,
    typer.Option(
        "--format",
        help=pick(
            f"格式，逗号分隔：{','.join((*FORMATS, *TYPESET))}。", f"Of {','.join((*FORMATS, *TYPESET))}."
        ),
    ),
]
DocumentNames = Annotated[
    str,
    typer.Option(
        "--documents",
        help=pick(
            "写哪些文书（docx、pdf）：record 为笔录（默认），recording、fault、integrity、consent，或 all 为全部；逗号分隔。",
            "Which documents (docx, pdf): record (the 笔录, default), recording, fault, integrity, consent, or all; with commas.",
        ),
    ),
]
VerbatimAppendix = Annotated[
    bool,
    typer.Option(
        "--verbatim-appendix",
        help=pick("笔录后附带时间的逐字文本。", "Verbatim text with times behind the 笔录."),
    ),
]
WithoutEvidence = Annotated[
    bool,
    typer.Option("--without-evidence", help=pick("笔录中不写证据表。", "No evidence table in the 笔录.")),
]


def formats_of(text: str, known: tuple[str, ...] = FORMATS) -> tuple[str, ...]:
    """The formats named in a list with commas. Raises typer.BadParameter for one that is not known."""
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    wrong = next((name for name in names if name not in known), None)
    if wrong is not None or not names:
        raise typer.BadParameter(", ".join(known), param_hint="--format")
    return names


def settings_from(data: Path | None, **given: Value) -> Settings:
    """The settings, and from now on their language. Raises what `read_settings` raises."""
    settings = read_settings(data, given)
    voice.language = settings.language
    return settings
