"""Who has which right: one table, role by right. What is not in it, nobody has.

Rights on a hearing need more than the role: the account works on this hearing, or it is an archivist and the
record is sealed and not of a secret meeting (court.md C2, J10).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from casefile.model import HearingState
from casefile.people.assignments import Facts
from casefile.people.nouns import SECRET_KINDS, Role


class Right(StrEnum):
    """What one route can need."""

    OPEN = "open"
    SIGNED_IN = "signed in"
    CREATE = "create hearings"
    ROOM = "see recorders and levels"
    DEVICE = "choose an input device"
    ACCOUNTS = "manage accounts"
    RECORDERS = "enrol and withdraw recorders"
    METRICS = "read figures"
    RECORD = "send sound"
    FOLLOW = "follow settled text"
    VIEW = "read the record"
    HEAR = "hear the sound"
    EXPORT = "export"
    ARCHIVE = "archive"
    NOTES = "keep private notes"
    EDIT = "correct text and speakers"
    CONDUCT = "start, pause, close"
    SET_UP = "change the set-up"
    VOICES = "enrol voices"
    PEOPLE = "name people, give links"
    SIGNING = "name signatories, decide on corrections"
    SIGN = "read and sign by one's account"
    READ_PART = "read and sign one's part"
    HEAR_PART = "hear one's part"


ON_HEARING = frozenset(
    {
        Right.VIEW,
        Right.HEAR,
        Right.EXPORT,
        Right.ARCHIVE,
        Right.NOTES,
        Right.EDIT,
        Right.CONDUCT,
        Right.SET_UP,
        Right.VOICES,
        Right.PEOPLE,
        Right.SIGNING,
        Right.SIGN,
    }
)
"""Rights that are held on one hearing at a time."""

_READING = frozenset({Right.VIEW, Right.HEAR})

ROLE_RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.TECHNICIAN: frozenset(
        {Right.SIGNED_IN, Right.ROOM, Right.DEVICE, Right.ACCOUNTS, Right.RECORDERS, Right.METRICS}
    ),
    Role.CLERK: frozenset({Right.SIGNED_IN, Right.CREATE, Right.ROOM, Right.DEVICE})
    | (ON_HEARING - {Right.NOTES}),
    Role.JUDGE: frozenset({Right.SIGNED_IN, Right.EXPORT, Right.EDIT, Right.NOTES, Right.SIGN}) | _READING,
    Role.COMMITTEE: frozenset({Right.SIGNED_IN, Right.NOTES, Right.SIGN}) | _READING,
    Role.ARCHIVIST: frozenset({Right.SIGNED_IN, Right.EXPORT, Right.ARCHIVE}) | _READING,
}
"""The table. A technician manages the machine and reads no record."""

LINK_RIGHTS = frozenset({Right.FOLLOW})
"""A link to a screen holds this one right, on its own hearing."""
SIGNATORY_RIGHTS = frozenset({Right.READ_PART, Right.HEAR_PART})
"""A signatory's link leads to their own part of their own hearing."""
BY_LINK = LINK_RIGHTS | SIGNATORY_RIGHTS
"""Where a link's cookie counts, and an account's does not."""
RECORDER_RIGHTS = frozenset({Right.RECORD})
MACHINE_RIGHTS = frozenset(Right) - BY_LINK - {Right.NOTES, Right.SIGN}
"""Who can read the key file in the data folder can read the records beside it anyway. Notes and signatures are an account's own."""


def rights_on(roles: frozenset[Role], facts: Facts) -> frozenset[Right]:
    """What an account with these roles may do with the hearing that `facts` tells of."""
    found = frozenset[Right]()
    for role in roles:
        if _reaches(role, facts):
            found |= ROLE_RIGHTS[role] & ON_HEARING
    return found


def _reaches(role: Role, facts: Facts) -> bool:
    if role is not Role.ARCHIVIST:
        return facts.assigned
    return facts.state is HearingState.SEALED and (facts.assigned or facts.kind not in SECRET_KINDS)
