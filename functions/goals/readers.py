"""How texts that callers send are read: instants between 1970 and 2999, and statuses."""

from typing import Any, Final

from functions.goals.goals import STATUSES
from shared import clock
from shared.clock import Instant
from shared.errors import InvalidInput

_EARLIEST: Final = clock.from_rfc3339("1970-01-01T00:00:00Z")
_LATEST: Final = clock.from_rfc3339("2999-12-31T23:59:59.999Z")


def instant(value: Any) -> Instant:
    """Return the instant of an RFC 3339 text. Raises ValueError, which says what is wrong with it."""
    if not isinstance(value, str):
        raise ValueError("must be an RFC 3339 timestamp with an offset, e.g. 2026-01-31T09:30:00Z")
    found = clock.from_rfc3339(value)
    if not _EARLIEST <= found <= _LATEST:
        raise ValueError("must lie between 1970 and 2999")
    return found


def instant_argument(name: str, text: str) -> Instant:
    """Return the instant of an argument that no model reads. Raises InvalidInput, naming it."""
    try:
        return instant(text)
    except ValueError as error:
        raise InvalidInput.of(name, str(error)) from error


def statuses(value: Any) -> Any:
    """Return the statuses of a text in which commas part them, each once. Raises ValueError for another word."""
    found = tuple(dict.fromkeys(value.split(","))) if isinstance(value, str) else value
    if isinstance(found, tuple) and not {*found} <= {*STATUSES}:
        raise ValueError(f"must be statuses, parted by commas: {', '.join(STATUSES)}")
    return found
