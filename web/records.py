"""What is on record, for reading: the list, the fold, the sound, the exports (docs/protocol.md §1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol

from fastapi import APIRouter, Header, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse

from casefile.errors import BadRequest, NotFound, WrongState
from casefile.events import to_json
from casefile.export.reading import Reading
from casefile.model import AudioChunk, CaseRecord, Gap
from casefile.peaks import KeptPeaks, Peaks
from casefile.stretches import read_range, sound_ranges
from web.access import Access, Who
from web.conduct import CaseFiles
from web.documents import MEDIA_TYPES, RECORD, Behind, Documents, written
from web.late import LATE
from web.playback import Passage, byte_range

LONGEST_MS = 12 * 3_600_000
"""The longest stretch in one WAV: its sizes are 32-bit."""
EXPORTS = {
    "json": "application/json",
    "txt": "text/plain",
    "srt": "application/x-subrip",
    "vtt": "text/vtt",
    "rttm": "text/plain",
}
"""Formats of docs/formats.md and their media types."""

Exports = Mapping[str, Callable[[CaseRecord, Reading], str]]


class Sound(Protocol):
    """Stored sound (`casefile.stretches`)."""

    def read(self, hearing_id: str, from_ms: int, to_ms: int) -> Iterable[AudioChunk | Gap]:
        """What was recorded from `from_ms` to `to_ms`, in order."""

    def ranges(self, hearing_id: str) -> list[tuple[int, int]]:
        """From and to (ms) of every stretch that holds sound, holes under 2 s bridged."""

    def peaks(self, hearing_id: str, *, sealed: bool) -> Peaks:
        """How loud it is over its length."""


class NoSuchExport(NotFound):
    """The export format is not known."""

    zh = "没有这种导出格式。可用格式：json、txt、srt、vtt、rttm、docx、pdf。"
    en = "There is no such export format. Formats: json, txt, srt, vtt, rttm, docx, pdf."


class NothingLate(NotFound):
    """No sound came after the hearing was over."""

    zh = "没有迟到的录音：录音机里的声音都在案卷中，或录音机还没有连上。"
    en = "No sound came late: all that the recorder had is on the record, or the recorder is not back yet."


def record_routes(
    feed: CaseFiles, sound: Sound, exports: Exports, documents: Documents, access: Access
) -> APIRouter:
    """`GET` routes below `/api/hearings`."""
    router = APIRouter(prefix="/api/hearings")
    _for_caller(router, feed, sound, access)

    @router.get("/{hearing_id}")
    def record(hearing_id: str) -> JSONResponse:
        return JSONResponse(to_json(feed.record(hearing_id)))

    @router.get("/{hearing_id}/ranges")
    def ranges(hearing_id: str) -> JSONResponse:
        spans = sound.ranges(feed.record(hearing_id).hearing.id)
        return JSONResponse([{"start_ms": start, "end_ms": end} for start, end in spans])

    @router.get("/{hearing_id}/audio")
    def audio(
        hearing_id: str,
        from_ms: int = 0,
        to_ms: int | None = None,
        channel: int | None = None,
        range: Annotated[str | None, Header()] = None,
    ) -> Response:
        found = feed.record(hearing_id)
        passage = passage_of(found, from_ms, length_of(found, sound) if to_ms is None else to_ms, channel)
        return stream(passage, lambda start: sound.read(hearing_id, start, passage.to_ms), range)

    @router.get("/{hearing_id}/late")
    def late(hearing_id: str) -> Response:
        return late_sound(feed.record(hearing_id), sound)

    @router.get("/{hearing_id}/export/{format}")
    def export(
        caller: Who,
        hearing_id: str,
        format: str,
        behind: Behind,
        numbers: Literal["spoken", "written"] = "spoken",
        fillers: Literal["shown", "hidden"] = "shown",
        layer: Literal["verbatim", "condensed"] = "verbatim",
    ) -> Response:
        if format in MEDIA_TYPES and format not in exports:
            return written(documents, caller, hearing_id, (RECORD, format), behind)
        found, reading = (
            feed.record(hearing_id),
            Reading(numbers == "written", fillers == "hidden", layer == "condensed"),
        )
        if format not in exports:
            raise NoSuchExport()
        name = f'attachment; filename="{hearing_id}.{format}"'
        return PlainTextResponse(
            exports[format](found, reading), media_type=EXPORTS[format], headers={"Content-Disposition": name}
        )

    return router


def _for_caller(router: APIRouter, feed: CaseFiles, sound: Sound, access: Access) -> None:
    @router.get("")
    def hearings(caller: Who) -> JSONResponse:
        seen = access.seen(caller, feed.store.hearings())
        return JSONResponse([with_late(row, sound) for row in to_json(seen)])

    @router.get("/{hearing_id}/rights")
    def rights(hearing_id: str, caller: Who) -> list[str]:
        return sorted(right.name.lower() for right in access.rights(caller, hearing_id))


def with_late(row: dict[str, Any], sound: Sound) -> dict[str, Any]:
    """A row of the list, with how much sound came when its hearing was over."""
    return {**row, "late_ms": sum(end - start for start, end in sound.ranges(row["id"] + LATE))}


def late_sound(record: CaseRecord, sound: Sound) -> Response:
    """What a recorder still had when the hearing was over, as one WAV on its timeline. Raises `NothingLate`."""
    name = record.hearing.id + LATE
    spans = sound.ranges(name)
    if not spans:
        raise NothingLate
    passage = passage_of(record, spans[0][0], spans[-1][1], None)
    answer = stream(passage, lambda start: sound.read(name, start, passage.to_ms), None)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.wav"'
    return answer


def length_of(record: CaseRecord, sound: Sound) -> int:
    """The end of the timeline in ms: of the whole hearing once it is closed, of what is written before."""
    if record.format is None or record.closed_at is not None:
        return record.length_ms
    return max([record.length_ms, *(end for _, end in sound.ranges(record.hearing.id))])


def passage_of(record: CaseRecord, from_ms: int, to_ms: int, channel: int | None) -> Passage:
    """What was asked for, checked against the record. Raises `BadRequest`, `WrongState`."""
    if record.format is None:
        raise WrongState(state=record.state.value, action="听录音 / play")
    if not 0 <= from_ms < to_ms <= from_ms + LONGEST_MS:
        raise BadRequest(
            zh_why="这段录音的起止时间不对：应先后有序，且一次不超过 12 小时。",
            en_why="From and to of this sound do not fit: from before to, at most 12 hours apart.",
        )
    if channel is not None and not 0 <= channel < 32:
        raise BadRequest(
            zh_why="没有这个声道。请重新选择。", en_why="There is no such channel. Choose again."
        )
    return Passage(record.format.rate, from_ms, to_ms, channel)


def stream(
    passage: Passage, read: Callable[[int], Iterable[AudioChunk | Gap]], range_header: str | None
) -> Response:
    """The WAV, or the part of it that a `Range` header asks for (206; 416 when it lies outside)."""
    total = passage.total_bytes
    try:
        part = byte_range(range_header, total)
    except ValueError:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{total}"})
    first, end = part or (0, total)
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(end - first)}
    if part:
        headers["Content-Range"] = f"bytes {first}-{end - 1}/{total}"
    body = passage.stream(read(passage.moment(first)), first, end)
    return StreamingResponse(body, 206 if part else 200, headers, media_type="audio/wav")


class Recordings:
    """The recordings folder as `Sound`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._peaks = KeptPeaks(folder)

    def read(self, hearing_id: str, from_ms: int, to_ms: int) -> Iterable[AudioChunk | Gap]:
        """See `Sound`."""
        return read_range(self.folder / hearing_id, from_ms, to_ms)

    def ranges(self, hearing_id: str) -> list[tuple[int, int]]:
        """See `Sound`."""
        return sound_ranges(self.folder / hearing_id)

    def peaks(self, hearing_id: str, *, sealed: bool) -> Peaks:
        """See `Sound`."""
        return self._peaks.of(hearing_id, sealed=sealed)
