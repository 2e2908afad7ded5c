"""Fixtures that several test modules use."""

pytest_plugins = ["tests.browsing", "tests.pulse"]
