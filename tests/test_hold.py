"""One program writes a folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from casefile.errors import AlreadyRunning, FolderInUse
from casefile.hold import Hold

HOLDER = """
import sys
from pathlib import Path
from casefile.hold import Hold
hold = Hold(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_folder_is_held_by_one_program_until_it_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "journal")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(FolderInUse, match="journal") as refusal:
            Hold(tmp_path / "journal")
        assert isinstance(refusal.value, AlreadyRunning)
        assert "journal" in refusal.value.zh
        other.kill()
        other.wait()
        Hold(tmp_path / "journal").release()


def test_released_it_can_be_held_again(tmp_path: Path) -> None:
    first = Hold(tmp_path)
    first.release()
    first.release()
    second = Hold(tmp_path)
    with pytest.raises(FolderInUse):
        Hold(tmp_path)
    second.release()
