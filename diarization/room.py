"""One microphone that hears several people: the room's, or one that two persons share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from casefile.errors import NoVoice
from casefile.model import Attribution, Mono16k, SpeakerSpan, Speech
from diarization.clustering import cluster, matched
from diarization.stretches import Ear, Stretch
from diarization.voices import CLEAR_MS, Named, Voices

UNKNOWN = "未识别"
"""Speech too short and too unlike every voice to be anybody's."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A voice from when to when (ms of the hearing); `label` None: nobody's. Confidence is that of `Named`."""

    start_ms: int
    end_ms: int
    label: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Correction:
    """After the hearing: these moments were shown under `was` and are the voice of `label` (None: nobody's)."""

    spans: tuple[tuple[int, int], ...]
    was: str | None
    label: str | None


class RoomMicrophone:
    """One per hearing and microphone; the models in `ear` are shared. Passages come in order of time.

    Beside the voices it keeps about 1 KB for each stretch of speech, for `corrections`.
    """

    def __init__(self, ear: Ear, seats: Iterable[str] = ()) -> None:
        self._ear, self._seats = ear, frozenset(seats)
        self.voices = Voices()
        self._heard: list[tuple[Stretch, Named]] = []

    def enrol(self, label: str, sound: Mono16k) -> None:
        """Learn the voice of `label` from some seconds of it. Raises NoVoice if it speaks under 1.5 s."""
        stretches = self._ear.stretches(Speech(0, 0, sound))
        main = max(stretches, key=lambda stretch: stretch.solo_ms, default=None)
        if main is None or main.embedding is None or main.solo_ms < CLEAR_MS:
            raise NoVoice
        self.voices.teach(label, main.embedding)

    def who(self, speech: Speech) -> list[Heard]:
        """The voices in a passage by their start; where two speak at once, they overlap. May be empty."""
        found = [(stretch, self._name(stretch)) for stretch in self._ear.stretches(speech)]
        self._heard += found
        heard = [Heard(a, b, named.label, named.confidence) for s, named in found for a, b in s.spans]
        return merged(sorted(heard, key=lambda part: (part.start_ms, part.end_ms)))

    def label(self, speech: Speech) -> tuple[SpeakerSpan, ...]:
        """See `Diarizer`: who spoke, so that each moment of the passage has one speaker."""
        parts = exclusive(self.who(speech), speech) or [Heard(speech.start_ms, speech.end_ms, None, 0.0)]
        return tuple(self._span(part) for part in parts)

    def corrections(self, speakers: int | None = None) -> list[Correction]:
        """What a look at the whole hearing would name otherwise; `speakers` as in `cluster`."""
        stretches = [stretch for stretch, _ in self._heard]
        live = [named.label for _, named in self._heard]
        names = matched(cluster(stretches, speakers), live, stretches, self.voices.fresh())
        changed = zip(stretches, live, names, strict=True)
        return [Correction(stretch.spans, was, label) for stretch, was, label in changed if was != label]

    def _name(self, stretch: Stretch) -> Named:
        if stretch.embedding is None:
            return Named(None, 0.0)
        return self.voices.name(stretch.embedding, stretch.solo_ms)

    def _span(self, part: Heard) -> SpeakerSpan:
        seat = part.label if part.label in self._seats else None
        how = Attribution.ENROLLED if seat else Attribution.CLUSTER
        return SpeakerSpan(seat, part.label or UNKNOWN, part.start_ms, part.end_ms, how)


def merged(parts: Sequence[Heard]) -> list[Heard]:
    """Parts of one voice that touch or overlap as one, with the greatest confidence of them."""
    whole: list[Heard] = []
    for part in parts:
        at = next(
            (i for i, w in enumerate(whole) if w.label == part.label and part.start_ms <= w.end_ms), None
        )
        if at is None:
            whole.append(part)
        else:
            end_ms = max(whole[at].end_ms, part.end_ms)
            whole[at] = replace(
                whole[at], end_ms=end_ms, confidence=max(whole[at].confidence, part.confidence)
            )
    return whole


def exclusive(parts: Sequence[Heard], speech: Speech) -> list[Heard]:
    """The passage cut so that each moment has one speaker, without holes, neighbours of one voice joined.

    Who speaks already keeps the word until the end of that part; a silence is halved.
    """
    cut: list[Heard] = []
    for part in parts:
        if not cut:
            cut.append(replace(part, start_ms=speech.start_ms))
        elif part.end_ms > cut[-1].end_ms:
            _follow(cut, part)
    if cut:
        cut[-1] = replace(cut[-1], end_ms=speech.end_ms)
    return cut


def _follow(cut: list[Heard], part: Heard) -> None:
    last = cut[-1]
    if part.label == last.label:
        cut[-1] = replace(last, end_ms=part.end_ms, confidence=max(last.confidence, part.confidence))
        return
    border = max(last.end_ms, (last.end_ms + part.start_ms) // 2)
    cut[-1] = replace(last, end_ms=border)
    cut.append(replace(part, start_ms=border))
