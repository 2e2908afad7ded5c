"""一键归档: a sealed record and all that came after it become one signed folder and ZIP (docs/formats.md §6), or nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from casefile.chain import canonical
from casefile.court_seal import Signer, file_digests, sign
from casefile.disk import flush
from casefile.errors import ArchiveBlocked, ArchiveThere, CaseFileDiskFull, FailedTests, NothingSealed
from casefile.events import RecordSigned, Stored, stored_to_json, to_json
from casefile.explaining import Blocker
from casefile.four_natures import Finding, Outcome, Subject, findings, to_text
from casefile.manifest import NAME, witness
from casefile.model import CaseRecord, Secrecy
from casefile.package import Format, Retention, Volume
from casefile.packed import write_zip
from casefile.people.nouns import SECRET_KINDS
from casefile.seal import Writer, event_lines
from casefile.verify import Verified, verify
from casefile.viewer.page import viewer

Progress = Callable[[float], None]
SEALED, EVENTS, DIGESTS, SIGNATURES = "封存案卷", "events.jsonl", "events.digests", "签名/signatures.json"
VIEWER, VERIFIER = "阅览.html", "verify.py"
_SPARE_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Order:
    """How one record is to be archived.

    `documents` of a record: bytes by path; those that begin with 副卷/ go there, all others to the volume of the hearing.
    `verifier`: the single-file verifier. `blockers`: each says what keeps this record from being archived.
    """

    signer: Signer
    verifier: str
    writers: Mapping[str, Writer]
    retention: Retention = Retention.PERMANENT
    documents: Callable[[CaseRecord], Mapping[str, bytes]] = lambda record: {}
    blockers: Sequence[Callable[[CaseRecord], Sequence[Blocker]]] = ()


@dataclass(frozen=True, slots=True)
class Archived:
    """Where the archive lies, and what its check has found."""

    folder: Path
    zip: Path
    findings: Sequence[Finding]
    manifest_sha256: str


def volume_of(record: CaseRecord) -> Volume:
    """To which volume a hearing's record belongs (court.md C2, J10)."""
    secret = record.hearing.kind in SECRET_KINDS or record.hearing.secrecy is Secrecy.TRIAL_SECRET
    return Volume.INNER if secret else Volume.OPEN


def archive(
    record: CaseRecord,
    events: Sequence[Stored],
    sealed: Path,
    out: Path,
    order: Order,
    progress: Progress = lambda done: None,
) -> Archived:
    """Writes `out/HEARING` and `out/HEARING.zip`, both at once.

    `sealed`: the sealed record. `events`: all of them. `progress` is told 0 to 1. Raises ArchiveBlocked, FailedTests,
    ArchiveThere, NothingSealed, DiskFull, ForgedEvent, OSError.
    """
    _refuse_blocked(record, order)
    making = _Making(record, events, sealed, out, order, progress)
    making.refuse_unready()
    try:
        return making.run()
    except OSError:
        if out.exists() and shutil.disk_usage(out).free < _SPARE_BYTES:
            raise CaseFileDiskFull(where=str(out)) from None
        raise
    finally:
        shutil.rmtree(making.staging, ignore_errors=True)


def _refuse_blocked(record: CaseRecord, order: Order) -> None:
    found = [blocker for find in order.blockers for blocker in find(record)]
    if found:
        raise ArchiveBlocked(
            zh_why=" ".join(one.zh for one in found), en_why=" ".join(one.en for one in found)
        )


class _Making:
    """One archive on its way."""

    def __init__(
        self,
        record: CaseRecord,
        events: Sequence[Stored],
        sealed: Path,
        out: Path,
        order: Order,
        progress: Progress,
    ) -> None:
        self.record, self.events, self.sealed, self.out, self.order = record, events, sealed, out, order
        self.tell = progress
        self.staging = out / f".archiving-{record.hearing.id}"
        self.top = self.staging / record.hearing.id
        self.volume = volume_of(record)

    @property
    def root(self) -> Path:
        """The volume that holds the record."""
        return self.top / self.volume

    def refuse_unready(self) -> None:
        """Raises NothingSealed, ArchiveThere, CaseFileDiskFull."""
        if not (self.sealed / NAME).is_file():
            raise NothingSealed
        name = self.record.hearing.id
        if (self.out / name).exists() or (self.out / f"{name}.zip").exists():
            raise ArchiveThere
        self.out.mkdir(parents=True, exist_ok=True)
        size = sum(path.stat().st_size for path in self.sealed.rglob("*") if path.is_file())
        if shutil.disk_usage(self.out).free < 2 * size + _SPARE_BYTES:
            raise CaseFileDiskFull(where=str(self.out))

    def run(self) -> Archived:
        """All steps."""
        shutil.rmtree(self.staging, ignore_errors=True)
        self._copy_record()
        checked = verify(self.root / SEALED, lambda done: self.tell(0.1 + 0.6 * done))
        self._write_texts()
        self._write_documents()
        found = self._examine(checked)
        text = self._sign()
        packed = self.staging / f"{self.top.name}.zip"
        write_zip(self.top, packed)
        self.tell(0.95)
        self._publish(packed)
        self.tell(1.0)
        name = self.top.name
        return Archived(self.out / name, self.out / f"{name}.zip", found, witness("sha256", text).split()[0])

    def _copy_record(self) -> None:
        shutil.copytree(self.sealed, self.root / SEALED, copy_function=shutil.copyfile)
        self.tell(0.1)

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def _write_texts(self) -> None:
        """The record as it stands now, every event, who signed, the page to read it with, and the verifier."""
        for name, writer in self.order.writers.items():
            self._write(self.root / "笔录" / name, writer(self.record).encode())
        self._write(self.root / EVENTS, b"".join(event_lines(self.events)))
        self._write(self.root / DIGESTS, "".join(f"{stored.digest}\n" for stored in self.events).encode())
        self._write(self.root / SIGNATURES, _signatures(self.record, self.events))
        self._write(self.root / VIEWER, viewer(self.record, self.root / SEALED, f"{SEALED}/audio").encode())
        self._write(self.top / VERIFIER, self.order.verifier.encode())

    def _write_documents(self) -> None:
        for name, data in self.order.documents(self.record).items():
            self._write(self._document(name), data)

    def _document(self, name: str) -> Path:
        """Where a document goes; the inner volume's never to the open one. Raises ValueError for a path that leads out."""
        parts = PurePosixPath(name).parts
        named = parts[:1] in ((Volume.OPEN,), (Volume.INNER,))
        if not parts[named:] or name.startswith("/") or ".." in parts:
            raise ValueError("a document's path leads out of the archive")
        inner = self.volume is Volume.INNER or parts[0] == Volume.INNER
        return self.top.joinpath(Volume.INNER if inner else Volume.OPEN, "文书", *parts[named:])

    def _examine(self, checked: Verified) -> list[Finding]:
        """The check of the four, as a report in the archive. Raises FailedTests."""
        paths = [path.relative_to(self.top).as_posix() for path in self.top.rglob("*") if path.is_file()]
        found = findings(Subject(self.record, checked, paths, self.volume))
        failed = [one for one in found if one.outcome is Outcome.FAILED]
        if failed:
            raise FailedTests(
                zh_why=" ".join(f"{one.item}：{one.zh}" for one in failed),
                en_why=" ".join(one.en for one in failed),
            )
        self._write(
            self.top / "四性检测.json", _json({"standard": "DA/T 70—2018", "findings": to_json(found)})
        )
        self._write(self.top / "四性检测.txt", to_text(found).encode())
        self.tell(0.72)
        return found

    def _sign(self) -> bytes:
        volume, last = self.volume, self.events[-1]
        facts = {
            "volume": volume,
            "retention": self.order.retention,
            "record": f"{volume}/{SEALED}",
            "events": {"path": f"{volume}/{EVENTS}", "count": len(self.events), "head": last.digest},
            "digests": f"{volume}/{DIGESTS}",
            "signatures": f"{volume}/{SIGNATURES}",
        }
        files = file_digests(self.top, below=f"{volume}/{SEALED}")
        return sign(self.top, Format.ARCHIVE, self.record.hearing.id, files, facts, self.order.signer)

    def _publish(self, packed: Path) -> None:
        """Forces all to the disk and gives both their names; the ZIP last, it is whole when the folder is."""
        for path in [*self.top.rglob("*"), self.top, packed]:
            flush(path)
        self.top.rename(self.out / self.top.name)
        packed.rename(self.out / packed.name)
        flush(self.out)


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode() + b"\n"


def _signatures(record: CaseRecord, events: Sequence[Stored]) -> bytes:
    """Who is to sign, what was asked and decided, and every signature as the events have it."""
    signed = [
        json.loads(canonical(stored_to_json(one))) for one in events if isinstance(one.event, RecordSigned)
    ]
    parts = ("signatories", "requests", "decisions")
    return _json({**{name: to_json(getattr(record, name)) for name in parts}, "signed": signed})
