"""Documents as PDF/A-2b, typeset by typst. Text goes in as data, never as markup."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from casefile.documents.document import (
    Block,
    Document,
    Paragraph,
    Said,
    SignatureLine,
    Subheading,
    Table,
    digest,
)
from casefile.documents.drawing import is_drawn, svg
from casefile.errors import NoChineseFont, NotTypeset
from casefile.events import to_json

LAYOUT = Path(__file__).parent / "paper.typ"
FONTS = (
    "Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN", "FangSong", "SimSun", "STSong",
    "AR PL UMing CN", "AR PL SungtiL GB", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei", "Droid Sans Fallback",
)  # fmt: skip
"""Fonts that hold Chinese, the wanted ones first."""
_MOST_STRANGERS = 200
_STRANGER = re.compile(r'the text `"(.*)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


@cache
def chinese_fonts() -> tuple[str, ...]:
    """The Chinese fonts of this machine. Raises NoChineseFont."""
    families = set(typst.Fonts().families())
    found = tuple(font for font in FONTS if font in families)
    if not found:
        raise NoChineseFont
    return found


def pdf(document: Document, made_at: str | None = None) -> bytes:
    """The PDF. `made_at`: UTC, ISO 8601, the moment that stands in it, so that the same record gives the same bytes.

    A character that no font holds stands as 〔U+2B740〕: PDF/A allows no empty boxes. Raises NoChineseFont, NotTypeset.
    """
    text = json.dumps(_data(document), ensure_ascii=False)
    moment = (
        datetime.fromisoformat(made_at or "1970-01-01T00:00:00+00:00").astimezone(UTC).replace(microsecond=0)
    )
    for _ in range(_MOST_STRANGERS):
        try:
            return _compiled(text, moment)
        except typst.TypstError as error:
            text = _without_strangers(text, str(error.message))
    raise NotTypeset


def _compiled(text: str, moment: datetime) -> bytes:
    made = typst.compile(
        LAYOUT.read_bytes(), sys_inputs={"document": text}, pdf_standards=["a-2b"], timestamp=moment
    )
    if not isinstance(made, bytes):
        raise NotTypeset
    return made


def _without_strangers(text: str, message: str) -> str:
    """The data without the characters that could not be displayed. Raises NotTypeset for any other trouble."""
    found = _STRANGER.search(message)
    strangers = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1]) if found else ""
    named = text
    for stranger in set(strangers) - set("〔〕U+0123456789ABCDEF"):
        shown = json.dumps(stranger, ensure_ascii=False)[1:-1]
        named = named.replace(shown, f"〔U+{ord(stranger):04X}〕")
    if named == text:
        raise NotTypeset
    return named


def _data(document: Document) -> dict[str, Any]:
    return {
        "fonts": list(chinese_fonts()),
        "court": document.court,
        "title": document.title,
        "banner": document.banner,
        "digest": digest(document),
        "head": to_json(document.head),
        "sections": [
            {"heading": section.heading, "blocks": [_block(block) for block in section.blocks]}
            for section in document.sections
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, SignatureLine):
        drawn = svg(block) if is_drawn(block) else ""
        return {
            "kind": "signature",
            "label": block.label,
            "name": block.name,
            "note": block.note,
            "svg": drawn,
        }
    return {"kind": _KINDS[type(block)], **to_json(block)}


_KINDS: dict[type[Any], str] = {
    Paragraph: "paragraph",
    Subheading: "subheading",
    Said: "said",
    Table: "table",
}


def picture(line: SignatureLine) -> bytes:
    """The drawn signature as PNG, for forms that know no SVG. Raises typst.TypstError for an image that is none."""
    source = (
        b"#set page(width: 42mm, height: 14mm, margin: 0mm, fill: none)\n"
        b'#image(bytes(sys.inputs.drawing), format: "svg", width: 100%)'
    )
    made = typst.compile(source, sys_inputs={"drawing": svg(line)}, format="png", ppi=300.0)
    if not isinstance(made, bytes):
        raise NotTypeset
    return made
