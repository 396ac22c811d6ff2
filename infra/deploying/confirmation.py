"""The word that a person, or CONFIRM in the environment, gives before a production stage is changed."""

import os
import sys


class NotConfirmed(Exception):
    """Nobody has confirmed; the message says how."""


def require(stage: str, *, what: str) -> None:
    """Require that somebody types the name of the stage, or has set CONFIRM to it. Raises NotConfirmed."""
    given = os.environ.get("CONFIRM")
    if not given and not sys.stdin.isatty():
        raise NotConfirmed(f"{what}, and nobody is here to confirm it. Set CONFIRM={stage}.")
    if not given:
        sys.stdout.write(f"{what}. Type {stage} to go on: ")
        sys.stdout.flush()
        given = sys.stdin.readline().strip()
    if given != stage:
        raise NotConfirmed(f"Not confirmed: {given!r} is not {stage!r}. Nothing was changed.")
