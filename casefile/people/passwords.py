"""Passwords: argon2id (RFC 9106, the profile for little memory), one at a time so that recognition is not starved."""

from __future__ import annotations

from functools import cached_property
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from casefile.errors import UnfitPassword
from casefile.people.tokens import new_token

SHORTEST, LONGEST, LEAST_DIFFERENT = 10, 200, 5


class Passwords:
    """Makes and checks what is stored of passwords. Thread-safe; takes about 0.1 s of a core each."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._one_at_a_time = Lock()

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash(new_token())

    def stored(self, password: str, name: str) -> str:
        """What to store. Raises UnfitPassword."""
        refuse_unfit(password, name)
        with self._one_at_a_time:
            return self._hasher.hash(password)

    def fits(self, stored: str | None, password: str) -> bool:
        """Whether it is this password. Takes as long for an account that is not there (None)."""
        with self._one_at_a_time:
            nobody = self._nobody  # made by the first try, whosever it is: its time tells nothing either
            try:
                return self._hasher.verify(stored or nobody, password[:LONGEST]) and stored is not None
            except (Argon2Error, InvalidHashError):
                return False


def refuse_unfit(password: str, name: str) -> None:
    """Raises UnfitPassword for one that is short, like the name, or of very few different characters."""
    few = len(set(password)) < LEAST_DIFFERENT
    if not SHORTEST <= len(password) <= LONGEST or few or password.casefold() == name.casefold():
        raise UnfitPassword()
