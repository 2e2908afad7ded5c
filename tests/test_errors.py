"""casefile.errors: each has a code of its own and says it in both languages."""

import re

import pytest

from casefile import errors

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ALL = [getattr(errors, name) for name in errors.__all__]
SAID = [error for error in ALL if not re.fullmatch(r"\{zh_why\}", error.zh)]


def test_codes_are_unique() -> None:
    codes = [error.code for error in ALL if "code" in vars(error)]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize("error", SAID, ids=lambda error: error.__name__)
def test_both_sentences_are_in_their_language(error: type[errors.TingjiError]) -> None:
    assert CHINESE.search(error.zh)
    assert not CHINESE.search(error.en.replace("{zh_why}", ""))
