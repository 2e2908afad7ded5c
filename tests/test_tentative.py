"""tingji.tentative: text of open passages is shown, calmed and withdrawn, and never stored."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from asr.transcriber import Context
from casefile.feed import Feed
from casefile.model import Hearing, HearingKind, Seat, Speech, Utterance, Word
from casefile.store import Store
from tests.courtroom import wait_for
from tingji.engine import Engine
from tingji.tentative import TentativeText

ZH = Context.of("zh")


class Script:
    """Says the next of these texts."""

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)
        self.given: list[str] = []

    def transcribe(self, speech: Speech, context: Context) -> Utterance:
        assert context.tentative
        self.given.append(context.settled)
        text = self.texts.pop(0)
        words = (Word(text, speech.start_ms, speech.end_ms, 0.0),) if text else ()
        return Utterance(speech.channel, speech.start_ms, speech.end_ms, words)


class Watched(Feed):
    """A feed that remembers what it was told."""

    told: list[dict[str, Any]]

    def tell(self, hearing_id: str, message: Any) -> None:
        self.told.append(dict(message))


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[Watched]:
    feed = Watched(Store(tmp_path / "tingji.db"))
    feed.told = []
    feed.create(Hearing("h1", HearingKind.TRIAL, seats=(Seat("s1", "审判长", channels=(0,)),)), "clerk")
    yield feed
    feed.store.close()


def speech(end_ms: int, start_ms: int = 0) -> Speech:
    return Speech(0, start_ms, np.zeros((end_ms - start_ms) * 16, np.float32))


def shown(feed: Watched, count: int) -> list[tuple[str, int]]:
    wait_for(lambda: len(feed.told) >= count, "nothing was shown")
    return [(message["text"], message["settled"]) for message in feed.told]


def test_text_grows_settles_and_goes(feed: Watched) -> None:
    script = Script("对真实", "对真实性", "队真实性没有")
    engine = Engine(script)
    text = TentativeText("h1", engine, feed)
    for number, end_ms in enumerate((500, 1000, 1500)):
        text.offer(speech(end_ms), ZH)
        shown(feed, number)
    text.withdraw(speech(2000))
    assert shown(feed, 3) == [("对真实", 3), ("对真实性", 4), ("", 0)]
    assert script.given == ["", "", "对真实"]
    assert feed.told[0]["seat"] == "s1"
    assert len(feed.store.events("h1")) == 1
    engine.close()


def test_a_passage_that_has_hardly_grown_is_not_asked_for_again(feed: Watched) -> None:
    engine = Engine(Script("对", "对真实"))
    text = TentativeText("h1", engine, feed)
    text.offer(speech(500), ZH)
    text.offer(speech(600), ZH)
    wait_for(lambda: engine.queues()["tentative"] == 0, "nothing was done")
    text.offer(speech(900), ZH)
    assert shown(feed, 1) == [("对", 1)]
    engine.close()


def test_what_comes_after_the_final_text_is_not_shown(feed: Watched) -> None:
    go_on = threading.Event()

    class Slow(Script):
        def transcribe(self, speech: Speech, context: Context) -> Utterance:
            assert go_on.wait(30)
            return super().transcribe(speech, context)

    engine = Engine(Slow("对"))
    text = TentativeText("h1", engine, feed)
    text.offer(speech(500), ZH)
    text.withdraw(speech(900))
    go_on.set()
    engine.close()
    assert [message["text"] for message in feed.told] == [""]
