"""What the command line says to a person, in the person's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from casefile.errors import TingjiError

Tell = Callable[[float], None]
"""Called with the part that is done, 0 to 1."""


class Voice:
    """Speaks zh or en: facts on standard output, troubles and progress on standard error."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.out = Console(highlight=False, soft_wrap=True)
        self.err = Console(highlight=False, soft_wrap=True, stderr=True)

    def pick(self, zh: str, en: str) -> str:
        """The sentence in this voice's language."""
        return zh if self.language == "zh" else en

    def say(self, zh: str, en: str) -> None:
        """A sentence."""
        self.out.print(self.pick(zh, en), markup=False)

    def fact(self, text: str | Path) -> None:
        """A path, a name, a digest: the same in every language, alone on its line."""
        self.out.print(str(text), markup=False)

    def complain(self, error: TingjiError) -> None:
        """What went wrong and what to do, as one sentence."""
        self.err.print(self.pick(error.zh, error.en), markup=False, style="bold red")

    def warn(self, zh: str, en: str) -> None:
        """Something to know that stops nothing."""
        self.err.print(self.pick(zh, en), markup=False, style="yellow")

    @contextmanager
    def bar(self, zh: str, en: str) -> Iterator[Tell]:
        """A progress bar on standard error while the block runs."""
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        with Progress(*columns, console=self.err, transient=True) as progress:
            task = progress.add_task(self.pick(zh, en), total=1.0)
            yield lambda done: progress.update(task, completed=done)


def of_bytes(tell: Tell) -> Callable[[int, int], None]:
    """A bar's callback for work that is counted in bytes."""
    return lambda done, total: tell(done / max(total, 1))
