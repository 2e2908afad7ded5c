"""docx and PDF of a document: real styles, PDF/A with its fonts inside, and nothing said in court is markup."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path

import docx as word
import pikepdf
import pypdf
import pytest
import typst
from docx.oxml.ns import qn

from asr.numerals import value
from casefile.documents import pdf as pdfs
from casefile.documents.document import (
    Document,
    Field,
    Paragraph,
    Said,
    Section,
    SignatureLine,
    digest,
    text_of,
)
from casefile.documents.docx import docx
from casefile.documents.drawing import svg
from casefile.documents.making import make
from casefile.documents.material import Material, Wanted
from casefile.documents.pdf import pdf
from casefile.documents.template import load_templates
from casefile.errors import NoChineseFont
from casefile.evidence import evidence
from casefile.export.wording import NOTICE
from casefile.model import HearingKind
from casefile.signatures import Stroke
from tests.test_documents import signed
from tingji.invented import invented
from tingji.typesetting import typeset_apart

HOSTILE = '# $x^2$ *粗* <b> @c \\d [e] _f_ `g` #panic("no") // h /* i */ ~ -- {j} "k" \'l\' &amp; ]]> %m'
SPACE = str.maketrans("", "", " \n\u00a0")


def civil(record: object = None) -> Document:
    case = record or invented()
    material = Material(case, "某市某区人民法院", evidence(case, value), wanted=Wanted(verbatim=True))  # type: ignore[arg-type]
    return make(material, load_templates()["civil"])


def simple(*texts: str) -> Document:
    blocks = tuple(Said("审", text) for text in texts)
    return Document("x", "", "标题", "", False, (Field("案号", texts[0]),), (Section("经过", blocks),))


def words_of_pdf(made: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(made))
    return "".join(page.extract_text() for page in reader.pages).translate(SPACE)


def words_of_docx(made: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in word.Document(io.BytesIO(made)).paragraphs)


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return len(data).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, 0, 0, 0, 0))
    rows = b"".join(b"\0" + b"\x40" * width for _ in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def test_the_pdf_is_pdf_a_2b_with_every_font_inside() -> None:
    with pikepdf.open(io.BytesIO(pdf(civil()))) as made:
        facts = made.open_metadata()
        assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("2", "B")
        assert made.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert "/Encrypt" not in made.trailer
        fonts = [
            font
            for page in made.pages
            for font in page.get("/Resources", pikepdf.Dictionary())
            .get("/Font", pikepdf.Dictionary())
            .values()
        ]
        assert fonts
        for font in fonts:
            below = font.get("/DescendantFonts", [font])[0]
            described = below.get("/FontDescriptor")
            assert described is not None
            assert any(name in described for name in ("/FontFile", "/FontFile2", "/FontFile3"))


def test_the_pdf_says_what_the_document_says_and_numbers_its_pages() -> None:
    document = civil()
    made = pdf(document)
    words = words_of_pdf(made)
    for block in document.sections[0].blocks:
        if isinstance(block, Said):
            assert block.text.translate(SPACE) in words
    pages = len(pypdf.PdfReader(io.BytesIO(made)).pages)
    assert pages > 1
    for number in range(1, pages + 1):
        assert f"第{number}页\u3000共{pages}页" in words
    assert words.count(f"前16位）：{digest(document)[:16]}") == pages
    assert words.count(NOTICE) == pages


def test_d1_a_signed_record_comes_without_the_mark() -> None:
    document = civil(signed(invented()))
    assert NOTICE not in words_of_pdf(pdf(document))
    made = word.Document(io.BytesIO(docx(document)))
    assert NOTICE not in made.sections[0].header.paragraphs[0].text


def test_c2_a_secret_document_says_so_on_every_page() -> None:
    document = make(Material(invented(HearingKind.COMMITTEE)), load_templates()["committee"])
    made = pdf(document)
    pages = len(pypdf.PdfReader(io.BytesIO(made)).pages)
    assert words_of_pdf(made).count("（副卷）审判工作秘密") == pages
    assert "（副卷）" in word.Document(io.BytesIO(docx(document))).sections[0].header.paragraphs[0].text


def test_nothing_said_in_court_is_markup() -> None:
    document = simple(HOSTILE, "正常的话。")
    assert HOSTILE.translate(SPACE) in words_of_pdf(pdf(document))
    assert f"审：{HOSTILE}" in words_of_docx(docx(document))
    assert HOSTILE in text_of(document)


@pytest.mark.parametrize("stranger", ["\U0002b740", "\ufffe", "\U0010fffd", "\\"])
def test_a_character_that_no_font_holds_is_named_and_stops_nothing(stranger: str) -> None:
    words = words_of_pdf(pdf(simple(f"前{stranger}后", "〔原有的〕U+ABC")))
    assert ("前\\后" if stranger == "\\" else f"前〔U+{ord(stranger):04X}〕后") in words
    assert "〔原有的〕U+ABC" in words


def test_the_same_record_gives_the_same_pdf() -> None:
    moment = "2026-03-02T01:12:00.123456+00:00"
    assert pdf(civil(), moment) == pdf(civil(), moment)
    assert docx(civil(), moment)


def test_without_a_chinese_font_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Latin:
        def families(self) -> list[str]:
            return ["DejaVu Sans"]

    monkeypatch.setattr(typst, "Fonts", Latin)
    pdfs.chinese_fonts.cache_clear()
    with pytest.raises(NoChineseFont) as caught:
        pdf(simple("话"))
    assert "fonts-noto-cjk" in caught.value.zh and "fonts-noto-cjk" in caught.value.en
    pdfs.chinese_fonts.cache_clear()


def test_the_docx_has_real_styles_page_fields_and_header_rows() -> None:
    made = word.Document(io.BytesIO(docx(civil())))
    styles = [paragraph.style.name for paragraph in made.paragraphs if paragraph.style]
    assert styles[:2] == ["Subtitle", "Title"]
    assert {"Heading 1", "Heading 2", "Normal"} <= set(styles)
    for name, font in (("Normal", "仿宋"), ("Title", "宋体"), ("Heading 1", "黑体")):
        fonts = made.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == font
    foot = made.sections[0].footer._element.xml
    assert 'w:instr="PAGE"' in foot and 'w:instr="NUMPAGES"' in foot
    assert made.sections[0].header.paragraphs[0].text == NOTICE
    assert len(made.tables) == 2
    for table in made.tables:
        assert "w:tblHeader" in table.rows[0]._tr.xml
        assert "w:tblHeader" not in table.rows[1]._tr.xml


def test_a_drawn_signature_is_in_both_and_an_unsigned_one_is_a_line() -> None:
    with zipfile.ZipFile(io.BytesIO(docx(civil()))) as made:
        assert sum(name.startswith("word/media/") for name in made.namelist()) == 1
    assert "被告：丙公司 ____" in words_of_docx(docx(civil()))
    bare = replace(invented(), signatures=())
    assert len(pdf(civil())) > 0 and pdf(civil()) != pdf(civil(bare))


def test_a_fingerprint_is_drawn_and_what_is_no_png_is_not() -> None:
    image = base64.b64encode(png()).decode()
    line = SignatureLine("被告人", "甲某", image=image)
    assert "data:image/png" in svg(line)
    document = replace(simple("话"), sections=(Section("", (line,)),))
    with zipfile.ZipFile(io.BytesIO(docx(document))) as made:
        assert sum(name.startswith("word/media/") for name in made.namelist()) == 1
    assert pdf(document)
    for bad in ('"/><script>', "iVBORw0KGgo<", "AAAA"):
        assert "image" not in svg(replace(line, image=bad))


def test_strokes_of_one_point_and_out_of_order_do_no_harm() -> None:
    strokes = (
        Stroke(((5000, 5000, 0),)),
        Stroke(()),
        Stroke(((1,),)),
        Stroke(((0, 0, 0), (10_000, 10_000, 9))),
    )
    document = replace(
        simple("话"), sections=(Section("", (SignatureLine("审", strokes=strokes), Paragraph("x"))),)
    )
    assert pdf(document) and docx(document)


def test_a_child_makes_the_same_and_its_error_comes_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    document = civil()
    assert typeset_apart(document, "txt", None) == text_of(document).encode()
    assert typeset_apart(document, "pdf", None) == pdf(document)
    monkeypatch.setattr("tingji.typesetting._typeset_or_error", _no_font)
    with pytest.raises(NoChineseFont):
        typeset_apart(document, "pdf", None)


def _no_font(document: Document, form: str, made_at: str | None) -> type[NoChineseFont]:
    return NoChineseFont
