"""Fixtures that several test modules use."""

from tests.pulse import pulse

__all__ = ["pulse"]
