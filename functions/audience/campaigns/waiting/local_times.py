"""Local times: when clocks show a campaign's time where a lead is. Pure; the caller says what time it is."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from functions.audience.respect import quiet_hours
from shared.errors import InvalidInput
from shared.instants import SECOND, Instant, from_datetime

EARLIEST_ZONE: Final[Instant] = 14 * 3600 * SECOND
"""So long before UTC clocks show a time where they show it first (Kiritimati)."""
LATEST_ZONE: Final[Instant] = 12 * 3600 * SECOND
"""So long after UTC clocks show a time where they show it last (Baker Island)."""


def in_utc(wall: str) -> Instant:
    """Return when clocks of UTC show a date and time such as `2026-12-01T09:00:00`."""
    return from_datetime(datetime.fromisoformat(wall).replace(tzinfo=UTC))


def instant(wall: str, zones: Sequence[str], *, now: Instant) -> Instant:
    """Return when clocks show this date and time where a lead is; where that is past, at the same time a day later.

    Of several zones that a lead may be in it is the one that comes last, so that it is nowhere earlier. A time that
    clocks skip is as long after the change as it would have been; of one that comes twice, it is the first.
    """
    there = datetime.fromisoformat(wall)
    last = max(zones, key=lambda zone: quiet_hours.local_instant(there, zone, now=0))
    return quiet_hours.local_instant(there, last, now=now)


def require_time(mode: str, scheduled_at: str | None) -> None:
    """Require that a campaign by local time has one, without a zone, and that any other has an instant, or none.

    Raises InvalidInput.
    """
    if mode == "local" and (scheduled_at is None or scheduled_at.endswith("Z")):
        reason = "a campaign by local time has one without a zone, such as 2026-12-01T09:00:00"
        raise InvalidInput.of("scheduled_at", reason)
    if mode != "local" and scheduled_at is not None and not scheduled_at.endswith("Z"):
        raise InvalidInput.of("scheduled_at", "needs a zone, or `time_zone_mode: local`")
