"""Which right every route and websocket needs: one table. A route that is not in it keeps the server from starting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match, Mount, WebSocketRoute
from starlette.types import Scope

from web.rights import Right

WEBSOCKET = "WS"
_OF = "/api/hearings/{hearing_id}"

DOORS: Mapping[tuple[str, str], Right] = {
    ("GET", "/healthz"): Right.OPEN,
    ("GET", "/metrics"): Right.METRICS,
    ("GET", "/static"): Right.OPEN,
    # pages: they hold no data
    ("GET", "/"): Right.SIGNED_IN,
    ("GET", "/new"): Right.SIGNED_IN,
    ("GET", "/hearings/{id}"): Right.SIGNED_IN,
    ("GET", "/hearings/{id}/setup"): Right.SIGNED_IN,
    ("GET", "/hearings/{id}/people"): Right.SIGNED_IN,
    ("GET", "/hearings/{id}/bench"): Right.SIGNED_IN,
    ("GET", "/accounts"): Right.SIGNED_IN,
    ("GET", "/me"): Right.SIGNED_IN,
    ("GET", "/login"): Right.OPEN,
    ("GET", "/first"): Right.OPEN,
    ("GET", "/link"): Right.OPEN,
    ("GET", "/sign"): Right.OPEN,
    ("GET", "/hearings/{id}/sign"): Right.SIGNED_IN,
    # signing in
    ("POST", "/api/login"): Right.OPEN,
    ("POST", "/api/logout"): Right.OPEN,
    ("POST", "/api/first"): Right.OPEN,
    ("POST", "/api/password"): Right.OPEN,
    ("POST", "/api/link"): Right.OPEN,
    ("GET", "/api/me"): Right.SIGNED_IN,
    ("POST", "/api/me/password"): Right.SIGNED_IN,
    # accounts and recorders
    ("GET", "/api/accounts"): Right.ACCOUNTS,
    ("POST", "/api/accounts"): Right.ACCOUNTS,
    ("POST", "/api/accounts/{account_id}/roles"): Right.ACCOUNTS,
    ("POST", "/api/accounts/{account_id}/reset"): Right.ACCOUNTS,
    ("POST", "/api/accounts/{account_id}/disable"): Right.ACCOUNTS,
    ("POST", "/api/accounts/{account_id}/enable"): Right.ACCOUNTS,
    ("GET", "/api/audit"): Right.ACCOUNTS,
    ("GET", "/api/recorders/keys"): Right.RECORDERS,
    ("POST", "/api/recorders/codes"): Right.RECORDERS,
    ("POST", "/api/recorders/enrol"): Right.OPEN,
    ("POST", "/api/recorders/{name}/withdraw"): Right.RECORDERS,
    ("GET", "/api/recorders"): Right.ROOM,
    ("POST", "/api/recorders/{name}/device"): Right.DEVICE,
    # hearings
    ("GET", "/api/hearings"): Right.SIGNED_IN,
    ("POST", "/api/hearings"): Right.CREATE,
    ("POST", "/api/find"): Right.SIGNED_IN,
    ("POST", "/api/laws/cited"): Right.SIGNED_IN,
    ("GET", _OF): Right.VIEW,
    ("PUT", _OF): Right.SET_UP,
    ("GET", f"{_OF}/status"): Right.VIEW,
    ("POST", f"{_OF}/start"): Right.CONDUCT,
    ("POST", f"{_OF}/pause"): Right.CONDUCT,
    ("POST", f"{_OF}/resume"): Right.CONDUCT,
    ("POST", f"{_OF}/close"): Right.CONDUCT,
    ("POST", f"{_OF}/stage"): Right.CONDUCT,
    ("POST", f"{_OF}/duties"): Right.CONDUCT,
    ("GET", f"{_OF}/people"): Right.PEOPLE,
    ("POST", f"{_OF}/people"): Right.PEOPLE,
    ("POST", f"{_OF}/people/remove"): Right.PEOPLE,
    ("GET", f"{_OF}/audit"): Right.PEOPLE,
    ("GET", f"{_OF}/rights"): Right.VIEW,
    ("GET", f"{_OF}/links"): Right.PEOPLE,
    ("POST", f"{_OF}/links"): Right.PEOPLE,
    ("POST", f"{_OF}/links/{{link_id}}/withdraw"): Right.PEOPLE,
    ("GET", f"{_OF}/signing"): Right.VIEW,
    ("POST", f"{_OF}/signing/seats"): Right.SIGNING,
    ("POST", f"{_OF}/signing/signatories"): Right.SIGNING,
    ("POST", f"{_OF}/signing/signatories/{{signatory_id}}/due"): Right.SIGNING,
    ("POST", f"{_OF}/signing/signatories/{{signatory_id}}/remove"): Right.SIGNING,
    ("POST", f"{_OF}/signing/signatories/{{signatory_id}}/link"): Right.SIGNING,
    ("POST", f"{_OF}/signing/signatories/{{signatory_id}}/overdue"): Right.SIGNING,
    ("POST", f"{_OF}/signing/requests/{{request_id}}/grant"): Right.SIGNING,
    ("POST", f"{_OF}/signing/requests/{{request_id}}/refuse"): Right.SIGNING,
    ("GET", f"{_OF}/sign"): Right.SIGN,
    ("POST", f"{_OF}/sign/read"): Right.SIGN,
    ("POST", f"{_OF}/sign/requests"): Right.SIGN,
    ("POST", f"{_OF}/sign/signature"): Right.SIGN,
    ("POST", f"{_OF}/sign/refusal"): Right.SIGN,
    ("GET", "/api/sign"): Right.READ_PART,
    ("POST", "/api/sign/read"): Right.READ_PART,
    ("POST", "/api/sign/requests"): Right.READ_PART,
    ("POST", "/api/sign/signature"): Right.READ_PART,
    ("POST", "/api/sign/refusal"): Right.READ_PART,
    ("GET", "/api/sign/audio"): Right.HEAR_PART,
    ("GET", f"{_OF}/screens/rules"): Right.CONDUCT,
    ("POST", f"{_OF}/screens/rules"): Right.CONDUCT,
    ("POST", f"{_OF}/screens/blank"): Right.CONDUCT,
    ("POST", f"{_OF}/screens/light"): Right.CONDUCT,
    ("GET", f"{_OF}/notes"): Right.NOTES,
    ("PUT", f"{_OF}/notes/{{note_id}}"): Right.NOTES,
    ("DELETE", f"{_OF}/notes/{{note_id}}"): Right.NOTES,
    ("DELETE", f"{_OF}/notes"): Right.NOTES,
    ("POST", f"{_OF}/turns/{{turn_id}}/restore"): Right.EDIT,
    ("DELETE", f"{_OF}/turns/{{turn_id}}/restore"): Right.EDIT,
    ("POST", f"{_OF}/turns/{{turn_id}}/speaker"): Right.EDIT,
    ("POST", f"{_OF}/turns/{{turn_id}}/split"): Right.EDIT,
    ("DELETE", f"{_OF}/turns/{{turn_id}}/split"): Right.EDIT,
    ("POST", f"{_OF}/turns/{{turn_id}}/text"): Right.EDIT,
    ("POST", f"{_OF}/turns/{{turn_id}}/confirm"): Right.EDIT,
    ("DELETE", f"{_OF}/turns/{{turn_id}}/confirm"): Right.EDIT,
    ("POST", f"{_OF}/turns/{{turn_id}}/tags"): Right.EDIT,
    ("POST", f"{_OF}/turns/{{turn_id}}/tags/remove"): Right.EDIT,
    ("POST", f"{_OF}/turns/{{turn_id}}/omissions"): Right.EDIT,
    ("POST", f"{_OF}/turns/{{turn_id}}/omissions/remove"): Right.EDIT,
    ("POST", f"{_OF}/turns/{{turn_id}}/join"): Right.EDIT,
    ("DELETE", f"{_OF}/turns/{{turn_id}}/join"): Right.EDIT,
    ("POST", f"{_OF}/voices/name"): Right.EDIT,
    ("POST", f"{_OF}/voices/undo"): Right.EDIT,
    ("GET", f"{_OF}/speakers"): Right.EDIT,
    ("POST", f"{_OF}/speakers/accept"): Right.EDIT,
    ("POST", f"{_OF}/speakers/refuse"): Right.EDIT,
    ("POST", f"{_OF}/speakers/undo"): Right.EDIT,
    ("GET", f"{_OF}/words"): Right.EDIT,
    ("POST", f"{_OF}/words"): Right.EDIT,
    ("POST", f"{_OF}/words/remove"): Right.EDIT,
    ("POST", f"{_OF}/papers"): Right.EDIT,
    ("GET", f"{_OF}/mendings"): Right.EDIT,
    ("POST", f"{_OF}/mendings/accept"): Right.EDIT,
    ("POST", f"{_OF}/mendings/refuse"): Right.EDIT,
    ("POST", f"{_OF}/mendings/undo"): Right.EDIT,
    ("GET", f"{_OF}/enrolments"): Right.VOICES,
    ("POST", f"{_OF}/enrolments"): Right.VOICES,
    ("POST", f"{_OF}/enrolments/stop"): Right.VOICES,
    ("POST", f"{_OF}/enrolments/withdraw"): Right.VOICES,
    ("POST", f"{_OF}/find"): Right.VIEW,
    ("GET", f"{_OF}/codes"): Right.EDIT,
    ("GET", f"{_OF}/evidence"): Right.VIEW,
    ("POST", f"{_OF}/evidence"): Right.EDIT,
    ("GET", f"{_OF}/faults"): Right.VIEW,
    ("POST", f"{_OF}/faults/explain"): Right.EDIT,
    ("POST", f"{_OF}/faults/review"): Right.EDIT,
    ("GET", f"{_OF}/ranges"): Right.VIEW,
    ("GET", f"{_OF}/peaks"): Right.VIEW,
    ("GET", f"{_OF}/audio"): Right.HEAR,
    ("GET", f"{_OF}/late"): Right.HEAR,
    ("GET", f"{_OF}/documents"): Right.EXPORT,
    ("GET", f"{_OF}/documents/{{name}}/{{format}}"): Right.EXPORT,
    ("GET", f"{_OF}/export/{{format}}"): Right.EXPORT,
    ("POST", f"{_OF}/archive"): Right.ARCHIVE,
    ("GET", f"{_OF}/archive"): Right.VIEW,
    ("GET", f"{_OF}/archive/zip"): Right.ARCHIVE,
    # websockets
    (WEBSOCKET, "/ws/hearings/{hearing_id}"): Right.VIEW,
    (WEBSOCKET, "/ws/room"): Right.ROOM,
    (WEBSOCKET, "/ws/recorder"): Right.RECORD,
    (WEBSOCKET, "/ws/screen"): Right.FOLLOW,
}
"""Method and path, as the routes are declared, to the right."""


class NoDoor(Exception):
    """A route without an entry in `DOORS`, or an entry without a route: a fault of the program."""


@dataclass(frozen=True, slots=True)
class Door:
    """A route, and by method the right that it needs."""

    route: BaseRoute
    rights: Mapping[str, Right]


def doors_of(routes: Iterable[BaseRoute]) -> list[Door]:
    """Every route with its right, in the order in which they are tried. Raises NoDoor."""
    doors = [Door(route, _rights(route)) for route in routes]
    found = {(method, path_of(door.route)) for door in doors for method in door.rights}
    if unused := DOORS.keys() - found:
        raise NoDoor(f"rights without a route: {sorted(unused)}")
    return doors


def path_of(route: BaseRoute) -> str:
    """The path as the route declares it."""
    assert isinstance(route, APIRoute | WebSocketRoute | Mount)
    return route.path


def _rights(route: BaseRoute) -> dict[str, Right]:
    try:
        return {method: DOORS[method, path_of(route)] for method in _methods(route)}
    except (KeyError, AssertionError):
        raise NoDoor(f"no right is named for {route!r}") from None


def _methods(route: BaseRoute) -> Iterable[str]:
    if isinstance(route, APIRoute):
        return route.methods or ()
    return ["GET"] if isinstance(route, Mount) else [WEBSOCKET]


def door_at(doors: Iterable[Door], scope: Scope) -> tuple[Right, dict[str, str]] | None:
    """The right that this request needs, and the path's parameters. None: no route takes it (404 or 405)."""
    method = WEBSOCKET if scope["type"] == "websocket" else scope["method"]
    for door in doors:
        match, more = door.route.matches(scope)
        if match is Match.FULL:
            right = door.rights["GET"] if isinstance(door.route, Mount) else door.rights[method]
            return right, more.get("path_params", {})
    return None
