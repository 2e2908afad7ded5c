"""The people of a data folder for the command line, and the one-time links that it prints."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from casefile.errors import AdministratorThere
from tingji.console import Voice
from tingji.settings import Settings

if TYPE_CHECKING:  # --help and a typing error need no database
    from casefile.people.people import People


@contextmanager
def people_of(settings: Settings) -> Iterator[People]:
    """Also while a server runs on the folder: the database keeps both in order."""
    from casefile.people.people import People
    from casefile.store import Store

    with Store(settings.data / "tingji.db") as store:
        yield People(store.engine)


def first_link(settings: Settings, voice: Voice) -> str | None:
    """Prints the link to the first account and returns it; None when there is an administrator."""
    with people_of(settings) as people:
        try:
            link = address_of(settings, people.accounts.first_link(), "first")
        except AdministratorThere:
            return None
    voice.say(
        "还没有账号。请在 30 分钟内打开下面的链接（只能用一次），设置您的姓名和密码：",
        "There is no account yet. Open this link within 30 minutes (it works once) and choose your name and password:",
    )
    voice.fact(link)
    return link


def address_of(settings: Settings, token: str, purpose: str) -> str:
    """The page that takes a one-time token: for the `first` account, or to `choose` a password.

    Behind the # it never reaches a server or its log.
    """
    return f"{settings.url}/first#{purpose}={token}"
