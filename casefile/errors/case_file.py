"""Errors of what is stored: events, records, seals."""

from __future__ import annotations

from casefile.errors.base import NotFound, TingjiError
from casefile.errors.sound import DiskFull


class ForgedEvent(TingjiError):
    """An event of the chain does not match its digest."""

    code = "forged_event"
    zh = "第 {seq} 条记录与校验值不符，案卷可能被改动。请停止使用并联系技术人员。"
    en = "Event {seq} does not match its digest: the case file may have been changed. Stop and call the technician."


class RecordBroken(TingjiError):
    """Verification found something that is not as it was sealed."""

    code = "record_broken"
    zh = "案卷校验未通过：{what}"
    en = "The record is not whole: {what}"


class BrokenPart(RecordBroken):
    """Verification found that `file` of a sealed record is not as it was sealed."""

    zh = "案卷校验未通过：{file}：{zh_why}"
    en = "The record is not whole: {file}: {en_why}"


class HearingExists(TingjiError):
    """A hearing with this id is on file already."""

    code = "hearing_exists"
    zh = "这次庭审已经建立，请在列表中打开。"
    en = "This hearing is on file already. Open it from the list."


class StoreClosed(TingjiError):
    """The case file was closed: the program is stopping."""

    code = "store_closed"
    zh = "案卷库已关闭（程序正在停止），未能写入。请重新启动庭记。"
    en = "The case file is closed (the program is stopping): nothing was written. Start Tingji again."


class StoreFailed(TingjiError):
    """The database refused to write for another reason than a full disk."""

    code = "store_failed"
    zh = "案卷库写入失败（{why}）。录音不受影响。请检查磁盘并联系技术人员。"
    en = "The case file could not be written ({why}). Recording is not affected. Check the disk and call the technician."


class CaseFileDiskFull(DiskFull):
    """The disk of the case file, or of the sealed records, has no room; sound may have its own disk."""

    zh = "{where} 所在磁盘已满，案卷无法写入，已存入的内容完好。请立即清理磁盘，然后重试。"
    en = "The disk of {where} is full: the case file cannot be written; what is in it is safe. Free space, try again."


class UnknownFormat(TingjiError):
    """A file was written by a version of Tingji that this one does not know."""

    code = "unknown_format"
    zh = "文件格式版本 {version} 无法识别，请升级庭记。"
    en = "Format version {version} is not known. Upgrade Tingji."


class ClosingFailed(TingjiError):
    """Closing met something unforeseen."""

    code = "closing_failed"
    zh = "闭庭整理未能完成，将自动重试。录音与文字均已保存；如一直不成功，请联系技术人员。"
    en = "Closing did not finish and will be tried again. Sound and text are safe; if it persists, call the technician."


class NothingToVerify(TingjiError):
    """The folder holds no sealed record."""

    code = "nothing_to_verify"
    zh = "这个目录里没有已封存的案卷。请选择含 manifest.json 的案卷目录，或数据目录。"
    en = "There is no sealed record in this folder. Choose a record (with manifest.json in it) or a data folder."


class NothingToExport(TingjiError):
    """The folder is neither a sealed record nor a data folder."""

    code = "nothing_to_export"
    zh = "这个目录里没有案卷。请选择含 manifest.json 的案卷目录，或含 tingji.db 的数据目录。"
    en = "There is no record in this folder. Choose a record (manifest.json in it) or a data folder (tingji.db in it)."


class SlowViewer(TingjiError):
    """A viewer of the live view fell too far behind and is dropped; it comes back with its last `seq`."""

    code = "slow_viewer"
    zh = "本页面接收过慢，已断开，正在重新连接。"
    en = "This page received too slowly and was dropped; it is connecting again."


class SealedAlready(TingjiError):
    """The record is sealed: nothing is proposed for it any more."""

    code = "sealed_already"
    zh = "这次庭审的案卷已封存，不再更改。复核须在封存前进行：先停止庭记，运行本命令，再启动庭记，由书记员决定各项建议。"
    en = (
        "The record of this hearing is sealed and is not changed any more. Look again before the seal: stop Tingji, "
        "run this command, start Tingji, and let the clerk decide on what is proposed."
    )


class BadTemplate(TingjiError):
    """A document's template says something that cannot be; `file` and `key` say where."""

    code = "bad_template"
    zh = "模板 {file} 的 {key} 有误：{zh_why}"
    en = "{key} in template {file} does not fit: {en_why}"


class NoChineseFont(TingjiError):
    """No font of this machine holds Chinese characters."""

    code = "no_chinese_font"
    zh = "本机没有中文字体，无法生成 PDF。请安装后重试：sudo apt-get install fonts-noto-cjk"
    en = (
        "There is no Chinese font on this machine, so no PDF can be made: sudo apt-get install fonts-noto-cjk"
    )


class NotTypeset(TingjiError):
    """A PDF could not be made, for a reason that is a fault of the program."""

    code = "not_typeset"
    zh = "PDF 未能生成。请改用 docx，并联系技术人员。"
    en = "The PDF could not be made. Use docx, and call the technician."


class NoSuchDocument(NotFound):
    """There is no template of this name for this hearing, or no such form."""

    code = "no_such_document"
    zh = "这次庭审没有这种文书，或没有这种格式（docx、pdf、txt）。请在案卷页面的“文书”中选择。"
    en = "This hearing has no such document, or not in this form (docx, pdf, txt). Choose one from the list of documents."


class FaultGone(TingjiError):
    """What is to be explained or reviewed does not stand so on the record."""

    code = "fault_gone"
    zh = "录音缺失或情况说明已有变化，请刷新页面后重新填写、签名。"
    en = "The gaps or their explanation have changed: load the page again, then write and sign."
