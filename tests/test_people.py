"""casefile.people: accounts, one-time tickets, sessions, links, keys; only digests in the database."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

import casefile.schema
from casefile.chain import GENESIS
from casefile.errors import (
    AdministratorThere,
    LastPerson,
    LastTechnician,
    NameTaken,
    NoSuchLink,
    NoSuchRecorder,
    NotFound,
    TicketGone,
    TingjiError,
    UnfitName,
    UnfitPassword,
    WrongPassword,
)
from casefile.model import Hearing, HearingKind
from casefile.people.nouns import LinkKind, Role
from casefile.people.people import People
from casefile.people.sessions import COURT_DAY_S, IDLE_S
from casefile.people.tickets import FIRST, PASSWORD, RECORDER, VALID_S
from casefile.people.tokens import key_in, write_key
from casefile.schema.dialect import open_engine
from casefile.store import Store
from tests.courthouse import quick

GOOD = "correct horse battery"
OTHER = "another good one"


@dataclass
class Clock:
    at: int = 1_700_000_000

    def __call__(self) -> int:
        return self.at


@dataclass
class Court:
    store: Store
    people: People
    clock: Clock

    def hearing(self, hearing_id: str, kind: HearingKind = HearingKind.TRIAL) -> str:
        self.store.create(Hearing(hearing_id, kind), "x")
        return hearing_id

    def first(self) -> str:
        """The administrator's id."""
        return self.people.accounts.make_first(self.people.accounts.first_link(), "王技术", GOOD).id

    def ready(self, name: str, *roles: Role) -> str:
        _, token = self.people.accounts.add(name, roles)
        return self.people.accounts.choose_password(token, GOOD).id


@pytest.fixture
def court(tmp_path: Path) -> Iterator[Court]:
    clock = Clock()
    with Store(tmp_path / "t.db") as store:
        yield Court(store, People(store.engine, clock, quick()), clock)


def test_the_first_link_makes_one_administrator_who_works_on_what_is_there(court: Court) -> None:
    court.hearing("h1"), court.hearing("h2", HearingKind.COMMITTEE)
    token = court.people.accounts.first_link()
    account = court.people.accounts.make_first(token, " 王技术 ", GOOD)
    assert (account.name, account.roles, account.ready) == ("王技术", (Role.TECHNICIAN, Role.CLERK), True)
    assert court.people.assignments.hearings_of(account.id) == {"h1"}
    with pytest.raises(AdministratorThere):
        court.people.accounts.make_first(token, "别人", GOOD)
    with pytest.raises(AdministratorThere):
        court.people.accounts.first_link()


def test_the_first_link_is_valid_for_30_minutes_and_only_the_newest(court: Court) -> None:
    old, new = court.people.accounts.first_link(), court.people.accounts.first_link()
    with pytest.raises(TicketGone):
        court.people.accounts.make_first(old, "王技术", GOOD)
    court.clock.at += VALID_S[FIRST]
    with pytest.raises(TicketGone):
        court.people.accounts.make_first(new, "王技术", GOOD)
    assert VALID_S[FIRST] == 1800


def test_a_mistake_does_not_use_the_first_link_up(court: Court) -> None:
    token = court.people.accounts.first_link()
    court.people.accounts.add("书记员甲", [Role.CLERK])
    for name, password, error in (
        ("", GOOD, UnfitName),
        ("王", "short", UnfitPassword),
        ("书记员甲", GOOD, NameTaken),
    ):
        with pytest.raises(error):
            court.people.accounts.make_first(token, name, password)
    assert court.people.accounts.make_first(token, "王技术", GOOD).ready


@pytest.mark.parametrize(
    "password", ["123456789", "a" * 30, "abababababab", "王技术王技术王技术王技术", "x" * 201]
)
def test_a_password_that_is_easy_to_guess_is_refused(court: Court, password: str) -> None:
    with pytest.raises(UnfitPassword):
        court.people.accounts.make_first(court.people.accounts.first_link(), "王技术", password)


@pytest.mark.parametrize("name", ["本机", "Tingji", "王\u200b技术", "王\u202e技术", "x" * 41, "王\n技术"])
def test_nobody_is_named_like_the_program_or_looks_like_another(court: Court, name: str) -> None:
    with pytest.raises(UnfitName):
        court.people.accounts.add(name, [Role.CLERK])


def test_the_name_is_no_password(court: Court) -> None:
    with pytest.raises(UnfitPassword):
        court.people.accounts.make_first(court.people.accounts.first_link(), "Technician", "technician")


def test_signing_in_needs_the_right_password_of_a_living_account(court: Court) -> None:
    accounts = court.people.accounts
    court.first()
    clerk = court.ready("书记员甲", Role.CLERK)
    accounts.add("新人", [Role.CLERK])
    assert accounts.signed_in("书记员甲", GOOD).id == clerk
    refused = [("书记员甲", OTHER), ("没有", GOOD), ("新人", GOOD), ("新人", "")]
    accounts.disable(clerk, True)
    said = set()
    for name, password in [*refused, ("书记员甲", GOOD)]:
        with pytest.raises(WrongPassword) as caught:
            accounts.signed_in(name, password)
        said.add(caught.value.zh)
    assert len(said) == 1, "the answer tells accounts apart"


def test_sessions_end_when_idle_after_a_court_day_and_by_a_new_password(court: Court) -> None:
    sessions, clerk = court.people.sessions, court.first()
    token = sessions.open(clerk)
    assert (found := sessions.of(token)) and found.account and found.account.id == clerk
    court.clock.at += IDLE_S - 1
    assert sessions.of(token), "used, it goes on"
    court.clock.at += COURT_DAY_S - IDLE_S
    assert sessions.of(token)
    court.clock.at += 1
    assert not sessions.of(token), "a court day is over"
    token = sessions.open(clerk)
    court.clock.at += IDLE_S
    assert not sessions.of(token), "idle"
    one, other = sessions.open(clerk), sessions.open(clerk)
    sessions.close(one)
    assert not sessions.of(one)
    with pytest.raises(WrongPassword):
        court.people.accounts.change_password(clerk, OTHER, OTHER)
    assert sessions.of(other)
    court.people.accounts.change_password(clerk, GOOD, OTHER)
    assert not sessions.of(other)
    assert court.people.accounts.signed_in("王技术", OTHER)


def test_reset_and_disable_end_sessions_at_once(court: Court) -> None:
    court.first()
    clerk, sessions = court.ready("书记员甲", Role.CLERK), court.people.sessions
    token = sessions.open(clerk)
    _, link = court.people.accounts.reset(clerk)
    assert not sessions.of(token)
    with pytest.raises(WrongPassword):
        court.people.accounts.signed_in("书记员甲", GOOD)
    court.people.accounts.choose_password(link, OTHER)
    token = sessions.open(clerk)
    court.people.accounts.disable(clerk, True)
    assert not sessions.of(token)
    with pytest.raises(TicketGone):
        court.people.accounts.choose_password(link, OTHER)


def test_a_link_to_choose_a_password_is_over_after_a_day(court: Court) -> None:
    _, token = court.people.accounts.add("书记员甲", [Role.CLERK])
    court.clock.at += VALID_S[PASSWORD]
    with pytest.raises(TicketGone):
        court.people.accounts.choose_password(token, GOOD)


def test_the_last_technician_stays(court: Court) -> None:
    first = court.first()
    for change in (
        lambda: court.people.accounts.disable(first, True),
        lambda: court.people.accounts.set_roles(first, [Role.CLERK]),
    ):
        with pytest.raises(LastTechnician):
            change()
    assert court.people.accounts.named("王技术").roles == (Role.TECHNICIAN, Role.CLERK)
    court.ready("李技术", Role.TECHNICIAN)
    court.people.accounts.set_roles(first, [Role.CLERK])
    assert court.people.accounts.named("王技术").roles == (Role.CLERK,)


def test_a_link_holds_for_its_time_and_can_be_withdrawn(court: Court) -> None:
    hearing_id, links, sessions = court.hearing("h1"), court.people.links, court.people.sessions
    token = links.make(hearing_id, LinkKind.WITNESS, "证人甲", 2, "书记员")
    session = sessions.open_link(token)
    found = sessions.of(session)
    assert found and found.link and (found.link.kind, found.from_seq) == (LinkKind.WITNESS, 1)
    (link,) = links.of(hearing_id)
    with pytest.raises(NoSuchLink):
        links.withdraw(court.hearing("h2"), link.id)
    links.withdraw(hearing_id, link.id)
    assert not sessions.of(session)
    with pytest.raises(TicketGone):
        sessions.open_link(token)
    token = links.make(hearing_id, LinkKind.PARTY, "原告", 2, "书记员")
    session = sessions.open_link(token)
    court.clock.at += 7200
    assert not sessions.of(session)
    with pytest.raises(TicketGone):
        sessions.open_link(token)


def test_a_recorder_enrols_once_and_is_withdrawn(court: Court) -> None:
    keys = court.people.recorders
    code = keys.code("一号法庭")
    name, key = keys.enrol(code)
    assert keys.name_of(key) == name == "一号法庭"
    with pytest.raises(TicketGone):
        keys.enrol(code)
    _, newer = keys.enrol(keys.code("一号法庭"))
    assert (keys.name_of(key), keys.name_of(newer)) == (None, "一号法庭")
    keys.withdraw("一号法庭")
    assert keys.name_of(newer) is None
    with pytest.raises(NoSuchRecorder):
        keys.withdraw("一号法庭")
    late = keys.code("二号法庭")
    court.clock.at += VALID_S[RECORDER]
    with pytest.raises(TicketGone):
        keys.enrol(late)


def test_what_the_command_line_makes_belongs_to_the_clerks_but_no_secret_meeting(court: Court) -> None:
    clerk, judge = court.ready("书记员甲", Role.CLERK), court.ready("法官乙", Role.JUDGE)
    for hearing_id, kind in (("h1", HearingKind.TRIAL), ("h2", HearingKind.COMMITTEE)):
        court.people.assignments.made_on_this_machine(court.hearing(hearing_id, kind), kind)
    assert court.people.assignments.hearings_of(clerk) == {"h1"}
    assert court.people.assignments.hearings_of(judge) == set()
    with pytest.raises(NotFound):
        court.people.assignments.add("h9", clerk)


def test_no_secret_is_in_the_database(court: Court, tmp_path: Path) -> None:
    hearing_id, account = court.hearing("h1"), court.first()
    secrets = [
        GOOD,
        court.people.sessions.open(account),
        court.people.links.make(hearing_id, LinkKind.PARTY, "原告", 2, "书记员"),
        court.people.recorders.code("desk"),
        court.people.recorders.enrol(court.people.recorders.code("two"))[1],
        court.people.accounts.reset(account)[1],
    ]
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("t.db*"))
    assert b"h1" in stored
    assert [secret for secret in secrets if secret.encode() in stored] == []


def test_no_error_names_a_secret_or_a_person(court: Court) -> None:
    court.first()
    for work in (
        lambda: court.people.accounts.signed_in("王技术", "sesame-open"),
        lambda: court.people.accounts.choose_password("sesame-open", GOOD),
        lambda: court.people.accounts.add("王技术", [Role.CLERK]),
        lambda: court.people.recorders.enrol("sesame-open"),
    ):
        with pytest.raises(TingjiError) as caught:
            work()
        assert not {"sesame", "王技术"} & set(str(caught.value).split()) and "sesame" not in repr(
            caught.value
        )


def test_the_name_is_no_password_by_a_link_either(court: Court) -> None:
    _, token = court.people.accounts.add("Committee Member", [Role.COMMITTEE])
    with pytest.raises(UnfitPassword):
        court.people.accounts.choose_password(token, "committee member")
    assert court.people.accounts.choose_password(token, GOOD).ready, "the mistake did not use the link up"


def test_somebody_who_can_sign_in_stays_on_a_hearing(court: Court) -> None:
    hearing_id, people = court.hearing("h1"), court.people
    clerk, judge = court.ready("书记员甲", Role.CLERK), court.ready("法官乙", Role.JUDGE)
    for account in (clerk, judge, judge):
        people.assignments.add(hearing_id, account)
    people.accounts.disable(judge, True)
    with pytest.raises(LastPerson):
        people.assignments.remove(hearing_id, clerk)
    assert [one.name for one in people.assignments.of(hearing_id)] == ["书记员甲", "法官乙"]


def test_nobody_else_on_the_machine_reads_the_database(court: Court, tmp_path: Path) -> None:
    court.first()
    assert {path.stat().st_mode & 0o077 for path in tmp_path.glob("t.db*")} == {0}
    old = tmp_path / "old.db"
    old.touch(mode=0o644)
    old.chmod(0o644)
    Store(old).close()
    assert stat.S_IMODE(old.stat().st_mode) == 0o640


def test_a_folder_from_before_accounts_gets_them_and_keeps_its_hearings(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "t.db")
    with engine.begin() as connection:
        before = Config()
        before.set_main_option("script_location", str(Path(casefile.schema.__file__).parent))
        before.attributes["connection"] = connection
        command.upgrade(before, "0001")
        connection.exec_driver_sql(
            "INSERT INTO hearings VALUES ('h1', '庭审', '', '', 'draft', '2026-01-01T00:00:00.000+00:00', "
            f"NULL, NULL, 0, 0, '{GENESIS}')"
        )
    engine.dispose()
    with Store(tmp_path / "t.db") as store:
        people = People(store.engine, passwords=quick())
        first = people.accounts.make_first(people.accounts.first_link(), "王技术", GOOD)
        assert [one.id for one in store.hearings()] == ["h1"]
        assert people.assignments.hearings_of(first.id) == {"h1"}


def test_a_key_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "machine.key"
    key = key_in(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    assert key_in(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(key) >= 43
    with pytest.raises(FileExistsError):
        write_key(path, "other")
    assert [one.name for one in path.parent.iterdir()] == ["machine.key"]


def test_argon2id_with_a_salt_of_its_own() -> None:
    one, other = (quick().stored(GOOD, "x") for _ in range(2))
    assert one.startswith("$argon2id$v=19$") and one != other
    assert quick().fits(one, GOOD) and not quick().fits(one, OTHER) and not quick().fits(None, GOOD)
    assert not quick().fits("no hash", GOOD)


def test_hearings_keep_their_kind_in_the_facts(court: Court) -> None:
    hearing_id = court.hearing("h1")
    facts = court.people.assignments.facts(hearing_id, None)
    assert facts and replace(facts, assigned=True).assigned and not facts.assigned
    assert court.people.assignments.facts("h9", None) is None
