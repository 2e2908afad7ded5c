"""Errors of the court's key and of archiving."""

from __future__ import annotations

from casefile.errors.base import NotFound, TingjiError


class NoCourtKey(TingjiError):
    """No key of the court is set, or its file is not there."""

    code = "no_court_key"
    zh = "还没有本院的签名密钥。请由技术人员在服务器上运行 tingji key make --out 文件，并在 tingji.toml 中写 court_key。"
    en = "There is no key of the court. On the server run tingji key make --out FILE and set court_key in tingji.toml."


class CourtKeyInside(TingjiError):
    """The court's key lies, or would lie, in the data folder."""

    code = "court_key_inside"
    zh = (
        "签名密钥不能放在数据目录里：复制数据目录的人会同时得到密钥。请放到别处，例如 /etc/tingji/court.key。"
    )
    en = (
        "The court's key may not lie in the data folder: whoever copies the folder would have it. "
        "Choose another place, such as /etc/tingji/court.key."
    )


class CourtKeyLocked(TingjiError):
    """The key is encrypted and the passphrase is missing or wrong."""

    code = "court_key_locked"
    zh = "签名密钥的口令不对，或没有输入。请重新输入口令。"
    en = "The passphrase of the court's key is missing or wrong. Enter it again."


class UnfitCourtKey(TingjiError):
    """The file is no Ed25519 key of the court, or others may read it."""

    code = "unfit_court_key"
    zh = "签名密钥文件不能使用：{zh_why}"
    en = "The court's key cannot be used: {en_why}"


class ArchiveBlocked(TingjiError):
    """Something has to be done before the record may be archived."""

    code = "archive_blocked"
    zh = "暂不能归档：{zh_why}"
    en = "Not to be archived yet: {en_why}"


class FailedTests(ArchiveBlocked):
    """The check of 四性 found something wrong with the record."""

    code = "failed_tests"
    zh = "四性检测未通过，未归档：{zh_why}"
    en = (
        "The check of authenticity, completeness, usability and safety failed, nothing was archived: {en_why}"
    )


class ArchiveThere(TingjiError):
    """There is something under the archive's name already."""

    code = "archive_there"
    zh = "目标文件夹里已有同名的归档包。请换一个文件夹，或先把它移走；归档包不会被覆盖。"
    en = "There is an archive of this name already. Choose another folder or move it away: none is overwritten."


class NothingSealed(TingjiError):
    """The hearing has no sealed record."""

    code = "nothing_sealed"
    zh = "这次庭审还没有封存的案卷。请先闭庭，待封存完成后再归档。"
    en = "This hearing has no sealed record yet. Close it and wait for the seal, then archive it."


class NoSuchArchive(NotFound):
    """Nothing was archived of this hearing."""

    zh = "这次庭审还没有归档包。请先归档。"
    en = "Nothing was archived of this hearing yet. Archive it first."


class NothingInRange(TingjiError):
    """There is no sound in the range."""

    code = "nothing_in_range"
    zh = "这段时间里没有声音。请检查起止时间（时:分:秒，从录音开始算起）。"
    en = "There is no sound in this range. Check from and to (hours:minutes:seconds since the recording began)."
