"""Court documents made from the record (docs/protocol.md §1). What is for the 副卷 never goes out by a link's right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from casefile.documents.material import Wanted
from casefile.errors import NoRight
from web.access import Caller, Who

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
}
RECORD = "record"


class Documents(Protocol):
    """The documents of all hearings (`tingji.documents.Documents`)."""

    def listed(self, hearing_id: str) -> Sequence[Mapping[str, object]]:
        """`name`, `title` and `secret` of each. Raises `NotFound`."""

    def written(self, hearing_id: str, name: str, form: str, wanted: Wanted) -> tuple[bytes, bool]:
        """The file, and whether it is for the 副卷. Raises `NotFound`, `NoSuchDocument`, `NoChineseFont`, `NotTypeset`."""


def document_routes(documents: Documents) -> APIRouter:
    """`/api/hearings/ID/documents`; the 笔录 stands beside the other exports, too."""
    router = APIRouter(prefix="/api/hearings/{hearing_id}")

    @router.get("/documents")
    def listed(hearing_id: str) -> JSONResponse:
        return JSONResponse(list(documents.listed(hearing_id)))

    @router.get("/documents/{name}/{format}")
    def paper(caller: Who, hearing_id: str, name: str, format: str, wanted: Behind) -> Response:
        return written(documents, caller, hearing_id, (name, format), wanted)

    return router


def written(
    documents: Documents, caller: Caller, hearing_id: str, which: tuple[str, str], wanted: Wanted
) -> Response:
    """The file of a document, by its name and format. Raises what `Documents.written` raises, and `NoRight`."""
    name, form = which
    made, secret = documents.written(hearing_id, name, form, wanted)
    if secret and not (caller.account_id or caller.machine):
        raise NoRight
    headers = {"Content-Disposition": f'attachment; filename="{hearing_id}.{name}.{form}"'}
    return Response(made, media_type=MEDIA_TYPES[form], headers=headers)


def wanted_of(evidence: bool = True, corrections: bool = True, verbatim: bool = False) -> Wanted:
    """What is wanted behind the 笔录, from the address."""
    return Wanted(evidence, corrections, verbatim)


Behind = Annotated[Wanted, Depends(wanted_of)]
