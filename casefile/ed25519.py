"""Verifying Ed25519 signatures (RFC 8032 §5.1) and reading public keys, with the standard library alone.

For checking only: nothing here is secret, so nothing needs constant time. Keys are made in `tingji/court_key.py`.
"""

from __future__ import annotations

import base64
import hashlib

KEY_BYTES, SIGNATURE_BYTES = 32, 64
_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
"""A square root of -1."""
_DER = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes in a SubjectPublicKeyInfo (RFC 8410)."""
_LINES = ("-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----")
_FINGERPRINT_DIGITS = 40

Point = tuple[int, int, int, int]
"""Extended coordinates X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z."""
_ZERO: Point = (0, 1, 1, 0)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) was made over `message` by the key whose public half is `public` (32 bytes)."""
    if len(public) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    signer, commitment = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if signer is None or commitment is None or s >= _ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % _ORDER
    return _same(_times(s, _BASE), _plus(commitment, _times(h, signer)))


def _x_of(y: int, odd: int) -> int | None:
    """The x of the point with this y, even or odd; None: there is no such point."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and odd):
        return None
    return x if x % 2 == odd else _P - x


def _point(data: bytes) -> Point | None:
    number = int.from_bytes(data, "little")
    y, odd = number & ((1 << 255) - 1), number >> 255
    x = _x_of(y, odd) if y < _P else None
    return None if x is None else (x, y, 1, x * y % _P)


def _plus(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c, d = 2 * one[3] * other[3] * _D % _P, 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _times(factor: int, point: Point) -> Point:
    total = _ZERO
    while factor:
        if factor & 1:
            total = _plus(total, point)
        point = _plus(point, point)
        factor >>= 1
    return total


def _same(one: Point, other: Point) -> bool:
    return not ((one[0] * other[2] - other[0] * one[2]) % _P or (one[1] * other[2] - other[1] * one[2]) % _P)


def _base() -> Point:
    point = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))
    assert point
    return point


_BASE = _base()


def to_pem(public: bytes) -> str:
    """The public key as OpenSSL writes it."""
    return "\n".join((_LINES[0], base64.b64encode(_DER + public).decode(), _LINES[1])) + "\n"


def from_pem(text: str) -> bytes:
    """The 32 bytes of a public key. Raises ValueError when it is no Ed25519 public key."""
    lines = text.split()
    try:
        data = base64.b64decode("".join(lines[3:-3]), validate=True)
    except ValueError:
        data = b""
    public = data[len(_DER) :]
    if not data.startswith(_DER) or len(public) != KEY_BYTES or to_pem(public).split() != lines:
        raise ValueError("not an Ed25519 public key")
    return public


def fingerprint(public: bytes) -> str:
    """Eight groups of five digits that people can read to each other: SHA-256 of the key's DER form, mod 10^40."""
    number = int.from_bytes(hashlib.sha256(_DER + public).digest(), "big") % 10**_FINGERPRINT_DIGITS
    digits = f"{number:0{_FINGERPRINT_DIGITS}d}"
    return " ".join(digits[at : at + 5] for at in range(0, _FINGERPRINT_DIGITS, 5))


def digits_of(fingerprint: str) -> str:
    """A fingerprint as somebody typed it, the digits alone."""
    return "".join(character for character in fingerprint if character.isdigit())
