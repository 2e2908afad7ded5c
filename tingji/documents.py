"""The documents of a hearing: which there are, and each as a file. Implements `web.documents.Documents`."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from asr.numerals import value
from casefile import manifest as manifests
from casefile.documents.document import Document
from casefile.documents.making import is_secret, make
from casefile.documents.material import Material, Wanted
from casefile.documents.template import Template, load_templates, record_template
from casefile.errors import NoSuchDocument
from casefile.evidence import evidence
from casefile.explaining import faults
from casefile.feed import Feed
from casefile.manifest import Manifest
from casefile.model import CaseRecord
from casefile.verify_sound import MALFORMED
from tingji.settings import Settings
from tingji.typesetting import FORMS, typeset, typeset_apart

RECORD = "record"
"""The 笔录 of the hearing, whichever template it has."""
ARCHIVED = ("pdf", "docx")
Typeset = Callable[[Document, str, str | None], bytes]


@dataclass(frozen=True, slots=True)
class Office:
    """What a court brings to its documents: its name, its templates, where sealed records lie."""

    court: str
    templates: Mapping[str, Template]
    records: Path

    @staticmethod
    def of(settings: Settings) -> Office:
        """Raises what `load_templates` raises."""
        return Office(settings.court, load_templates(settings.templates), settings.records)

    def material(self, record: CaseRecord, wanted: Wanted) -> Material:
        """What a document of this record is made of."""
        sealed = manifest_of(self.records / record.hearing.id)
        return Material(record, self.court, evidence(record, value), sealed, wanted)

    def template(self, record: CaseRecord, name: str) -> Template:
        """Raises NoSuchDocument, also for the 笔录 of another kind of hearing."""
        own = record_template(self.templates, record.hearing.kind, record.hearing.case_number)
        if name == RECORD:
            return own
        found = self.templates.get(name)
        if found is None or (found.kinds and record.hearing.kind not in found.kinds):
            raise NoSuchDocument
        return found

    def document(self, record: CaseRecord, name: str, wanted: Wanted) -> Document:
        """Raises NoSuchDocument."""
        return make(self.material(record, wanted), self.template(record, name))

    def names(self, record: CaseRecord) -> list[str]:
        """The documents of this hearing: its 笔录, then the papers; the 情况说明 only where there is a fault."""
        papers = [name for name, one in self.templates.items() if not one.kinds]
        return [RECORD, *(name for name in papers if name != "fault" or faults(record))]


def manifest_of(folder: Path) -> Manifest | None:
    """The manifest of a sealed record; None where there is none that can be read."""
    try:
        return manifests.from_json(json.loads((folder / manifests.NAME).read_bytes()))
    except (*MALFORMED, OSError):
        return None


class Documents:
    """The documents of all hearings. Thread-safe; one is made at a time."""

    def __init__(self, feed: Feed, office: Office, typeset: Typeset = typeset_apart) -> None:
        self._feed, self._office, self._typeset = feed, office, typeset
        self._lock = threading.Lock()

    def listed(self, hearing_id: str) -> Sequence[Mapping[str, object]]:
        """See `web.documents.Documents`."""
        record = self._feed.record(hearing_id)
        material = Material(record, self._office.court)
        templates = {name: self._office.template(record, name) for name in self._office.names(record)}
        return [
            {"name": name, "title": make_title(material, one), "secret": is_secret(material, one)}
            for name, one in templates.items()
        ]

    def written(self, hearing_id: str, name: str, form: str, wanted: Wanted) -> tuple[bytes, bool]:
        """See `web.documents.Documents`."""
        record = self._feed.record(hearing_id)
        if form not in FORMS:
            raise NoSuchDocument
        document = self._office.document(record, name, wanted)
        with self._lock:
            return self._typeset(document, form, record.closed_at), document.secret


def make_title(material: Material, template: Template) -> str:
    """The title as it stands on the paper."""
    return make(material, Template(template.name, template.title)).title


def archive_documents(record: CaseRecord, office: Office) -> dict[str, bytes]:
    """Every document of a record by its path in an archive: those for the 副卷 begin with `副卷/`."""
    made: dict[str, bytes] = {}
    for name in office.names(record):
        document = office.document(record, name, Wanted(verbatim=name == RECORD))
        folder = "副卷/" if document.secret else ""
        for form in ARCHIVED:
            made[f"{folder}{name}.{form}"] = typeset(document, form, record.closed_at)
    return made
