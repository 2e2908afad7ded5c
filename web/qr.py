"""An address as a QR code."""

from __future__ import annotations

import segno


def squares(text: str) -> list[str]:
    """The rows of the code without its quiet margin: 1 is dark."""
    return ["".join(str(square) for square in row) for row in segno.make_qr(text, error="m").matrix]
