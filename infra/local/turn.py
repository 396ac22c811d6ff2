"""One command at a time changes a local stage."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

LOCK = "command.lock"
WAITS = "Another make up, down or reset is at work here; this one waits until it is done."


@contextmanager
def taken(state: Path, console: Console) -> Iterator[None]:
    """Enter when no other command is in its block for the stage of this folder; say so when that means to wait."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (state / LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.print(WAITS, soft_wrap=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
