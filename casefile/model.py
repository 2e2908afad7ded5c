"""The nouns of a hearing. Frozen values; times are integer milliseconds since the hearing's first sample.

This module imports no more of ours than the nouns of the evidence table, of signing and of faults: everything else may import it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from casefile.duties import DutyMark
from casefile.exhibits import ExhibitEntry
from casefile.faults import FaultExplanation, FaultReview
from casefile.signatures import CorrectionDecision, CorrectionRequest, Signatory, Signature

Pcm = NDArray[np.int16]
"""Samples as the device gave them, int16, shape (frames, channels)."""
Mono16k = NDArray[np.float32]
"""One channel at 16 kHz, float32 in [-1, 1], shape (samples,)."""


class HearingKind(StrEnum):
    """Every kind of session that court.md A8 names."""

    TRIAL = "庭审"
    PRETRIAL = "庭前会议"
    EVIDENCE_EXCHANGE = "证据交换"
    INQUIRY = "询问"
    MEDIATION = "调解"
    PUBLIC_HEARING = "听证"
    ENFORCEMENT = "执行"
    PETITION = "接访"
    DELIBERATION = "合议"
    JUDGES_MEETING = "专业法官会议"
    COMMITTEE = "审委会"
    PRONOUNCEMENT = "宣判"


class HearingState(StrEnum):
    """Where a hearing is in its life."""

    DRAFT = "draft"
    RECORDING = "recording"
    PAUSED = "paused"
    CLOSING = "closing"
    SEALED = "sealed"


OPEN = (HearingState.RECORDING, HearingState.PAUSED)
"""The hearing goes on."""
UNSEALED = (*OPEN, HearingState.CLOSING)
"""It has begun, and its record may still change."""


class Secrecy(StrEnum):
    """How far a hearing may be shown (court.md G1, J10)."""

    PUBLIC = "公开"
    CLOSED = "不公开"
    TRIAL_SECRET = "审判工作秘密"  # noqa: S105 - a class of secrecy, no password


class PauseReason(StrEnum):
    """The only three lawful interruptions (法释〔2017〕5号 art. 3; court.md A2)."""

    RECESS = "休庭"
    CLOSED_EVIDENCE = "不公开举证质证"
    MEDIATION = "不宜录制的调解"


class GapReason(StrEnum):
    """Why sound is missing. PAUSE is lawful; every other needs a 情况说明 (court.md A4)."""

    PAUSE = "pause"
    OVERFLOW = "overflow"
    UNPLUGGED = "unplugged"
    RECORDER_STOPPED = "recorder_stopped"
    DISK_FULL = "disk_full"
    DAMAGED = "damaged"
    SOURCE_DAMAGED = "source_damaged"
    NOT_RECEIVED = "not_received"


class TurnState(StrEnum):
    """How far a turn has been checked."""

    FINAL = "final"
    EDITED = "edited"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"


class Attribution(StrEnum):
    """How a speaker was found; the clerk's word outweighs all."""

    CHANNEL = "channel"
    ENROLLED = "enrolled"
    CLUSTER = "cluster"
    CLERK = "clerk"


class LinkKind(StrEnum):
    """For whom a link is. A witness sees nothing that was said before the link was opened (court.md G4).

    A signatory's leads to no screen but to the desk where one person reads and signs.
    """

    PARTY = "party"
    WITNESS = "witness"
    GALLERY = "gallery"
    SCREEN = "screen"
    SIGNATORY = "signatory"


SCREEN_KINDS = (LinkKind.PARTY, LinkKind.WITNESS, LinkKind.GALLERY, LinkKind.SCREEN)
"""Links that show a screen."""


class BlankCause(StrEnum):
    """What keeps text from a screen outside: the clerk's hand, the stage, or a pause."""

    HAND = "hand"
    STAGE = "stage"
    PAUSE = "pause"


class WordKind(StrEnum):
    """What a word of the case names."""

    PERSON = "person"
    FIRM = "firm"
    PLACE = "place"
    CASE_NUMBER = "case_number"
    TERM = "term"


class WordSource(StrEnum):
    """Where a word of the case comes from. Of a paper neither the name nor the text is kept."""

    TYPED = "typed"
    PAPERS = "papers"


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """Sample rate in Hz, channel count (1 to 32), bytes per sample (2: signed 16-bit little-endian)."""

    rate: int
    channels: int
    sample_width: int = 2

    def __post_init__(self) -> None:
        if not 1 <= self.channels <= 32:
            raise ValueError(f"channels must be 1 to 32, not {self.channels}")
        if not 4_000 <= self.rate <= 384_000:
            raise ValueError(f"rate must be 4000 to 384000 Hz, not {self.rate}")
        if self.sample_width != 2:
            raise ValueError("samples are 16-bit")

    @property
    def frame_bytes(self) -> int:
        """Bytes of one frame: one sample of every channel."""
        return self.channels * self.sample_width

    def ms(self, frames: int) -> int:
        """Whole milliseconds in this many frames."""
        return frames * 1000 // self.rate

    def frames(self, ms: int) -> int:
        """Frames in this many milliseconds."""
        return ms * self.rate // 1000


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """A run of sound; `pcm` has shape (frames, channels)."""

    format: AudioFormat
    start_ms: int
    pcm: Pcm

    @property
    def end_ms(self) -> int:
        """The moment after the last frame."""
        return self.start_ms + self.format.ms(len(self.pcm))


@dataclass(frozen=True, slots=True)
class Gap:
    """Sound that is not there, on one channel or (None) on all of them."""

    start_ms: int
    end_ms: int
    reason: GapReason
    channel: int | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """A lawful interruption; `end_ms` is None while it lasts."""

    start_ms: int
    end_ms: int | None
    reason: PauseReason


@dataclass(frozen=True, slots=True)
class Voicing:
    """What the detector found in a passage: time judged as speech, and its mean probability (0 to 1) there."""

    ms: int
    probability: float


@dataclass(frozen=True, slots=True)
class Speech:
    """A passage of one channel that holds speech. `audio` begins at `start_ms`, 16 kHz.

    `voicing` is None where no detector looked.
    """

    channel: int
    start_ms: int
    audio: Mono16k
    voicing: Voicing | None = None

    @property
    def end_ms(self) -> int:
        """The moment after the last sample."""
        return self.start_ms + len(self.audio) // 16


@dataclass(frozen=True, slots=True)
class Word:
    """A recognized word with its times and a confidence from 0 to 1.

    `text` carries the punctuation that follows it, so that the words of a turn joined are its text.
    """

    text: str
    start_ms: int
    end_ms: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Change:
    """What was heard as `before` at character `at` of the text stands as `after`, or might be meant (`doubt`).

    Both have the same length. `confidence` 0 to 1 is that of the change; `reason`: "lexicon" (the case's own
    words), "homophone" (a rule) or "doubt".
    """

    at: int
    before: str
    after: str
    start_ms: int
    end_ms: int
    confidence: float
    reason: str

    @property
    def doubt(self) -> bool:
        """Nothing was changed: the page asks a person to listen."""
        return self.reason == "doubt"


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was recognized in one passage. `suppressed` names the rule that holds it back, if any."""

    channel: int
    start_ms: int
    end_ms: int
    words: tuple[Word, ...]
    suppressed: str | None = None
    changes: tuple[Change, ...] = ()

    @property
    def text(self) -> str:
        """The words joined."""
        return "".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in the courtroom: who sits there, in what role, on which microphones (from 0)."""

    id: str
    role: str
    short: str = ""
    person: str = ""
    channels: tuple[int, ...] = ()
    pseudonym: str = ""


@dataclass(frozen=True, slots=True)
class SpeakerSpan:
    """Who spoke from when to when: a seat's id, or a voice label where no seat is known.

    `certainty` from 0 to 1: how sure it is that this is the speaker.
    """

    seat: str | None
    voice: str
    start_ms: int
    end_ms: int
    how: Attribution
    certainty: float = 1.0


class Tag(StrEnum):
    """What the clerk marks a turn with; those of court.md D3 and D4 belong in every record."""

    TO_CHECK = "待核"
    ADMISSION = "自认"
    CHALLENGE = "质证"
    OBJECTION = "异议"
    ADMONITION = "训诫"
    ORAL_RULING = "口头裁定"
    ORAL_MANDATE = "口头委托"
    IMPORTANT = "重要"


@dataclass(frozen=True, slots=True)
class Omission:
    """A piece of a turn that the condensed record leaves out: `text`, at character `at`. The verbatim text keeps it."""

    at: int
    text: str

    @property
    def end(self) -> int:
        """The character behind it."""
        return self.at + len(self.text)


@dataclass(frozen=True, slots=True)
class Wording:
    """How a turn is worded: its words, the changes made in them, and what the condensed record leaves out."""

    words: tuple[Word, ...]
    changes: tuple[Change, ...] = ()
    omissions: tuple[Omission, ...] = ()

    @property
    def text(self) -> str:
        """The words joined."""
        return "".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said in one passage, as it stands on the record. `certainty` is that of `SpeakerSpan`.

    `heard`: the wording as it was recognized, beneath what a person made of it; None where nobody edited it.
    """

    id: str
    seat: str | None
    speaker: str
    channel: int
    start_ms: int
    end_ms: int
    words: tuple[Word, ...]
    how: Attribution = Attribution.CHANNEL
    state: TurnState = TurnState.FINAL
    suppressed: str | None = None
    changes: tuple[Change, ...] = ()
    certainty: float = 1.0
    omissions: tuple[Omission, ...] = ()
    tags: tuple[Tag, ...] = ()
    heard: Wording | None = None

    @property
    def text(self) -> str:
        """The words joined."""
        return "".join(word.text for word in self.words)

    @property
    def wording(self) -> Wording:
        """How it is worded now."""
        return Wording(self.words, self.changes, self.omissions)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the hearing was entered. Stages are a log: they may go back (court.md H5)."""

    name: str
    start_ms: int


@dataclass(frozen=True, slots=True)
class Hearing:
    """A hearing as the clerk set it up."""

    id: str
    kind: HearingKind
    case_number: str = ""
    courtroom: str = ""
    language: str = "zh"
    secrecy: Secrecy = Secrecy.PUBLIC
    seats: tuple[Seat, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockStep:
    """The wall clock was moved during the hearing by `step_ms` (negative: back); court.md A5."""

    at_ms: int
    step_ms: int


@dataclass(frozen=True, slots=True)
class Missed:
    """A passage that holds speech but on which recognition failed; its sound is on the record."""

    channel: int
    start_ms: int
    end_ms: int
    reason: str


@dataclass(frozen=True, slots=True)
class CaseWord:
    """A word of the case that was added to what the set-up names: one line of text."""

    text: str
    kind: WordKind
    source: WordSource


@dataclass(frozen=True, slots=True)
class Mending:
    """A change to a turn that is on record already: offered, accepted, refused or taken back."""

    turn_id: str
    change: Change

    def same_place(self, other: Mending) -> bool:
        """Both put the same text into the same place of the same turn."""
        mine, its = self.change, other.change
        return (self.turn_id, mine.at, mine.after) == (other.turn_id, its.at, its.after)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said a turn, as it stands: a seat's id or None, the person or voice label, how and how surely found."""

    seat: str | None
    name: str
    how: Attribution
    certainty: float = 1.0


@dataclass(frozen=True, slots=True)
class Reassignment:
    """A turn goes from one speaker to another: decided by the clerk, offered, refused or taken back."""

    turn_id: str
    before: Speaker
    after: Speaker


@dataclass(frozen=True, slots=True)
class Naming:
    """A voice that was heard under `label` is a seat's or a person's; `before` None: it had no name yet."""

    label: str
    before: Speaker | None
    after: Speaker


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A person's voice is known for this hearing, by `ms` of speech. What it sounds like is not here (court.md G6)."""

    speaker: Speaker
    ms: int


@dataclass(frozen=True, slots=True)
class Split:
    """A turn of `words` words becomes two: from word `at_word` (from 0) on it is turn `second_id`."""

    turn_id: str
    at_word: int
    words: int
    second_id: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A person changed a turn's text: it read `before`, and is worded `after`."""

    turn_id: str
    before: str
    after: Wording


@dataclass(frozen=True, slots=True)
class Join:
    """Two turns become one: the first keeps its id and speaker. `words`: how many each of both has."""

    turn_id: str
    second_id: str
    words: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a look at the whole hearing would name otherwise; `confidence` from 0 to 1. A person decides."""

    reassignment: Reassignment
    confidence: float


@dataclass(frozen=True, slots=True)
class Blanked:
    """Screens of one kind showed no text from `start_ms` on; `end_ms` is None while it lasts.

    `causes`: what keeps them dark, or kept them dark last. What was said meanwhile they never show.
    """

    kind: LinkKind
    start_ms: int
    end_ms: int | None
    causes: tuple[BlankCause, ...]


@dataclass(frozen=True, slots=True)
class BlankingRule:
    """A stage or pause of this name keeps text from these kinds of screens."""

    name: str
    kinds: tuple[LinkKind, ...]


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """The fold of a hearing's events: what is on the record after event number `seq`."""

    hearing: Hearing
    state: HearingState = HearingState.DRAFT
    seq: int = 0
    opened_at: str | None = None
    closed_at: str | None = None
    format: AudioFormat | None = None
    length_ms: int = 0
    turns: tuple[Turn, ...] = ()
    stages: tuple[Stage, ...] = ()
    pauses: tuple[Pause, ...] = ()
    gaps: tuple[Gap, ...] = ()
    missed: tuple[Missed, ...] = ()
    clock_steps: tuple[ClockStep, ...] = ()
    recorder_given_up: bool = False
    case_words: tuple[CaseWord, ...] = ()
    removed_words: tuple[str, ...] = ()
    refused_mendings: tuple[Mending, ...] = ()
    reassigned: tuple[Reassignment, ...] = ()
    refused_reassignments: tuple[Reassignment, ...] = ()
    named_voices: tuple[Naming, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    splits: tuple[Split, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    joins: tuple[Join, ...] = ()
    blanked: tuple[Blanked, ...] = ()
    blanking_rules: tuple[BlankingRule, ...] = ()
    exhibit_entries: tuple[ExhibitEntry, ...] = ()
    duty_marks: tuple[DutyMark, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    read: dict[str, int] = field(default_factory=dict)
    requests: tuple[CorrectionRequest, ...] = ()
    decisions: tuple[CorrectionDecision, ...] = ()
    signatures: tuple[Signature, ...] = ()
    fault_explanations: tuple[FaultExplanation, ...] = ()
    fault_reviews: tuple[FaultReview, ...] = ()
    digests: dict[str, Any] = field(default_factory=dict)
