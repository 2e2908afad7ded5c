"""The check before a record goes to the archive: 真实性, 完整性, 可用性, 安全性 (court.md C1).

The names of the items are those of DA/T 70—2018 as far as a program can look at them; what it cannot look at is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from casefile.export import signed_text
from casefile.model import CaseRecord
from casefile.package import Volume
from casefile.verify import Verified


class Nature(StrEnum):
    """What an electronic archive has to be."""

    AUTHENTIC = "真实性"
    COMPLETE = "完整性"
    USABLE = "可用性"
    SAFE = "安全性"


class Outcome(StrEnum):
    """What came of looking at an item. NOTED: nothing is wrong, but the reader should know."""

    PASSED = "通过"
    FAILED = "未通过"
    NOTED = "说明"
    NOT_TESTED = "未检测"


@dataclass(frozen=True, slots=True)
class Finding:
    """One item and what was found, in words; no name and no text of the hearing is in it."""

    nature: Nature
    item: str
    outcome: Outcome
    zh: str
    en: str


OPEN_FORMATS = frozenset(
    {".flac", ".wav", ".txt", ".json", ".jsonl", ".srt", ".vtt", ".pdf", ".docx", ".html", ".py", ".sha256", ".sm3",
     ".digests", ".png", ".xml", ".ofd", ".csv", ".typ", ".md"}
)  # fmt: skip
"""Open formats that an archive of ours may hold."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at: the record, the sealed record's verification, and every path of the archive."""

    record: CaseRecord
    sealed: Verified
    paths: Sequence[str]
    volume: Volume


def findings(subject: Subject) -> list[Finding]:
    """Every item, in the order of the four."""
    return [*_authentic(subject), *_complete(subject), *_usable(subject), *_safe(subject)]


def _finding(nature: Nature, item: str, passed: bool, good: tuple[str, str], bad: tuple[str, str]) -> Finding:
    zh, en = good if passed else bad
    return Finding(nature, item, Outcome.PASSED if passed else Outcome.FAILED, zh, en)


def _authentic(subject: Subject) -> Iterator[Finding]:
    sealed = subject.sealed
    first = sealed.problems[0] if sealed.problems else None
    yield _finding(
        Nature.AUTHENTIC,
        "固化信息有效性",
        first is None,
        ("封存清单、事件链、声音链逐一校验一致。", "manifest, chain of events and chain of sound hold."),
        (first.zh, first.en) if first else ("", ""),
    )
    yield _finding(
        Nature.AUTHENTIC,
        "元数据与内容关联真实性",
        subject.record.digests.get("manifest_sha256") == sealed.manifest_sha256,
        ("事件记载的封存清单校验值与案卷一致。", "the digest of the manifest stands in the events."),
        ("事件记载的封存清单校验值与案卷不一致。", "the events name another manifest."),
    )
    yield _copies(subject)


def _copies(subject: Subject) -> Finding:
    same = subject.record.digests.get("copies", {}).get("same") is True
    outcome = Outcome.PASSED if same else Outcome.NOTED
    zh = "录音机与服务器两份录音比对一致。" if same else "两份录音未能比对或有差异，详见事件记录。"
    en = (
        "both copies of the sound were compared and agree."
        if same
        else "the copies were not compared or differ: see events."
    )
    return Finding(Nature.AUTHENTIC, "内容真实性", outcome, zh, en)


def _complete(subject: Subject) -> Iterator[Finding]:
    sealed, record = subject.sealed, subject.record
    yield Finding(
        Nature.COMPLETE,
        "总件数相符性",
        Outcome.PASSED,
        f"封存案卷 {sealed.files} 个文件，{sealed.events} 条事件，{sealed.blocks} 块声音。",
        f"sealed record: {sealed.files} files, {sealed.events} events, {sealed.blocks} blocks of sound.",
    )
    lost = len(sealed.damaged) + len(sealed.missing) + len(record.gaps)
    yield Finding(
        Nature.COMPLETE,
        "内容完整性",
        Outcome.NOTED if lost else Outcome.PASSED,
        f"录音缺口 {len(record.gaps)} 处、损坏 {len(sealed.damaged)} 块、缺失 {len(sealed.missing)} 处，均已注明。"
        if lost
        else "录音无缺口。",
        f"{len(record.gaps)} gaps, {len(sealed.damaged)} damaged blocks, {len(sealed.missing)} missing ranges, all on record."
        if lost
        else "the sound has no gap.",
    )
    signed = signed_text.complete(record)
    yield Finding(
        Nature.COMPLETE,
        "过程信息完整性",
        Outcome.PASSED if signed else Outcome.NOTED,
        "应签字人员均已签字或注明拒签。" if signed else "尚未全部核对签字：文字不作为法庭笔录。",
        "all who are to sign have signed."
        if signed
        else "not everybody has signed: the text is not a court record.",
    )


def _usable(subject: Subject) -> Iterator[Finding]:
    decoded = subject.sealed.decoded
    yield Finding(
        Nature.USABLE,
        "内容数据可读性",
        Outcome.PASSED if decoded else Outcome.NOT_TESTED,
        "全部 FLAC 已解码并逐块核对。" if decoded else "本机没有 libsndfile，声音未解码。",
        "every FLAC was decoded and checked block by block."
        if decoded
        else "libsndfile is missing: no sound was decoded.",
    )
    odd = [path for path in subject.paths if PurePosixPath(path).suffix not in OPEN_FORMATS]
    yield _finding(
        Nature.USABLE,
        "内容数据格式合规性",
        not odd,
        ("均为开放格式，未压缩加密。", "open formats only, nothing encrypted."),
        (f"有 {len(odd)} 个文件不是开放格式。", f"{len(odd)} files are not in an open format."),
    )


def _safe(subject: Subject) -> Iterator[Finding]:
    inner = subject.volume is Volume.INNER
    leaked = [path for path in subject.paths if inner and path.startswith(f"{Volume.OPEN}/")]
    yield _finding(
        Nature.SAFE,
        "归档过程安全性",
        not leaked,
        ("副卷内容未进入正卷。", "nothing of the inner volume lies in the open one."),
        ("副卷内容出现在正卷中。", "something of the inner volume lies in the open one."),
    )
    yield Finding(
        Nature.SAFE,
        "归档信息包病毒检测",
        Outcome.NOT_TESTED,
        "本程序不查病毒，请由档案部门用专用软件检测。",
        "this program looks for no viruses: the archive's own software must.",
    )


def to_text(found: Sequence[Finding]) -> str:
    """The report to read."""
    lines = ["四性检测报告", ""]
    for nature in Nature:
        lines += [
            f"【{nature}】",
            *(f"{one.outcome}  {one.item}：{one.zh}" for one in found if one.nature is nature),
            "",
        ]
    lines += ["Check of authenticity, completeness, usability and safety", ""]
    lines += [f"{one.outcome.name.lower()}: {one.item}: {one.en}" for one in found]
    return "\n".join(lines) + "\n"
