"""The feed: what is committed reaches every viewer once and in order; a slow one costs others nothing."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

import casefile.audience
from casefile.audience import LIMIT
from casefile.errors import DiskFull, NotFound, SlowViewer
from casefile.events import RecordingStarted, StageEntered, Stored, TurnAdded, TurnMended, stored_to_json
from casefile.feed import Feed
from casefile.model import (
    AudioFormat,
    Change,
    Hearing,
    HearingKind,
    HearingState,
    Mending,
    Turn,
    Word,
)
from casefile.store import Store
from tests.courthouse import events_of

DEADLINE_S = 20.0
Message = dict[str, Any]


@pytest.fixture
def feed(tmp_path: Path) -> Iterator[Feed]:
    with Store(tmp_path / "t.db") as store:
        feed = Feed(store)
        feed.create(Hearing("h1", HearingKind.TRIAL), "clerk")
        yield feed


def stages(first: int, last: int) -> list[StageEntered]:
    return [StageEntered(f"s{n}", n) for n in range(first, last + 1)]


async def take(messages: AsyncIterator[str], count: int) -> list[Message]:
    """So many messages, those of the past one by one."""
    found: list[Message] = []
    async with asyncio.timeout(DEADLINE_S):
        while len(found) < count:
            message = json.loads(await anext(messages))
            found += message["events"] if message["type"] == "events" else [message]
    assert len(found) == count
    return found


async def nothing_more(messages: AsyncIterator[str]) -> bool:
    waiting = asyncio.ensure_future(anext(messages))
    for _ in range(5):
        await asyncio.sleep(0)
    idle = not waiting.done()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    return idle


def kinds(messages: list[Message]) -> list[Any]:
    return [message.get("seq", message["type"]) for message in messages]


def test_a_viewer_gets_what_is_stored_then_caught_up_then_what_comes(feed: Feed) -> None:
    async def run() -> None:
        feed.append("h1", stages(1, 3), "x")
        async with feed.subscribe("h1", 1) as messages:
            first = await take(messages, 4)
            stored = feed.append("h1", stages(4, 4), "x")
            (live,) = await take(messages, 1)
            assert [m["seq"] for m in first] == [2, 3, 4, 4]
            assert [m["type"] for m in first] == ["event", "event", "event", "caught_up"]
            assert live == {"type": "event", **stored_to_json(stored[0])}
            assert await nothing_more(messages)

    asyncio.run(run())


@pytest.mark.parametrize(("after", "seqs"), [(-5, [1, 2, 2]), (0, [1, 2, 2]), (2, [2]), (99, [2])])
def test_a_viewer_begins_where_it_says(feed: Feed, after: int, seqs: list[int]) -> None:
    async def run() -> None:
        feed.append("h1", stages(1, 1), "x")
        async with feed.subscribe("h1", after) as messages:
            assert [m["seq"] for m in await take(messages, len(seqs))] == seqs

    asyncio.run(run())


def test_who_comes_later_is_told_how_far_the_closing_is(feed: Feed) -> None:
    async def run() -> None:
        for done in (0.1, 0.2):
            feed.tell("h1", {"type": "progress", "step": "comparing", "done": done})
        async with feed.subscribe("h1", 1) as messages:
            told = await take(messages, 2)
            assert [m["type"] for m in told] == ["caught_up", "progress"]
            assert told[1]["done"] == 0.2

    asyncio.run(run())


def test_an_unknown_hearing_has_no_feed(feed: Feed) -> None:
    async def run() -> None:
        with pytest.raises(NotFound):
            async with feed.subscribe("nobody", 0):
                pass

    asyncio.run(run())
    with pytest.raises(NotFound):
        feed.record("nobody")
    with pytest.raises(NotFound):
        feed.append("nobody", stages(1, 1), "x")


async def view(feed: Feed, after: int, last: int) -> list[int]:
    seen: list[int] = []
    async with feed.subscribe("h1", after) as messages, asyncio.timeout(DEADLINE_S):
        while not seen or seen[-1] < last:
            seen += events_of([await anext(messages)])
    return seen


def test_none_is_missing_or_double_while_threads_append_and_viewers_come(feed: Feed) -> None:
    """Viewers arrive at every moment of six threads' appending, and each sees 1, 2, 3, ... to the end."""
    feed.append("h1", stages(1, 5), "x")  # nobody may ask for what comes after an event that is not there yet
    total = 6 + 6 * 40

    def work() -> None:
        for number in range(20):
            feed.append("h1", stages(number, number + 1), "x")
            feed.tell("h1", {"type": "tentative", "channel": 0, "text": str(number)})

    async def run() -> None:
        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        views = []
        while any(thread.is_alive() for thread in threads):
            views.append(asyncio.ensure_future(view(feed, len(views) % 7, total)))
            await asyncio.sleep(0.01)
        for number, seen in enumerate(await asyncio.gather(*views)):
            assert seen == list(range(number % 7 + 1, total + 1))
        assert len(views) > 3

    asyncio.run(run())
    assert feed.viewers == 0
    assert [one.seq for one in feed.store.events("h1")] == list(range(1, total + 1))


def test_a_viewer_that_is_too_slow_is_dropped_and_can_come_back(feed: Feed) -> None:
    async def run() -> None:
        async with feed.subscribe("h1", 0) as slow, feed.subscribe("h1", 0) as quick:
            await take(slow, 2)
            await take(quick, 2)
            feed.append("h1", stages(1, LIMIT), "x")
            feed.tell("h1", {"type": "status", "asr": "ok"})
            assert [m["seq"] for m in await take(quick, LIMIT)] == list(range(2, LIMIT + 2))
            feed.append("h1", stages(1, 1), "x")
            with pytest.raises(SlowViewer):
                await take(slow, 1)
        async with feed.subscribe("h1", 1) as again:
            assert events_of([await anext(again)])[0] == 2

    asyncio.run(run())


def test_a_long_replay_is_not_slowness(feed: Feed) -> None:
    async def run() -> None:
        for _ in range(3):
            feed.append("h1", stages(1, LIMIT), "x")
        async with feed.subscribe("h1", 0) as messages:
            found = await take(messages, 3 * LIMIT + 2)
            assert found[-1] == {"type": "caught_up", "seq": 3 * LIMIT + 1}

    asyncio.run(run())


def test_the_past_comes_in_batches_that_any_client_takes(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(last: int) -> list[str]:
        found: list[str] = []
        async with feed.subscribe("h1", 0) as messages:
            while not found or "caught_up" not in found[-1]:
                found.append(await anext(messages))
        assert events_of(found) == list(range(1, last + 1))
        return found[:-1]

    feed.append("h1", stages(1, 500), "x")
    assert len(asyncio.run(run(501))) == 1
    monkeypatch.setattr("casefile.audience.BATCH", 5_000)
    feed.append("h1", [StageEntered("阶" * 9_000, 1), *stages(1, 1)], "x")
    batches = asyncio.run(run(503))
    assert 20 < len(batches) < 60
    assert [len(batch) > 6_000 for batch in batches[-3:]] == [False, True, False]


def test_a_replay_lets_the_other_tasks_run(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casefile.audience.BATCH", 5_000)

    async def run() -> None:
        feed.append("h1", stages(1, 500), "x")
        turns = 0

        async def other() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        async with feed.subscribe("h1", 0) as messages:
            task = asyncio.ensure_future(other())
            for _ in range(20):
                await anext(messages)
            task.cancel()
        assert turns >= 5

    asyncio.run(run())


def test_unstored_messages_keep_their_place_and_only_the_newest_of_a_kind_waits(feed: Feed) -> None:
    async def run() -> None:
        async with feed.subscribe("h1", 1) as messages:
            await take(messages, 1)
            for channel, text in ((0, "你"), (1, "她"), (0, "你好")):
                feed.tell("h1", {"type": "tentative", "channel": channel, "text": text})
            feed.append("h1", stages(1, 1), "x")
            feed.tell("h1", {"type": "tentative", "channel": 0, "text": ""})
            found = await take(messages, 3)
            assert [m.get("text", m.get("seq")) for m in found] == ["她", 2, ""]
            assert await nothing_more(messages)

    asyncio.run(run())


def test_who_comes_later_is_told_the_state_of_things(feed: Feed) -> None:
    async def run() -> None:
        feed.record("h1")
        feed.tell("h1", {"type": "status", "asr": "ok"})
        feed.tell("h1", {"type": "status", "asr": "behind"})
        feed.tell("h1", {"type": "health", "recorder": "r", "at_ms": 1})
        feed.tell("h1", {"type": "tentative", "channel": 0, "text": "你好"})
        feed.tell("h1", {"type": "tentative", "channel": 1, "text": "她"})
        feed.tell("h1", {"type": "tentative", "channel": 1, "text": ""})
        async with feed.subscribe("h1", 0) as messages:
            found = await take(messages, 4)
            assert kinds(found) == [1, 1, "status", "tentative"]
            assert (found[2]["asr"], found[3]["text"]) == ("behind", "你好")
            assert await nothing_more(messages)

    asyncio.run(run())


def test_the_room_has_its_own_messages(feed: Feed) -> None:
    async def run() -> None:
        feed.tell_room({"type": "recorders", "recorders": []})
        async with feed.subscribe_room() as messages:
            for recorder in ("a", "b", "a"):
                feed.tell_room({"type": "health", "recorder": recorder})
            feed.tell("h1", {"type": "status"})
            found = await take(messages, 3)
            assert [m.get("recorder", m["type"]) for m in found] == ["recorders", "b", "a"]
            assert feed.viewers == 1
        assert feed.viewers == 0

    asyncio.run(run())


def test_a_viewer_on_a_loop_that_is_gone_does_no_harm(feed: Feed) -> None:
    context = feed.subscribe("h1", 0)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(context.__aenter__())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    assert feed.append("h1", stages(1, 1), "x")[0].seq == 2


def test_an_event_becomes_text_once_for_all_viewers(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    as_text = casefile.audience.as_text

    def counted(message: Message) -> str:
        made.append(message["type"])
        return as_text(message)

    async def run() -> None:
        async with contexts(feed, 200) as viewers:
            for messages in viewers:
                await take(messages, 2)
            monkeypatch.setattr("casefile.feed.as_text", counted)
            monkeypatch.setattr("casefile.audience.as_text", counted)
            feed.append("h1", stages(1, 1), "x")
            feed.tell("h1", {"type": "health", "recorder": "r"})
            for messages in viewers:
                assert kinds(await take(messages, 2)) == [2, "health"]

    asyncio.run(run())
    assert made == ["event", "health"]


class contexts:  # noqa: N801 - used like a function
    """Many subscriptions at once."""

    def __init__(self, feed: Feed, count: int) -> None:
        self._open = [feed.subscribe("h1", 0) for _ in range(count)]

    async def __aenter__(self) -> list[AsyncIterator[str]]:
        return [await one.__aenter__() for one in self._open]

    async def __aexit__(self, *_: object) -> None:
        for one in self._open:
            await one.__aexit__(None, None, None)


def test_the_record_follows_what_is_appended(feed: Feed) -> None:
    assert feed.record("h1").state is HearingState.DRAFT
    feed.append("h1", [RecordingStarted(AudioFormat(8000, 1), "mic", 0)], "x")
    turn = Turn("t1", None, "", 2, 0, 5, ())
    feed.append("h1", [TurnAdded(turn, 700)], "x")
    assert feed.record("h1").state is HearingState.RECORDING
    assert feed.record("h1").turns == (turn,)
    assert feed.heard_to_ms("h1") == {2: 700}


def test_what_is_known_of_a_text_stands_beside_the_event_also_when_the_text_changes(feed: Feed) -> None:
    def marks(hearing: Hearing, turn: Turn) -> dict[str, str] | None:
        return {"of": hearing.id + turn.text} if turn.text else None

    async def run() -> list[Message]:
        async with marked.subscribe("h1", 2) as messages:
            return await take(messages, 4)

    marked = Feed(feed.store, marks)
    change = Change(0, "定", "订", 0, 5, 0.9, "homophone")
    turns = [Turn("t1", None, "", 0, 0, 5, (Word("定金", 0, 5, 1.0),)), Turn("t2", None, "", 1, 0, 5, ())]
    marked.append("h1", [RecordingStarted(AudioFormat(8000, 1), "mic", 0)], "x")
    marked.append("h1", [*(TurnAdded(one, 5) for one in turns), TurnMended(Mending("t1", change))], "x")
    found = asyncio.run(run())
    assert [message.get("marks") for message in found] == [{"of": "h1定金"}, None, {"of": "h1订金"}, None]


def test_nothing_is_published_that_was_not_stored(feed: Feed) -> None:
    class Refusing:
        def append(self, *_: object) -> list[Stored]:
            raise DiskFull(where="x")

    before = feed.record("h1")
    feed.store, store = Refusing(), feed.store  # type: ignore[assignment]
    with pytest.raises(DiskFull):
        feed.append("h1", stages(1, 1), "x")
    feed.store = store
    assert feed.record("h1") == before


def test_a_new_feed_on_an_old_store_knows_all(feed: Feed) -> None:
    feed.append("h1", stages(1, 5), "x")
    again = Feed(feed.store)
    assert again.record("h1") == feed.record("h1")
    assert again.append("h1", stages(6, 6), "x")[0].seq == 7


def test_events_that_came_past_the_feed_are_taken_in_at_the_next_append(feed: Feed) -> None:
    feed.record("h1")
    feed.store.append("h1", stages(1, 2), "x")
    feed.append("h1", stages(3, 3), "x")
    assert [stage.name for stage in feed.record("h1").stages] == ["s1", "s2", "s3"]


def test_many_hearings_are_not_all_kept_and_come_back(feed: Feed) -> None:
    async def run() -> None:
        async with feed.subscribe("h1", 0) as messages:
            await take(messages, 2)
            for number in range(2, 30):
                feed.create(Hearing(f"h{number}", HearingKind.TRIAL), "x")
                feed.record(f"h{number}")
            assert len(feed._open) < 15
            feed.append("h1", stages(1, 1), "x")
            assert (await take(messages, 1))[0]["seq"] == 2
        assert feed.record("h2").seq == 1

    asyncio.run(run())
