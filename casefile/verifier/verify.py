#!/usr/bin/env python3
"""校验庭记归档包：只需 Python 3.11 或更新版本，不需要网络，不更改任何文件。
Verifies an archive of Tingji: needs Python 3.11 or newer and nothing else; no network; changes nothing.

    python3 verify.py [FOLDER or ZIP] [--key court.pub | --fingerprint "12345 ..."]

The modules below are those of the program, word for word. Written by scripts/verifier.py.
"""

import sys
import types

if sys.version_info < (3, 11):
    sys.exit("需要 Python 3.11 或更新版本。 Python 3.11 or newer is needed.")

SOURCES = {}

SOURCES['casefile.chain'] = r'''"""The hash chains of the case file and of the sound, with the standard library alone.

`casefile.events` and `casefile.verify` share these few lines, so that a record is checked by what sealed it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

GENESIS = "0" * 64
"""The `previous` of the first event of a hearing, and of the first entry of a recording."""

_UNCHAINED = ("sha256", "hearing", "damaged")


def canonical(data: Any) -> bytes:
    """JSON with sorted keys and no spaces, UTF-8 (in the spirit of RFC 8785). NaN raises ValueError."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def chain(previous: str, hearing_id: str, seq: int, at: str, by: str, event: Mapping[str, Any]) -> str:
    """SHA-256 over the previous digest and everything that the event says, hex."""
    body = {"hearing_id": hearing_id, "seq": seq, "at": at, "by": by, "event": event, "previous": previous}
    return hashlib.sha256(canonical(body)).hexdigest()


def entry_digest(entry: Mapping[str, Any], samples: bytes | memoryview = b"") -> str:
    """SHA-256 of an entry of a recording's index and its samples (docs/formats.md §2), hex."""
    said = {key: value for key, value in entry.items() if key not in _UNCHAINED}
    digest = hashlib.sha256(bytes.fromhex(entry["previous"]))
    digest.update(canonical(said))
    digest.update(samples)
    return digest.hexdigest()
'''

SOURCES['casefile.errors.base'] = r'''"""What every error is made of, and those of any hearing."""

from __future__ import annotations


class TingjiError(Exception):
    """Base of all: `code` for programs, `zh` and `en` for people."""

    code = "error"
    zh = "出错了。"
    en = "Something went wrong."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        self.zh = type(self).zh.format(**facts)
        self.en = type(self).en.format(**facts)
        super().__init__(f"{self.code}: {self.en}")

    def as_json(self) -> dict[str, str]:
        """What goes over the wire: code and both sentences."""
        return {"code": self.code, "zh": self.zh, "en": self.en}


class NotFound(TingjiError):
    """No such hearing."""

    code = "not_found"
    zh = "找不到这次庭审。请回到列表重新选择。"
    en = "There is no such hearing. Go back to the list and choose again."


class WrongState(TingjiError):
    """The hearing is in a state in which this cannot be done."""

    code = "wrong_state"
    zh = "庭审当前状态为“{state}”，不能执行“{action}”。"
    en = "The hearing is in state {state}: {action} is not possible now."


class BadRequest(TingjiError):
    """Input that does not fit; `zh_why` and `en_why` say which and what to do."""

    code = "bad_request"
    zh = "{zh_why}"
    en = "{en_why}"


class OwnFault(TingjiError):
    """A mistake in Tingji itself, met at the command line; only its kind may be shown."""

    code = "own_fault"
    zh = "程序内部错误（{kind}）。加 --debug 重新运行可看到细节，请连同细节反馈给技术人员。"
    en = "An internal error ({kind}). Run again with --debug and give the details to the technician."
'''

SOURCES['casefile.errors.sound'] = r'''"""Errors of microphones, recorders, recordings and disks."""

from __future__ import annotations

from casefile.errors.base import TingjiError


class NoRecorder(TingjiError):
    """No recorder is connected."""

    code = "no_recorder"
    zh = "录音程序未连接。请检查录音机是否开启，网线是否插好。"
    en = "No recorder is connected. Check that it is running and that its network cable is in."


class NoPortAudio(TingjiError):
    """PortAudio's shared library is missing."""

    code = "no_portaudio"
    zh = "缺少 PortAudio，无法使用麦克风（其他功能不受影响）。请安装：apt-get install libportaudio2"
    en = "PortAudio is missing, so live microphones cannot be used (all else works). Install it: apt-get install libportaudio2"


class NoDevice(TingjiError):
    """The named input device is not there."""

    code = "no_device"
    zh = "找不到录音设备“{name}”。现有设备：{known}。"
    en = "There is no input device named {name}. Devices: {known}."


class UnreadableSound(TingjiError):
    """A sound file cannot be decoded."""

    code = "unreadable_sound"
    zh = "无法读取声音文件：{why}。请确认是 wav、flac、mp3 或 m4a 文件。"
    en = "The sound file cannot be read: {why}. Make sure that it is wav, flac, mp3 or m4a."


PLACES = {
    "server": ("服务器", "the server"),
    "服务器": ("服务器", "the server"),
    "journal": ("录音机", "the recorder"),
}
"""The machines that hold a copy, as the clerk calls them."""


class OnDisk(TingjiError):
    """An error of one copy; `where` is a key of `PLACES` or says itself where."""

    def __init__(self, where: str, **facts: object) -> None:
        zh_where, en_where = PLACES.get(where, (where, where))
        super().__init__(where=where, zh_where=zh_where, en_where=en_where, **facts)


class DiskFull(OnDisk):
    """A disk has no room."""

    code = "disk_full"
    zh = "{zh_where}磁盘已满，录音无法写入。请立即清理磁盘或更换硬盘；另一份录音仍在继续。"
    en = (
        "The disk of {en_where} is full: sound cannot be written. Free space at once; the other copy goes on."
    )


class DiskFailed(OnDisk):
    """A disk refuses to write, for another reason than lack of room."""

    code = "disk_failed"
    zh = "{zh_where}磁盘写入失败（错误 {number}）。请立即检查硬盘和连接线并联系技术人员；另一份录音仍在继续。"
    en = "The disk of {en_where} refuses to write (error {number}). Check it, call the technician; the other copy goes on."


class DamagedRecording(OnDisk):
    """A stored block of sound does not match its digest."""

    code = "damaged_recording"
    zh = "{zh_where}第 {number} 块声音与校验值不符。"
    en = "Block {number} of {en_where} does not match its digest."


class CompressionFailed(TingjiError):
    """The compressed sound does not decode to the samples that were recorded."""

    code = "compression_failed"
    zh = "声音压缩后与原始录音不一致（{file}），案卷未封存，原始录音完好。请检查磁盘后重试。"
    en = "The compressed sound differs from the recording ({file}). Nothing is lost: check the disk, try again."


class JournalUnreadable(TingjiError):
    """The journal of the hearing that was being recorded cannot be opened."""

    code = "journal_unreadable"
    zh = "录音机上次未结束的录音无法打开（{why}），原文件已另行保留。录音机可以开始新的庭审；请联系技术人员检查磁盘。"
    en = "The recorder cannot open its unfinished recording ({why}); the files are kept aside. It can record a new hearing; have the disk checked."


LAPSED = {
    "start": (
        "“开始录音”没有执行，现在没有录音。如仍要开始，请再按一次。",
        "Start was not carried out: nothing is being recorded. Press it again if it is still wanted.",
    ),
    "pause": (
        "“暂停”没有执行，录音一直在继续。如仍要暂停，请再按一次。",
        "Pause was not carried out: recording has gone on. Press it again if it is still wanted.",
    ),
    "resume": (
        "“继续录音”没有执行，现在仍在暂停、没有录音。请立即再按一次。",
        "Resume was not carried out: the hearing is still paused and is not recorded. Press it again at once.",
    ),
}


class OrderLapsed(TingjiError):
    """A command of the clerk reached the recorder too late to be carried out; `command` is a key of `LAPSED`."""

    code = "order_lapsed"
    zh = "录音机中断过久，{zh_what}"
    en = "The recorder was away too long. {en_what}"

    def __init__(self, command: str) -> None:
        zh_what, en_what = LAPSED[command]
        super().__init__(zh_what=zh_what, en_what=en_what)


class NoClip(TingjiError):
    """The recorder gives no sound for an enrolment: it records, has no microphone, or does not answer."""

    code = "no_clip"
    zh = "录音机现在不能提供登记用的声音。请确认录音机已连接、话筒有声音、没有在录其他庭审；庭审已开始的，请从本人的发言登记。"
    en = (
        "The recorder gives no sound to enrol a voice by. Check that it is connected, hears its microphones and records "
        "no other hearing; once the hearing has begun, enrol the voice from a turn of that person."
    )
'''

SOURCES['casefile.errors.case_file'] = r'''"""Errors of what is stored: events, records, seals."""

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
'''

SOURCES['casefile.packed'] = r'''"""An archive as one ZIP file (PKWARE APPNOTE 6.3): stored, ZIP64 throughout, no byte of it left to chance.

Every header follows from the names, sizes and CRCs of the files, so that a changed byte is found wherever it is. What is
inside is read in place, like a folder. Standard library alone.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

_UTF8, _ZIP64, _DATE, _FULL = 0x800, 45, 0x21, 0xFFFFFFFF
_REGULAR = 0o100644 << 16
_CHUNK = 1 << 20
UNREADABLE = (
    zipfile.BadZipFile, ValueError, struct.error, NotImplementedError, OverflowError, OSError, IndexError, RuntimeError,
)  # fmt: skip
"""What reading a file raises that is no such ZIP."""


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    size: int
    crc: int

    @property
    def encoded(self) -> bytes:
        return self.name.encode()

    def head(self) -> bytes:
        """What stands before its bytes."""
        extra = struct.pack("<HHQQ", 1, 16, self.size, self.size)
        fixed = struct.pack(
            "<4s5H3I2H",
            b"PK\3\4",
            _ZIP64,
            _UTF8,
            0,
            0,
            _DATE,
            self.crc,
            _FULL,
            _FULL,
            len(self.encoded),
            len(extra),
        )
        return fixed + self.encoded + extra

    def entry(self, offset: int) -> bytes:
        """What stands in the directory at the end."""
        extra = struct.pack("<HHQQQ", 1, 24, self.size, self.size, offset)
        made = (b"PK\1\2", _ZIP64 | 3 << 8, _ZIP64, _UTF8, 0, 0, _DATE, self.crc, _FULL, _FULL)
        lengths = (len(self.encoded), len(extra), 0, 0, 0, _REGULAR, _FULL)
        return struct.pack("<4s6H3I5H2I", *made, *lengths) + self.encoded + extra


def _tail(members: Iterable[tuple[_Member, int]], start: int) -> bytes:
    """The directory and the three records behind it."""
    entries = [member.entry(offset) for member, offset in members]
    size, count = sum(map(len, entries)), len(entries)
    end = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, _ZIP64, _ZIP64, 0, 0, count, count, size, start)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, start + size, 1)
    last = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, _FULL, _FULL, 0)
    return b"".join((*entries, end, locator, last))


def write_zip(folder: Path, to: Path, wrote: Callable[[int], None] = lambda size: None) -> None:
    """Packs the files of `folder` under the folder's name, in the order of their names. Raises OSError.

    `wrote` is told the bytes of each file that is done.
    """
    members: list[tuple[_Member, int]] = []
    with to.open("wb") as out:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            members.append(_add(out, path, f"{folder.name}/{path.relative_to(folder).as_posix()}"))
            wrote(members[-1][0].size)
        out.write(_tail(members, out.tell()))


def _add(out: BinaryIO, path: Path, name: str) -> tuple[_Member, int]:
    offset, crc = out.tell(), 0
    member = _Member(name, path.stat().st_size, 0)
    out.write(member.head())
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            crc = zlib.crc32(chunk, crc)
            out.write(chunk)
    member = _Member(name, member.size, crc)
    end = out.tell()
    out.seek(offset)
    out.write(member.head())
    out.seek(end)
    return member, offset


class Packed:
    """A place inside a ZIP: as much of `pathlib.Path` as verification needs. Thread-safe."""

    __slots__ = ("_at", "_file", "_members")

    def __init__(self, file: Path, members: Mapping[str, tuple[int, int]], at: str = "") -> None:
        self._file, self._members, self._at = file, members, at

    def __truediv__(self, name: str) -> Packed:
        return Packed(self._file, self._members, f"{self._at}/{name}" if self._at else name)

    @property
    def parent(self) -> Packed:
        """The folder that it lies in."""
        return Packed(self._file, self._members, self._at.rpartition("/")[0])

    def exists(self) -> bool:
        """Whether it is a file in the ZIP."""
        return self._at in self._members

    def open(self, mode: str = "rb") -> BinaryIO:
        """The file's bytes. Raises FileNotFoundError."""
        del mode  # nothing else is ever asked for
        if not self.exists():
            raise FileNotFoundError(self._at)
        return io.BufferedReader(_Slice(self._file.open("rb"), *self._members[self._at]), _CHUNK)

    def read_bytes(self) -> bytes:
        """All of it. Raises FileNotFoundError."""
        with self.open() as file:
            return file.read()

    def names(self) -> Iterator[str]:
        """Every file below, by its path from here."""
        below = f"{self._at}/"
        return (name[len(below) :] for name in self._members if name.startswith(below))


class _Slice(io.RawIOBase):
    """Some bytes of a file, as a file."""

    def __init__(self, file: BinaryIO, offset: int, size: int) -> None:
        self._whole, self._offset, self._size, self._at = file, offset, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = (0, self._at, self._size)[whence] + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        room = max(0, min(len(buffer), self._size - self._at))
        self._whole.seek(self._offset + self._at)
        read = self._whole.readinto(memoryview(buffer)[:room])  # type: ignore[attr-defined]
        self._at += read
        return int(read)

    def close(self) -> None:
        self._whole.close()
        super().close()


def read_zip(file: Path) -> Packed | None:
    """The folder in the ZIP; None when a byte between its files is not what we write, or it is none of ours."""
    try:
        with zipfile.ZipFile(file) as found:
            members = [_Member(info.filename, info.file_size, info.CRC) for info in found.infolist()]
        with file.open("rb") as data:
            places = _places(data, members)
    except UNREADABLE:
        return None
    roots = {member.name.split("/")[0] for member in members}
    known = {member.name: (place, member.size) for member, place in zip(members, places or (), strict=False)}
    if places is None or len(roots) != 1 or len(known) != len(members):
        return None
    return Packed(file, known, roots.pop())


def _places(data: BinaryIO, members: Iterable[_Member]) -> list[int] | None:
    """Where the bytes of each file begin; None when something else than we write stands between them."""
    places, entries = [], []
    for member in members:
        entries.append((member, data.tell()))
        if data.read(len(member.head())) != member.head():
            return None
        places.append(data.tell())
        data.seek(member.size, io.SEEK_CUR)
    start = data.tell()
    return places if data.read() == _tail(entries, start) else None


Place = Path | Packed
"""A folder, or a ZIP that is read like one."""
'''

SOURCES['casefile.manifest'] = r'''"""The manifest of a sealed record (docs/formats.md §5) and the digests in it. Standard library alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casefile.packed import Place

FORMAT = "tingji-record/1"
NAME = "manifest.json"
HAS_SM3 = "sm3" in hashlib.algorithms_available
WITNESSES = {"sha256": "manifest.sha256", "sm3": "manifest.sm3"}
"""By algorithm, the file that holds the digest of the manifest itself."""
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A file's size and digests, hex; `sm3` is None where OpenSSL could not make it."""

    bytes: int
    sha256: str
    sm3: str | None


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A file of the recording, and its FLAC files by channel (none when it holds no sound).

    `pcm_sha256`: of all samples interleaved, as recorded. `first`, `last`: numbers of its entries.
    """

    wav: str
    flac: tuple[str, ...]
    pcm_sha256: str
    frames: int
    rate: int
    channels: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Sound:
    """All of the sound: both ends of its chain, entries that no copy has, blocks damaged in every copy."""

    first: int
    last: int
    head: str
    files: tuple[SoundFile, ...]
    missing: tuple[tuple[int, int], ...]
    damaged: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """How many events, and the digest of the last."""

    count: int
    head: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a sealed record holds; `files` by path inside the record, with `/`."""

    format: str
    hearing_id: str
    sealed_at: str
    events: Chain
    audio: Sound
    files: Mapping[str, FileDigest]


def digests(path: Place) -> FileDigest:
    """Reads the file once. Raises OSError."""
    running = {name: hashlib.new(name) for name in (("sha256", "sm3") if HAS_SM3 else ("sha256",))}
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            for digest in running.values():
                digest.update(chunk)
    return FileDigest(size, running["sha256"].hexdigest(), running["sm3"].hexdigest() if HAS_SM3 else None)


def witness(algorithm: str, manifest: bytes) -> str:
    """The text of `manifest.sha256` or `manifest.sm3`: a line that `sha256sum --check` understands."""
    return f"{hashlib.new(algorithm, manifest).hexdigest()}  {NAME}\n"


def from_json(data: Any) -> Manifest:
    """The manifest in `data`. Raises KeyError, TypeError, ValueError, AttributeError when it is none."""
    return Manifest(
        format=_text(data["format"]),
        hearing_id=_text(data["hearing_id"]),
        sealed_at=_text(data["sealed_at"]),
        events=Chain(int(data["events"]["count"]), _text(data["events"]["head"])),
        audio=_sound(data["audio"]),
        files={_text(path): file_digest(facts) for path, facts in data["files"].items()},
    )


def _sound(data: Any) -> Sound:
    files = tuple(_sound_file(facts) for facts in data["files"])
    missing = tuple((int(first), int(last)) for first, last in data["missing"])
    damaged = tuple(int(n) for n in data["damaged"])
    return Sound(int(data["first"]), int(data["last"]), _text(data["head"]), files, missing, damaged)


def _sound_file(data: Any) -> SoundFile:
    numbers = (int(data[name]) for name in ("frames", "rate", "channels", "first", "last"))
    flac = tuple(_text(name) for name in data["flac"])
    return SoundFile(_text(data["wav"]), flac, _text(data["pcm_sha256"]), *numbers)


def file_digest(data: Any) -> FileDigest:
    """One entry of `files`. Raises what `from_json` raises."""
    sm3 = None if data["sm3"] is None else _text(data["sm3"])
    return FileDigest(int(data["bytes"]), _text(data["sha256"]), sm3)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
'''

SOURCES['casefile.ed25519'] = r'''"""Verifying Ed25519 signatures (RFC 8032 §5.1) and reading public keys, with the standard library alone.

For checking only: nothing here is secret, so nothing needs constant time. Keys are made in `tingji/court_key.py`.
"""

from __future__ import annotations

import base64
import hashlib

KEY_BYTES, SIGNATURE_BYTES = 32, 64
_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
"""A square root of -1."""
_DER = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes in a SubjectPublicKeyInfo (RFC 8410)."""
_LINES = ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----")
_FINGERPRINT_DIGITS = 40

Point = tuple[int, int, int, int]
"""Extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z."""
_ZERO: Point = (0, 1, 1, 0)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) was made over `message` by the key whose public half is `public` (32 bytes)."""
    if len(public) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    signer, commitment = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if signer is None or commitment is None or s >= _ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _ORDER
    return _same(_times(s, _BASE), _plus(commitment, _times(h, signer)))


def _x_of(y: int, odd: int) -> int | None:
    """The x of the point with this y, even or odd; None: there is no such point."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and odd):
        return None
    return x if x % 2 == odd else _P - x


def _point(data: bytes) -> Point | None:
    number = int.from_bytes(data, "little")
    y, odd = number & ((1 << 255) - 1), number >> 255
    x = _x_of(y, odd) if y < _P else None
    return None if x is None else (x, y, 1, x * y % _P)


def _plus(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c, d = 2 * one[3] * other[3] * _D % _P, 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(factor: int, point: Point) -> Point:
    total = _ZERO
    while factor:
        if factor & 1:
            total = _plus(total, point)
        point = _plus(point, point)
        factor >>= 1
    return total


def _same(one: Point, other: Point) -> bool:
    return not ((one[0] * other[2] - other[0] * one[2]) % _P or (one[1] * other[2] - other[1] * one[2]) % _P)


def _base() -> Point:
    point = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))
    assert point
    return point


_BASE = _base()


def to_pem(public: bytes) -> str:
    """The public key as OpenSSL writes it."""
    return "\n".join((_LINES[0], base64.b64encode(_DER + public).decode(), _LINES[1])) + "\n"


def from_pem(text: str) -> bytes:
    """The 32 bytes of a public key. Raises ValueError when it is no Ed25519 public key."""
    lines = text.split()
    try:
        data = base64.b64decode("".join(lines[3:-3]), validate=True)
    except ValueError:
        data = b""
    public = data[len(_DER) :]
    if not data.startswith(_DER) or len(public) != KEY_BYTES or to_pem(public).split() != lines:
        raise ValueError("not an Ed25519 public key")
    return public


def fingerprint(public: bytes) -> str:
    """Eight groups of five digits that people can read to each other: SHA-256 of the key's DER form, mod 10^40."""
    number = int.from_bytes(hashlib.sha256(_DER + public).digest(), "big") % 10**_FINGERPRINT_DIGITS
    digits = f"{number:0{_FINGERPRINT_DIGITS}d}"
    return " ".join(digits[at : at + 5] for at in range(0, _FINGERPRINT_DIGITS, 5))


def digits_of(fingerprint: str) -> str:
    """A fingerprint as somebody typed it, the digits alone."""
    return "".join(character for character in fingerprint if character.isdigit())
'''

SOURCES['casefile.verdict'] = r'''"""What verification can find wrong, in words."""

from __future__ import annotations

from casefile.errors.case_file import BrokenPart


def gone(file: str) -> BrokenPart:
    """A file of the record is not there."""
    return BrokenPart(file=file, zh_why="文件缺失", en_why="the file is missing")


def changed(file: str) -> BrokenPart:
    """A file does not match its digest."""
    return BrokenPart(file=file, zh_why="内容已被改动", en_why="its content was changed")


def alien(file: str) -> BrokenPart:
    """A file that was not sealed lies in the record."""
    return BrokenPart(file=file, zh_why="不属于本案卷", en_why="it does not belong to the record")


def unknown(file: str) -> BrokenPart:
    """The manifest is none that this version knows."""
    return BrokenPart(file=file, zh_why="格式无法识别，请升级庭记", en_why="unknown format: upgrade Tingji")


def unlike(file: str) -> BrokenPart:
    """A part is not what the manifest says about it."""
    return BrokenPart(file=file, zh_why="与清单不一致", en_why="it is not what the manifest says")


def undecodable(file: str) -> BrokenPart:
    """Sound cannot be decoded."""
    return BrokenPart(file=file, zh_why="声音无法解码", en_why="its sound cannot be decoded")


def broken_event(file: str, seq: int) -> BrokenPart:
    """The chain of events breaks at number `seq`."""
    why = f"event {seq} does not match its digest"
    return BrokenPart(file=file, zh_why=f"第 {seq} 条与校验值不符", en_why=why)


def broken_entry(file: str, n: int) -> BrokenPart:
    """The chain of sound breaks at entry `n`."""
    why = f"entry {n} of the sound does not match its digest"
    return BrokenPart(file=file, zh_why=f"第 {n} 条声音记录与校验值不符", en_why=why)


def foreign(file: str) -> BrokenPart:
    """A signature holds, but was made by another key than the one that was given."""
    why = "signed by another key than the court's that was given"
    return BrokenPart(file=file, zh_why="不是用所给的本院密钥签名的", en_why=why)


def not_continued(file: str) -> BrokenPart:
    """The events after sealing do not go on from the sealed record."""
    why = "it does not go on from the sealed record"
    return BrokenPart(file=file, zh_why="与封存案卷的事件不相衔接", en_why=why)


def repacked(file: str) -> BrokenPart:
    """The ZIP around the files is not as it was written."""
    return BrokenPart(
        file=file, zh_why="压缩包结构已被改动或损坏", en_why="the ZIP around the files was changed"
    )
'''

SOURCES['casefile.verify_sound'] = r'''"""The sound of a sealed record against its chain: indexes with the standard library, samples by decoding."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casefile.chain import GENESIS, entry_digest
from casefile.errors.case_file import BrokenPart
from casefile.manifest import Sound, SoundFile
from casefile.packed import Place
from casefile.verdict import broken_entry, undecodable, unlike

Entry = dict[str, Any]
MALFORMED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading a file raises that is not what it says it is."""
_RUN_BYTES = 8 << 20


@dataclass(slots=True)
class Run:
    """What one index holds: both ends of its chain, its blocks. `problem`: the first thing wrong."""

    first: int = 0
    last: int = 0
    previous: str = GENESIS
    head: str = GENESIS
    blocks: int = 0
    problem: BrokenPart | None = None


def can_decode() -> bool:
    """Whether FLAC can be decoded on this machine."""
    try:
        import casefile.flac  # noqa: F401, PLC0415 - needs numpy and libsndfile
    except (ImportError, OSError):
        return False
    return True


def check_file(folder: Place, sound: SoundFile, decode: bool, damaged: Collection[int]) -> Run:
    """Checks one file of the recording: `folder` is the record's `audio`. Problems are told, not raised.

    `damaged`: entries that were sealed as damaged and need not match their digests.
    """
    run = Run()
    name = f"audio/{Path(sound.wav).stem}.jsonl"
    try:
        entries = _entries(folder.parent / name)
        run.problem = _follow(run, name, entries, damaged) or _unlike(run, name, sound, entries)
        if decode and sound.flac and run.problem is None:
            run.problem = _samples(folder, sound, [e for e in entries if e["kind"] == "block"], damaged)
    except MALFORMED:
        run.problem = broken_entry(name, run.last + 1)
    except (OSError, RuntimeError):
        run.problem = undecodable(name)
    return run


def _entries(index: Place) -> list[Entry]:
    with index.open("rb") as lines:
        return [json.loads(line) for line in lines]


def _follow(run: Run, name: str, entries: Sequence[Entry], damaged: Collection[int]) -> BrokenPart | None:
    """Goes along the chain of one index; entries without samples are checked whole."""
    for entry in entries:
        if run.first == 0:
            run.first, run.last, run.previous = entry["n"], entry["n"] - 1, entry["previous"]
            run.head = run.previous
        linked = entry["previous"] == run.head
        whole = _frames(entry) > 0 or entry_digest(entry) == entry["sha256"]
        if entry["n"] != run.last + 1 or not ((linked and whole) or entry["n"] in damaged):
            return broken_entry(name, entry["n"])
        run.last, run.head = entry["n"], entry["sha256"]
        run.blocks += entry["kind"] == "block"
    return None


def _frames(entry: Entry) -> int:
    return int(entry["frames"]) if entry["kind"] == "block" else 0


def _unlike(run: Run, name: str, sound: SoundFile, entries: Sequence[Entry]) -> BrokenPart | None:
    """The manifest's figures against the index."""
    frames = sum(_frames(entry) for entry in entries)
    channels = sound.channels if sound.frames else 0
    said = (sound.first, sound.last, sound.frames, len(sound.flac))
    if said == (run.first, run.last, frames, channels):
        return None
    return unlike(name)


def _samples(
    folder: Place, sound: SoundFile, blocks: Sequence[Entry], damaged: Collection[int]
) -> BrokenPart | None:
    """Decodes and checks block by block, some megabytes at a time."""
    from casefile.flac import decoded  # noqa: PLC0415 - not there on every machine

    runs = list(_runs(blocks, _RUN_BYTES // (2 * sound.channels)))
    counts = [sum(map(_frames, run)) for run in runs]
    whole = hashlib.sha256()
    paths = [folder / name for name in sound.flac]
    for run, samples in zip(runs, decoded(paths, counts), strict=True):
        pcm = samples.data.cast("B") if len(samples) else memoryview(b"")
        whole.update(pcm)
        wrong = _first_wrong(run, pcm, 2 * sound.channels, damaged)
        if wrong is not None:
            return broken_entry(f"audio/{sound.flac[0]}", wrong["n"])
    return None if whole.hexdigest() == sound.pcm_sha256 else unlike(f"audio/{sound.flac[0]}")


def _runs(blocks: Sequence[Entry], frames: int) -> Iterator[list[Entry]]:
    """Neighbouring blocks, about `frames` frames at a time."""
    run: list[Entry] = []
    held = 0
    for block in blocks:
        run.append(block)
        held += _frames(block)
        if held >= frames:
            yield run
            run, held = [], 0
    if run:
        yield run


def _first_wrong(
    run: Sequence[Entry], pcm: memoryview, frame_bytes: int, damaged: Collection[int]
) -> Entry | None:
    at = 0
    for block in run:
        end = at + _frames(block) * frame_bytes
        fits = block["n"] in damaged or entry_digest(block, pcm[at:end]) == block["sha256"]
        if end > len(pcm) or not fits:
            return block
        at = end
    return None


def link_problems(sealed: Sound, runs: Sequence[Run]) -> list[BrokenPart]:
    """The chain across the files, the holes that were declared, and the end that the manifest names."""
    missing: list[tuple[int, int]] = []
    last, head = 0, GENESIS
    for run in runs:
        if run.first > last + 1:
            missing.append((last + 1, run.first - 1))
        elif (run.first, run.previous) != (last + 1, head) and run.first not in sealed.damaged:
            return [broken_entry("audio", run.first)]
        last, head = run.last, run.head
    same = (tuple(missing), last, head) == (sealed.missing, sealed.last, sealed.head)
    return [] if same else [unlike("audio")]
'''

SOURCES['casefile.verify'] = r'''"""Whether a sealed record is as it was sealed: proven from its folder alone.

Needs the standard library only. Where libsndfile (`soundfile`) is installed the sound is decoded as well and
every block of samples is checked against the chain; `Verified.decoded` says whether that was done.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from casefile.chain import GENESIS, chain
from casefile.errors.case_file import BrokenPart
from casefile.manifest import (
    FORMAT,
    HAS_SM3,
    NAME,
    WITNESSES,
    FileDigest,
    Manifest,
    SoundFile,
    digests,
    from_json,
    witness,
)
from casefile.packed import Packed, Place
from casefile.verdict import alien, broken_event, changed, gone, unknown, unlike
from casefile.verify_sound import MALFORMED, can_decode, check_file, link_problems

Progress = Callable[[float], None]
Key = bytes
"""The 32 bytes of an Ed25519 public key."""
_EVENTS = "events.jsonl"


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found. `problems`: every broken thing, the first first; none means that the record is whole.

    `damaged`: blocks that were sealed as damaged. `missing`: ranges of entries that no copy had at sealing.
    `decoded`, `sm3`: whether samples and SM3 digests could be checked on this machine. `signed_by`: the public key of
    an archive's signature; `sealed_events`: how many of its events the sealed record holds.
    """

    problems: tuple[BrokenPart, ...]
    hearing_id: str = ""
    files: int = 0
    bytes: int = 0
    events: int = 0
    blocks: int = 0
    damaged: tuple[int, ...] = ()
    missing: tuple[tuple[int, int], ...] = ()
    manifest_sha256: str = ""
    decoded: bool = False
    sm3: bool = HAS_SM3
    signed_by: Key = b""
    sealed_events: int = 0

    @property
    def ok(self) -> bool:
        """Nothing is broken."""
        return not self.problems


def verify(folder: Place, progress: Progress = lambda done: None) -> Verified:
    """Checks every file, the chain of events and the chain of sound of a sealed record. Changes nothing.

    `progress` is told 0 to 1. Raises nothing for a broken record: what is broken is in `problems`.
    """
    problems = _witness_problems(folder)
    manifest = None if problems and problems[0].facts["file"] == NAME else _manifest(folder, problems)
    if manifest is None:
        return Verified(tuple(problems))
    audit = _Audit(folder, manifest, problems, progress)
    audit.run()
    progress(1.0)
    return audit.verdict()


def _witness_problems(folder: Place) -> list[BrokenPart]:
    """The manifest against its digests. Where one fits and another does not, the other one is broken."""
    try:
        text = (folder / NAME).read_bytes()
    except OSError:
        return [gone(NAME)]
    fits = {file: _fits(folder / file, algorithm, text) for algorithm, file in WITNESSES.items()}
    known = {file: fit for file, fit in fits.items() if fit is not None}
    if known and not any(known.values()):
        return [changed(NAME)]
    return [changed(file) for file, fit in known.items() if not fit]


def _fits(path: Place, algorithm: str, text: bytes) -> bool | None:
    """None: there is no such digest, or it cannot be made here."""
    if not path.exists() or (algorithm == "sm3" and not HAS_SM3):
        return None
    return path.read_bytes() == witness(algorithm, text).encode()


def _manifest(folder: Place, problems: list[BrokenPart]) -> Manifest | None:
    try:
        manifest = from_json(json.loads((folder / NAME).read_bytes()))
    except MALFORMED:
        manifest = None
    if manifest is None or manifest.format != FORMAT:
        problems.append(unknown(NAME))
        return None
    return manifest


class _Audit:
    """One verification: what it looks at, what it found, how far it is (in bytes)."""

    def __init__(
        self, folder: Place, manifest: Manifest, problems: list[BrokenPart], progress: Progress
    ) -> None:
        self.folder, self.manifest, self.problems = folder, manifest, problems
        self.decode = can_decode()
        self.blocks = 0
        self._progress, self._done = progress, 0
        read = sum(file.bytes for file in manifest.files.values())
        self._total = max(1, read + sum(map(self._weight, manifest.audio.files)))

    def run(self) -> None:
        """All steps, the quick ones first."""
        good = self._names()
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            good -= self._digests(good, pool)
            self._events(good)
            self._sound(good, pool)

    def verdict(self) -> Verified:
        """What was found."""
        return Verified(
            problems=tuple(self.problems),
            hearing_id=self.manifest.hearing_id,
            files=len(self.manifest.files),
            bytes=sum(file.bytes for file in self.manifest.files.values()),
            events=self.manifest.events.count,
            blocks=self.blocks,
            damaged=self.manifest.audio.damaged,
            missing=self.manifest.audio.missing,
            manifest_sha256=digests(self.folder / NAME).sha256,
            decoded=self.decode,
            sm3=HAS_SM3,
        )

    def _did(self, weight: int) -> None:
        self._done += weight
        self._progress(min(1.0, self._done / self._total))

    def _weight(self, file: SoundFile) -> int:
        return file.frames * file.channels * 2 if self.decode else 0

    def _names(self) -> set[str]:
        """Tells what is missing and what is alien; returns the files of the manifest that are there."""
        found = set(walk(self.folder))
        wanted = {NAME, WITNESSES["sha256"], *self.manifest.files}
        if any(file.sm3 for file in self.manifest.files.values()):
            wanted.add(WITNESSES["sm3"])
        self.problems += [gone(name) for name in sorted(wanted - found)]
        self.problems += [alien(name) for name in sorted(found - wanted)]
        return found & set(self.manifest.files)

    def _digests(self, present: set[str], pool: ThreadPoolExecutor) -> set[str]:
        """Reads every file; returns the names of those that changed."""
        jobs = {pool.submit(digests, self.folder / name): name for name in sorted(present)}
        for job in as_completed(jobs):
            self._did(self.manifest.files[jobs[job]].bytes)
        bad = {name for job, name in jobs.items() if not _same(job, self.manifest.files[name])}
        self.problems += [changed(name) for name in sorted(bad)]
        return bad

    def _events(self, good: set[str]) -> None:
        """The chain of events, from the first to the head that the manifest names."""
        if _EVENTS not in self.manifest.files:
            self.problems.append(unlike(_EVENTS))
        elif _EVENTS in good:
            sealed = self.manifest.events
            with (self.folder / _EVENTS).open("rb") as lines:
                broken = first_broken(lines, self.manifest.hearing_id, sealed.count, sealed.head)
            self.problems += [broken_event(_EVENTS, broken)] if broken else []

    def _sound(self, good: set[str], pool: ThreadPoolExecutor) -> None:
        """Every index with its samples, then the chain from one to the next.

        Files that are known to be broken are not looked into: that would only say the same again.
        """
        files = self.manifest.audio.files
        unlisted = [file for file in files if not _parts(file) <= set(self.manifest.files)]
        self.problems += [unlike(f"audio/{file.wav}") for file in unlisted]
        whole = [file for file in files if _parts(file) <= good]
        known = frozenset(self.manifest.audio.damaged)
        check = partial(check_file, self.folder / "audio", decode=self.decode, damaged=known)
        jobs = {pool.submit(check, file): file for file in whole}
        for job in as_completed(jobs):
            self._did(self._weight(jobs[job]))
        runs = [job.result() for job in jobs]
        self.blocks = sum(run.blocks for run in runs)
        self.problems += [run.problem for run in runs if run.problem]
        if len(runs) == len(files) and not any(run.problem for run in runs):
            self.problems += link_problems(self.manifest.audio, runs)


def walk(folder: Place) -> Iterator[str]:
    """Every file of the record by its path inside; what is linked from elsewhere is marked by an arrow."""
    if isinstance(folder, Packed):
        yield from folder.names()
        return
    for root, folders, files in os.walk(folder):
        for name in [*files, *(name for name in folders if Path(root, name).is_symlink())]:
            path = Path(root, name)
            yield path.relative_to(folder).as_posix() + (" ->" if path.is_symlink() else "")


def same_digest(found: FileDigest, sealed: FileDigest) -> bool:
    """Size and digests are the same, as far as both are known."""
    same_sm3 = None in (found.sm3, sealed.sm3) or found.sm3 == sealed.sm3
    return (found.bytes, found.sha256) == (sealed.bytes, sealed.sha256) and same_sm3


def _same(job: Future[FileDigest], sealed: FileDigest) -> bool:
    try:
        found = job.result()
    except OSError:
        return False
    return same_digest(found, sealed)


def first_broken(lines: Iterable[bytes], hearing_id: str, count: int, head: str) -> int | None:
    """The number of the first event that is not as it was chained, None when all are."""
    seq, digest = 0, GENESIS
    for seq, line in enumerate(lines, 1):
        try:
            digest = next_digest(json.loads(line), hearing_id, seq, digest)
        except MALFORMED:
            return seq
    return None if (seq, digest) == (count, head) else seq + 1


def next_digest(stored: dict[str, Any], hearing_id: str, seq: int, previous: str) -> str:
    """The digest of a stored event that is number `seq`. Raises one of MALFORMED when it is another."""
    digest = chain(previous, hearing_id, seq, stored["at"], stored["by"], stored["event"])
    said = (stored["hearing_id"], stored["seq"], stored["previous"], stored["digest"])
    if said != (hearing_id, seq, previous, digest):
        raise ValueError("not the event that was chained")
    return digest


def _parts(file: SoundFile) -> set[str]:
    return {f"audio/{Path(file.wav).stem}.jsonl", *(f"audio/{name}" for name in file.flac)}
'''

SOURCES['casefile.package'] = r'''"""What leaves the court signed: an archive or an extract (docs/formats.md §6). Standard library alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from casefile.ed25519 import to_pem, verify
from casefile.errors.case_file import BrokenPart
from casefile.manifest import HAS_SM3, NAME, WITNESSES, FileDigest, file_digest, witness
from casefile.packed import Place
from casefile.verdict import changed, foreign, gone, unknown
from casefile.verify_sound import MALFORMED

SIGNATURE, PUBLIC = "manifest.sig", "court.pub"
UNLISTED = frozenset({NAME, SIGNATURE, PUBLIC, WITNESSES["sha256"], WITNESSES["sm3"]})
"""The files that no manifest can list."""


class Format(StrEnum):
    """What a signed manifest is of."""

    ARCHIVE = "tingji-archive/1"
    EXTRACT = "tingji-extract/1"


class Volume(StrEnum):
    """The two volumes of a case file; counsel never sees the second (court.md C2)."""

    OPEN = "正卷"
    INNER = "副卷"


class Retention(StrEnum):
    """How long a case file is kept (court.md C3)."""

    PERMANENT = "永久"
    SIXTY_YEARS = "60年"
    THIRTY_YEARS = "30年"


@dataclass(frozen=True, slots=True)
class Package:
    """A signed manifest. `key`: the signing key's public half; `facts`: what else the format says."""

    format: Format
    hearing_id: str
    made_at: str
    key: bytes
    files: Mapping[str, FileDigest]
    facts: Mapping[str, Any]

    def text(self) -> bytes:
        """As it stands in `manifest.json`."""
        said = {
            "format": self.format,
            "hearing_id": self.hearing_id,
            "made_at": self.made_at,
            "key": self.key.hex(),
            **self.facts,
            "files": {name: _said(digest) for name, digest in self.files.items()},
        }
        return json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n"


def _said(digest: FileDigest) -> dict[str, Any]:
    return {"bytes": digest.bytes, "sha256": digest.sha256, "sm3": digest.sm3}


def package_of(text: bytes) -> Package:
    """The inverse of `Package.text`. Raises one of MALFORMED when it is none."""
    data = json.loads(text)
    files = {str(name): file_digest(facts) for name, facts in data.pop("files").items()}
    head = {name: str(data.pop(name)) for name in ("format", "hearing_id", "made_at", "key")}
    return Package(
        Format(head["format"]), head["hearing_id"], head["made_at"], bytes.fromhex(head["key"]), files, data
    )


def is_package(place: Place) -> bool:
    """Whether a signed manifest lies there; a sealed record's own manifest is not signed."""
    return (place / SIGNATURE).exists() or (place / PUBLIC).exists()


def signed_package(place: Place, court: bytes | None) -> tuple[Package | None, list[BrokenPart]]:
    """The manifest at `place`, and what is wrong with it and its signature.

    `court`: the key that it must be signed by; None: any. A manifest that is not as it was signed is not looked into.
    """
    try:
        text, signature = (place / NAME).read_bytes(), (place / SIGNATURE).read_bytes()
    except OSError:
        return None, [gone(name) for name in (NAME, SIGNATURE) if not (place / name).exists()]
    witnesses = {name: _fits(place, name, text) for name in _witnesses(place)}
    try:
        package = package_of(text)
    except MALFORMED:
        return None, [changed(NAME) if not all(witnesses.values()) else unknown(NAME)]
    if not verify(package.key, text, signature):
        return None, [changed(SIGNATURE if all(witnesses.values()) else NAME)]
    problems = [changed(name) for name, fits in witnesses.items() if not fits]
    problems += _key_problems(place, package.key)
    return package, problems + ([foreign(SIGNATURE)] if court not in (None, package.key) else [])


def _witnesses(place: Place) -> list[str]:
    """The digests of the manifest that can be checked here; one that is missing does not fit."""
    return [
        WITNESSES["sha256"],
        *([WITNESSES["sm3"]] if HAS_SM3 and (place / WITNESSES["sm3"]).exists() else []),
    ]


def _fits(place: Place, name: str, text: bytes) -> bool:
    algorithm = next(algorithm for algorithm, file in WITNESSES.items() if file == name)
    try:
        return (place / name).read_bytes() == witness(algorithm, text).encode()
    except OSError:
        return False


def _key_problems(place: Place, key: bytes) -> list[BrokenPart]:
    """The public key beside the manifest is the one that signed it."""
    if not (place / PUBLIC).exists():
        return [gone(PUBLIC)]
    return [] if (place / PUBLIC).read_bytes() == to_pem(key).encode() else [changed(PUBLIC)]
'''

SOURCES['casefile.verify_extract'] = r'''"""Whether an extract belongs to the signed whole it was taken from (docs/formats.md §7; court.md F4). Standard library alone.

The whole's signed manifest names the sealed record's manifest, that one the indexes of the sound; an index holds the digest
of every block, and the samples are here. Of the events the whole signs the list of all digests; each event here is one of it.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Collection, Iterator
from typing import Any

from casefile.chain import chain, entry_digest
from casefile.errors.case_file import BrokenPart
from casefile.manifest import FileDigest, Manifest, digests, from_json
from casefile.package import SIGNATURE, Package, signed_package
from casefile.packed import Place
from casefile.verdict import broken_entry, broken_event, foreign, unlike
from casefile.verify_sound import MALFORMED

WHOLE, RECORD_MANIFEST, DIGESTS = "whole", "record-manifest.json", "events.digests"
HEADER_BYTES = 44


def extract_problems(place: Place, package: Package) -> list[BrokenPart]:
    """What of the extract cannot be shown to belong to the whole; its own files are known to be as signed."""
    whole, problems = signed_package(place / WHOLE, package.key)
    if whole is None or problems:
        return [BrokenPart(**{**one.facts, "file": f"{WHOLE}/{one.facts['file']}"}) for one in problems]
    if whole.hearing_id != package.hearing_id:
        return [foreign(f"{WHOLE}/{SIGNATURE}")]
    try:
        return list(itertools.chain(_links(place, whole), _sound(place, package), _events(place, package)))
    except (*MALFORMED, OSError):
        return [unlike(WHOLE)]


def _links(place: Place, whole: Package) -> Iterator[BrokenPart]:
    """The whole names what stands beside its manifest here."""
    named = {RECORD_MANIFEST: f"{whole.facts['record']}/manifest.json", DIGESTS: whole.facts["digests"]}
    for name, there in named.items():
        if not _is(place / WHOLE / name, whole.files[there]):
            yield unlike(f"{WHOLE}/{name}")


def _is(place: Place, listed: FileDigest) -> bool:
    found = digests(place)
    return (found.bytes, found.sha256) == (listed.bytes, listed.sha256)


def _sound(place: Place, package: Package) -> Iterator[BrokenPart]:
    record = from_json(json.loads((place / WHOLE / RECORD_MANIFEST).read_bytes()))
    for part in package.facts["sound"]:
        if not _is(place / part["index"], record.files[f"audio/{part['index'].rpartition('/')[2]}"]):
            yield unlike(part["index"])
        elif (problem := _blocks(place, part, record)) is not None:
            yield problem


def _blocks(place: Place, part: dict[str, Any], record: Manifest) -> BrokenPart | None:
    """The samples, block by block, against the digests of the index."""
    stem = part["index"].rpartition("/")[2].removesuffix(".jsonl")
    width = 2 * next(file.channels for file in record.audio.files if file.wav == f"{stem}.wav")
    with (place / part["index"]).open("rb") as lines:
        entries = [json.loads(line) for line in lines]
    wanted = [one for one in entries if one["kind"] == "block" and part["first"] <= one["n"] <= part["last"]]
    with (place / part["wav"]).open("rb") as sound:
        sound.seek(HEADER_BYTES)
        for entry in wanted:
            if not _holds(entry, sound.read(entry["frames"] * width), record.audio.damaged):
                return broken_entry(part["wav"], entry["n"])
        return unlike(part["wav"]) if sound.read(1) or not wanted else None


def _holds(entry: dict[str, Any], samples: bytes, damaged: Collection[int]) -> bool:
    return entry["n"] in damaged or entry_digest(entry, samples) == entry["sha256"]


def _events(place: Place, package: Package) -> Iterator[BrokenPart]:
    known = (place / WHOLE / DIGESTS).read_bytes().decode().split("\n")
    with (place / package.facts["events"]).open("rb") as lines:
        for line in lines:
            said = json.loads(line)
            seq, hearing_id = said["seq"], package.hearing_id
            digest = chain(said["previous"], hearing_id, seq, said["at"], said["by"], said["event"])
            before = known[seq - 2] if seq > 1 else hashlib.sha256().digest_size * "00"
            if (said["digest"], known[seq - 1], said["previous"]) != (digest, digest, before):
                yield broken_event(package.facts["events"], seq)
'''

SOURCES['casefile.verify_package'] = r'''"""Whether an archive or an extract is as the court signed it: proven from the folder or ZIP alone, by the standard library.

An archive: its signature, every file, the sealed record in it by the record's own manifest, the events after sealing as a
continuation of the sealed chain, and the signatures as they stand in the events.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from casefile.chain import GENESIS
from casefile.errors.case_file import BrokenPart
from casefile.manifest import NAME, WITNESSES, Manifest, digests, from_json
from casefile.package import SIGNATURE, UNLISTED, Format, Package, is_package, signed_package
from casefile.packed import Place, read_zip
from casefile.verdict import alien, broken_event, changed, gone, not_continued, repacked, unlike
from casefile.verify import Verified, next_digest, same_digest, verify, walk
from casefile.verify_extract import extract_problems
from casefile.verify_sound import MALFORMED

Progress = Callable[[float], None]


def verify_any(path: Path, court: bytes | None = None, progress: Progress = lambda done: None) -> Verified:
    """Checks a sealed record, an archive or an extract; the latter two as a folder or as a ZIP. Changes nothing.

    `court`: the public key that an archive must be signed by; None: any key. Raises nothing for what is broken.
    """
    place: Place | None = path if path.is_dir() else read_zip(path)
    if place is None:
        return Verified((repacked(path.name),))
    if is_package(place):
        return verify_package(place, court, progress)
    return verify(place, progress) if court is None else Verified((gone(SIGNATURE),))


def verify_package(place: Place, court: bytes | None, progress: Progress = lambda done: None) -> Verified:
    """The same for an archive or an extract at `place`."""
    package, problems = signed_package(place, court)
    if package is None:
        return Verified(tuple(problems))
    if package.format is Format.EXTRACT:
        found = _whole(place, package, problems, "")
        inner = extract_problems(place, package) if not found.problems else []
        return replace(found, problems=(*found.problems, *inner))
    return _archive(place, package, problems, progress)


def _archive(place: Place, package: Package, problems: list[BrokenPart], progress: Progress) -> Verified:
    record = _text(package.facts.get("record"))
    sealed = verify(place / record, progress)
    found = _whole(place, package, problems, record)
    inside = tuple(_inside(record, problem) for problem in sealed.problems)
    new = tuple(
        one for one in inside if one.facts["file"] not in {two.facts["file"] for two in found.problems}
    )
    after = () if found.problems or inside else tuple(_Events(place, package, record).problems())
    return replace(
        sealed,
        problems=(*found.problems, *new, *after),
        hearing_id=package.hearing_id,
        files=found.files + sealed.files,
        bytes=found.bytes + sealed.bytes,
        events=_count(package),
        manifest_sha256=found.manifest_sha256,
        signed_by=package.key,
        sealed_events=sealed.events,
    )


def _count(package: Package) -> int:
    try:
        return int(package.facts["events"]["count"])
    except MALFORMED:
        return 0


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _inside(record: str, problem: BrokenPart) -> BrokenPart:
    return BrokenPart(**{**problem.facts, "file": f"{record}/{problem.facts['file']}"})


def _whole(place: Place, package: Package, problems: list[BrokenPart], record: str) -> Verified:
    """Every file of the manifest; those below `record` are the sealed record's own affair."""
    listed = package.files
    found = {name for name in walk(place) if not _below(name, record) or name in listed}
    wanted = {name for name in UNLISTED if name != WITNESSES["sm3"] or _has_sm3(package)} | set(listed)
    told = {str(problem.facts["file"]) for problem in problems}
    problems += [gone(name) for name in sorted(wanted - found - told)]
    problems += [alien(name) for name in sorted(found - wanted)]
    present = sorted(found & set(listed))
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        fits = list(pool.map(lambda name: _fits(place / name, listed[name]), present))
    problems += [changed(name) for name, fit in zip(present, fits, strict=True) if not fit]
    return Verified(
        tuple(problems),
        hearing_id=package.hearing_id,
        files=len(listed),
        bytes=sum(digest.bytes for digest in listed.values()),
        manifest_sha256=digests(place / NAME).sha256,
        signed_by=package.key,
    )


def _below(name: str, folder: str) -> bool:
    return bool(folder) and name.startswith(f"{folder}/")


def _has_sm3(package: Package) -> bool:
    return any(digest.sm3 for digest in package.files.values())


def _fits(place: Place, listed: Any) -> bool:
    try:
        return same_digest(digests(place), listed)
    except OSError:
        return False


class _Events:
    """All events of an archive against the sealed record, their list of digests and the signatures."""

    def __init__(self, place: Place, package: Package, record: str) -> None:
        self.place, self.package, self.record = place, package, record
        self.facts = package.facts
        self.signed: list[dict[str, Any]] = []

    def problems(self) -> list[BrokenPart]:
        """What is wrong; the first thing that a step finds ends it."""
        try:
            return self._checked()
        except (*MALFORMED, OSError):
            return [unlike(NAME)]

    def _checked(self) -> list[BrokenPart]:
        name = self.facts["events"]["path"]
        seen = self._chained(name)
        if isinstance(seen, BrokenPart):
            return [seen]
        if (len(seen), seen[-1:]) != (self.facts["events"]["count"], [self.facts["events"]["head"]]):
            return [unlike(name)]
        return [*self._lists(seen), *self._continues(name, seen)]

    def _chained(self, name: str) -> list[str] | BrokenPart:
        """The digests of all events."""
        seen: list[str] = []
        with (self.place / name).open("rb") as lines:
            for line in lines:
                try:
                    stored = json.loads(line)
                    previous = seen[-1] if seen else GENESIS
                    seen.append(next_digest(stored, self.package.hearing_id, len(seen) + 1, previous))
                    self._note(stored)
                except MALFORMED:
                    return broken_event(name, len(seen) + 1)
        return seen

    def _note(self, stored: dict[str, Any]) -> None:
        if stored["event"].get("type") == "RecordSigned":
            self.signed.append(stored)

    def _lists(self, seen: list[str]) -> list[BrokenPart]:
        """The list of digests and the list of signatures say what the events say."""
        digest_list, signatures = self.facts["digests"], self.facts["signatures"]
        listed = (self.place / digest_list).read_bytes() == "".join(f"{one}\n" for one in seen).encode()
        signed = json.loads((self.place / signatures).read_bytes())["signed"] == self.signed
        return [unlike(name) for name, fits in ((digest_list, listed), (signatures, signed)) if not fits]

    def _continues(self, name: str, seen: list[str]) -> list[BrokenPart]:
        """The sealed record's events are the first of them, and the next one names its manifest."""
        text = (self.place / self.record / NAME).read_bytes()
        sealed: Manifest = from_json(json.loads(text))
        count = sealed.events.count
        with (self.place / name).open("rb") as lines:
            after = [line for number, line in enumerate(lines) if number == count]
        said = json.loads(after[0])["event"] if after else {}
        whole = sealed.hearing_id == self.package.hearing_id and seen[:count][-1:] == [sealed.events.head]
        named = (
            said.get("manifest_sha256") == hashlib.sha256(text).hexdigest()
            and said.get("type") == "RecordSealed"
        )
        return [] if whole and named else [not_continued(name)]
'''

SOURCES['casefile.verify_main'] = r'''"""Verifies an archive, an extract or a sealed record and says in both languages what was found.

    python3 verify.py [FOLDER or ZIP] [--key court.pub | --fingerprint "12345 ..."]

Without a name: the folder in which this file lies. Exit code 0: whole, 1: not, 2: wrong usage. Nothing is changed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from casefile.ed25519 import digits_of, fingerprint, from_pem
from casefile.verdict import foreign
from casefile.verify import Verified
from casefile.verify_package import verify_any


def report(found: Verified, known: bool) -> list[str]:
    """What to tell, Chinese and English; `known`: the court's own key, or its fingerprint, was given."""
    if not found.ok:
        return [line for problem in found.problems for line in (problem.zh, problem.en)]
    after = f"，其中封存后 {found.events - found.sealed_events} 条" if found.sealed_events else ""
    more = f", {found.events - found.sealed_events} of them after sealing" if found.sealed_events else ""
    lines = [
        f"完整，未被改动：文件 {found.files} 个，事件 {found.events} 条{after}，声音 {found.blocks} 块。",
        f"Whole and unchanged: {found.files} files, {found.events} events{more}, {found.blocks} blocks of sound.",
        f"manifest.json SHA-256 {found.manifest_sha256}",
    ]
    return [*lines, *signature_lines(found, known), *_limits(found)]


def signature_lines(found: Verified, known: bool) -> list[str]:
    """Whose signature it is, and how far that says something."""
    if not found.signed_by:
        return []
    said = [f"签名公钥指纹 / fingerprint of the signing key: {fingerprint(found.signed_by)}"]
    if known:
        return [*said, "签名与所给的本院密钥一致。", "Signed by the court's key that was given."]
    return [
        *said,
        "注意：未提供本院公钥，只能证明签名与包内公钥一致。请向法院核对上述指纹，或用 --key 本院公钥文件再校验。",
        "Note: no key of the court was given. This shows only that the signature fits the key inside the archive: compare "
        "the fingerprint with the court, or verify again with --key FILE.",
    ]


def _limits(found: Verified) -> list[str]:
    lines = []
    if found.damaged or found.missing:
        lines += [
            f"封存时已注明：{len(found.damaged)} 块声音损坏，{len(found.missing)} 处缺失。",
            f"Sealed as such: {len(found.damaged)} damaged blocks, {len(found.missing)} missing ranges.",
        ]
    if found.blocks and not found.decoded:
        lines += [
            "声音文件已按校验值核对，未解码逐块核对（需要安装庭记）。",
            "The files of sound were checked by their digests; they were not decoded (that needs Tingji installed).",
        ]
    return lines


def by_fingerprint(found: Verified, wanted: str) -> Verified:
    """`found`, broken when it was signed by a key of another fingerprint."""
    if not found.ok or digits_of(fingerprint(found.signed_by)) == digits_of(wanted):
        return found
    return Verified((foreign("manifest.sig"),))


def main(arguments: Sequence[str] | None = None) -> int:
    """See the module."""
    given = _parser().parse_args(arguments)
    path = Path(given.archive) if given.archive else Path(__file__).resolve().parent
    if not path.exists():
        print("没有这个文件或文件夹。 There is no such file or folder.", file=sys.stderr)  # noqa: T201 - a command
        return 2
    try:
        court = from_pem(Path(given.key).read_text(encoding="ascii")) if given.key else None
    except (OSError, ValueError):
        print("公钥文件无法读取。 The public key cannot be read.", file=sys.stderr)  # noqa: T201 - a command
        return 2
    found = verify_any(path, court)
    found = by_fingerprint(found, given.fingerprint) if given.fingerprint else found
    lines = report(found, bool(given.key or given.fingerprint))
    print("\n".join(lines))  # noqa: T201 - a command
    return 0 if found.ok else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="校验归档包。 Verifies an archive of Tingji.")
    parser.add_argument("archive", nargs="?", help="文件夹或 ZIP / folder or ZIP")
    parser.add_argument("--key", help="本院公钥文件 / the court's public key")
    parser.add_argument("--fingerprint", help="本院公钥指纹 / its fingerprint")
    return parser


if __name__ == "__main__":
    sys.exit(main())
'''

for name in ("casefile", "casefile.errors"):
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = []
for name, source in SOURCES.items():
    module = sys.modules[name] = types.ModuleType(name)
    module.__file__ = __file__
    exec(compile(source, name, "exec"), module.__dict__)

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a console that has no Chinese
    sys.exit(sys.modules["casefile.verify_main"].main())
