"""The bodies of requests about signing: every key known, every value of its kind, or `BadRequest` / `UnknownKey`."""

from __future__ import annotations

import base64
import binascii

from casefile.errors import BadRequest, UnfitSignature
from casefile.export.wording import one_line
from casefile.keys import refuse_unknown
from casefile.setup import Values
from casefile.signatures import (
    CorrectionDecision,
    CorrectionRequest,
    Office,
    RequestKind,
    Scope,
    Signatory,
    Signature,
    SignatureKind,
    Stroke,
)
from web.bodies import BODY, LONGEST_TURN, MOST_MS, UNWRITABLE, Body, as_request, flag, text_of

MOST_TEXT = 2_000
MOST_DAYS = 30
MOST_STROKES, MOST_POINTS = 300, 20_000
FIELD = 10_000
LONGEST_SIGNING_MS = 3_600_000
MOST_IMAGE = 2_000_000
"""Characters of base64."""
PNG = b"\x89PNG\r\n\x1a\n"


def signatory_of(body: Body) -> tuple[Signatory, int]:
    """Somebody without a seat, and within how many days; id and deadline are the server's."""
    refuse_unknown(BODY, body, ("name", "role", "office", "scope", "days"))
    values = Values(BODY, body)
    with as_request():
        office = values.choice("office", Office, Office.PARTICIPANT)
        scope = values.choice("scope", Scope, Scope.WHOLE)
    who = Signatory("", None, text_of(body, "name"), text_of(body, "role"), office, scope, "")
    return who, _days(body)


def days_of(body: Body) -> int:
    """0: in court; at most 30."""
    refuse_unknown(BODY, body, ("days",))
    return _days(body)


def _days(body: Body) -> int:
    days = body.get("days")
    if type(days) is not int or not 0 <= days <= MOST_DAYS:
        raise BadRequest(
            zh_why=f"期限应为 0（当庭）到 {MOST_DAYS} 天。",
            en_why=f"days must be 0 (in court) to {MOST_DAYS}.",
        )
    return days


def reason_of(body: Body) -> str:
    """Why."""
    refuse_unknown(BODY, body, ("reason",))
    return _text(body, "reason")


def grant_of(body: Body, request_id: str) -> tuple[CorrectionDecision, str, str, bool]:
    """The decision, the turn's text as the clerk saw it, as it is to be, and whether against the rule of own words."""
    refuse_unknown(BODY, body, ("before", "after", "reason", "played", "anyway"))
    decision = CorrectionDecision(request_id, True, _reason(body), flag(body, "played"))
    return (
        decision,
        _text(body, "before", LONGEST_TURN),
        _text(body, "after", LONGEST_TURN),
        flag(body, "anyway"),
    )


def refusal_of(body: Body, request_id: str) -> CorrectionDecision:
    """The decision."""
    refuse_unknown(BODY, body, ("reason", "played"))
    return CorrectionDecision(request_id, False, _reason(body), flag(body, "played"))


def _reason(body: Body) -> str:
    return one_line(_text(body, "reason"))


def state_of(body: Body) -> tuple[int, str]:
    """What was read: number of the last event, and the digest of the text."""
    refuse_unknown(BODY, body, ("seq", "digest"))
    return _number(body, "seq"), _text(body, "digest")


def request_of(body: Body, signatory_id: str) -> CorrectionRequest:
    """A request; its id is the server's."""
    refuse_unknown(BODY, body, ("turn_id", "kind", "before", "wanted", "start_ms", "end_ms", "note"))
    with as_request():
        kind = Values(BODY, body).choice("kind", RequestKind, None)
    before, wanted = _text(body, "before"), _text(body, "wanted")
    if (kind is RequestKind.OMISSION and not one_line(wanted)) or (kind is RequestKind.ERROR and not before):
        raise BadRequest(
            zh_why="请选中有差错的文字，或写明遗漏的内容。",
            en_why="Select what is wrong, or write what is missing.",
        )
    return CorrectionRequest(
        "", signatory_id, _text(body, "turn_id"), kind, before, wanted, _number(body, "start_ms"),
        _number(body, "end_ms"), _text(body, "note"),
    )  # fmt: skip


def signature_of(body: Body, signatory_id: str) -> Signature:
    """Strokes, picture or both, over the text of this digest. Raises UnfitSignature."""
    refuse_unknown(BODY, body, ("seq", "digest", "strokes", "image"))
    strokes, image = strokes_of(body.get("strokes", [])), _image(body.get("image", ""))
    kinds = (SignatureKind.SIGNED,) * bool(strokes) + (SignatureKind.FINGERPRINT,) * bool(image)
    if not kinds:
        raise UnfitSignature
    return Signature(signatory_id, kinds, _number(body, "seq"), _text(body, "digest"), strokes, image)


def strokes_of(value: object) -> tuple[Stroke, ...]:
    """The lines of a name as written. Raises UnfitSignature."""
    if not isinstance(value, list) or len(value) > MOST_STROKES:
        raise UnfitSignature
    strokes = tuple(_stroke(one) for one in value)
    points = sum(len(one.points) for one in strokes)
    if points > MOST_POINTS or (strokes and points < 2):
        raise UnfitSignature
    return strokes


def _stroke(value: object) -> Stroke:
    points = value.get("points") if isinstance(value, dict) else None
    if not isinstance(points, list) or not points or not all(_is_point(one) for one in points):
        raise UnfitSignature
    return Stroke(tuple(tuple(one) for one in points))


def _is_point(value: object) -> bool:
    if not isinstance(value, list) or len(value) != 3 or not all(type(one) is int for one in value):
        return False
    x, y, ms = value
    return bool(0 <= x <= FIELD and 0 <= y <= FIELD and 0 <= ms <= LONGEST_SIGNING_MS)


def _image(value: object) -> str:
    if not isinstance(value, str) or len(value) > MOST_IMAGE:
        raise UnfitSignature
    try:
        picture = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise UnfitSignature from None
    if value and not picture.startswith(PNG):
        raise UnfitSignature
    return value


def _number(body: Body, key: str) -> int:
    value = body.get(key)
    if type(value) is not int or not 0 <= value < MOST_MS:
        raise BadRequest(
            zh_why="请求缺少位置或版本。请刷新页面后重试。", en_why=f"{key} must be a whole number from 0."
        )
    return value


def _text(body: Body, key: str, most: int = MOST_TEXT) -> str:
    """Never part of an error."""
    value = body.get(key, "")
    if not isinstance(value, str) or len(value) > most or UNWRITABLE.search(value):
        raise BadRequest(
            zh_why=f"文字过长（最多 {most} 个字），或含无法保存的字符。",
            en_why=f"The text is longer than {most} characters, or holds some that cannot be stored.",
        )
    return value
