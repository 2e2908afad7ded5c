"""One `tingji run` per data folder; children without a supervisor are stopped gently and followed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from casefile.errors import AlreadyRunning
from tingji.folder_lock import is_ours, lock_folder

OBEDIENT = "import sys; sys.stdin.read()"
"""A stand-in for a child: `tingji` stands in its command line; it ends at SIGTERM or when its input ends."""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has inherited the lock, as the recorder has from its supervisor."""
    lock = lock_folder(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-c", OBEDIENT, "tingji"], pass_fds=(lock.handle,), stdin=subprocess.PIPE
    )
    lock.note("http://127.0.0.1:1", [process.pid])
    lock.release()
    with process:
        yield process
        process.kill()


def test_the_lock_is_free_again_after_release(tmp_path: Path) -> None:
    lock_folder(tmp_path / "new").release()
    lock_folder(tmp_path / "new").release()


def test_a_living_supervisor_is_named_with_its_address(
    tmp_path: Path, holder: subprocess.Popen[bytes]
) -> None:
    text = f'{{"pid": {holder.pid}, "url": "http://127.0.0.1:8420", "children": []}}'
    (tmp_path / "run.lock").write_text(text)
    with pytest.raises(AlreadyRunning, match=r"http://127\.0\.0\.1:8420"):
        lock_folder(tmp_path)
    assert holder.poll() is None


def test_children_that_outlived_their_supervisor_are_stopped(
    tmp_path: Path, holder: subprocess.Popen[bytes]
) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / "run.lock").write_text(f'{{"pid": {dead.pid}, "url": "", "children": [{holder.pid}]}}')
    lock_folder(tmp_path).release()
    assert holder.wait(10) == -15


def test_a_number_given_to_another_program_is_left_alone(
    tmp_path: Path, holder: subprocess.Popen[bytes]
) -> None:
    other = subprocess.Popen([sys.executable, "-c", OBEDIENT], stdin=subprocess.PIPE, cwd="/")
    try:
        (tmp_path / "run.lock").write_text(f'{{"pid": 0, "children": [{other.pid}]}}')
        with pytest.raises(AlreadyRunning):
            lock_folder(tmp_path, wait_s=0.3)
        assert other.poll() is None
    finally:
        other.kill()
        other.communicate()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"children": [1.5, "x", null]}'])
def test_a_torn_note_stops_nobody(tmp_path: Path, holder: subprocess.Popen[bytes], text: str) -> None:
    (tmp_path / "run.lock").write_text(text)
    with pytest.raises(AlreadyRunning):
        lock_folder(tmp_path, wait_s=0.0)


def test_is_ours() -> None:
    assert not is_ours(None)
    assert not is_ours("../self")
    assert not is_ours(2**30)


@pytest.mark.parametrize(
    ("arguments", "ours"),
    [(["tingji"], True), (["/srv/court/.venv/bin/tingji", "run"], True), (["/srv/tingji/other.py"], False)],
)
def test_the_name_of_a_folder_makes_no_tingji(arguments: list[str], ours: bool) -> None:
    command = [sys.executable, "-c", f"print(flush=True); {OBEDIENT}", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()  # it runs: before that it has no arguments
        assert is_ours(process.pid) == ours
        process.kill()
