"""Archiving in the program: what belongs to one hearing is brought together, signed by the court's key, and kept.

Each archive of a hearing lies in a folder of its own, `archives/HEARING/MOMENT`: signed again after a correction, a
hearing is archived again and the earlier archive stays.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from casefile.archiving import Archived, Order, archive
from casefile.ed25519 import fingerprint
from casefile.errors import ArchiveThere, NoSuchArchive, NothingSealed, OwnFault, TingjiError
from casefile.explaining import archive_blockers
from casefile.extract import Range, extract
from casefile.manifest import NAME
from casefile.model import HearingState
from casefile.package import Retention, package_of
from casefile.record import fold
from casefile.store import Store
from casefile.verifier import verifier
from tingji.console import Tell
from tingji.court_key import is_locked, open_key
from tingji.documents import Office, archive_documents
from tingji.settings import Settings
from tingji.writers import SEALED

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """How an archive is wanted."""

    retention: Retention = Retention.PERMANENT
    passphrase: str | None = None


def archive_hearing(
    store: Store, settings: Settings, hearing_id: str, out: Path, wish: Wish, tell: Tell
) -> Archived:
    """Archives a sealed hearing into `out`.

    Raises NotFound, NothingSealed, NoCourtKey and what else `open_key` and `casefile.archiving.archive` raise.
    """
    return _ready(store, settings, hearing_id, wish)(out, tell)


def _ready(store: Store, settings: Settings, hearing_id: str, wish: Wish) -> Callable[[Path, Tell], Archived]:
    """Archiving this hearing, with all that it needs at hand. Raises NotFound, NothingSealed, and what the key raises."""
    events = store.events(hearing_id)
    record = fold(events)
    if record.state is not HearingState.SEALED:
        raise NothingSealed
    key = open_key(settings.court_key, settings.data, wish.passphrase)
    documents = partial(archive_documents, office=Office.of(settings))
    order = Order(key, verifier(), SEALED, wish.retention, documents, (archive_blockers,))
    sealed = settings.records / hearing_id
    return lambda out, tell: archive(record, events, sealed, out, order, tell)


def extract_range(settings: Settings, archived: Path, out: Path, span: Range, passphrase: str | None) -> Path:
    """An extract of an archive's folder, signed by the court's key. Raises what `casefile.extract.extract` raises."""
    key = open_key(settings.court_key, settings.data, passphrase)
    return extract(archived, out, span, key, verifier())


@dataclass(frozen=True, slots=True)
class State:
    """How far archiving a hearing is. `step`: none, running, failed or done; `facts`: of the newest archive, if any.

    `key`: the court's key is `none`, `locked` (it asks for its passphrase) or `open`.
    """

    step: str = "none"
    done: float = 0.0
    error: Mapping[str, str] | None = None
    facts: Mapping[str, object] | None = None
    key: str = "none"


class Archives:
    """The archives of a data folder; one hearing is archived once at a time. Thread-safe."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self.settings = store, settings
        self._states: dict[str, State] = {}
        self._lock = threading.Lock()

    def begin(self, hearing_id: str, retention: Retention, passphrase: str | None) -> None:
        """Starts archiving. Raises NotFound, NothingSealed, ArchiveThere while it runs, and what the key raises."""
        ready = _ready(self._store, self.settings, hearing_id, Wish(retention, passphrase))
        with self._lock:
            if self._states.get(hearing_id, State()).step == "running":
                raise ArchiveThere
            self._states[hearing_id] = State("running")
        threading.Thread(
            target=self._run, args=(hearing_id, ready), name=f"archive-{hearing_id}", daemon=True
        ).start()

    def _run(self, hearing_id: str, ready: Callable[[Path, Tell], Archived]) -> None:
        out = self._folder(hearing_id) / datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        try:
            ready(out, lambda done: self._set(hearing_id, State("running", done)))
            self._set(hearing_id, State("done", 1.0))
        except TingjiError as error:
            self._set(hearing_id, State("failed", error=error.as_json()))
        except Exception as error:  # its text may hold what was said
            log.error("archiving failed: %s", type(error).__name__)
            self._set(hearing_id, State("failed", error=OwnFault(kind=type(error).__name__).as_json()))

    def _set(self, hearing_id: str, state: State) -> None:
        with self._lock:
            self._states[hearing_id] = state

    def _folder(self, hearing_id: str) -> Path:
        return self.settings.data / "archives" / hearing_id

    def state(self, hearing_id: str) -> State:
        """How far it is, and the newest archive."""
        with self._lock:
            state = self._states.get(hearing_id, State())
        try:
            packed = self.newest(hearing_id)
        except NoSuchArchive:
            return replace(state, key=self._key())
        step = "done" if state.step == "none" else state.step
        return State(step, state.done, state.error, _facts(packed), self._key())

    def _key(self) -> str:
        path = self.settings.court_key
        if path is None or not path.is_file():
            return "none"
        return "locked" if is_locked(path) else "open"

    def newest(self, hearing_id: str) -> Path:
        """The newest archive's ZIP. Raises NoSuchArchive."""
        found = sorted(self._folder(hearing_id).glob(f"*/{hearing_id}.zip"))
        if not found:
            raise NoSuchArchive
        return found[-1]


def _facts(packed: Path) -> dict[str, object]:
    package = package_of((packed.with_suffix("") / NAME).read_bytes())
    tests = json.loads((packed.with_suffix("") / "四性检测.json").read_bytes())["findings"]
    return {
        "made_at": package.made_at,
        "bytes": packed.stat().st_size,
        "retention": package.facts["retention"],
        "fingerprint": fingerprint(package.key),
        "findings": tests,
    }
