"""Everybody who may do something, in one database: the parts put together."""

from __future__ import annotations

from sqlalchemy import Engine

from casefile.people.accounts import Accounts
from casefile.people.assignments import Assignments
from casefile.people.audit import Audit
from casefile.people.clock import Now, now_s
from casefile.people.links import Links
from casefile.people.notes import Notes
from casefile.people.passwords import Passwords
from casefile.people.recorder_keys import RecorderKeys
from casefile.people.sessions import Sessions


class People:
    """Accounts, who works where, sessions, links, private notes, recorders, the audit log, over the engine of the case file's database."""

    def __init__(self, engine: Engine, now: Now = now_s, passwords: Passwords | None = None) -> None:
        self.accounts = Accounts(engine, now, passwords or Passwords())
        self.assignments = Assignments(engine)
        self.sessions = Sessions(engine, now)
        self.links = Links(engine, now)
        self.notes = Notes(engine, now)
        self.recorders = RecorderKeys(engine, now)
        self.audit = Audit(engine, now)
