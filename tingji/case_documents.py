"""The papers of a case (docx, pdf, txt) as plain text, for the lexicon. Nothing of them is kept."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePath

import docx
import pypdf
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from pypdf.errors import PyPdfError

from asr.lexicon import Entry
from asr.mentions import mentions
from casefile.errors import DocumentTooBig, DocumentWithoutText, UnknownDocument, UnreadableDocument

LARGEST = 30_000_000
"""Bytes of one document, as it is and (docx) unpacked."""
MOST_PAGES = 500
MOST_TEXT = 300_000
"""Characters that are looked at: names stand at the beginning of a pleading."""
_FULL_LINE = 20
"""Characters of a line of a pdf that its page, not its author, may have ended."""


def document_entries(name: str, content: bytes) -> tuple[Entry, ...]:
    """What a document of the case names; `name` tells its kind by its ending. Raises what `document_text` raises."""
    return mentions(document_text(name, content)[:MOST_TEXT])


def document_text(name: str, content: bytes) -> str:
    """The plain text of a document.

    Raises UnknownDocument (not docx, pdf or txt), DocumentTooBig, UnreadableDocument (damaged, locked by a
    password) or DocumentWithoutText (a scan).
    """
    reader = READERS.get(PurePath(name).suffix.lower())
    if reader is None:
        raise UnknownDocument()
    if len(content) > LARGEST:
        raise DocumentTooBig(megabytes=LARGEST // 1_000_000)
    text = reader(content)
    if not text.strip():
        raise DocumentWithoutText()
    return text


def _docx(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
        if unpacked > LARGEST:
            raise DocumentTooBig(megabytes=LARGEST // 1_000_000)
        return "\n".join(_paragraphs(docx.Document(io.BytesIO(content))))
    except (  # SyntaxError: lxml's word for broken XML
        zipfile.BadZipFile,
        PackageNotFoundError,
        SyntaxError,
        KeyError,
        ValueError,
    ) as error:
        raise UnreadableDocument() from error


def _paragraphs(document: Document) -> Iterator[str]:
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            yield from ("\t".join(dict.fromkeys(cell.text for cell in row.cells)) for row in part.rows)
        else:
            yield part.text


def _pdf(content: bytes) -> str:
    try:
        pages = pypdf.PdfReader(io.BytesIO(content)).pages[:MOST_PAGES]
        return "\n".join(_mended(page.extract_text()) for page in pages)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableDocument() from error


def _mended(page: str) -> str:
    """Lines that the page broke are joined again; short lines were ended by their author."""
    lines = page.split("\n")
    joined = [line + ("" if len(line.strip()) >= _FULL_LINE else "\n") for line in lines]
    return "".join(joined)


def _txt(content: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableDocument()


READERS: dict[str, Callable[[bytes], str]] = {".docx": _docx, ".pdf": _pdf, ".txt": _txt}
