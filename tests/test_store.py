"""The store: numbered, chained, kept, one writer; refused where it should be."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from casefile.errors import (
    BadRequest,
    DiskFull,
    ForgedEvent,
    HearingExists,
    NotFound,
    StoreClosed,
    StoreFailed,
    UnknownFormat,
)
from casefile.events import (
    GENESIS,
    CopiesCompared,
    HearingClosed,
    RecordingStarted,
    StageEntered,
    Stored,
    TurnAdded,
    canonical,
    chain,
    event_to_json,
    stored_to_json,
)
from casefile.model import AudioFormat, Hearing, HearingKind, HearingState, Turn, Word
from casefile.schema.tables import EVENTS, HEARINGS, METADATA
from casefile.store import Store

HEARING = Hearing("h1", HearingKind.TRIAL, "（2024）京0105民初1号", "第一法庭")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "t.db") as store:
        store.create(HEARING, "clerk")
        yield store


def stage(number: int) -> StageEntered:
    return StageEntered(f"阶段{number}", number)


def raw(store: Store, *statements: str) -> None:
    """What somebody with the file and `sqlite3` could do."""
    with store.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


UNLOCK = ("DROP TRIGGER events_keep_UPDATE", "DROP TRIGGER events_keep_DELETE")


def test_events_are_numbered_from_one_and_chained(store: Store) -> None:
    added = store.append("h1", [stage(1), stage(2)], "clerk") + store.append("h1", [stage(3)], "judge")
    events = store.events("h1")
    assert [one.seq for one in events] == [1, 2, 3, 4]
    assert events[1:] == added
    assert [one.previous for one in events] == [GENESIS, *(one.digest for one in events[:-1])]
    assert [one.by for one in events] == ["clerk", "clerk", "clerk", "judge"]
    assert all(one.at.endswith("+00:00") for one in events)


def test_reading_goes_on_after_a_number(store: Store) -> None:
    store.append("h1", [stage(n) for n in range(5)], "x")
    assert [one.seq for one in store.events("h1", after=4)] == [5, 6]
    assert store.events("h1", after=6) == store.events("h1", after=99) == []
    assert len(store.events("h1", after=-1)) == 6


def test_what_was_stored_is_there_after_opening_again(tmp_path: Path) -> None:
    with Store(tmp_path / "t.db") as store:
        store.create(HEARING, "clerk")
        events = store.events("h1")
    with Store(tmp_path / "t.db") as store:
        assert store.events("h1") == events


def test_hearings_are_listed_newest_first_with_what_happened(tmp_path: Path) -> None:
    with Store(tmp_path / "t.db") as store:
        store.create(HEARING, "x")
        store.create(Hearing("h2", HearingKind.INQUIRY), "x")
        store.append("h1", [RecordingStarted(AudioFormat(8000, 1), "mic", 0), HearingClosed(7_000)], "x")
        listed = {one.id: one for one in store.hearings()}
    assert len(listed) == 2
    one = listed["h1"]
    assert (one.kind, one.case_number, one.courtroom) == (HEARING.kind, HEARING.case_number, "第一法庭")
    assert (one.state, one.length_ms) == (HearingState.CLOSING, 7_000)
    assert one.created_at <= (one.opened_at or "") == one.closed_at
    assert listed["h2"].opened_at is None


def test_the_list_is_newest_first(store: Store) -> None:
    raw(store, "UPDATE hearings SET created_at = '2001-01-01T00:00:00.000+00:00'")
    store.create(replace(HEARING, id="h2"), "x")
    assert [one.id for one in store.hearings()] == ["h2", "h1"]


def test_a_batch_is_stored_whole_or_not_at_all(store: Store) -> None:
    bad = TurnAdded(Turn("t1", None, "\ud800", 0, 0, 1, (Word("x", 0, 1, 0.5),)), 1)
    with pytest.raises(BadRequest):
        store.append("h1", [stage(1), bad], "x")
    assert len(store.events("h1")) == 1


def test_nothing_to_store_is_nothing(store: Store) -> None:
    assert store.append("h1", [], "x") == []


def test_an_unknown_hearing_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        store.events("nobody")
    with pytest.raises(NotFound):
        store.append("nobody", [stage(1)], "x")


def test_a_hearing_is_put_on_file_once(store: Store) -> None:
    with pytest.raises(HearingExists):
        store.create(HEARING, "x")
    assert len(store.events("h1")) == 1


def test_many_threads_append_without_holes(store: Store) -> None:
    got: list[Stored] = []

    def work() -> None:
        for number in range(20):
            got.extend(store.append("h1", [stage(number)], "x"))

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.seq for one in got) == list(range(2, 102))
    assert sorted(store.events("h1", after=1), key=lambda one: one.seq) == sorted(
        got, key=lambda one: one.seq
    )


def test_b1_events_cannot_be_changed_or_deleted(store: Store) -> None:
    for statement in ("UPDATE events SET by = 'y'", "DELETE FROM events", "DELETE FROM hearings"):
        with pytest.raises(sa.exc.IntegrityError):
            raw(store, statement)
    assert len(store.events("h1")) == 1


@pytest.mark.parametrize(
    ("change", "seq"),
    [
        ("UPDATE events SET event = replace(event, '阶段2', '阶段3') WHERE seq = 3", 3),
        ("UPDATE events SET event = '{' WHERE seq = 3", 3),
        ("UPDATE events SET by = 'y' WHERE seq = 2", 2),
        ("UPDATE events SET at = '2001-01-01' WHERE seq = 4", 4),
        ("UPDATE events SET digest = previous WHERE seq = 4", 4),
        ("DELETE FROM events WHERE seq = 1", 1),
        ("DELETE FROM events WHERE seq = 3", 3),
        ("DELETE FROM events WHERE seq = 5", 5),
        ("UPDATE hearings SET seq = 4", 5),
        (
            "INSERT INTO events SELECT hearing_id, 6, at, by, event, previous, digest "
            "FROM events WHERE seq = 5",
            6,
        ),
    ],
)
def test_b5_a_change_of_the_file_is_found_and_named(store: Store, change: str, seq: int) -> None:
    store.append("h1", [stage(n) for n in range(1, 5)], "x")
    raw(store, *UNLOCK, change)
    with pytest.raises(ForgedEvent) as caught:
        store.events("h1")
    assert caught.value.facts == {"seq": seq}


def test_b5_swapped_events_are_found(store: Store) -> None:
    store.append("h1", [stage(n) for n in range(1, 5)], "x")
    moves = [f"UPDATE events SET seq = {new} WHERE seq = {old}" for old, new in ((2, 90), (3, 2), (90, 3))]
    raw(store, *UNLOCK, *moves)
    with pytest.raises(ForgedEvent) as caught:
        store.events("h1")
    assert caught.value.facts == {"seq": 2}


def test_reading_a_part_notices_that_the_part_before_was_cut(store: Store) -> None:
    store.append("h1", [stage(n) for n in range(1, 5)], "x")
    raw(store, *UNLOCK, "DELETE FROM events WHERE seq = 3")
    with pytest.raises(ForgedEvent):
        store.events("h1", after=3)


def test_a_full_disk_is_said_and_the_store_stays_usable(store: Store) -> None:
    pages = {"max": 30}

    @sa.event.listens_for(store.engine, "begin")
    def limit(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages['max']}").close()

    long = StageEntered("长" * 50_000, 0)
    with pytest.raises(DiskFull) as caught:
        for _ in range(20):
            store.append("h1", [long], "x")
    kept = store.events("h1")
    assert "长" not in str(caught.value) + str(caught.value.__cause__)
    pages["max"] = 100_000
    store.append("h1", [long], "x")
    assert store.events("h1")[:-1] == kept


def test_a_database_that_fails_otherwise_says_so_without_what_was_said(store: Store) -> None:
    raw(store, "DROP TABLE events")
    with pytest.raises(StoreFailed) as caught:
        store.append("h1", [StageEntered("秘密", 0)], "x")
    assert "秘密" not in str(caught.value) + str(caught.value.__cause__)


def test_closing_drains_and_may_be_repeated(tmp_path: Path) -> None:
    store = Store(tmp_path / "t.db")
    store.create(HEARING, "x")
    threads = [threading.Thread(target=store.append, args=("h1", [stage(n)], "x")) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    store.close()
    with pytest.raises(StoreClosed):
        store.append("h1", [stage(1)], "x")
    with Store(tmp_path / "t.db") as again:
        assert len(again.events("h1")) == 11


def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    with Store(tmp_path / "t.db") as store:
        raw(store, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UnknownFormat) as caught:
        Store(tmp_path / "t.db")
    assert caught.value.facts == {"version": "9999"}


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.db").write_bytes(b"no database" * 500)
    with pytest.raises(StoreFailed):
        Store(tmp_path / "t.db")


def test_the_database_survives_a_power_cut_by_its_settings(store: Store) -> None:
    with store.engine.begin() as connection:
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS]
    assert dict(zip(PRAGMAS, found, strict=True)) == PRAGMAS


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_the_migrations_lead_to_the_tables_that_the_code_knows(store: Store) -> None:
    with store.engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_tables_are_fit_for_postgresql() -> None:
    for table in (HEARINGS, EVENTS):
        assert "VARCHAR" in str(CreateTable(table).compile(dialect=postgresql.dialect()))


def test_a_path_and_a_url_open_the_same_database(tmp_path: Path) -> None:
    with Store(tmp_path / "deep" / "t.db") as store:
        store.create(HEARING, "x")
    with Store(f"sqlite:///{tmp_path}/deep/t.db") as store:
        assert [one.id for one in store.hearings()] == ["h1"]


APPENDER = """
import sys
from pathlib import Path
from casefile.events import StageEntered
from casefile.model import Hearing, HearingKind
from casefile.store import Store
store = Store(Path(sys.argv[1]))
store.create(Hearing("h1", HearingKind.TRIAL), "x")
for number in range(100_000):
    print(store.append("h1", [StageEntered("s", number)], "x")[0].digest, flush=True)
"""


def test_kill_9_loses_nothing_that_append_returned(tmp_path: Path) -> None:
    command = [sys.executable, "-c", APPENDER, str(tmp_path / "t.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]) as child:
        assert child.stdout is not None
        returned = [child.stdout.readline().strip() for _ in range(60)]
        child.kill()
        returned += [line.strip() for line in child.stdout if line.endswith("\n")]
    with Store(tmp_path / "t.db") as store:
        stored = [one.digest for one in store.events("h1", after=1)]
    assert len(returned) >= 60
    assert stored[: len(returned)] == returned
    assert len(stored) <= len(returned) + 1


def test_an_append_costs_the_same_however_long_the_hearing_is(store: Store) -> None:
    statements: list[str] = []

    @sa.event.listens_for(store.engine, "after_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    def cost() -> list[str]:
        statements.clear()
        store.append("h1", [stage(1)], "x")
        return list(statements)

    first = cost()
    store.append("h1", [stage(n) for n in range(5_000)], "x")
    assert cost() == first
    assert not any("FROM events" in statement for statement in first)


def test_an_event_of_an_older_version_keeps_its_digest(tmp_path: Path) -> None:
    with Store(tmp_path / "t.db") as store:
        store.create(Hearing("h1", HearingKind.TRIAL), "clerk")
        older = event_to_json(CopiesCompared(3, True))
        del older["note"]
        head = store.events("h1")[-1].digest
        digest = chain(head, "h1", 2, "2024-01-01T00:00:00+00:00", "closing", older)
        row = {"hearing_id": "h1", "seq": 2, "at": "2024-01-01T00:00:00+00:00", "by": "closing"}
        row |= {"event": canonical(older).decode(), "previous": head, "digest": digest}
        with store.engine.begin() as connection:
            connection.execute(EVENTS.insert().values(**row))
            connection.execute(HEARINGS.update().values(seq=2, head=digest))
        stored = store.events("h1")[-1]
    assert stored.event == CopiesCompared(3, True)
    assert stored_to_json(stored)["event"] == older
