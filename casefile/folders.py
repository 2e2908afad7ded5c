"""The folder of a hearing's sound: its name, and the empty files that say what became of it (docs/formats.md §2)."""

from __future__ import annotations

import re

HEARING_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
"""A hearing's id is the name of its folders: nothing that could lead out of them."""
RELEASED = "released"
"""The record is sealed."""
GIVEN_UP = "given_up"
"""The clerk closed the hearing without its recorder."""
LAWS = "laws"
"""In the data folder: the court's own law texts."""
