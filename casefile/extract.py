"""A stretch of a hearing out of its archive, with the proof that it belongs to the signed whole (docs/formats.md §7; court.md F4).

The sound is WAV, not FLAC: whoever has Python can check every block of it against the whole.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from casefile.archiving import VERIFIER
from casefile.chain import canonical
from casefile.court_seal import Signer, file_digests, sign
from casefile.disk import flush
from casefile.entries import wav_header
from casefile.errors import ArchiveThere, BrokenPart, NothingInRange, NothingToVerify
from casefile.events import Stored, TurnAdded, event_from_json
from casefile.export import txt
from casefile.flac import decoded
from casefile.manifest import NAME, WITNESSES, SoundFile, digests, from_json
from casefile.model import AudioFormat, CaseRecord
from casefile.package import PUBLIC, SIGNATURE, Format, Package, signed_package
from casefile.record import fold
from casefile.verdict import changed
from casefile.verify import same_digest
from casefile.verify_extract import DIGESTS, RECORD_MANIFEST, WHOLE


@dataclass(frozen=True, slots=True)
class Range:
    """From and to, ms on the hearing's timeline."""

    from_ms: int
    to_ms: int

    def meets(self, start_ms: int, end_ms: int) -> bool:
        """Whether any of it lies in the range."""
        return start_ms < self.to_ms and end_ms > self.from_ms


@dataclass(frozen=True, slots=True)
class _Part:
    """Neighbouring blocks of one file of the recording: which entries, and which of its frames."""

    file: SoundFile
    first: int
    last: int
    skip: int
    frames: int


def extract(archive: Path, out: Path, span: Range, key: Signer, verifier: str) -> Path:
    """Writes the extract to `out`, a new folder, signed by the court's key; returns it.

    `archive`: a folder that `casefile.archiving` made. Sound comes in whole blocks, so a little more than was asked for.
    Raises NothingToVerify when it is no archive, BrokenPart when its manifest is not as signed, NothingInRange, ArchiveThere.
    """
    whole = _whole(archive)
    if out.exists():
        raise ArchiveThere
    staging = out.with_name(f".extracting-{out.name}")
    shutil.rmtree(staging, ignore_errors=True)
    try:
        facts = _fill(staging, archive, whole, span)
        (staging / VERIFIER).write_text(verifier, "utf-8")
        sign(staging, Format.EXTRACT, whole.hearing_id, file_digests(staging), facts, key)
        for path in [*staging.rglob("*"), staging]:
            flush(path)
        staging.rename(out)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return out


def _whole(archive: Path) -> Package:
    if not (archive / SIGNATURE).is_file():
        raise NothingToVerify
    whole, problems = signed_package(archive, None)
    if whole is None or problems:
        raise BrokenPart(**problems[0].facts)
    if whole.format is not Format.ARCHIVE:
        raise NothingToVerify
    return whole


def _fill(staging: Path, archive: Path, whole: Package, span: Range) -> dict[str, Any]:
    """Everything but the manifest; returns what that is to say."""
    record = archive / str(whole.facts["record"])
    (staging / WHOLE).mkdir(parents=True)
    (staging / "sound").mkdir()
    for name in (NAME, SIGNATURE, PUBLIC, *WITNESSES.values()):
        if (archive / name).exists():
            shutil.copyfile(archive / name, staging / WHOLE / name)
    shutil.copyfile(record / NAME, staging / WHOLE / RECORD_MANIFEST)
    shutil.copyfile(archive / str(whole.facts["digests"]), staging / WHOLE / DIGESTS)
    sound = list(_sound(record, staging, span))
    if not sound:
        raise NothingInRange
    events = str(whole.facts["events"]["path"])
    if not same_digest(digests(archive / events), whole.files[events]):
        raise changed(events)
    _texts(staging, archive / events, span)
    return {"range": {"from_ms": span.from_ms, "to_ms": span.to_ms}, "sound": sound, "events": "events.jsonl"}


def _sound(record: Path, staging: Path, span: Range) -> Iterator[dict[str, Any]]:
    """Cuts the sound; yields what the manifest says of each file."""
    origin = 0
    for file in from_json(json.loads((record / NAME).read_bytes())).audio.files:
        index = record / "audio" / f"{Path(file.wav).stem}.jsonl"
        with index.open("rb") as lines:
            entries = [json.loads(line) for line in lines]
        part, origin = _part(file, entries, origin, span)
        if part:
            shutil.copyfile(index, staging / "sound" / index.name)
            _cut(record / "audio", staging / "sound" / file.wav, part)
            names = {"wav": f"sound/{file.wav}", "index": f"sound/{index.name}"}
            yield {**names, "first": part.first, "last": part.last}


def _part(
    file: SoundFile, entries: Sequence[Mapping[str, Any]], origin: int, span: Range
) -> tuple[_Part | None, int]:
    """The blocks of this file that meet the range, and the last origin."""
    seen = skip = 0
    taken: list[tuple[int, int]] = []
    for entry in entries:
        if entry["kind"] == "start":
            origin = entry["origin_ms"]
        elif entry["kind"] == "block":
            start, end = (
                origin + at * 1000 // file.rate for at in (entry["frame"], entry["frame"] + entry["frames"])
            )
            if span.meets(start, end):
                skip = skip if taken else seen
                taken.append((entry["n"], entry["frames"]))
            seen += entry["frames"]
    if not taken:
        return None, origin
    return _Part(file, taken[0][0], taken[-1][0], skip, sum(frames for _, frames in taken)), origin


def _cut(audio: Path, to: Path, part: _Part) -> None:
    form = AudioFormat(part.file.rate, part.file.channels)
    step = form.rate
    counts = [*_steps(part.skip, step), *_steps(part.frames, step)]
    skipped = len(list(_steps(part.skip, step)))
    with to.open("wb") as out:
        out.write(wav_header(form, part.frames * form.frame_bytes))
        for number, samples in enumerate(decoded([audio / name for name in part.file.flac], counts)):
            if number >= skipped:
                out.write(samples.tobytes())


def _steps(frames: int, step: int) -> Iterator[int]:
    for done in range(0, frames, step):
        yield min(step, frames - done)


def _texts(staging: Path, events: Path, span: Range) -> None:
    """The events that are about the range, as they were chained, and its text as it reads now."""
    record = _folded(events)
    turns = tuple(turn for turn in record.turns if span.meets(turn.start_ms, turn.end_ms))
    wanted = {turn.id for turn in turns}
    with events.open("rb") as lines, (staging / "events.jsonl").open("wb") as out:
        out.writelines(line for line in lines if _about(json.loads(line)["event"], wanted))
    cut = replace(
        record,
        turns=turns,
        stages=tuple(one for one in record.stages if span.from_ms <= one.start_ms < span.to_ms),
        gaps=tuple(one for one in record.gaps if span.meets(one.start_ms, one.end_ms)),
        pauses=tuple(one for one in record.pauses if span.meets(one.start_ms, one.end_ms or span.to_ms)),
    )
    (staging / "record.txt").write_text(txt.write(cut), "utf-8")


def _folded(events: Path) -> CaseRecord:
    with events.open("rb") as lines:
        return fold([_stored(json.loads(line)) for line in lines])


def _stored(data: dict[str, Any]) -> Stored:
    return Stored(**{**data, "event": event_from_json(data["event"])})


def _about(event: Mapping[str, Any], turns: set[str]) -> bool:
    """The set-up, and whatever names one of these turns."""
    if event["type"] in ("HearingCreated", "HearingChanged", "RecordingStarted"):
        return True
    if event["type"] == TurnAdded.__name__:
        return event["turn"]["id"] in turns
    said = canonical(event).decode()
    return any(f'"{turn}"' in said for turn in turns)
