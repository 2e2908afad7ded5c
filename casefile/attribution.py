"""The clerk's word on who spoke: what it does to turns, and what of it stands. Values only.

What was recognized stays beneath it: every decision can be taken back. A confirmed turn is moved by nothing but
a reassignment of that very turn.
"""

from __future__ import annotations

from dataclasses import replace

from casefile.editing import parts, parts_at, together, worded
from casefile.model import (
    Attribution,
    Enrolment,
    Naming,
    Proposal,
    Reassignment,
    Speaker,
    Split,
    Tag,
    Turn,
    TurnState,
)

Turns = dict[str, Turn]
Who = tuple[str | None, str]
"""A seat's id, whoever sits there by what name; or None and the name of a person without a seat."""


def speaker_of(turn: Turn) -> Speaker:
    """Who said the turn, as it stands."""
    return Speaker(turn.seat, turn.speaker, turn.how, turn.certainty)


def said_by(turn: Turn, speaker: Speaker) -> Turn:
    """The turn as this speaker's."""
    return replace(
        turn, seat=speaker.seat, speaker=speaker.name, how=speaker.how, certainty=speaker.certainty
    )


def is_confirmed(turn: Turn) -> bool:
    """A person has confirmed the turn."""
    return turn.state is TurnState.CONFIRMED


def split(turn: Turn, cut: Split) -> tuple[Turn, Turn] | None:
    """Both halves; None where the cut does not fit the turn or would go through a change or an omission."""
    before, after = turn.words[: cut.at_word], turn.words[cut.at_word :]
    if len(turn.words) != cut.words or not before or not after or cut.at_word <= 0:
        return None
    border_ms = min(max(after[0].start_ms, turn.start_ms), turn.end_ms)
    halves = parts(turn.wording, cut.at_word)
    heard = parts_at(turn.heard, border_ms) if turn.heard else (None, None)
    if halves is None or heard is None:
        return None
    first = replace(worded(turn, halves[0]), end_ms=border_ms, heard=heard[0])
    return first, replace(worded(turn, halves[1]), id=cut.second_id, start_ms=border_ms, heard=heard[1])


def joined(first: Turn, second: Turn, cut: Split) -> Turn | None:
    """The turn that was cut; None where the halves have become different, or are cut further."""
    whole = (len(first.words), len(second.words)) == (cut.at_word, cut.words - cut.at_word)
    if not whole or _standing(first) != _standing(second):
        return None
    return together(first, second)


def _standing(turn: Turn) -> tuple[Speaker, TurnState, str | None, tuple[Tag, ...]]:
    return speaker_of(turn), turn.state, turn.suppressed, turn.tags


def identity(speaker: Speaker) -> Who:
    """By what one speaker is known from another."""
    return speaker.seat, "" if speaker.seat else speaker.name


class Spoken:
    """What stands of the decisions on who spoke in one hearing; changes the turns that it is given."""

    def __init__(self) -> None:
        self.made: list[Reassignment] = []
        self.refused: list[Reassignment] = []
        self._names: dict[str, list[Naming]] = {}
        self.enrolled: dict[Who, Enrolment] = {}
        self.splits: list[Split] = []
        self._proposals: tuple[Proposal, ...] = ()
        self._voices: dict[str, str] = {}

    def heard(self, turn: Turn) -> Turn:
        """A turn as it comes on record: of a voice that the clerk has named, it is that person's."""
        if turn.seat is None and turn.how is Attribution.CLUSTER:
            self._voices[turn.id] = turn.speaker
        return turn if is_confirmed(turn) else said_by(turn, self._found(turn.id, speaker_of(turn)))

    def reassign(self, turns: Turns, made: Reassignment) -> None:
        """The turn changes hands, if it stands as it did when the clerk decided."""
        turn = turns.get(made.turn_id)
        if turn is not None and speaker_of(turn) == made.before != made.after:
            turns[turn.id] = said_by(turn, made.after)
            self.made.append(made)

    def undo(self, turns: Turns, made: Reassignment) -> None:
        """The turn is as it was before; if its voice was named meanwhile, it shows that name."""
        turn = turns.get(made.turn_id)
        stands = made in self.made and turn is not None and speaker_of(turn) == made.after
        if turn is not None and stands and not is_confirmed(turn):
            turns[turn.id] = said_by(turn, self._found(turn.id, made.before))
            self.made.remove(made)
            self.refused.append(made)

    def refuse(self, offered: Reassignment) -> None:
        """The same is not offered again."""
        self.refused.append(offered)

    @property
    def names(self) -> tuple[Naming, ...]:
        """The naming that stands of each voice that has a name."""
        return tuple(namings[-1] for namings in self._names.values() if namings)

    def name(self, turns: Turns, naming: Naming) -> None:
        """All turns of the voice that nobody confirmed or reassigned show its name."""
        namings = self._names.setdefault(naming.label, [])
        if (namings[-1].after if namings else None) == naming.before:
            namings.append(naming)
            self._show(turns, naming.label)

    def undo_name(self, turns: Turns, naming: Naming) -> None:
        """The voice has the name that it had before, or none."""
        namings = self._names.get(naming.label, [])
        if namings and namings[-1] == naming:
            namings.pop()
            self._show(turns, naming.label)

    def enrol(self, enrolment: Enrolment) -> None:
        """This person's voice is known; the later of two samples counts."""
        self.enrolled[identity(enrolment.speaker)] = enrolment

    def withdraw(self, speaker: Speaker) -> None:
        """This person's voice is not known any more; no turn is moved."""
        self.enrolled.pop(identity(speaker), None)

    def _show(self, turns: Turns, label: str) -> None:
        for turn_id, its in self._voices.items():
            turn = turns[turn_id]
            if its == label and not is_confirmed(turn):
                turns[turn_id] = said_by(turn, self._found(turn_id, speaker_of(turn)))

    def propose(self, proposals: tuple[Proposal, ...]) -> None:
        """These are to be decided, and no earlier ones."""
        self._proposals = proposals

    def cut(self, made: Split) -> None:
        """Both halves are of one voice, and what was refused for the turn is refused for both."""
        self.splits.append(made)
        if made.turn_id in self._voices:
            self._voices[made.second_id] = self._voices[made.turn_id]
        both = [replace(one, turn_id=made.second_id) for one in self.refused if one.turn_id == made.turn_id]
        self.refused += both
        self._proposals = tuple(one for one in self._proposals if one.reassignment.turn_id != made.turn_id)

    def uncut(self, made: Split) -> None:
        """There is no second half any more."""
        self.splits.remove(made)
        self._voices.pop(made.second_id, None)
        self.made = [one for one in self.made if one.turn_id != made.second_id]
        self.refused = [one for one in self.refused if one.turn_id != made.second_id]

    def gone(self, turn_id: str) -> str | None:
        """The turn has become a part of another one; its voice label, if it had one."""
        return self._voices.pop(turn_id, None)

    def back(self, turn_id: str, label: str | None) -> None:
        """The turn stands by itself again."""
        if label is not None:
            self._voices[turn_id] = label

    def proposed(self, turns: Turns) -> tuple[Proposal, ...]:
        """What is still to be decided: never a confirmed turn, nor one that stands otherwise by now."""
        return tuple(one for one in self._proposals if self._is_open(turns, one.reassignment))

    def _is_open(self, turns: Turns, offered: Reassignment) -> bool:
        turn = turns.get(offered.turn_id)
        fits = turn is not None and speaker_of(turn) == offered.before and not is_confirmed(turn)
        return fits and offered not in self.refused

    def _found(self, turn_id: str, speaker: Speaker) -> Speaker:
        """`speaker`, unless it is a voice that was found by its sound: that one's name or label as they stand."""
        label = self._voices.get(turn_id)
        if label is None or speaker.how is Attribution.CLERK:
            return speaker
        namings = self._names.get(label)
        name = namings[-1].after if namings else Speaker(None, label, Attribution.CLUSTER)
        return replace(name, certainty=speaker.certainty)
