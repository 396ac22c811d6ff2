"""What a command does, step by step: what is going on and for how many seconds, then that it is done."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn

Report = Callable[[str], None]


class Steps:
    """The steps of one command, of which there are `total`, printed one a line."""

    def __init__(self, console: Console, *, total: int) -> None:
        self._console = console
        self._total = total
        self._begun = 0
        self._started = time.monotonic()

    @contextmanager
    def step(self, done: str) -> Iterator[Report]:
        """Count the seconds until the block ends. It may say what it is at, which is shown in a terminal only."""
        self._begun += 1
        started = time.monotonic()
        place = f"[dim]{self._begun}/{self._total}[/]"
        columns = (SpinnerColumn(), TextColumn(f"{place} {done} … {{task.elapsed:.0f}} s [dim]{{task.description}}[/]"))
        live = self._console.is_terminal
        with Progress(*columns, console=self._console, transient=True, disable=not live) as progress:
            task = progress.add_task("", total=None)
            yield lambda what: progress.update(task, description=escape(what))
        self._console.print(f"[green]✓[/] {place} {done} [dim]({time.monotonic() - started:.1f} s)[/]", highlight=False)

    @property
    def seconds(self) -> float:
        """Return for how long this has gone on."""
        return time.monotonic() - self._started
