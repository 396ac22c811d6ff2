"""Who was in a segment when it was last looked at: a file of ids, never written again, and an item that names it.

The item is written in the transaction of the events that tell who has entered and left since the file before, so each
is told once. Changes that are more than one transaction takes are told in parts: meanwhile the item names both files,
and up to which id their difference was told.
"""

from datetime import date
from typing import Any, Final, NamedTuple

from functions.audience.files.reading import File
from shared.messaging import timers
from shared.messaging.timers import Timer
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put, unchanged

KIND: Final = "audience.segment"
"""The timers of segments whose members change as time passes."""
_ENTITY: Final = "SegmentMembers"
_DAY: Final = "DAY#"
_MOST_DAYS: Final = 400


class Membership(NamedTuple):
    """What is known of the members of a segment.

    `members` is the file that was told of, `towards` the one whose differences are being told, up to the id `told`.
    `counted_on` is the last day that was counted, in the segment's time zone.
    """

    tenant_id: str
    segment_id: str
    version: int
    number: int
    as_of: int
    members: File
    towards: File | None = None
    towards_number: int = 0
    told: str = ""
    counted_on: str = ""


class Counted(NamedTuple):
    """How many members a segment had on a day."""

    day: str
    number: int


def partition(tenant_id: str, segment_id: str) -> str:
    """Return the partition of what is known of a segment's members."""
    return f"TENANT#{tenant_id}#SEGMENT#{segment_id}"


def key(tenant_id: str, segment_id: str) -> Key:
    """Return the key of a membership."""
    return Key(partition(tenant_id, segment_id), "MEMBERS")


def find(tenant_id: str, segment_id: str) -> Membership | None:
    """Return what is known of the members of a segment as it is now, None before anybody has looked."""
    item = table.get(key(tenant_id, segment_id), consistent=True)
    return None if item is None else _from_item(item)


def written(before: Membership | None, after: Membership, *, timer: Timer | None) -> Put:
    """Return the write of a membership that nobody else has written since `before`; it may be a timer, too."""
    item = records.to_item(key(after.tenant_id, after.segment_id), _ENTITY, after)
    item |= {name: list(file) for name, file in (("members", after.members), ("towards", after.towards)) if file}
    if timer is not None:
        item |= timers.attributes(timer, look_at=timer.at)
    return Put(item, ABSENT if before is None else unchanged(before.version))


def counted(membership: Membership) -> Put:
    """Return the write of how many members there are on the day that was counted last; its last count stays."""
    place = _day_key(membership.tenant_id, membership.segment_id, membership.counted_on)
    return Put(records.to_item(place, "SegmentDay", Counted(membership.counted_on, membership.number)))


def days(tenant_id: str, segment_id: str, *, first: date, last: date) -> list[Counted]:
    """Return how many members there were on the days that were counted, and on the last one before."""
    place = partition(tenant_id, segment_id)
    start = f"{_DAY}{first.isoformat()}"
    found, _ = table.between(place, start, f"{_DAY}{last.isoformat()}", limit=_MOST_DAYS)
    earlier, _ = table.between(place, _DAY, start, limit=2, newest_first=True)
    before = [each for each in earlier if each["day"] < first.isoformat()][:1]
    return [records.from_item(Counted, each) for each in (*before, *found)]


def forget(tenant_id: str, segment_id: str) -> None:
    """Remove what is known of a segment that is not there any more, but its events."""
    found = [records.from_item(Counted, each) for each in table.query_all(partition(tenant_id, segment_id), _DAY)]
    days_of_it = [_day_key(tenant_id, segment_id, each.day) for each in found]
    table.delete_many([*days_of_it, key(tenant_id, segment_id)])


def _day_key(tenant_id: str, segment_id: str, day: str) -> Key:
    return Key(partition(tenant_id, segment_id), f"{_DAY}{day}")


def _from_item(item: Item) -> Membership:
    found: dict[str, Any] = {name: File(*item[name]) for name in ("members", "towards") if name in item}
    return records.from_item(Membership, item)._replace(**found)
