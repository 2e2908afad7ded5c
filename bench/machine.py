"""What a benchmark ran on, and what a tree of processes used."""

from __future__ import annotations

import platform
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.metadata import version

import psutil


def machine() -> dict[str, object]:
    """Processor, cores, memory, versions of the parts that count."""
    parts = ("faster-whisper", "ctranslate2", "onnxruntime")
    return {
        "cpu": platform.processor() or platform.machine(),
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "python": platform.python_version(),
        **{name: version(name) for name in parts},
    }


@dataclass
class Usage:
    """CPU seconds and the highest memory (bytes, resident) of a process and all its children."""

    cpu_s: float = 0.0
    peak_bytes: int = 0
    _cpu: dict[int, float] = field(default_factory=dict)

    def look(self, root: psutil.Process) -> None:
        """Take a reading; what has ended since the last one keeps its last reading."""
        resident = 0
        with suppress(psutil.Error):
            for process in [root, *root.children(recursive=True)]:
                with suppress(psutil.Error):
                    times = process.cpu_times()
                    self._cpu[process.pid] = times.user + times.system
                    resident += process.memory_info().rss
        self.cpu_s = sum(self._cpu.values())
        self.peak_bytes = max(self.peak_bytes, resident)


@contextmanager
def watched(pid: int, every_s: float = 0.5) -> Iterator[Usage]:
    """Watch a process and its children while the block runs."""
    usage, over, root = Usage(), threading.Event(), psutil.Process(pid)

    def watch() -> None:
        while not over.wait(every_s):
            usage.look(root)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield usage
    finally:
        over.set()
        thread.join()
