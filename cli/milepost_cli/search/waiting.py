"""Waiting for work that goes on in the background: with a bar for whoever is watching, asking less and less often."""

from collections.abc import Callable
from typing import NamedTuple

from milepost_cli import terminal
from milepost_cli.frame import View
from milepost_cli.stops import Unavailable
from milepost_cli.surroundings import Surroundings

MOST_SECONDS = 5.0
"""How long the longest pause between two questions is."""
PATIENCE_SECONDS = 600
"""How long the work may stand still before nobody waits for it any more."""


class Progress(NamedTuple):
    """How far the work is: so much of so much, None where nobody knows."""

    is_over: bool
    done: int
    of: int | None


def ended(
    around: Surroundings, what: str, thing: View, *, ask: Callable[[], View], progress: Callable[[View], Progress]
) -> View:
    """Return the thing once the work on it is over; `ask` returns it as it is now.

    Raises Unavailable when the work has stood still for ten minutes.
    """
    now = progress(thing)
    pause, at_rest = 1.0, 0.0
    with terminal.measuring(what) as moved:
        while not now.is_over:
            moved(now.done, now.of)
            if at_rest >= PATIENCE_SECONDS:
                raise Unavailable("The work has stood still for ten minutes. Give the same command again to wait on.")
            around.pause(pause)
            before, thing = now, ask()
            now = progress(thing)
            at_rest = at_rest + pause if now == before else 0.0
            pause = min(pause * 1.5, MOST_SECONDS)
    return thing
