"""What operators type: how the arguments of their commands are read."""

import argparse

from shared import clock
from shared.clock import Instant


def instant(text: str) -> Instant:
    """Return the instant that an argument names. Raises ArgumentTypeError, which argparse says."""
    try:
        return clock.from_rfc3339(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no instant. Write it as 2026-11-26T11:00:00Z.") from error
