"""What the clerk says of turns becomes knowledge of voices: made anew from all that stands, so that it can be undone.

What was heard keeps the label under which it was first shown. A voice of which all that is said agrees is that
person's; where the clerk has given one voice to several people, each of its stretches goes to whom it is liker.
A voice that was enrolled has a label from the start, and is that person's unless the clerk says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from diarization.embedding import Embedding
from diarization.stretches import Noted, Passage
from diarization.voices import CLEAR_MS, ENROLLED_MS, Voices, number_of


@dataclass(frozen=True, slots=True)
class Person:
    """A seat's id or, where `seat` is None, a name."""

    seat: str | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """The clerk's word: whose voice a turn is (channel, start and end in ms), or all of `label`."""

    whose: Person
    turn: tuple[int, int, int] | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Enrolled:
    """What a person sounds like, by `ms` of speech alone that he gave for it."""

    whose: Person
    ms: int
    embedding: Embedding

    @property
    def label(self) -> str:
        """What stretches of this voice are noted under: in memory and in the hearing's file, never on record."""
        return f"{ENROLLED}{self.whose.seat or self.whose.name}"


Told = Mapping[str, Mapping[Person, Sequence[Noted]]]
"""By label: who it was said to be, with the stretches that this was said of."""


@dataclass(slots=True)
class Learned:
    """The voices of a hearing, and whose they are. A voice within a label is called by both."""

    voices: Voices
    told: Told
    named: Mapping[str, Person]
    _likeness: dict[str, dict[Person, Embedding]] = field(default_factory=dict)

    def whose(self, note: Noted) -> Person | None:
        """Whose stretch this is by enrolment or by what was said of turns; None where the label says all there is."""
        if note.label is None or note.label not in self.told:
            return None
        person = self.person(note.label, note.stretch.embedding)
        return None if person == self.named.get(note.label) else person

    def person(self, label: str, embedding: Embedding | None) -> Person | None:
        """Who of those that the label was said to be is most like this."""
        people = self.told.get(label, {})
        if len(people) == 1 or embedding is None:
            return next(iter(people)) if len(people) == 1 else None
        centres = self._likeness.get(label, {})
        return max(centres, key=lambda person: float(centres[person] @ embedding), default=None)

    def owner(self, note: Noted) -> Person | None:
        """Whose stretch this is, by a name of its label too; None: nobody's by name."""
        return self.whose(note) or self.named.get(note.label or "")

    def label_of(self, voice: str | None) -> str | None:
        """The label that a voice of `voices` was first shown under."""
        return None if voice is None else voice.split(WITHIN)[0]


WITHIN = "\n"
"""Between a label and a person in the name of a voice within a label; in no label."""
ENROLLED = "登记\t"
"""Before the person in the label of an enrolled voice; in no label that is shown."""


def learned(
    passages: Sequence[Passage], said: frozenset[Said], labels: int, enrolled: Sequence[Enrolled] = ()
) -> Learned:
    """All voices as they are after these passages and words; `labels` at least are taken."""
    notes = [note for passage in passages for note in passage.notes]
    named = {one.label: one.whose for one in said if one.label is not None}
    told = _told(passages, said)
    for one in enrolled:
        told.setdefault(one.label, {}).setdefault(one.whose, [])
    found = Learned(Voices(max([labels, *_numbers(notes)])), told, named)
    for one in enrolled:
        name = one.label if len(told[one.label]) == 1 else _within(one.label, one.whose)
        found.voices.teach(name, one.embedding)
    for label, people in found.told.items():
        if len(people) > 1:
            found._likeness[label] = _centres([note for note in notes if note.label == label], people)
    for note in _clear(notes):
        voice, embedding = _voice(found, note)
        found.voices.teach(voice, embedding, note.stretch.solo_ms)
    for label, centres in found._likeness.items():
        for person, centre in centres.items():
            found.voices.teach(_within(label, person), centre, ENROLLED_MS)
    return found


def _voice(found: Learned, note: Noted) -> tuple[str, Embedding]:
    assert note.label is not None
    assert note.stretch.embedding is not None
    person = found.person(note.label, note.stretch.embedding) if note.label in found._likeness else None
    name = note.label if person is None else _within(note.label, person)
    return name, note.stretch.embedding


def _within(label: str, person: Person) -> str:
    return f"{label}{WITHIN}{person.seat or person.name}"


def _told(passages: Sequence[Passage], said: frozenset[Said]) -> dict[str, dict[Person, list[Noted]]]:
    told: dict[str, dict[Person, list[Noted]]] = {}
    for one in said:
        label, notes = (one.label, []) if one.turn is None else _spoken(passages, *one.turn)
        if label is not None:
            told.setdefault(label, {}).setdefault(one.whose, []).extend(notes)
    return told


def _spoken(passages: Sequence[Passage], *turn: int) -> tuple[str | None, list[Noted]]:
    """The voice that has most of a turn, and its stretches that lie in the turn by more than a half."""
    channel, start_ms, end_ms = turn
    near = [
        one for one in passages if one.channel == channel and one.start_ms < end_ms and start_ms < one.end_ms
    ]
    inside = {id(n): (n, n.stretch.within(start_ms, end_ms)) for one in near for n in one.notes if n.label}
    inside = {key: (n, ms) for key, (n, ms) in inside.items() if 2 * ms > n.stretch.ms}
    by_label: dict[str | None, int] = {}
    for note, ms in inside.values():
        by_label[note.label] = by_label.get(note.label, 0) + ms
    label = max(by_label, key=lambda one: by_label[one], default=None)
    return label, [note for note, _ in inside.values() if note.label == label]


def _centres(notes: Sequence[Noted], people: Mapping[Person, Sequence[Noted]]) -> dict[Person, Embedding]:
    """What each of the people sounds like; who was only named has all that was not given to another."""
    given = {id(note) for its in people.values() for note in its}
    rest = [note for note in notes if id(note) not in given]
    centres = {person: _centre(list(its) or rest) for person, its in people.items()}
    return {person: centre for person, centre in centres.items() if centre is not None}


def _centre(notes: Sequence[Noted]) -> Embedding | None:
    vectors = [note.stretch.embedding for note in notes if note.stretch.embedding is not None]
    if not vectors:
        return None
    total = np.sum(vectors, axis=0)
    centre: Embedding = (total / np.linalg.norm(total)).astype(np.float32)
    return centre


def _clear(notes: Sequence[Noted]) -> Iterator[Noted]:
    """Those that teach the voice they belong to."""
    for note in notes:
        if note.label is not None and note.stretch.embedding is not None and note.stretch.solo_ms >= CLEAR_MS:
            yield note


def _numbers(notes: Sequence[Noted]) -> list[int]:
    numbers = (number_of(label) for label in {note.label for note in notes if note.label})
    return [number for number in numbers if number is not None]
