"""Documents as docx with real styles, for Word, WPS and LibreOffice."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import docx as word
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Row
from docx.text.paragraph import Paragraph as DocxParagraph

from casefile.documents.document import (
    Block,
    Document,
    Field,
    Paragraph,
    Said,
    SignatureLine,
    Subheading,
    Table,
    digest,
)
from casefile.documents.drawing import is_drawn
from casefile.documents.pdf import picture

_SONG, _FANG, _HEI = "宋体", "仿宋", "黑体"
_PAGE_CM = 15.8
_STYLES = {
    "Title": (_SONG, 20, True),
    "Subtitle": (_SONG, 16, True),
    "Heading 1": (_HEI, 14, True),
    "Heading 2": (_HEI, 12, True),
    "Normal": (_FANG, 12, False),
    "Header": (_SONG, 9, False),
    "Footer": (_SONG, 8, False),
}


def docx(document: Document, made_at: str | None = None) -> bytes:
    """The file's bytes. `made_at`: UTC, ISO 8601, the moment that stands in its properties."""
    made = word.Document()
    _set_up(made, document, made_at)
    if document.court:
        made.add_paragraph(document.court, style="Subtitle")
    made.add_paragraph(document.title, style="Title")
    for field in document.head:
        _head(made, field)
    for section in document.sections:
        if section.heading:
            made.add_heading(section.heading, 1)
        for block in section.blocks:
            _add(made, block)
    _digest(made, document)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _set_up(made: Docx, document: Document, made_at: str | None) -> None:
    for name, (font, size, bold) in _STYLES.items():
        _style(made, name, font, size, bold)
    for name in ("Title", "Subtitle"):
        made.styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _chinese(made)
    page = made.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.6)
    facts = made.core_properties
    facts.title, facts.author, facts.language, facts.comments = document.title, document.court, "zh-CN", ""
    if made_at:
        facts.created = facts.modified = datetime.fromisoformat(made_at).replace(tzinfo=None)
    head = page.header.paragraphs[0]
    head.text, head.alignment = document.banner, WD_ALIGN_PARAGRAPH.CENTER
    _foot(page.footer.paragraphs[0], digest(document))


def _style(made: Docx, name: str, font: str, size: int, bold: bool) -> None:
    style: Any = made.styles[name]
    style.font.name, style.font.size, style.font.bold = "Times New Roman", Pt(size), bold
    style.font.italic, style.font.color.rgb = False, RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)
    border = style.element.pPr.find(qn("w:pBdr")) if style.element.pPr is not None else None
    if border is not None:
        style.element.pPr.remove(border)


def _chinese(made: Docx) -> None:
    """Punctuation stands as in mainland China wherever the font is not there."""
    properties = made.styles["Normal"].element.get_or_add_rPr()
    language = OxmlElement("w:lang")
    for name, value in (("val", "en-US"), ("eastAsia", "zh-CN")):
        language.set(qn(f"w:{name}"), value)
    properties.append(language)
    for default in made.styles.element.iter(qn("w:lang")):
        default.set(qn("w:eastAsia"), "zh-CN")


def _foot(paragraph: DocxParagraph, whole: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("第 ")
    _field(paragraph, "PAGE")
    paragraph.add_run(" 页　共 ")
    _field(paragraph, "NUMPAGES")
    paragraph.add_run(f" 页　　本页签名：____________　　全文校验值（SHA-256 前16位）：{whole[:16]}")


def _field(paragraph: DocxParagraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = paragraph.add_run("1")
    field.append(run._r)
    paragraph._p.append(field)


def _head(made: Docx, field: Field) -> None:
    paragraph = made.add_paragraph()
    paragraph.add_run(f"{field.label}：").bold = True
    paragraph.add_run(field.value)
    paragraph.paragraph_format.space_after = Pt(2)


def _add(made: Docx, block: Block) -> None:
    match block:
        case Paragraph(text=text):
            made.add_paragraph(text).paragraph_format.first_line_indent = Pt(24)
        case Subheading(text=text):
            made.add_heading(text, 2)
        case Said():
            _said(made, block)
        case Table():
            _table(made, block)
        case SignatureLine():
            _signature(made, block)


def _said(made: Docx, said: Said) -> None:
    paragraph = made.add_paragraph(f"{said.at} {said.name}：{said.text}".lstrip())
    shape = paragraph.paragraph_format
    shape.left_indent, shape.first_line_indent, shape.space_after = Pt(24), Pt(-24), Pt(3)


def _table(made: Docx, table: Table) -> None:
    grid = made.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    grid.autofit = False
    whole = sum(table.widths)
    widths = [Cm(_PAGE_CM * share / whole) for share in table.widths]
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    _row(grid.rows[0], table.columns, widths, bold=True)
    repeated = OxmlElement("w:tblHeader")
    grid.rows[0]._tr.get_or_add_trPr().append(repeated)
    for cells in table.rows:
        _row(grid.add_row(), cells, widths)
    made.add_paragraph()


def _row(row: _Row, texts: tuple[str, ...], widths: list[Any], *, bold: bool = False) -> None:
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = width
        run = cell.paragraphs[0].add_run(text)
        run.font.size, run.bold = Pt(8.5), bold


def _signature(made: Docx, line: SignatureLine) -> None:
    paragraph = made.add_paragraph(f"{line.label}：{line.name} ")
    if is_drawn(line):
        paragraph.add_run().add_picture(BytesIO(picture(line)), width=Cm(4.2))
    else:
        paragraph.add_run("____________________")
    if line.note:
        paragraph.add_run(f" {line.note}").font.size = Pt(9)
    paragraph.paragraph_format.space_before = Pt(8)


def _digest(made: Docx, document: Document) -> None:
    told = "校验值由本文件全部文字（不含页脚与手写签名图形，即同名 txt 文件）按 UTF-8 计算，每页相同；不是单页的校验值。"
    for text in (f"全文校验值 SHA-256：{digest(document)}", told):
        made.add_paragraph().add_run(text).font.size = Pt(8)
