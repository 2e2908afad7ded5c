"""The nouns of reading, correcting and signing a record (court.md D1, E1 to E9)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Office(StrEnum):
    """In what office somebody signs; the order is lawful (court.md E7): each waits for all before it."""

    PARTICIPANT = "participant"
    JUDGE = "judge"
    PRESIDING = "presiding"
    CLERK = "clerk"

    @property
    def rank(self) -> int:
        """Its place in the lawful order, from 0."""
        return list(Office).index(self)


class Scope(StrEnum):
    """What somebody reads: the whole record, or a witness only their own testimony (court.md E6)."""

    WHOLE = "whole"
    OWN = "own"


class RequestKind(StrEnum):
    """What a reader asks for. In criminal cases a change of what was said is refused and noted (court.md E5)."""

    OMISSION = "遗漏"
    ERROR = "差错"
    CHANGE = "变更陈述"


class SignatureKind(StrEnum):
    """How somebody signed (court.md E8)."""

    SIGNED = "签名"
    SEALED = "盖章"
    FINGERPRINT = "捺印"
    REFUSED = "拒签"


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody who is to read and sign, from `seat` (None: not seated). `due`: until when, UTC, ISO 8601.

    `account`: the id of the account by which this person signs; "" where only a link leads there.
    """

    id: str
    seat: str | None
    name: str
    role: str
    office: Office
    scope: Scope
    due: str
    account: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionRequest:
    """A reader asks that `before` in a turn reads `wanted`; for an omission `before` may be empty.

    `start_ms` to `end_ms` is the sound that shows it. `note`: why, in the reader's words.
    """

    id: str
    signatory_id: str
    turn_id: str
    kind: RequestKind
    before: str
    wanted: str
    start_ms: int
    end_ms: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionDecision:
    """The clerk granted or refused a request; a refusal has its reason. `played`: the sound was heard first."""

    request_id: str
    granted: bool
    reason: str = ""
    played: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """One line of a signature: `points` are x, y (0 to 10,000 across the field) and ms since the first point."""

    points: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody signed, or refused to, after reading the record as of event number `seq`.

    `digest`: of exactly what was read, `casefile.export.signed_text.digest_read`. `strokes`: the name as written;
    `image`: a 捺印 or seal as PNG in base64, "" without; `reason`: of a refusal. `start_ms` to `end_ms`: the
    sound that shows a refusal, both 0 without. `at`: when, UTC, ISO 8601.
    """

    signatory_id: str
    kinds: tuple[SignatureKind, ...]
    seq: int
    digest: str
    strokes: tuple[Stroke, ...] = ()
    image: str = ""
    reason: str = ""
    start_ms: int = 0
    end_ms: int = 0
    at: str = ""

    @property
    def refused(self) -> bool:
        """It was refused: noted, and it counts as done with (民诉法 art. 150; court.md E8)."""
        return SignatureKind.REFUSED in self.kinds
