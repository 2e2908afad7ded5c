"""A sealed hearing that was corrected and signed afterwards, ready to be archived: for the tests of archives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from casefile.archiving import Archived, Order, archive
from casefile.events import (
    CopiesCompared,
    Event,
    HearingChanged,
    RecordRead,
    RecordSealed,
    RecordSigned,
    SignatoryNamed,
)
from casefile.export import SEALED
from casefile.export.signed_text import digest_read
from casefile.model import Hearing
from casefile.signatures import Office, Scope, Signatory, Signature, SignatureKind, Stroke
from casefile.store import Store
from casefile.verifier import verifier
from tests.sealing import HEARING, Court, court
from tingji.court_key import CourtKey, make, open_key

JUDGE = Signatory("g1", "s1", "王某", "审判长", Office.PRESIDING, Scope.WHOLE, "2026-12-01T00:00:00+00:00")
CLERK = Signatory("g2", None, "李某", "书记员", Office.CLERK, Scope.WHOLE, "2026-12-01T00:00:00+00:00")
STROKES = (Stroke(((10, 20, 0), (30, 40, 8))),)


def key_in(folder: Path, name: str = "court.key") -> CourtKey:
    """A key of its own."""
    make(folder / name, folder / "data", None)
    return open_key(folder / name, folder / "data", None)


def sealed_court(
    folder: Path, hearing: Hearing = HEARING, signed: Sequence[Signatory] = (JUDGE, CLERK)
) -> Court:
    """Closed, sealed, and signed by these after the seal."""
    made = court(folder)
    with Store(folder / "t.db") as store:
        if hearing != HEARING:
            store.append("h1", [HearingChanged(replace(hearing, id="h1"))], "clerk")
        store.append("h1", [CopiesCompared(12, True)], "closing")
        made.events[:] = store.events("h1")
        done = made.seal()
        later: list[Event] = [RecordSealed(done.manifest_sha256, done.manifest_sm3)]
        later += [SignatoryNamed(one) for one in signed]
        made.events[:] = [*made.events, *store.append("h1", later, "clerk")]
        for one in signed:
            _sign(store, made, one)
    return made


def _sign(store: Store, made: Court, one: Signatory) -> None:
    record = made.record
    digest = digest_read(record, one)
    signature = Signature(one.id, (SignatureKind.SIGNED,), record.seq, digest, STROKES)
    made.events.extend(
        store.append("h1", [RecordRead(one.id, record.seq), RecordSigned(signature)], one.name)
    )


def order(key: CourtKey, **more: Any) -> Order:
    """To archive with this key."""
    return Order(key, verifier(), SEALED, **more)


def archived(
    folder: Path, documents: Mapping[str, bytes] | None = None, **more: Any
) -> tuple[Archived, CourtKey]:
    """An archive in `folder/out`."""
    made, key = sealed_court(folder, **more), key_in(folder)
    return archive_of(made, folder, order(key, documents=lambda _record: documents or {})), key


def archive_of(made: Court, folder: Path, given: Order) -> Archived:
    """What `archive` makes of it in `folder/out`."""
    return archive(made.record, made.events, made.out, folder / "out", given)
