"""How things stand now, as recorders and engine report it: told to the pages, never stored."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casefile.errors import RecognitionFailed, TingjiError
from casefile.events import to_json
from casefile.feed import Feed
from tingji.listening import Listening

BEHIND_MS = 10_000
"""Final text later than this is said to be behind."""
COPIES_BEHIND_MS = 3_000
ORDER = ("disk", "recorder", "store", "closing", "command", "recognition", "voices")
"""Where trouble comes from, the worst first: the page shows one sentence."""


@dataclass(slots=True)
class _Now:
    at_ms: int = 0
    heard_at: float = field(default_factory=time.monotonic)
    recording: bool = False
    backlog_ms: int = 0
    closing: bool = False
    trouble: dict[str, Any] = field(default_factory=dict)
    told: dict[str, object] = field(default_factory=dict)


class Standing:
    """The newest report per hearing. Thread-safe."""

    def __init__(self, feed: Feed, listening: Listening, folder: Path) -> None:
        self._feed, self._listening, self._folder = feed, listening, folder
        self._now: dict[str, _Now] = {}
        self._lock = threading.Lock()
        self.recorders: Callable[[], Sequence[Any]] = list
        self.waiting: Callable[[str], Sequence[str]] = lambda _hearing_id: ()
        """Commands that were accepted and not yet carried out (`web.ingest.Ingest.waiting`)."""

    def health(self, recorder: str, hearing_id: str | None, message: Mapping[str, Any]) -> None:
        """A recorder's report, once a second: shown in the room and on the hearing's page."""
        free = shutil.disk_usage(self._folder).free
        told = {**message, "type": "health", "recorder": recorder, "server_disk_free_bytes": free}
        self._feed.tell_room(told)
        if hearing_id is None:
            return
        with self._lock:
            now = self._now.setdefault(hearing_id, _Now())
            now.at_ms, now.heard_at = int(message.get("at_ms") or 0), time.monotonic()
            now.recording = message.get("state") == "recording"
            now.backlog_ms = int(message.get("backlog_ms") or 0)
        self._feed.tell(hearing_id, told)
        self.trouble(hearing_id, "recorder", message.get("problem"))

    def now_ms(self, hearing_id: str) -> int:
        """Where the hearing is now on its own timeline."""
        with self._lock:
            now = self._now.get(hearing_id, _Now())
            since_s = time.monotonic() - now.heard_at if now.recording else 0.0
        return max(now.at_ms + int(since_s * 1000), self._feed.record(hearing_id).length_ms)

    def place(self, hearing_id: str) -> int | None:
        """The same, None where no recorder has told it since the start of the program."""
        with self._lock:
            told = self._now.get(hearing_id, _Now()).at_ms > 0
        return self.now_ms(hearing_id) if told else None

    def recorders_changed(self) -> None:
        """Tell the room which recorders there are."""
        self._feed.tell_room({"type": "recorders", "recorders": to_json(list(self.recorders()))})
        with self._lock:
            known = list(self._now)
        for hearing_id in known:
            self.tell(hearing_id)

    def trouble(self, hearing_id: str, source: str, error: TingjiError | Mapping[str, Any] | None) -> None:
        """What is wrong (None: it is over) at this source, one of `ORDER`; it stands on the hearing's page."""
        with self._lock:
            troubles = self._now.setdefault(hearing_id, _Now()).trouble
            troubles.pop(source, None)
            if error is not None:
                troubles[source] = error.as_json() if isinstance(error, TingjiError) else dict(error)
        self.tell(hearing_id)

    def closing(self, hearing_id: str) -> None:
        """The hearing is being closed: that its recorder falls silent is no trouble."""
        with self._lock:
            self._now.setdefault(hearing_id, _Now()).closing = True
        self.tell(hearing_id)

    def sealed(self, hearing_id: str) -> None:
        """Nothing more is to be said of this hearing."""
        self.tell(hearing_id)
        with self._lock:
            self._now.pop(hearing_id, None)

    def tell(self, hearing_id: str) -> None:
        """Tell the pages how it stands, if that has changed."""
        status = self.status(hearing_id)
        with self._lock:
            now = self._now.setdefault(hearing_id, _Now())
            if now.told == status:
                return
            now.told = status
        self._feed.tell(hearing_id, status)

    def lag_ms(self, hearing_id: str) -> int:
        """From what was said last to what is on record, over all that was recorded."""
        pipeline = self._listening.of(hearing_id)
        with self._lock:
            at_ms = self._now.get(hearing_id, _Now()).at_ms
        return max(0, max(at_ms, pipeline.heard_ms) - pipeline.finished_ms) if pipeline else 0

    def status(self, hearing_id: str) -> dict[str, object]:
        """The `status` message of docs/protocol.md §2."""
        mine = any(state.hearing == hearing_id for state in self.recorders())
        lag_ms, waiting = self.lag_ms(hearing_id), list(self.waiting(hearing_id))
        asr = self._asr(hearing_id, lag_ms)
        with self._lock:
            now = self._now.get(hearing_id, _Now())
            troubles = {**now.trouble, "recognition": self._why(asr)}
        copies = "same" if now.backlog_ms < COPIES_BEHIND_MS else "behind"
        return {
            "type": "status",
            "recorder_connected": mine,
            "closing": now.closing or "close" in waiting,
            "waiting": waiting,
            "asr": asr,
            "final_lag_ms": lag_ms // 500 * 500,
            "tentative_thinned": bool(self._listening.engine and self._listening.engine.thinned),
            "copies": copies if mine else "unknown",
            "problem": next((troubles[source] for source in ORDER if troubles.get(source)), None),
        }

    def _asr(self, hearing_id: str, lag_ms: int) -> str:
        pipeline = self._listening.of(hearing_id)
        if self._listening.engine is None:
            return "missing"
        if pipeline and pipeline.failed:
            return "failed"
        return "behind" if lag_ms > BEHIND_MS else "ok"

    def _why(self, asr: str) -> dict[str, str] | None:
        if asr == "missing" and self._listening.why:
            return self._listening.why.as_json()
        return RecognitionFailed().as_json() if asr == "failed" else None
