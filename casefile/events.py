"""What happens in a hearing, as facts that are stored and never changed, and their JSON form.

An event is a frozen dataclass of this module. `to_json` and `from_json` make the round trip; the chain
(`chain`) binds each stored event to all before it by SHA-256.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from casefile.chain import GENESIS as GENESIS  # noqa: PLC0414 (other modules import it from here)
from casefile.chain import canonical as canonical  # noqa: PLC0414 (other modules import it from here)
from casefile.chain import chain as chain  # noqa: PLC0414 (other modules import it from here)
from casefile.duties import DutyMark
from casefile.exhibits import ExhibitEntry
from casefile.faults import FaultExplanation, FaultReview
from casefile.model import (
    AudioFormat,
    BlankCause,
    BlankingRule,
    CaseWord,
    ClockStep,
    Edit,
    Enrolment,
    Gap,
    Hearing,
    Join,
    LinkKind,
    Mending,
    Missed,
    Naming,
    Omission,
    PauseReason,
    Proposal,
    Reassignment,
    Speaker,
    Split,
    Tag,
    Turn,
)
from casefile.signatures import CorrectionDecision, CorrectionRequest, Signatory, Signature


@dataclass(frozen=True, slots=True)
class HearingCreated:
    """The clerk set up a hearing."""

    hearing: Hearing


@dataclass(frozen=True, slots=True)
class HearingChanged:
    """The clerk changed the set-up before or during the hearing; the whole new state."""

    hearing: Hearing


@dataclass(frozen=True, slots=True)
class RecordingStarted:
    """The recorder wrote the first sample (of the pre-roll). `device` is the device's name."""

    format: AudioFormat
    device: str
    pre_roll_ms: int


@dataclass(frozen=True, slots=True)
class PauseStarted:
    """A lawful interruption began at `at_ms`."""

    at_ms: int
    reason: PauseReason


@dataclass(frozen=True, slots=True)
class PauseEnded:
    """The lawful interruption ended at `at_ms`."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class GapFound:
    """Sound is missing."""

    gap: Gap


@dataclass(frozen=True, slots=True)
class ClockChanged:
    """The recorder's wall clock was moved; the timeline follows the monotonic clock and is unbroken."""

    step: ClockStep


@dataclass(frozen=True, slots=True)
class StageEntered:
    """The hearing entered a stage."""

    name: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class TurnAdded:
    """Recognition finished a passage (`turn.suppressed` set: held back, flagged, reversible).

    `heard_to_ms`: all speech of `turn.channel` before this moment has been dealt with; after a restart
    recognition goes on from there.
    """

    turn: Turn
    heard_to_ms: int


@dataclass(frozen=True, slots=True)
class PassageMissed:
    """Recognition failed on a passage; the sound is there."""

    missed: Missed


@dataclass(frozen=True, slots=True)
class TurnHeldBack:
    """What came later showed that a turn on record is to be held back by `rule`: flagged, reversible.

    It counts while the turn has `words` words, and nobody has edited, confirmed or restored it.
    """

    turn_id: str
    rule: str
    words: int


@dataclass(frozen=True, slots=True)
class TurnRestored:
    """A person took back a suppression."""

    turn_id: str


@dataclass(frozen=True, slots=True)
class RestoringUndone:
    """A person took a restoration back: the passage is held back again, by the rule that first held it."""

    turn_id: str


@dataclass(frozen=True, slots=True)
class CaseWordsAdded:
    """Words of the case, typed in or found in its papers; a word that is there already gets its new kind."""

    words: tuple[CaseWord, ...]


@dataclass(frozen=True, slots=True)
class CaseWordRemoved:
    """A word of the case does not count from the next passage on; what it has mended stays."""

    text: str


@dataclass(frozen=True, slots=True)
class TurnMended:
    """A person accepted a change that the case's words offered; what was recognized stays beneath it."""

    mending: Mending


@dataclass(frozen=True, slots=True)
class MendingRefused:
    """A person looked at an offered change and left the text as it is; it is not offered again."""

    mending: Mending


@dataclass(frozen=True, slots=True)
class MendingUndone:
    """A person took a change back: what was recognized stands there again, and the change is not offered again."""

    mending: Mending


@dataclass(frozen=True, slots=True)
class TurnReassigned:
    """The clerk's word on who said this turn; it outweighs all that was or will be recognized."""

    reassignment: Reassignment


@dataclass(frozen=True, slots=True)
class ReassigningRefused:
    """A person looked at an offered reassignment and left the turn as it is; it is not offered again."""

    reassignment: Reassignment


@dataclass(frozen=True, slots=True)
class ReassigningUndone:
    """A person took a reassignment back: the turn is as it was before, and the same is not offered again."""

    reassignment: Reassignment


@dataclass(frozen=True, slots=True)
class VoiceNamed:
    """The clerk named a voice: its turns that nobody confirmed or reassigned show the name, later ones too."""

    naming: Naming


@dataclass(frozen=True, slots=True)
class VoiceNamingUndone:
    """A person took the naming of a voice back: its turns show what they showed before."""

    naming: Naming


@dataclass(frozen=True, slots=True)
class VoiceEnrolled:
    """A person gave a sample of his voice for this hearing; the sample itself is not on record (court.md G6)."""

    enrolment: Enrolment


@dataclass(frozen=True, slots=True)
class EnrolmentWithdrawn:
    """What this person's voice sounds like was deleted; the names that stand on record stay."""

    speaker: Speaker


@dataclass(frozen=True, slots=True)
class TurnSplit:
    """The clerk cut a turn in two before a word; words, changes and times stay."""

    split: Split


@dataclass(frozen=True, slots=True)
class SplitUndone:
    """A person joined the two halves of a turn again."""

    split: Split


@dataclass(frozen=True, slots=True)
class TurnEdited:
    """A person changed the text of a turn; it counts while the turn reads as that person saw it."""

    edit: Edit


@dataclass(frozen=True, slots=True)
class TurnConfirmed:
    """A person checked the turn and stands by `text`; it counts while the turn reads so."""

    turn_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ConfirmationUndone:
    """The turn is to be checked again."""

    turn_id: str


@dataclass(frozen=True, slots=True)
class TurnTagged:
    """A person marked a turn."""

    turn_id: str
    tag: Tag


@dataclass(frozen=True, slots=True)
class TagRemoved:
    """A person took a mark off a turn."""

    turn_id: str
    tag: Tag


@dataclass(frozen=True, slots=True)
class PiecesOmitted:
    """The condensed record leaves out these pieces of a turn; the verbatim text keeps them."""

    turn_id: str
    pieces: tuple[Omission, ...]


@dataclass(frozen=True, slots=True)
class OmissionsUndone:
    """The condensed record holds these pieces of a turn again."""

    turn_id: str
    pieces: tuple[Omission, ...]


@dataclass(frozen=True, slots=True)
class TurnsJoined:
    """A person made one turn of two."""

    join: Join


@dataclass(frozen=True, slots=True)
class JoiningUndone:
    """A person took the joining of two turns back."""

    join: Join


@dataclass(frozen=True, slots=True)
class ExhibitWritten:
    """A person wrote into a cell of the evidence table; an empty value: what is heard counts again."""

    entry: ExhibitEntry


@dataclass(frozen=True, slots=True)
class DutyMarked:
    """A person marked a duty of the checklist as done or not applicable, or gave it back to the words."""

    mark: DutyMark


@dataclass(frozen=True, slots=True)
class SignatoryNamed:
    """The clerk named somebody who is to read and sign, or changed the facts about them."""

    signatory: Signatory


@dataclass(frozen=True, slots=True)
class SignatoryRemoved:
    """Somebody is not to sign after all."""

    signatory_id: str


@dataclass(frozen=True, slots=True)
class RecordRead:
    """A signatory read their part of the record as of event number `seq`."""

    signatory_id: str
    seq: int


@dataclass(frozen=True, slots=True)
class CorrectionRequested:
    """A signatory asked for a 补正."""

    request: CorrectionRequest


@dataclass(frozen=True, slots=True)
class CorrectionDecided:
    """The clerk granted (the turn is edited in the same breath) or refused a 补正."""

    decision: CorrectionDecision


@dataclass(frozen=True, slots=True)
class RecordSigned:
    """A signatory signed what they read, or refused to."""

    signature: Signature


@dataclass(frozen=True, slots=True)
class FaultExplained:
    """The recordist wrote what happened when sound was lost (情况说明)."""

    explanation: FaultExplanation


@dataclass(frozen=True, slots=True)
class FaultReviewed:
    """The presiding or sole judge signed an explanation."""

    review: FaultReview


@dataclass(frozen=True, slots=True)
class SpeakersProposed:
    """A look at the whole hearing proposes these; they take the place of what was proposed and not decided."""

    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class ScreensBlanked:
    """From `at_ms` on, screens of these kinds show no text; what is said until they are lit again they never show."""

    kinds: tuple[LinkKind, ...]
    at_ms: int
    cause: BlankCause


@dataclass(frozen=True, slots=True)
class ScreensLit:
    """This cause keeps no text from these screens any more; the clerk's hand outweighs stage and pause."""

    kinds: tuple[LinkKind, ...]
    at_ms: int
    cause: BlankCause


@dataclass(frozen=True, slots=True)
class BlankingRuled:
    """The clerk chose what a stage or pause of this name blanks, from the next time on."""

    rule: BlankingRule


@dataclass(frozen=True, slots=True)
class RecorderGivenUp:
    """The clerk decided to close without the recorder: its copy is not waited for."""


@dataclass(frozen=True, slots=True)
class HearingClosed:
    """The clerk closed the hearing; `length_ms` is the end of its timeline."""

    length_ms: int


@dataclass(frozen=True, slots=True)
class CopiesCompared:
    """The recorder's and the server's copy were compared block by block at closing."""

    blocks: int
    same: bool
    repaired: tuple[int, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordSealed:
    """The record was written and sealed; digests of its manifest."""

    manifest_sha256: str
    manifest_sm3: str | None


Event = (
    HearingCreated | HearingChanged | RecordingStarted | PauseStarted | PauseEnded | GapFound | ClockChanged
    | StageEntered | TurnAdded | PassageMissed | TurnHeldBack | TurnRestored | RestoringUndone
    | CaseWordsAdded | CaseWordRemoved | TurnMended | MendingRefused | MendingUndone
    | TurnReassigned | ReassigningRefused | ReassigningUndone | VoiceNamed | VoiceNamingUndone
    | VoiceEnrolled | EnrolmentWithdrawn | TurnSplit | SplitUndone | SpeakersProposed
    | TurnEdited | TurnConfirmed | ConfirmationUndone | TurnTagged | TagRemoved | PiecesOmitted | OmissionsUndone
    | TurnsJoined | JoiningUndone
    | ScreensBlanked | ScreensLit | BlankingRuled | ExhibitWritten | DutyMarked
    | SignatoryNamed | SignatoryRemoved | RecordRead | CorrectionRequested | CorrectionDecided | RecordSigned
    | FaultExplained | FaultReviewed
    | RecorderGivenUp | HearingClosed | CopiesCompared | RecordSealed
)  # fmt: skip

_PLAIN = frozenset((str, int, float, bool, NoneType))
EVENT_TYPES: dict[str, type[Any]] = {cls.__name__: cls for cls in get_args(Event)}


@dataclass(frozen=True, slots=True)
class Stored:
    """An event as the store keeps it: numbered from 1, timed (UTC, ISO 8601), signed for, chained.

    `said` is its JSON as it was stored, where an older version wrote it with fewer fields: the digest binds that.
    """

    hearing_id: str
    seq: int
    at: str
    by: str
    event: Event
    previous: str
    digest: str
    said: dict[str, Any] | None = None


def to_json(value: Any) -> Any:
    """A value of `casefile.model` or an event as plain JSON values (dicts, lists, strings, numbers)."""
    kind: Any = type(value)
    return _writer(kind)(value)


@cache
def _writer(kind: Any) -> Callable[[Any], Any]:
    """How a value of this type is written; made once per type, not once per word of a hearing."""
    if is_dataclass(kind):
        return _fields_writer(tuple(field.name for field in fields(kind)))
    if issubclass(kind, Enum):
        return lambda value: value.value
    if issubclass(kind, (tuple, list)):
        return lambda value: [to_json(item) for item in value]
    if issubclass(kind, dict):
        return lambda value: {key: to_json(item) for key, item in value.items()}
    return lambda value: value


def _fields_writer(names: tuple[str, ...]) -> Callable[[Any], Any]:
    def write(value: Any) -> Any:
        return {
            name: one if type(one) in _PLAIN else to_json(one)
            for name in names
            for one in (getattr(value, name),)
        }

    return write


def from_json(kind: Any, data: Any) -> Any:
    """The inverse of `to_json` for the type `kind`. Raises KeyError, TypeError or ValueError on bad data."""
    return _reader(kind)(data)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """How a value of this type is read; made once per type, not once per word of a hearing."""
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return _optional(_reader(next(arg for arg in get_args(kind) if arg is not type(None))))
    if origin is tuple:
        item = _reader(get_args(kind)[0])
        return lambda data: tuple(map(item, data))
    if is_dataclass(kind):
        return _fields_reader(kind)
    return kind if isinstance(kind, type) and issubclass(kind, Enum) else lambda data: data


def _optional(reader: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda data: None if data is None else reader(data)


def _fields_reader(kind: Any) -> Callable[[Any], Any]:
    readers = {name: _reader(hint) for name, hint in get_type_hints(kind).items()}

    def read(data: dict[str, Any]) -> Any:
        unknown = data.keys() - readers.keys()
        if unknown:
            raise KeyError(f"{kind.__name__} has no field {sorted(unknown)[0]}")
        return kind(**{name: readers[name](item) for name, item in data.items()})

    return read


def event_to_json(event: Event) -> dict[str, Any]:
    """`{"type": "TurnAdded", ...fields}`."""
    return {"type": type(event).__name__, **to_json(event)}


def event_from_json(data: dict[str, Any]) -> Event:
    """The inverse of `event_to_json`. Raises KeyError for an unknown type."""
    rest = dict(data)
    event: Event = from_json(EVENT_TYPES[rest.pop("type")], rest)
    return event


def stored_to_json(stored: Stored) -> dict[str, Any]:
    """One line of `events.jsonl` and one event message of the live websocket."""
    return {
        "hearing_id": stored.hearing_id,
        "seq": stored.seq,
        "at": stored.at,
        "by": stored.by,
        "event": stored.said or event_to_json(stored.event),
        "previous": stored.previous,
        "digest": stored.digest,
    }
