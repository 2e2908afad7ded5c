"""Fixtures that several test modules use."""

from pathlib import Path

import pytest

from asr.whisper import Whisper
from casefile.errors import TingjiError
from tingji.models import model_path
from tingji.settings import read_settings

pytest_plugins = ["tests.browsing", "tests.pulse"]


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """For two at a time: slow tests first; a module stays with one worker, for its fixtures and its programs."""
    items.sort(key=lambda item: "slow" not in item.keywords)
    for item in items:
        item.add_marker(pytest.mark.xdist_group(item.path.name))


@pytest.fixture(scope="session")
def weights() -> Path:
    """The folder of the model that `make setup` installs."""
    settings = read_settings(environ={})
    try:
        return model_path(settings.model, settings)
    except TingjiError as error:
        pytest.skip(f"NOT RUN, the model is missing: {error} (make setup installs it)")


@pytest.fixture(scope="session")
def whisper(weights: Path) -> Whisper:
    """The real recognizer."""
    return Whisper(weights)
