"""How much a request may bring: whoever is not known fills no memory of a server that is recording."""

from __future__ import annotations

from starlette.types import Message, Receive, Scope

from web.rights import Right

MOST_OF_NOBODY, MOST = 16 << 10, 8 << 20
PIECEWISE = "/papers"
"""What ends so is read piece by piece and has a limit of its own."""


class TooBig(Exception):
    """More came than any page of ours sends. FastAPI answers it like any body that cannot be read (400)."""


def limited(scope: Scope, right: Right, receive: Receive) -> Receive:
    """`receive`, which raises TooBig behind the limit of a door with this right."""
    if scope["path"].endswith(PIECEWISE):
        return receive
    room = MOST_OF_NOBODY if right is Right.OPEN else MOST

    async def counted() -> Message:
        nonlocal room
        message = await receive()
        room -= len(message.get("body", b""))
        if room < 0:
            raise TooBig
        return message

    return counted
