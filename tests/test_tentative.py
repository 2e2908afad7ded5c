"""tingji.tentative: text of open passages is shown, calmed and withdrawn, and never stored."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from asr.transcriber import Context
from casefile.feed import Feed
from casefile.model import Hearing, HearingKind, Seat, Speech, Utterance, Word
from casefile.store import Store
from tingji.engine import Engine, Shown
from tingji.tentative import TentativeText

ZH = Context.of("zh")


class Script:
    """Says the next of these texts, every character with the same probability."""

    def __init__(self, *texts: str, probability: float = 0.8) -> None:
        self.texts = list(texts)
        self.given: list[str] = []
        self.probability = probability

    def warm_up(self) -> None:
        pass

    def transcribe(self, speech: Speech, context: Context) -> Utterance:
        assert context.tentative
        self.given.append(context.settled)
        words = [Word(c, speech.start_ms, speech.end_ms, self.probability) for c in self.texts.pop(0)]
        return Utterance(speech.channel, speech.start_ms, speech.end_ms, tuple(words))


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


def texts(feed: Watched) -> list[str]:
    return [message["text"] for message in feed.told]


class AtOnce(Engine):
    """An engine that has done a tentative job when it has been given it."""

    def __init__(self, script: Script) -> None:
        super().__init__(script)
        self.close()
        self.script = script

    def tentative(self, room: str, speech: Speech, context: Context, shown: Shown) -> None:
        shown(self.script.transcribe(speech, context))


def test_text_grows_stands_and_goes(feed: Watched) -> None:
    script = Script("对真实", "对真实性", "队真实性没有")
    engine = AtOnce(script)
    text = TentativeText("h1", engine, feed)
    for end_ms in (600, 1100, 1600):
        text.offer(speech(end_ms), ZH)
    text.withdraw(speech(2000))
    assert texts(feed) == ["对", "对真实", "对真实性", ""]
    assert script.given == ["", "对", "对真实"]
    assert feed.told[0]["seat"] == "s1"
    assert len(feed.store.events("h1")) == 1


def test_a_young_passage_is_looked_at_often_and_a_long_one_more_seldom(feed: Watched) -> None:
    script = Script(*["对"] * 20)
    engine = AtOnce(script)
    text = TentativeText("h1", engine, feed)
    looked = []
    for end_ms in range(100, 6_000, 20):
        before = len(script.texts)
        text.offer(speech(end_ms), ZH)
        looked += [end_ms] if len(script.texts) < before else []
    assert looked[0] == 600
    steps = [late - early for early, late in pairwise(looked)]
    assert steps[0] < 300
    assert steps[-1] >= 480
    assert looked[-1] > 5_000


def test_unsure_words_are_not_shown(feed: Watched) -> None:
    script = Script("对真实", "对真实", probability=0.3)
    engine = AtOnce(script)
    text = TentativeText("h1", engine, feed)
    for end_ms in (600, 1100):
        text.offer(speech(end_ms), ZH)
    assert texts(feed) == []


def test_a_younger_passage_of_the_channel_waits_until_the_final_words_of_the_older_are_there(
    feed: Watched,
) -> None:
    script = Script("对真", "对真", "没有", "没有")
    engine = AtOnce(script)
    text = TentativeText("h1", engine, feed)
    passages = (speech(600), speech(1100), speech(2700, 2000), speech(3200, 2000))
    for passage in passages:
        text.offer(passage, ZH)
    assert texts(feed) == ["对", "对真"]
    text.withdraw(speech(1500))
    assert texts(feed) == ["对", "对真", "", "没有"]


def test_what_comes_after_the_final_text_is_not_shown(feed: Watched) -> None:
    script = Script("对真", "对真", "对真实性", "对真实性")
    text = TentativeText("h1", AtOnce(script), feed)
    for end_ms in (600, 1100):
        text.offer(speech(end_ms), ZH)
    text.withdraw(speech(1300))
    for end_ms in (1600, 2200):
        text._heard(script.transcribe(speech(end_ms), Context(tentative=True)))
    assert texts(feed) == ["对", "对真", ""]
