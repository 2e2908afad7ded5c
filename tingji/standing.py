"""How things stand now, as recorders and engine report it: told to the pages, never stored."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casefile.errors import ModelMissing, RecognitionFailed
from casefile.events import to_json
from casefile.feed import Feed
from tingji.listening import Listening

BEHIND_MS = 10_000
"""Final text later than this is said to be behind."""
COPIES_BEHIND_MS = 3_000


@dataclass(slots=True)
class _Now:
    at_ms: int = 0
    heard_at: float = 0.0
    recording: bool = False
    backlog_ms: int = 0
    problem: dict[str, str] | None = None
    trouble: object = None
    told: dict[str, object] = field(default_factory=dict)


class Standing:
    """The newest report per hearing. Thread-safe."""

    def __init__(self, feed: Feed, listening: Listening, folder: Path) -> None:
        self._feed, self._listening, self._folder = feed, listening, folder
        self._now: dict[str, _Now] = {}
        self._lock = threading.Lock()
        self.recorders: Callable[[], Sequence[Any]] = list

    def health(self, recorder: str, hearing_id: str | None, message: dict[str, object]) -> None:
        """A recorder's report, once a second: shown in the room and on the hearing's page."""
        message = {
            **message,
            "type": "health",
            "recorder": recorder,
            "server_disk_free_bytes": shutil.disk_usage(self._folder).free,
        }
        self._feed.tell_room(message)
        if hearing_id is None:
            return
        with self._lock:
            now = self._now.setdefault(hearing_id, _Now())
            now.at_ms, now.heard_at = int(str(message.get("at_ms") or 0)), time.monotonic()
            now.recording = message.get("state") == "recording"
            now.backlog_ms = int(str(message.get("backlog_ms") or 0))
            now.trouble = message.get("problem")
        self._feed.tell(hearing_id, message)
        self.tell(hearing_id)

    def now_ms(self, hearing_id: str) -> int:
        """Where the hearing is now on its own timeline."""
        with self._lock:
            now = self._now.get(hearing_id, _Now())
            since = time.monotonic() - now.heard_at if now.recording else 0.0
            return now.at_ms + min(5_000, int(since * 1000))

    def recorders_changed(self) -> None:
        """Tell the room which recorders there are."""
        recorders = to_json(list(self.recorders()))
        self._feed.tell_room({"type": "recorders", "recorders": recorders})
        with self._lock:
            known = list(self._now)
        for hearing_id in known:
            self.tell(hearing_id)

    def refused(self, hearing_id: str | None, error: dict[str, str] | None) -> None:
        """Something went wrong (None: it is over); it stands on the hearing's page."""
        if hearing_id is None:
            return
        with self._lock:
            self._now.setdefault(hearing_id, _Now()).problem = error
        self.tell(hearing_id)

    def tell(self, hearing_id: str) -> None:
        """Tell the pages how it stands, if that has changed."""
        status = self.status(hearing_id)
        with self._lock:
            now = self._now.setdefault(hearing_id, _Now())
            if now.told == status:
                return
            now.told = status
        self._feed.tell(hearing_id, status)

    def status(self, hearing_id: str) -> dict[str, object]:
        """The `status` message of docs/protocol.md §2."""
        mine = any(state.hearing == hearing_id for state in self.recorders())
        with self._lock:
            now = self._now.get(hearing_id, _Now())
        pipeline = self._listening.of(hearing_id)
        lag_ms = pipeline.lag_ms if pipeline else 0
        asr, trouble = self._asr(hearing_id, lag_ms)
        copies = "same" if now.backlog_ms < COPIES_BEHIND_MS else "behind"
        return {
            "type": "status",
            "recorder_connected": mine,
            "asr": asr,
            "final_lag_ms": lag_ms,
            "copies": copies if mine else "unknown",
            "problem": now.problem or now.trouble or trouble,
        }

    def _asr(self, hearing_id: str, lag_ms: int) -> tuple[str, dict[str, str] | None]:
        pipeline = self._listening.of(hearing_id)
        if self._listening.engine is None:
            return "missing", ModelMissing(name="whisper-base").as_json()
        if pipeline and pipeline.failed:
            return "failed", RecognitionFailed().as_json()
        return ("behind" if lag_ms > BEHIND_MS else "ok"), None
