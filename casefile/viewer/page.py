"""The record as one HTML file that needs no network and nothing installed: text and sound together (docs/formats.md §6).

The text is in the page, the sound beside it. Its security policy lets it run its own script, load files beside it, and
nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from casefile.export.signed_text import complete
from casefile.export.wording import GAPS, NOTICE, channel, hours, moment, name_of, one_line, spoken
from casefile.manifest import NAME, SoundFile, from_json
from casefile.model import CaseRecord, Turn

HERE = Path(__file__).parent
MARK_EN = "Made by speech recognition, not checked and signed: not a court record."


def viewer(record: CaseRecord, sealed: Path, audio: str) -> str:
    """The page. `sealed`: the sealed record; `audio`: where its sound lies as the page sees it. Raises OSError."""
    script, style = ((HERE / name).read_text("utf-8") for name in ("page.js", "page.css"))
    page = (HERE / "page.html").read_text("utf-8")
    parts = {
        "script_hash": _hash(script),
        "style_hash": _hash(style),
        "style": style,
        "record": _embedded(_data(record, sealed, audio)),
        "script": script,
    }
    return re.sub(r"\{(\w+)\}", lambda name: parts[name[1]], page)


def _hash(text: str) -> str:
    """As a content security policy names an inline script or style (CSP level 3)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _embedded(data: dict[str, Any]) -> str:
    """JSON that no HTML parser can take for markup."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _data(record: CaseRecord, sealed: Path, audio: str) -> dict[str, Any]:
    hearing = record.hearing
    facts = (hearing.courtroom, moment(record.opened_at), hours(record.length_ms))
    lines = sorted(
        [*_notes(record), *(_line(record, turn) for turn in spoken(record))], key=lambda line: line["start"]
    )
    return {
        "title": one_line(" ".join(part for part in (hearing.case_number, hearing.kind.value) if part)),
        "facts": one_line(" · ".join(fact for fact in facts if fact)),
        "mark": None if complete(record) else {"zh": NOTICE, "en": MARK_EN},
        "length": record.length_ms,
        "lines": lines,
        "sound": list(_sound(sealed, audio)),
    }


def _line(record: CaseRecord, turn: Turn) -> dict[str, Any]:
    words = [number for word in turn.words for number in (len(word.text), word.start_ms - turn.start_ms)]
    line = {"start": turn.start_ms, "channel": turn.channel, "who": name_of(record, turn)}
    return {**line, "text": turn.text, "words": words}


def _notes(record: CaseRecord) -> Iterator[dict[str, Any]]:
    for stage in record.stages:
        yield {"start": stage.start_ms, "note": one_line(stage.name)}
    for pause in record.pauses:
        end = "" if pause.end_ms is None else hours(pause.end_ms)
        yield {"start": pause.start_ms, "note": f"{hours(pause.start_ms)}–{end} {pause.reason.value}"}
    for gap in record.gaps:
        span = f"{hours(gap.start_ms)}–{hours(gap.end_ms)}"
        yield {"start": gap.start_ms, "note": f"{span} {channel(gap.channel)} {GAPS[gap.reason]}"}


def _sound(sealed: Path, audio: str) -> Iterator[dict[str, Any]]:
    """Every file with sound: its names by channel, and where its samples lie on the timeline."""
    origin = 0
    for file in from_json(json.loads((sealed / NAME).read_bytes())).audio.files:
        spans, origin = _spans(sealed / "audio" / f"{Path(file.wav).stem}.jsonl", file, origin)
        if spans:
            yield {"files": [f"{audio}/{name}" for name in file.flac], "spans": spans}


def _spans(index: Path, file: SoundFile, origin: int) -> tuple[list[list[int]], int]:
    """Unbroken stretches as `[start on the timeline, place in the file, length]` in ms, and the last origin."""
    spans: list[list[int]] = []
    frames = 0
    with index.open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if entry["kind"] == "start":
                origin = entry["origin_ms"]
            elif entry["kind"] == "block":
                start, at = origin + entry["frame"] * 1000 // file.rate, frames * 1000 // file.rate
                frames += entry["frames"]
                _join(spans, start, at, frames * 1000 // file.rate - at)
    return spans, origin


def _join(spans: list[list[int]], start: int, at: int, length: int) -> None:
    if spans and abs(spans[-1][0] + spans[-1][2] - start) <= 1:
        spans[-1][2] = at + length - spans[-1][1]
    else:
        spans.append([start, at, length])
