"""Writes docs/rights.md from the tables in web/rights.py and web/doors.py: python scripts/rights.py > docs/rights.md"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from casefile.model import HearingKind, HearingState
from casefile.people.assignments import Facts
from casefile.people.nouns import Role
from web.doors import DOORS, WEBSOCKET
from web.rights import (
    BY_LINK,
    LINK_RIGHTS,
    MACHINE_RIGHTS,
    ON_HEARING,
    RECORDER_RIGHTS,
    ROLE_RIGHTS,
    SIGNATORY_RIGHTS,
    Right,
    rights_on,
)

HEAD = """\
# Who may do what

Written by `python scripts/rights.py > docs/rights.md` from `web/rights.py` (role by right) and `web/doors.py` (route to
right); a test compares this file with the code, and asks the real gate for every cell.

A route that is not in the table keeps the server from starting. Rights on a hearing are held only by those who are named
on it (`/hearings/{id}/people`). An archivist needs no naming once a record is sealed, unless it is of a meeting behind
closed doors (合议, 专业法官会议, 审委会): that one is seen by nobody who is not named, whatever the role. The technician
manages the machine and reads no record. A link to a screen holds one right on one hearing; a signatory's leads to the
person's own part of it, to be read, heard and signed. Private notes are each account's own: the
right to keep some opens nobody else's.

`✓` yes · `login` sent to the sign-in page · `401` not signed in · `403` no such right · `404` as if the hearing were not
there. Websockets: 401 and 403 are close code 4003, 404 is 4004.
"""
OURS = Facts(HearingKind.TRIAL, HearingState.RECORDING, assigned=True)
OTHERS = Facts(HearingKind.TRIAL, HearingState.RECORDING, assigned=False)
SEALED = Facts(HearingKind.TRIAL, HearingState.SEALED, assigned=False)
ACCOUNTS = {
    "technician": (Role.TECHNICIAN, OURS),
    "clerk": (Role.CLERK, OURS),
    "clerk of others": (Role.CLERK, OTHERS),
    "judge": (Role.JUDGE, OURS),
    "committee": (Role.COMMITTEE, OURS),
    "archivist": (Role.ARCHIVIST, OTHERS),
    "archivist, sealed": (Role.ARCHIVIST, SEALED),
}
KEYS = {
    "link": LINK_RIGHTS,
    "signatory's link": SIGNATORY_RIGHTS,
    "recorder": RECORDER_RIGHTS,
    "machine": MACHINE_RIGHTS,
}
CALLERS = ("nobody", *ACCOUNTS, *KEYS)


def cell(caller: str, method: str, path: str, right: Right) -> str:
    """What this caller gets at this door."""
    if right is Right.OPEN:
        return "✓"
    if caller == "nobody" or ("link" in caller and right not in BY_LINK):  # its cookie is of no use elsewhere
        return "login" if method == "GET" and not path.startswith(("/api/", "/metrics")) else "401"
    if caller in KEYS:
        return "✓" if right in KEYS[caller] else "403"
    role, facts = ACCOUNTS[caller]
    if right in BY_LINK:  # an account's cookie is not looked at
        return "401"
    if right not in ON_HEARING:
        return "✓" if right in ROLE_RIGHTS[role] else "403"
    held = rights_on(frozenset({role}), facts)
    return "✓" if right in held else "403" if Right.VIEW in held else "404"


def lines() -> Iterable[str]:
    """The whole file."""
    yield HEAD
    yield "## Roles\n"
    yield "| right | " + " | ".join(role.value for role in Role) + " |"
    yield "| --- |" + " --- |" * len(Role)
    for right in Right:
        if right not in (Right.OPEN, Right.RECORD, *BY_LINK):
            held = ["✓" if right in ROLE_RIGHTS[role] else "" for role in Role]
            yield f"| {right.value}{' *' if right in ON_HEARING else ''} | " + " | ".join(held) + " |"
    yield "\n\\* on hearings on which the account is named\n\n## Routes and websockets\n"
    yield "| route | right | " + " | ".join(CALLERS) + " |"
    yield "| --- | --- |" + " --- |" * len(CALLERS)
    for (method, path), right in DOORS.items():
        name = f"{'websocket' if method == WEBSOCKET else method} {path}"
        cells = [cell(caller, method, path, right) for caller in CALLERS]
        yield f"| `{name}` | {right.value} | " + " | ".join(cells) + " |"


if __name__ == "__main__":
    print("\n".join(lines()))
