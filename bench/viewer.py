"""A viewer of a live hearing that remembers what it was shown, and when."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tingji.api import machine_key


@dataclass
class Seen:
    """Messages with the moment of their arrival (seconds of the wall clock)."""

    texts: list[tuple[float, int, int, str]] = field(default_factory=list)
    finals: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    tentative: dict[int, str] = field(default_factory=dict)
    taken_back: int = 0
    hearing_id: str = ""

    def take(self, message: dict[str, Any]) -> None:
        """One message of the live websocket."""
        now = time.time()
        if message["type"] == "events":
            for event in message["events"]:
                self.take(event)
        elif message["type"] == "tentative":
            self._tentative(now, message)
        elif message["type"] == "event" and message["event"]["type"] == "TurnAdded":
            turn = message["event"]["turn"]
            text = "".join(word["text"] for word in turn["words"])
            self._change(turn["channel"], text)
            self.tentative.pop(turn["channel"], None)
            self.finals.append((now, {**turn, "text": text}))
            self.texts.append((now, turn["start_ms"], turn["end_ms"], text))

    def _tentative(self, now: float, message: dict[str, Any]) -> None:
        if not message["text"]:
            self.tentative.pop(message["channel"], None)
            return
        self._change(message["channel"], message["text"])
        self.tentative[message["channel"]] = message["text"]
        self.texts.append((now, message["start_ms"], message["end_ms"], message["text"]))

    def _change(self, channel: int, text: str) -> None:
        """Characters that stood on the screen and stand there no more, marks and script aside."""
        before, after = plain_quick(self.tentative.get(channel, "")), plain_quick(text)
        self.taken_back += taken_back(before, after)


def taken_back(before: str, after: str) -> int:
    """Characters of `before` that are replaced or gone in `after`, by the shortest edit."""
    return sum(edit.tag != "insert" for edit in Levenshtein.editops(before, after))


def plain_quick(text: str) -> str:
    """Letters and digits only."""
    return "".join(character for character in text if character.isalnum())


def watch(url: str, data: Path, seen: Seen, over: threading.Event) -> None:
    """Follow the first hearing that there is, until told to stop. `data`: the server's folder, with its key."""
    own = {"Authorization": f"Bearer {machine_key(data)}"}
    while not over.is_set() and not seen.hearing_id:
        try:
            asked = urllib.request.Request(f"{url}/api/hearings", headers=own)
            with urllib.request.urlopen(asked, timeout=5) as answer:
                hearings = json.load(answer)
            seen.hearing_id = hearings[0]["id"] if hearings else ""
        except OSError:
            pass
        over.wait(0.1)
    address = url.replace("http", "ws", 1) + f"/ws/hearings/{seen.hearing_id}?after=0"
    while not over.is_set():
        try:
            with connect(address, open_timeout=5, additional_headers=own) as socket:
                for message in socket:
                    seen.take(json.loads(message))
        except (OSError, ConnectionClosed, TimeoutError):
            over.wait(0.2)
