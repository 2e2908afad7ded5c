"""Microphones that hear several people: the room's, or one that two persons share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from casefile.model import Attribution, Hearing, SpeakerSpan, Speech
from diarization.clustering import cluster, matched
from diarization.diarizer import name_of
from diarization.embedding import Embedding
from diarization.learning import ENROLLED, Enrolled, Learned, Person, Said, learned
from diarization.stretches import Noted, Passage, Stretch
from diarization.voices import CLEAR_MS, UNKNOWN


@dataclass(frozen=True, slots=True)
class Heard:
    """A voice from when to when (ms of the hearing); `label` None: nobody's. Confidence is that of `Named`.

    `whose`: the person whose voice it is by enrolment or by the clerk's word.
    """

    start_ms: int
    end_ms: int
    label: str | None
    confidence: float
    whose: Person | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """After the hearing: these moments were shown under `was` and are the voice of `label` (None: nobody's)."""

    spans: tuple[tuple[int, int], ...]
    was: str | None
    label: str | None


class RoomMicrophone:
    """One per hearing, for all microphones that are not one seat's alone. Passages come in order of time.

    Beside the voices it keeps about 1 KB for each stretch of speech (`passages`): what the clerk says later
    is learned from them, and `corrections` looks at them again. A hearing that is gone on with is given the
    passages it had, who was `enrolled`, and how many labels are taken already.
    """

    def __init__(
        self, passages: Iterable[Passage] = (), labels: int = 0, enrolled: Iterable[Enrolled] = ()
    ) -> None:
        self.passages, self.enrolled = list(passages), list(enrolled)
        self._said: frozenset[Said] = frozenset()
        self._learned: Learned = learned(self.passages, self._said, labels, self.enrolled)

    def learn(self, said: frozenset[Said]) -> None:
        """All that the clerk says now of what was heard; what is not said any more is forgotten."""
        if said != self._said:
            self._said = said
            self._learn_anew()

    def _learn_anew(self) -> None:
        self._learned = learned(self.passages, self._said, self._learned.voices.labels, self.enrolled)

    def enrol(self, new: Enrolled) -> None:
        """From now on this voice is that person's; an earlier sample of the same person is dropped."""
        self.enrolled = [*(one for one in self.enrolled if one.whose != new.whose), new]
        self._learn_anew()

    def withdraw(self, person: Person) -> None:
        """What this person sounds like is forgotten: the sample, and the voice in all that was heard of him."""
        self.enrolled = [one for one in self.enrolled if one.whose != person]
        self.passages = [self._without(passage, person) for passage in self.passages]
        self._learn_anew()

    def _without(self, passage: Passage, person: Person) -> Passage:
        notes = tuple(
            replace(note, stretch=replace(note.stretch, embedding=None))
            if self._learned.owner(note) == person
            else note
            for note in passage.notes
        )
        return replace(passage, notes=notes)

    def held(self) -> Counter[Person | str]:
        """Clear speech alone, in ms, of which the voice is held: by person, and by label where it has no name."""
        held: Counter[Person | str] = Counter({one.whose: one.ms for one in self.enrolled})
        for note in (note for passage in self.passages for note in passage.notes):
            stretch = note.stretch
            if note.label and stretch.embedding is not None and stretch.solo_ms >= CLEAR_MS:
                held[self._learned.owner(note) or note.label] += stretch.solo_ms
        return held

    def whose(self, embedding: Embedding) -> Person | None:
        """The person, enrolled or named, whose voice this clear one is; None: nobody's that has a name."""
        label = self._learned.voices.nearest(embedding)
        note = Noted(Stretch((), CLEAR_MS, embedding), self._learned.label_of(label), 0.0)
        return self._learned.owner(note)

    def hear(self, speech: Speech, stretches: Sequence[Stretch]) -> Passage:
        """The passage with its voices named; one that was heard before is as it was then."""
        known = next((one for one in reversed(self.passages) if one.is_of(speech)), None)
        if known is not None:
            return known
        notes = tuple(self._noted(stretch) for stretch in stretches)
        self.passages.append(Passage(speech.channel, speech.start_ms, speech.end_ms, notes))
        return self.passages[-1]

    def who(self, passage: Passage) -> list[Heard]:
        """The voices in a passage by their start; where two speak at once, they overlap. May be empty."""
        heard = [
            Heard(start, end, note.label, note.confidence, self._learned.whose(note))
            for note in passage.notes
            for start, end in note.stretch.spans
        ]
        return merged(sorted(heard, key=lambda part: (part.start_ms, part.end_ms)))

    def label(self, passage: Passage, speech: Speech, hearing: Hearing) -> tuple[SpeakerSpan, ...]:
        """See `Diarizer`: who spoke, so that each moment of the passage has one speaker."""
        parts = exclusive(self.who(passage), speech) or [Heard(speech.start_ms, speech.end_ms, None, 0.0)]
        return tuple(_span(part, hearing) for part in parts)

    def corrections(self, speakers: int | None = None) -> list[Correction]:
        """What a look at the whole hearing would name otherwise; `speakers` as in `cluster`."""
        notes = [note for passage in self.passages for note in passage.notes]
        stretches, live = [note.stretch for note in notes], [note.label for note in notes]
        names = matched(cluster(stretches, speakers), live, stretches, self._learned.voices.fresh())
        changed = zip(stretches, live, names, strict=True)
        return [Correction(stretch.spans, was, label) for stretch, was, label in changed if was != label]

    def _noted(self, stretch: Stretch) -> Noted:
        if stretch.embedding is None:
            return Noted(stretch, None, 0.0)
        named = self._learned.voices.name(stretch.embedding, stretch.solo_ms)
        return Noted(stretch, self._learned.label_of(named.label), named.confidence)


def _span(part: Heard, hearing: Hearing) -> SpeakerSpan:
    """How it stands on the record; a voice that the clerk has named keeps its label beneath the name."""
    start_ms, end_ms, certainty = part.start_ms, part.end_ms, part.confidence
    if part.whose is None:
        label = UNKNOWN if part.label is None or part.label.startswith(ENROLLED) else part.label
        return SpeakerSpan(None, label, start_ms, end_ms, Attribution.CLUSTER, certainty)
    seat = next((seat for seat in hearing.seats if seat.id == part.whose.seat), None)
    name = name_of(seat) if seat else part.whose.name or UNKNOWN
    how = Attribution.CLUSTER if seat is None and name.startswith(UNKNOWN) else Attribution.ENROLLED
    return SpeakerSpan(seat.id if seat else None, name, start_ms, end_ms, how, certainty)


def merged(parts: Sequence[Heard]) -> list[Heard]:
    """Parts of one voice that touch or overlap as one, with the greatest confidence of them."""
    whole: list[Heard] = []
    for part in parts:
        at = next((i for i, w in enumerate(whole) if _same(w, part) and part.start_ms <= w.end_ms), None)
        if at is None:
            whole.append(part)
        else:
            end_ms = max(whole[at].end_ms, part.end_ms)
            whole[at] = replace(
                whole[at], end_ms=end_ms, confidence=max(whole[at].confidence, part.confidence)
            )
    return whole


def _same(one: Heard, other: Heard) -> bool:
    """Both are shown under one name."""
    if one.whose or other.whose:
        return one.whose == other.whose
    return one.label == other.label


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
    if _same(part, last):
        cut[-1] = replace(last, end_ms=part.end_ms, confidence=max(last.confidence, part.confidence))
        return
    border = max(last.end_ms, (last.end_ms + part.start_ms) // 2)
    cut[-1] = replace(last, end_ms=border)
    cut.append(replace(part, start_ms=border))
