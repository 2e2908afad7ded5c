"""Sealing: a hearing becomes a folder that proves itself (docs/formats.md §5), whole or not at all."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from casefile import manifest as manifests
from casefile.chain import GENESIS, canonical, chain
from casefile.compress import WORKERS, Progress, compress, sound_bytes
from casefile.disk import flush
from casefile.errors import CaseFileDiskFull, ForgedEvent
from casefile.events import Stored, stored_to_json, to_json
from casefile.flac import Broken
from casefile.manifest import HAS_SM3, NAME, WITNESSES, Chain, FileDigest, Manifest, Sound, digests, witness
from casefile.model import CaseRecord
from casefile.verify import Verified as Verified  # noqa: PLC0414 (callers of seal verify, too)
from casefile.verify import verify as verify  # noqa: PLC0414

Writer = Callable[[CaseRecord], str]
_SPARE_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed record: its folder, its manifest, and the digests that `RecordSealed` is to carry."""

    folder: Path
    manifest: Manifest
    manifest_sha256: str
    manifest_sm3: str | None


def seal(
    record: CaseRecord,
    events: Sequence[Stored],
    recording: Path,
    out: Path,
    *,
    writers: Mapping[str, Writer],
    damaged: Collection[int] = (),
    progress: Progress = lambda done: None,
) -> Sealed:
    """Writes the sealed record of a closed hearing to the folder `out`, which appears all at once.

    `writers`: by file name (`casefile.export.SEALED`). `damaged`: entries of the sound that are known to be
    damaged in every copy and are carried as they are (`Checked.broken`). `progress` is told 0 to 1. May be
    run again after a crash: a record of the same events that is there already is returned, an older one is
    kept beside. Raises DiskFull, DamagedRecording (an entry that does not match and is not known to be
    damaged), CompressionFailed, ForgedEvent, OSError.
    """
    there = _already(out, events)
    if there is not None:
        return there
    _need_room(out.parent, sound_bytes(recording))
    staging = out.parent / f".sealing-{out.name}"
    shutil.rmtree(staging, ignore_errors=True)
    (staging / "audio").mkdir(parents=True)
    try:
        sound = compress(recording, staging / "audio", lambda done: progress(0.9 * done), damaged)
        _fill(staging, record, events, sound, writers)
        _publish(staging, out)
    except (OSError, Broken) as error:
        _say_if_full(error, out.parent)
        raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    progress(1.0)
    return _read(out)


def _already(out: Path, events: Sequence[Stored]) -> Sealed | None:
    """The record at `out` if it is of just these events."""
    try:
        there = _read(out)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return there if there.manifest.events == _end(events) else None


def _read(out: Path) -> Sealed:
    text = (out / NAME).read_bytes()
    lines = {name: witness(name, text) for name in _algorithms()}
    if any((out / WITNESSES[name]).read_text() != line for name, line in lines.items()):
        raise ValueError("manifest and digest differ")
    found = {name: line.split()[0] for name, line in lines.items()}
    return Sealed(out, manifests.from_json(json.loads(text)), found["sha256"], found.get("sm3"))


def _algorithms() -> tuple[str, ...]:
    return ("sha256", "sm3") if HAS_SM3 else ("sha256",)


def _need_room(folder: Path, sound: int) -> None:
    """FLAC of noise is as big as the sound itself. Raises DiskFull."""
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < sound + sound // 64 + _SPARE_BYTES:
        raise CaseFileDiskFull(where=str(folder))


def _say_if_full(error: Exception, folder: Path) -> None:
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    if full or shutil.disk_usage(folder).free < _SPARE_BYTES // 16:
        raise CaseFileDiskFull(where=str(folder)) from error


def _fill(
    staging: Path,
    record: CaseRecord,
    events: Sequence[Stored],
    sound: Sound,
    writers: Mapping[str, Writer],
) -> None:
    """Texts, events and manifest."""
    for name, write in writers.items():
        (staging / name).write_text(write(record), encoding="utf-8", newline="\n")
    with (staging / "events.jsonl").open("wb") as file:
        file.writelines(event_lines(events))
    sealed_at = datetime.now(UTC).isoformat(timespec="milliseconds")
    files = _digests(staging)
    sealed = Manifest(manifests.FORMAT, record.hearing.id, sealed_at, _end(events), sound, files)
    _sign(staging, sealed)


def event_lines(events: Sequence[Stored]) -> Iterator[bytes]:
    """The events as lines; each is checked as it will be read. Raises ForgedEvent."""
    previous = GENESIS
    for seq, stored in enumerate(events, 1):
        said = stored_to_json(stored)["event"]
        previous = chain(previous, stored.hearing_id, seq, stored.at, stored.by, said)
        if (stored.seq, stored.digest) != (seq, previous):
            raise ForgedEvent(seq=seq)
        yield canonical(stored_to_json(stored)) + b"\n"


def _end(events: Sequence[Stored]) -> Chain:
    return Chain(len(events), events[-1].digest if events else GENESIS)


def _digests(folder: Path) -> dict[str, FileDigest]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    with ThreadPoolExecutor(WORKERS) as pool:
        found = list(pool.map(digests, paths))
    return {path.relative_to(folder).as_posix(): digest for path, digest in zip(paths, found, strict=True)}


def _sign(folder: Path, sealed: Manifest) -> None:
    text = json.dumps(to_json(sealed), ensure_ascii=False, indent=1).encode() + b"\n"
    (folder / NAME).write_bytes(text)
    for name in _algorithms():
        (folder / WITNESSES[name]).write_text(witness(name, text))


def _publish(staging: Path, out: Path) -> None:
    """Forces all to the disk, keeps an older record beside, and gives the new one its name."""
    for path in [*staging.rglob("*"), staging]:
        flush(path)
    if out.exists():
        out.rename(_free_name(out))
    staging.rename(out)
    flush(out.parent)


def _free_name(out: Path) -> Path:
    number = 1
    while (name := out.with_name(f"{out.name}.superseded-{number}")).exists():
        number += 1
    return name
