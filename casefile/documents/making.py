"""From a record and a template to a document."""

from __future__ import annotations

from collections.abc import Iterator

from casefile.documents.document import Block, Document, Field, Paragraph, Section
from casefile.documents.fields import filled
from casefile.documents.filling import blocks
from casefile.documents.material import Material
from casefile.documents.template import Part, Template
from casefile.export.signed_text import notice
from casefile.people.nouns import SECRET_KINDS


def is_secret(material: Material, template: Template) -> bool:
    """Whether this paper is for the 副卷: by its template, or as it is of a meeting behind closed doors (court.md C2)."""
    return template.secret or material.record.hearing.kind in SECRET_KINDS


def make(material: Material, template: Template) -> Document:
    """The document. A field that the record does not know is a blank; nothing is invented."""
    return Document(
        template.name,
        material.court,
        filled(template.title, material),
        notice(material.record) if template.marked else "",
        is_secret(material, template),
        tuple(Field(label, filled(value, material)) for label, value in template.head),
        tuple(_section(part, material) for part in template.parts if _wanted(part, material)),
    )


def _wanted(part: Part, material: Material) -> bool:
    asked = bool(material.record.requests) and part.fill == "corrections"
    return not part.option or asked or bool(getattr(material.wanted, part.option))


def _section(part: Part, material: Material) -> Section:
    return Section(filled(part.heading, material) if part.heading else "", tuple(_blocks(part, material)))


def _blocks(part: Part, material: Material) -> Iterator[Block]:
    yield from (Paragraph(filled(line, material)) for line in part.lines)
    yield from blocks(part, material)
    yield from (Paragraph(filled(line, material)) for line in part.after)
