"""When a milestone must be looked after although nothing happens to it. Pure, no I/O, no clock."""

import zlib
from datetime import UTC, date, datetime, time

from functions.milestones.sync import Sync
from shared.instants import DAY, Instant, from_datetime

UNHEARD_OF = DAY
_HOUR = DAY // 24
SHARDS = 8
"""Over how many partitions the list is spread: each takes 1,000 writes a second."""


def at(sync: Sync, *, is_open: bool, is_deleted: bool, last_day: str | None) -> Instant | None:
    """Return when to look after a milestone next, None for never.

    After a day without news of one that is open, or since it was given up or refused; after an hour when the queue
    should have brought it in step by then; and when its time is over.
    """
    instants = []
    last = max(sync.heard_at, sync.tried_at or 0)
    if sync.is_wanted and sync.state == "refused":
        instants.append(last + UNHEARD_OF)
    elif sync.is_wanted and (sync.state == "waiting" or is_deleted):
        instants.append(last + _HOUR)
    elif sync.is_wanted and (is_open or sync.state == "failed"):
        instants.append(last + UNHEARD_OF)
    if is_open and last_day is not None:
        instants.append(end_of(last_day))
    return min(instants, default=None)


def end_of(last_day: str) -> Instant:
    """Return when a day (YYYY-MM-DD) is over in UTC."""
    return from_datetime(datetime.combine(date.fromisoformat(last_day), time(), UTC)) + DAY


def shard_of(milestone_uid: str) -> int:
    """Return in which part of the list a milestone stands."""
    return zlib.crc32(milestone_uid.encode()) % SHARDS
