"""The nouns of rights: roles, accounts, links, and what a browser that is signed in stands for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from casefile.model import HearingKind
from casefile.model import LinkKind as LinkKind  # noqa: PLC0414 (links are of people; what they were not shown is on record)

SECRET_KINDS = frozenset({HearingKind.DELIBERATION, HearingKind.JUDGES_MEETING, HearingKind.COMMITTEE})
"""Meetings behind closed doors (court.md J): seen only by those who are named, never by a link."""


MACHINE = "本机"
"""How commands of the command line stand on the record."""


class Role(StrEnum):
    """What an account works as; one account may have several."""

    TECHNICIAN = "technician"
    CLERK = "clerk"
    JUDGE = "judge"
    COMMITTEE = "committee"
    ARCHIVIST = "archivist"


class Act(StrEnum):
    """What is noted in the audit log."""

    VIEW = "view"
    PLAY = "play"
    EXPORT = "export"
    FOLLOW = "follow"
    READ_PART = "read to sign"
    ARCHIVED = "archived"
    PERSON_ADDED = "person added"
    PERSON_REMOVED = "person removed"
    LINK_MADE = "link made"
    LINK_WITHDRAWN = "link withdrawn"
    SIGNED_IN = "signed in"
    REFUSED = "sign-in refused"
    PASSWORD = "password chosen"  # noqa: S105 - not one
    ACCOUNT_MADE = "account made"
    ROLES = "roles changed"
    RESET = "password reset"
    DISABLED = "account disabled"
    ENABLED = "account enabled"
    CODE = "recorder code given"
    ENROLLED = "recorder enrolled"
    WITHDRAWN = "recorder withdrawn"


@dataclass(frozen=True, slots=True)
class Account:
    """`ready`: the person has chosen a password."""

    id: str
    name: str
    roles: tuple[Role, ...]
    disabled: bool
    ready: bool

    def __str__(self) -> str:
        """As it stands in the log."""
        return " ".join((self.name, *self.roles))


@dataclass(frozen=True, slots=True)
class Link:
    """One right on one hearing. `label`: for whom, in the clerk's words. Moments: seconds since 1970, UTC.

    `subject`: the id of the signatory whose desk it opens, "" for screens.
    """

    id: str
    hearing_id: str
    kind: LinkKind
    label: str
    made_by: str
    made_s: int
    expires_s: int
    withdrawn: bool
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Session:
    """Whom a cookie stands for: an account, or a link that was opened after event `from_seq`, at `opened_s`.

    `from_ms`: where the hearing was then on its own timeline; None where no recorder had told.
    """

    account: Account | None
    link: Link | None
    from_seq: int = 0
    opened_s: int = 0
    from_ms: int | None = None


@dataclass(frozen=True, slots=True)
class EnrolledRecorder:
    """A recorder that has a key of its own since `enrolled_s`."""

    name: str
    enrolled_s: int
