"""What operators type: how the arguments of their commands are read."""

import argparse

from shared import clock, ids
from shared.clock import Instant


def instant(text: str) -> Instant:
    """Return the instant that an argument names. Raises ArgumentTypeError, which argparse says."""
    try:
        return clock.from_rfc3339(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no instant. Write it as 2026-11-26T11:00:00Z.") from error


def tenant_id(text: str) -> str:
    """Return the tenant id that an argument is. Raises ArgumentTypeError."""
    if not ids.is_valid(text, "tenant"):
        raise argparse.ArgumentTypeError(f"{text} is no tenant id.")
    return text
