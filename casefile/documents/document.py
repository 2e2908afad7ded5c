"""A court document as plain values: what is on the paper, before any form (docx, PDF, txt) is made of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from casefile.signatures import Stroke

BLANK = "________"
"""A field that nobody knows: to be filled in by hand."""


@dataclass(frozen=True, slots=True)
class Field:
    """A line of the head."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text."""

    text: str


@dataclass(frozen=True, slots=True)
class Subheading:
    """A stage of the hearing, or whatever else begins a part of a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said, under the short name; `at`: its time, "" where none is wanted."""

    name: str
    text: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header row. `widths`: shares of the page's width."""

    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """Who signs: `strokes` (and `image`, PNG in base64) as given; empty: a line to sign by hand. `note`: how."""

    label: str
    name: str = ""
    note: str = ""
    strokes: tuple[Stroke, ...] = ()
    image: str = ""


Block = Paragraph | Subheading | Said | Table | SignatureLine


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document; `heading` may be empty."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One paper. `court`: above the title; `mark`: in the head of every page; `secret`: for the 副卷 only."""

    name: str
    court: str
    title: str
    mark: str
    secret: bool
    head: tuple[Field, ...]
    sections: tuple[Section, ...]

    @property
    def banner(self) -> str:
        """What the head of every page says."""
        return "　".join(
            part for part in ("（副卷）审判工作秘密，不得查阅、摘抄、复制" * self.secret, self.mark) if part
        )


def text_of(document: Document) -> str:
    """Everything on the paper but page feet and drawn signatures; lines end with a newline."""
    return "\n".join(_lines(document)) + "\n"


def digest(document: Document) -> str:
    """SHA-256 of `text_of` in UTF-8, hex: it stands in the foot of every page of the document."""
    return hashlib.sha256(text_of(document).encode()).hexdigest()


def _lines(document: Document) -> Iterator[str]:
    yield from (line for line in (document.banner, document.court, document.title) if line)
    yield from (f"{field.label}：{field.value}" for field in document.head)
    for section in document.sections:
        yield ""
        if section.heading:
            yield section.heading
        for block in section.blocks:
            yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text=text) | Subheading(text=text):
            yield text
        case Said():
            yield f"{block.at} {block.name}：{block.text}".lstrip()
        case Table():
            yield from (" | ".join(row) for row in (block.columns, *block.rows))
        case SignatureLine():
            yield f"{block.label}：{block.name} {block.note}".rstrip()
