"""Instants: integer milliseconds since 1970-01-01T00:00:00Z, so arithmetic is exact. No clock is read here."""

import functools
import re
from datetime import UTC, datetime, timedelta

Instant = int

SECOND: Instant = 1_000
DAY: Instant = 86_400 * SECOND

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - of the instant that is written, nothing but UTC is known
_MILLISECOND = timedelta(milliseconds=1)
# A page of 20 goals has eight instants each, of which many are the same, and all are the same in the next request.
_REMEMBERED = 256
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def to_datetime(instant: Instant) -> datetime:
    """Return the aware UTC datetime of an instant."""
    return _EPOCH + timedelta(milliseconds=instant)


def from_datetime(moment: datetime) -> Instant:
    """Return the instant of an aware datetime; what is finer than a millisecond is cut off."""
    return (moment - _EPOCH) // _MILLISECOND


@functools.lru_cache(maxsize=_REMEMBERED)
def to_rfc3339(instant: Instant) -> str:
    """Return `2026-01-31T09:30:00.000Z`: RFC 3339, UTC, always three decimals, so that text order is time order."""
    # Completing a task writes some thirty of these, of eight instants; without a time zone one takes a third as long.
    return (_NAIVE_EPOCH + timedelta(milliseconds=instant)).isoformat(timespec="milliseconds") + "Z"


def from_rfc3339(text: str) -> Instant:
    """Read an RFC 3339 timestamp with an offset.

    Raises ValueError for anything else that ISO 8601 would allow (week dates, no offset, no seconds).
    """
    if not _RFC3339.fullmatch(text):
        raise ValueError("must be an RFC 3339 timestamp with an offset, e.g. 2026-01-31T09:30:00Z")
    return from_datetime(datetime.fromisoformat(text.upper()))


@functools.lru_cache(maxsize=_REMEMBERED)
def from_stored(text: str) -> Instant:
    """Return the instant of a timestamp that `to_rfc3339` wrote; it is not checked again."""
    return from_datetime(datetime.fromisoformat(text))
