"""What is written where nobody speaks? Invented characters per hour, ours beside faster-whisper's.

  python -m bench.silence ../shared/speech/dev [--half report] [--minutes 30] [--no-peers] [--details FILE.jsonl]

The sound, one stream of `--minutes`: every file of DIR/noise, and made here: mains hum, music, typing, an empty
room; each repeated with pauses in a room of pink noise and hum 30 dB below it (at -75 dBFS or more), at three levels (RMS of
the noise -20, -35 and -50 dBFS); and digital silence. `--half tune` takes every other file and seed, `report` the
others: thresholds were chosen on `tune`. Babble far away (eight people of DIR/utterances at once, reverberated
by DIR/rir, at -30, -40 and -50 dBFS) is counted apart: people do speak there.

Ours is the path of a hearing: `tingji.passages`, the final decode with the prompt of a hearing that has names,
`asr.suppression`. `shown` is text on the record; `held_back` was decoded and held back, flagged with its rule.
`forced`: one passage cut out of every stretch of noise as if the detector had been fooled, so that the rules are
tried even where the ears open nothing.
Peers on the same stream: `faster_whisper.transcribe` as it comes (language given), and with `vad_filter=True`.
A character is a letter or digit of any script: punctuation and spaces do not count.

What it costs: all scored Mandarin utterances of DIR/utterances through the same path, as they are and 20 dB
softer, with room noise at -65 dBFS: passages and characters that were held back though somebody spoke.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile
from faster_whisper import WhisperModel

from asr.segmenter import SegmenterOptions
from asr.transcriber import Transcriber
from asr.vad import FRAME, FRAME_MS, Gated
from asr.whisper import Whisper
from bench.machine import machine
from bench.room import hum, keyboard, music, pink, room_noise, scaled
from casefile.model import (
    AudioChunk,
    AudioFormat,
    Hearing,
    HearingKind,
    Mono16k,
    Seat,
    Speech,
    Utterance,
    Voicing,
)
from tingji.knowledge import context_of
from tingji.models import model_path
from tingji.passages import Passages
from tingji.settings import read_settings

RATE = 16_000
LEVELS_DB = (-20, -35, -50)
BABBLE_DB = (-30, -40, -50)
HEARING = Hearing(
    "bench",
    HearingKind.TRIAL,
    "（2024）京0105民初12345号",
    seats=tuple(
        Seat(str(n), role, person=person)
        for n, (role, person) in enumerate(
            [("审判长", "李明"), ("原告", "谷德刚"), ("被告", "王翠霞"), ("证人", "欧阳志远")]
        )
    ),
)
"""Made-up names: an echo of the prompt would show them."""


@dataclass(frozen=True)
class Piece:
    """A stretch of the stream: what it is, how loud (dB full scale)."""

    kind: str
    level_db: float
    sound: Mono16k


@dataclass(frozen=True)
class Heard:
    """A passage that was opened, what was written there, and whether it is shown."""

    kind: str
    level_db: float
    text: str
    rule: str | None


Source = tuple[str, Callable[[int, np.random.Generator], Mono16k]]


def read(path: Path) -> Mono16k:
    """A mono file at 16 kHz."""
    sound, rate = soundfile.read(path, dtype="float32")
    assert rate == RATE, f"{path.name} is not at 16 kHz"
    return np.asarray(sound, np.float32)


def repeated(path: Path) -> Callable[[int, np.random.Generator], Mono16k]:
    """A file over and over, with pauses."""

    def make(samples: int, rng: np.random.Generator) -> Mono16k:
        sound, parts, length = scaled(read(path), 0), list[Mono16k](), 0
        while length < samples:
            parts += [sound, np.zeros(int(rng.uniform(0.3, 1.5) * RATE), np.float32)]
            length += len(parts[-1]) + len(sound)
        return np.concatenate(parts)[:samples]

    return make


def sources(folder: Path, half: str) -> list[Source]:
    """Every other file of the noises, and what is made here."""
    files = sorted((folder / "noise").glob("*.flac"))[half == "report" :: 2]
    made: list[Source] = [
        ("hum", lambda n, rng: hum(n, RATE, rng)),
        ("music", lambda n, rng: music(n, RATE, rng)),
        ("keyboard", lambda n, rng: keyboard(n, RATE, rng)),
        ("room", lambda n, rng: room_noise(n, RATE, 0, rng)),
        ("pink", pink),
    ]
    return [*((path.stem, repeated(path)) for path in files), *made]


def noises(folder: Path, half: str, minutes: float) -> Iterator[Piece]:
    """Silence, then every source at every level, in stretches of equal length."""
    rng, chosen = np.random.default_rng(half == "report"), sources(folder, half)
    samples = int(minutes * 60 * RATE / (len(chosen) * len(LEVELS_DB) + 1))
    yield Piece("silence", -120, np.zeros(samples, np.float32))
    for level in LEVELS_DB:
        for kind, make in chosen:
            room = room_noise(samples, RATE, max(-75, level - 30), rng)
            yield Piece(kind, level, (scaled(make(samples, rng), level) + room).clip(-1, 1))


def babble(folder: Path, half: str, seconds: int = 60) -> Iterator[Piece]:
    """Eight people at once in a reverberant room."""
    rng = np.random.default_rng(half == "report")
    files = sorted((folder / "utterances").glob("*.flac"))[half == "report" :: 2]
    echo = read(sorted((folder / "rir").glob("*.flac"))[1])
    for level in BABBLE_DB:
        people = [np.concatenate([read(f) for f in rng.permutation(np.array(files))[:20]]) for _ in range(8)]
        dry = np.sum([np.resize(scaled(p, 0), seconds * RATE) for p in people], axis=0)
        size = len(dry) + len(echo)
        wet = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(echo, size), size)[: len(dry)]
        yield Piece(
            "babble", level, scaled(wet.astype(np.float32), level) + room_noise(len(dry), RATE, -70, rng)
        )


def spoken(folder: Path, softer_db: float) -> Iterator[Piece]:
    """Every scored Mandarin utterance between two seconds of a quiet room."""
    rng = np.random.default_rng(0)
    with (folder / "utterances.tsv").open(encoding="utf-8") as table:
        rows = [
            r for r in csv.DictReader(table, delimiter="\t") if r["scored"] == "yes" and r["language"] == "zh"
        ]
    for row in rows:
        sound = read(folder / row["file"]) * np.float32(10 ** (-softer_db / 20))
        padded = np.pad(sound, (RATE, RATE))
        yield Piece(row["text"], -softer_db, padded + room_noise(len(padded), RATE, -65, rng))


def passages(heard: Passages, sound: Mono16k, start_ms: int = 0) -> Iterator[Speech]:
    """What our ears take for speech, the sound coming in blocks of 100 ms."""
    pcm, form = (sound * 32767).astype(np.int16)[:, None], AudioFormat(RATE, 1)
    for at in range(0, len(pcm), RATE // 10):
        yield from heard.hear(AudioChunk(form, start_ms + form.ms(at), pcm[at : at + RATE // 10]))
    yield from heard.end()


def ours(whisper: Transcriber, pieces: list[Piece], details: Path | None) -> list[Heard]:
    """The stream through the path of a hearing."""
    ends = np.cumsum([len(piece.sound) for piece in pieces]) * 1000 // RATE
    found = []
    for speech in passages(Passages(), np.concatenate([piece.sound for piece in pieces])):
        piece = pieces[int(np.searchsorted(ends, (speech.start_ms + speech.end_ms) // 2, "right"))]
        said = whisper.transcribe(speech, context_of(HEARING))
        found.append(Heard(piece.kind, piece.level_db, said.text, said.suppressed))
        note(details, piece, speech, said)
    return found


def forced(whisper: Transcriber, pieces: list[Piece]) -> list[Heard]:
    """One passage out of every stretch, 0.6 to 7 s, as if the detector had been fooled; it judges it all the same."""
    rng, found = np.random.default_rng(7), []
    for piece in pieces:
        samples = int(rng.choice([0.6, 1, 2, 4, 7]) * RATE)
        sound, detector = piece.sound[RATE : RATE + samples // FRAME * FRAME], Gated()
        judged = [detector.probability(frame) for frame in sound.reshape(-1, FRAME)]
        voiced = [p for p in judged if p >= SegmenterOptions().offset]
        voicing = Voicing(len(voiced) * FRAME_MS, sum(voiced) / max(1, len(voiced)))
        said = whisper.transcribe(Speech(0, 0, sound, voicing), context_of(HEARING))
        found.append(Heard(piece.kind, piece.level_db, said.text, said.suppressed))
    return found


def tally(found: list[Heard]) -> dict[str, object]:
    """Passages and characters, and how many of them are held back, by rule."""
    held = [heard for heard in found if heard.rule]
    return {
        "passages": len(found),
        "held_back": len(held),
        "characters": sum(characters(heard.text) for heard in found),
        "characters_held_back": sum(characters(heard.text) for heard in held),
        "rules": dict(Counter(heard.rule for heard in held)),
    }


def note(details: Path | None, piece: Piece, speech: Speech, said: Utterance) -> None:
    """One line for each passage, for whoever tunes."""
    if details:
        line = {"kind": piece.kind, "level": piece.level_db, "ms": speech.end_ms - speech.start_ms}
        line |= {
            "text": said.text,
            "rule": said.suppressed,
            "voicing": asdict(speech.voicing) if speech.voicing else None,
        }
        with details.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def characters(text: str) -> int:
    """Letters and digits."""
    return len(re.sub(r"[\W_]", "", text))


def summary(found: list[Heard], hours: float) -> dict[str, object]:
    """Characters per hour that are shown, and what was held back, by rule."""
    shown = [heard for heard in found if heard.rule is None]
    held = [heard for heard in found if heard.rule]
    return {
        "passages_opened": len(found),
        "shown_per_hour": round(sum(characters(heard.text) for heard in shown) / hours),
        "held_back_per_hour": round(sum(characters(heard.text) for heard in held) / hours),
        "rules": dict(Counter(heard.rule for heard in held)),
        "shown_in": dict(Counter(heard.kind for heard in shown if characters(heard.text))),
    }


def peer(model: WhisperModel, sound: Mono16k, vad_filter: bool) -> int:
    """Characters that faster-whisper's transcribe writes."""
    segments, _ = model.transcribe(sound, language="zh", vad_filter=vad_filter)
    return sum(characters(segment.text) for segment in segments)


def peers(folder: Path, streams: dict[str, list[Piece]]) -> dict[str, dict[str, int]]:
    """faster-whisper as it comes and with its filter: characters per hour."""
    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2)
    found: dict[str, dict[str, int]] = {}
    for name, pieces in streams.items():
        sound = np.concatenate([piece.sound for piece in pieces])
        hours = len(sound) / RATE / 3600
        found[name] = {
            "default_per_hour": round(peer(model, sound, False) / hours),
            "vad_filter_per_hour": round(peer(model, sound, True) / hours),
        }
    return found


def price(whisper: Transcriber, folder: Path, softer_db: float, details: Path | None) -> dict[str, object]:
    """What is held back of real speech."""
    found = [heard for piece in spoken(folder, softer_db) for heard in ours(whisper, [piece], details)]
    return tally(found)


def main() -> None:
    """See the top of this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=("tune", "report"), default="report")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--no-forced", action="store_true", help="leave out the passages cut out by force")
    parser.add_argument("--no-speech", action="store_true", help="leave out what it costs of real speech")
    parser.add_argument("--details", type=Path)
    given = parser.parse_args()
    settings = read_settings(environ={})
    folder = model_path(settings.model, settings)
    whisper = Whisper(folder)
    streams = {
        "noise": list(noises(given.folder, given.half, given.minutes)),
        "babble": list(babble(given.folder, given.half)),
    }
    result: dict[str, object] = {"bench": "silence", "half": given.half, "machine": machine()}
    for name, pieces in streams.items():
        hours = sum(len(piece.sound) for piece in pieces) / RATE / 3600
        found = summary(ours(whisper, pieces, given.details), hours)
        result[name] = {"minutes": round(hours * 60, 1), **found}
    if not given.no_forced:
        cut = forced(whisper, streams["noise"])
        result["forced"] = tally(cut)
    if not given.no_peers:
        result["faster_whisper"] = peers(folder, streams)
    if not given.no_speech:
        result["speech"] = {f"-{db} dB": price(whisper, given.folder, db, given.details) for db in (0, 20)}
    print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main()
