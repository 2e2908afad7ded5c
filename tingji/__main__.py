"""The command line: run | serve | record | transcribe | diarize | verify | archive | extract | export | models | templates |
accounts | recorder | tls | key | laws."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from casefile.errors import (
    BadCertificate,
    BadSetting,
    BadTemplate,
    DecisionsOpen,
    NoAdministrator,
    NotLoopback,
    OwnFault,
    PlainServer,
    TingjiError,
    UnknownKey,
    UnknownModel,
    UnreadableFile,
)
from casefile.package import Retention
from tingji import archive_command, options
from tingji.key_command import key_app
from tingji.laws_command import laws_app
from tingji.models_command import models_app
from tingji.options import pick, settings_from, voice
from tingji.people_command import accounts_app, recorder_app, tls_app
from tingji.templates_command import templates_app

USAGE = (
    BadCertificate,
    BadSetting,
    BadTemplate,
    NoAdministrator,
    NotLoopback,
    PlainServer,
    UnknownKey,
    UnknownModel,
    UnreadableFile,
)
"""Mistakes of the person who typed: exit code 2."""

UNDECIDED = 3

app = typer.Typer(
    name="tingji",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help=pick(
        "庭记：录下庭审，实时出文字，形成可校验的案卷。全程离线。\n\n"
        "常用：tingji run　（本机录音并打开页面）\n\n"
        "出错时加 --debug 可看到细节。",
        "Tingji: records a hearing, shows its text live, leaves a record that anyone can verify. Offline.\n\n"
        "Most used: tingji run   (records on this machine and opens the page)\n\n"
        "When something fails, --debug shows the details.",
    ),
)
app.add_typer(models_app, name="models")
app.add_typer(accounts_app, name="accounts")
app.add_typer(recorder_app, name="recorder")
app.add_typer(tls_app, name="tls")
app.add_typer(templates_app, name="templates")
app.add_typer(key_app, name="key")
app.add_typer(laws_app, name="laws")


@app.command(
    help=pick(
        "在本机同时运行录音与服务。\n\n"
        "例：tingji run --data /srv/tingji\n\n"
        "例：tingji run --hearing 庭审.toml --papers 起诉状.docx --papers 证据材料文件夹\n\n"
        "例：tingji run --replay 庭审.wav --hearing 庭审.toml --exit-when-done",
        "Recorder and server together on this machine.\n\n"
        "Example: tingji run --data /srv/tingji\n\n"
        "Example: tingji run --hearing hearing.toml --papers claim.docx --papers evidence-folder\n\n"
        "Example: tingji run --replay hearing.wav --hearing hearing.toml --exit-when-done",
    )
)
def run(
    data: options.Data = None,
    host: options.Host = None,
    port: options.Port = None,
    replay: options.Replay = None,
    speed: options.Speed = 1.0,
    hearing: options.HearingFile = None,
    papers: options.Papers = None,
    no_browser: options.NoBrowser = False,
    exit_when_done: options.ExitWhenDone = False,
    device: options.Device = None,
    channels: options.Channels = None,
    journal: options.Journal = None,
    model: options.Model = None,
    threads: options.Threads = None,
    no_text: options.NoText = False,
) -> None:
    from tingji.run import run as supervise
    from tingji.script import Script, choose_sound

    settings = settings_from(
        data,
        host=host,
        port=port,
        device=device,
        channels=channels,
        journal=journal and journal.absolute(),
        model=model,
        cpu_threads=threads,
        asr=False if no_text else None,
    )
    if exit_when_done and replay is None:
        raise typer.BadParameter(pick("需要 --replay。", "needs --replay."), param_hint="--exit-when-done")
    if papers and replay is None and hearing is None:
        raise typer.BadParameter(pick("需要 --hearing。", "needs --hearing."), param_hint="--papers")
    script = Script(
        replay, speed, None, exit_when_done, not no_browser, papers=tuple(map(Path.absolute, papers or ()))
    )
    supervise(settings, choose_sound(settings, script, hearing, voice), voice)


@app.command(
    help=pick(
        "只运行服务：接收录音、识别、保存案卷、提供页面。\n\n例：tingji serve --data /srv/tingji --port 8420",
        "The server alone: takes the sound in, recognizes, keeps the case file, serves the pages.\n\n"
        "Example: tingji serve --data /srv/tingji --port 8420",
    )
)
def serve(
    data: options.Data = None,
    host: options.Host = None,
    port: options.Port = None,
    model: options.Model = None,
    threads: options.Threads = None,
    no_text: options.NoText = False,
    no_link: Annotated[bool, typer.Option("--no-link", hidden=True)] = False,
) -> None:
    from tingji.first_link import first_link
    from tingji.server import serve as serve_forever

    settings = settings_from(
        data, host=host, port=port, model=model, cpu_threads=threads, asr=False if no_text else None
    )
    serve_forever(settings, lambda: None if no_link else first_link(settings, voice))


@app.command(
    help=pick(
        "只运行录音：服务或网络断开时照常录音，恢复后补传。\n\n"
        "例：tingji record --list\n\n"
        "例：tingji record --device 话筒名称 --journal /mnt/disk2/journal",
        "The recorder alone: it goes on when the server or the network is gone, and catches up.\n\n"
        "Example: tingji record --list\n\n"
        'Example: tingji record --device "USB Audio" --journal /mnt/disk2/journal',
    )
)
def record(
    data: options.Data = None,
    list_devices: options.ListDevices = False,
    device: options.Device = None,
    channels: options.Channels = None,
    journal: options.Journal = None,
    server: options.ServerAddress = None,
    name: options.RecorderName = None,
    port: options.Port = None,
    replay: options.Replay = None,
    speed: options.Speed = 1.0,
) -> None:
    from tingji.recording import print_devices, record_forever

    settings = settings_from(
        data,
        device=device,
        channels=channels,
        journal=journal and journal.absolute(),
        server=server,
        recorder=name,
        port=port,
    )
    if list_devices:
        print_devices(voice)
    else:
        record_forever(settings, replay, speed)


@app.command(
    help=pick(
        "识别声音文件，尽快完成。\n\n"
        "例：tingji transcribe 庭审.wav --hearing 庭审.toml --format json,txt --out 结果",
        "Sound files to text, as fast as it goes.\n\n"
        "Example: tingji transcribe hearing.wav --hearing hearing.toml --format json,txt --out results",
    )
)
def transcribe(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False)],
    hearing: options.HearingFile = None,
    papers: options.Papers = None,
    out: options.Out = Path(),
    formats: options.Formats = "json",
    no_voices: options.NoVoices = False,
    data: options.Data = None,
    model: options.Model = None,
    threads: options.Threads = None,
) -> None:
    from tingji.handing_in import paper_files, words_of_papers
    from tingji.hearing_file import default_hearing, papers_named, read_hearing
    from tingji.transcribe import Case
    from tingji.transcribe import transcribe as transcribe_files

    settings = settings_from(data, model=model, cpu_threads=threads)
    wanted = options.formats_of(formats)
    set_up = read_hearing(hearing) if hearing else default_hearing()
    named = papers_named(hearing) if hearing else ()
    words = tuple(words_of_papers(paper_files((*named, *(papers or ()))), voice))
    with voice.bar("识别", "Transcribing") as tell:
        written = transcribe_files(files, Case(set_up, words, not no_voices), out, wanted, tell, settings)
    for path in written:
        voice.fact(path)


@app.command(
    help=pick(
        "封存前对全庭声音再做一次整体复核，提出可能认错发言人的段落，由书记员在页面上逐条决定；不会自动更改。"
        "需先停止庭记，完成后再启动。\n\n"
        "例：tingji diarize --data /srv/tingji\n\n"
        "例：tingji diarize --backend pyannote --pipeline speaker-diarization-community-1",
        "Looks at the voices of a whole hearing before it is sealed and proposes which turns may be somebody else's; the "
        "clerk decides on the page, nothing changes by itself. Stop Tingji first, start it again afterwards.\n\n"
        "Example: tingji diarize --data /srv/tingji\n\n"
        "Example: tingji diarize --backend pyannote --pipeline speaker-diarization-community-1",
    )
)
def diarize(
    data: options.Data = None,
    hearing_id: options.HearingId = None,
    backend: options.Backend = options.Backends.OWN,
    pipeline: options.PipelineFolder = None,
    speakers: options.HowManySpeakers = None,
) -> None:
    from diarization.pyannote import Pipeline
    from tingji.diarize import ByPyannote, Own
    from tingji.diarize import diarize as look_again

    by_pyannote = backend is options.Backends.PYANNOTE
    if by_pyannote != (pipeline is not None):
        raise typer.BadParameter(
            pick(
                "--backend pyannote 与 --pipeline 目录须同时使用。",
                "--backend pyannote and --pipeline DIR go together.",
            ),
            param_hint="--pipeline",
        )
    settings = settings_from(data)
    chosen = ByPyannote(Pipeline(pipeline), speakers) if pipeline else Own(speakers)
    with voice.bar("听全庭录音", "Listening to all of it") as tell:
        found, to_decide = look_again(settings.data, hearing_id, chosen, tell)
    voice.say(
        f"新提出 {found} 段，共有 {to_decide} 段待书记员决定（启动庭记后见“谁在发言”）。没有更改任何发言。",
        f"{found} turns proposed; {to_decide} in all wait for the clerk (start Tingji and see Who spoke). No turn was changed.",
    )


@app.command(
    help=pick(
        "校验案卷、归档包或摘录（文件夹或 ZIP）是否完整、未被改动；数据目录则校验其中全部案卷。退出码 0 完整，1 有问题。\n\n"
        "例：tingji verify data/records/案卷目录\n\n例：tingji verify 归档包.zip --key court.key.pub",
        "Proves a record, an archive or an extract (folder or ZIP) whole, or names what is broken; of a data folder, every "
        "record. Exit code 0: whole, 1: not.\n\nExample: tingji verify data/records/RECORD\n\n"
        "Example: tingji verify ARCHIVE.zip --key court.key.pub",
    )
)
def verify(
    folder: Annotated[Path, typer.Argument(metavar="PATH", exists=True)],
    key: options.PublicKey = None,
    fingerprint: options.Fingerprint = None,
) -> None:
    from tingji.court_key import read_public
    from tingji.verifying import verify_all

    court = read_public(key) if key else None
    if not verify_all(folder, voice, court, fingerprint):
        raise typer.Exit(1)


@app.command(
    help=pick(
        "导出案卷文字与文书。文字默认逐字；案卷本身不变。\n\n例：tingji export data/records/案卷目录 --format txt,srt --out 导出\n\n"
        "例：tingji export data --format docx,pdf --documents all --out 导出",
        "Writes texts and documents of a record, texts verbatim unless told otherwise; the record stays as it is.\n\n"
        "Example: tingji export data/records/RECORD --format txt,srt --out exported\n\n"
        "Example: tingji export data --format docx,pdf --documents all --out exported",
    )
)
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", exists=True, file_okay=False)],
    hearing_id: options.HearingId = None,
    out: options.Out = Path(),
    formats: options.ExportFormats = "txt",
    documents: options.DocumentNames = "",
    verbatim_appendix: options.VerbatimAppendix = False,
    without_evidence: options.WithoutEvidence = False,
    data: options.Data = None,
    written_numbers: options.WrittenNumbers = False,
    without_fillers: options.WithoutFillers = False,
    condensed: options.Condensed = False,
) -> None:
    from casefile.documents.material import Wanted
    from casefile.export.reading import Reading
    from tingji.documents import Office
    from tingji.exporting import Order, export_all, home_of

    order = Order(
        options.formats_of(formats, (*options.FORMATS, *options.TYPESET)),
        Reading(written_numbers, without_fillers, condensed),
        tuple(name.strip() for name in documents.split(",") if name.strip()),
        Wanted(evidence=not without_evidence, verbatim=verbatim_appendix),
    )
    office = Office.of(settings_from(data or home_of(folder)))
    with voice.bar("导出", "Exporting") as tell:
        written = list(export_all(folder, hearing_id, out, order, office, tell))
    for path in written:
        voice.fact(path)


@app.command(
    help=pick(
        "一键归档：把已封存的案卷连同其后的签名、补正和文书做成一个签名的文件夹和压缩包。\n\n"
        "例：tingji archive 庭审编号 --out /mnt/archive --retention 永久",
        "Archives a sealed record with all that came after it, as a signed folder and a ZIP.\n\n"
        "Example: tingji archive HEARING --out /mnt/archive",
    )
)
def archive(
    hearing: Annotated[str, typer.Argument(metavar="HEARING")],
    out: options.Out = Path(),
    retention: archive_command.Retain = Retention.PERMANENT,
    data: options.Data = None,
) -> None:
    archive_command.archive(settings_from(data), hearing, out.absolute(), retention)


@app.command(
    help=pick(
        "从归档包中摘录一段声音和文字，附与全案的关联证明。\n\n"
        "例：tingji extract /mnt/archive/庭审编号 --from 00:10:00 --to 00:20:00 --out 摘录",
        "Takes a range of sound and text out of an archive, with its proof to the whole.\n\n"
        "Example: tingji extract ARCHIVE --from 00:10:00 --to 00:20:00 --out extract",
    )
)
def extract(
    archived: Annotated[Path, typer.Argument(metavar="ARCHIVE", exists=True, file_okay=False)],
    start: archive_command.From,
    end: archive_command.To,
    out: options.Out = Path("extract"),
    data: options.Data = None,
) -> None:
    from_ms, to_ms = archive_command.milliseconds(start), archive_command.milliseconds(end)
    archive_command.extract(settings_from(data), archived, from_ms, to_ms, out.absolute())


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but for what a person decides before the seal.

    Troubles are said as one sentence.
    """
    os.umask(os.umask(0o077) | 0o007)  # what courts keep is for nobody else on the machine
    given = list(sys.argv[1:] if arguments is None else arguments)
    words = [word for word in given if word != "--debug"]
    try:
        app(words, prog_name="tingji")
    except TingjiError as error:
        if len(words) < len(given):
            raise
        voice.complain(error)
        sys.exit(2 if isinstance(error, USAGE) else UNDECIDED if isinstance(error, DecisionsOpen) else 1)
    except Exception as error:  # a fault of ours: its text may hold what was said in court
        if len(words) < len(given):
            raise
        voice.complain(OwnFault(kind=type(error).__name__))
        sys.exit(1)


if __name__ == "__main__":
    main()
