"""A page names every module that its script leads to, so that the browser asks for all of them at once.

Without it each module is found only when the one that imports it has come: chains of ten requests, one after the other.
"""

from __future__ import annotations

import re
from pathlib import Path

_SCRIPT = re.compile(r'<script type="module" src="/static/([^"]+)">')
_IMPORT = re.compile(r'\b(?:from|import)\s+"(\./[^"]+)"')


def with_preloads(page: Path) -> str:
    """The page's HTML with a `modulepreload` link for each module behind its scripts. Raises OSError."""
    text, folder = page.read_text("utf-8"), page.parent
    needed: dict[Path, None] = {}
    for script in _SCRIPT.findall(text):
        _follow(folder / script, needed)
    links = [f'<link rel="modulepreload" href="/static/{one.relative_to(folder)}">\n' for one in needed]
    return text.replace("</head>", "".join(links) + "</head>", 1)


def _follow(module: Path, needed: dict[Path, None]) -> None:
    """Notes this module, then those that it imports."""
    if module in needed:
        return
    needed[module] = None
    for name in _IMPORT.findall(module.read_text("utf-8")):
        _follow((module.parent / name).resolve(), needed)
