"""A signature as SVG: its strokes, and a 捺印 or seal beside or beneath them."""

from __future__ import annotations

import re

from casefile.documents.document import SignatureLine
from casefile.signatures import Stroke

WIDTH, HEIGHT = 3_000, 1_000
"""Of the drawing; strokes reach from 0 to 10,000 both ways."""
_PNG = re.compile(r"iVBORw0KGgo[A-Za-z0-9+/]+={0,2}")


def is_drawn(line: SignatureLine) -> bool:
    """Whether there is anything to draw."""
    return bool(line.strokes) or bool(_PNG.fullmatch(line.image))


def svg(line: SignatureLine) -> str:
    """The drawing; of what is not numbers or base64 nothing comes into it."""
    parts = [_polyline(stroke) for stroke in line.strokes]
    if _PNG.fullmatch(line.image):
        parts.append(
            f'<image href="data:image/png;base64,{line.image}" x="2000" width="1000" height="1000"/>'
        )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'


def _polyline(stroke: Stroke) -> str:
    points = [_place(point) for point in stroke.points if len(point) >= 2]
    shown = " ".join(f"{x},{y}" for x, y in (points * 2 if len(points) == 1 else points))
    return (
        f'<polyline points="{shown}" fill="none" stroke="#000" stroke-width="30" '
        'stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _place(point: tuple[int, ...]) -> tuple[int, int]:
    return int(point[0]) * WIDTH // 10_000, int(point[1]) * HEIGHT // 10_000
