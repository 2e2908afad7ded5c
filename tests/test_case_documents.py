"""tingji.case_documents: docx, pdf and txt as text, and what cannot be read told in both languages."""

import io
import zipfile
from collections.abc import Callable

import docx
import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from casefile.errors import (
    DocumentTooBig,
    DocumentWithoutText,
    TingjiError,
    UnknownDocument,
    UnreadableDocument,
)
from tingji import case_documents
from tingji.case_documents import document_entries, document_text


def word_file() -> bytes:
    document = docx.Document()
    document.add_paragraph("原告：谷德刚，男。")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "证人：", "孙小美"
    document.add_paragraph("被告：李四光，女。")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf_file(text: str, password: str = "") -> bytes:
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(595, 842)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
    )
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_word_file_is_read_in_order_with_its_tables() -> None:
    text = document_text("起诉状.docx", word_file())
    assert text.index("谷德刚") < text.index("孙小美") < text.index("李四光")


def test_what_a_word_file_names() -> None:
    assert {"谷德刚", "孙小美", "李四光"} <= {entry.text for entry in document_entries("a.DOCX", word_file())}


def test_a_pdf_is_read() -> None:
    assert "Claim of 352,000" in document_text("a.pdf", pdf_file("Claim of 352,000"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_plain_text_in_the_usual_encodings(encoding: str) -> None:
    assert document_text("a.txt", "原告：谷德刚".encode(encoding)) == "原告：谷德刚"


def packed_too_big() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b" " * 3_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("谷德刚.doc", lambda: b"x", UnknownDocument),
        ("谷德刚", lambda: b"x", UnknownDocument),
        ("a.docx", lambda: b"no zip", UnreadableDocument),
        ("a.docx", lambda: word_file()[:-200], UnreadableDocument),
        ("a.docx", lambda: _without(word_file(), "word/document.xml"), UnreadableDocument),
        ("a.pdf", lambda: b"no pdf", UnreadableDocument),
        ("a.pdf", lambda: pdf_file("x", password="secret"), UnreadableDocument),
        ("a.pdf", lambda: pdf_file(""), DocumentWithoutText),
        ("a.txt", lambda: b"", DocumentWithoutText),
        ("a.txt", lambda: b"\xff\xff\xff", UnreadableDocument),
    ],
)
def test_what_cannot_be_read_is_told(
    name: str, content: Callable[[], bytes], error: type[TingjiError]
) -> None:
    with pytest.raises(error) as told:
        document_text(name, content())
    assert told.value.zh
    assert told.value.en
    assert "谷德刚" not in told.value.zh + told.value.en


def test_what_is_too_big_packed_or_unpacked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_documents, "LARGEST", 2_000)
    with pytest.raises(DocumentTooBig):
        document_text("a.txt", b"a" * 2_001)
    with pytest.raises(DocumentTooBig):
        document_text("a.docx", packed_too_big())


def test_lines_that_the_page_broke_are_joined() -> None:
    broken = "原告与被告签订合同，约定由原告供应釉面砖三\n千片。\n短行\n下一行"
    assert (
        case_documents._mended(broken) == "原告与被告签订合同，约定由原告供应釉面砖三千片。\n短行\n下一行\n"
    )


def _without(content: bytes, part: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            if item.filename != part:
                new.writestr(item, old.read(item))
    return out.getvalue()
