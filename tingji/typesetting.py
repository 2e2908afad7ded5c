"""Documents become files in a process of its own: typesetting a long hearing never takes time from recognition."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from casefile.documents.document import Document, text_of
from casefile.documents.docx import docx
from casefile.documents.pdf import pdf
from casefile.errors import NotTypeset, TingjiError

NICE = 10


def _txt(document: Document, made_at: str | None) -> bytes:
    del made_at
    return text_of(document).encode()


FORMS: Mapping[str, Callable[[Document, str | None], bytes]] = {"docx": docx, "pdf": pdf, "txt": _txt}
"""By the ending of the file. The txt is what the digest on every page is of."""


def typeset(document: Document, form: str, made_at: str | None) -> bytes:
    """The file's bytes, made here. Raises NoChineseFont, NotTypeset."""
    return FORMS[form](document, made_at)


def typeset_apart(document: Document, form: str, made_at: str | None) -> bytes:
    """The same, made by a child process of low priority. Raises NoChineseFont, NotTypeset."""
    with ProcessPoolExecutor(1, get_context("spawn"), _give_way) as child:
        try:
            made = child.submit(_typeset_or_error, document, form, made_at).result()
        except BrokenProcessPool:
            raise NotTypeset from None
    if isinstance(made, bytes):
        return made
    raise made()


def _give_way() -> None:
    os.nice(NICE)


def _typeset_or_error(document: Document, form: str, made_at: str | None) -> bytes | type[TingjiError]:
    """An error as its class: one with facts does not travel between processes."""
    try:
        return typeset(document, form, made_at)
    except TingjiError as error:
        return type(error)
