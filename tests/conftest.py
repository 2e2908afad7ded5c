"""Fixtures that several test modules use."""

from pathlib import Path

import pytest

from asr.whisper import Whisper
from casefile.errors import TingjiError
from tingji.models import model_path
from tingji.settings import read_settings

pytest_plugins = ["tests.browsing", "tests.pulse"]


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
