"""How many members a segment had, day by day: counted whenever somebody looked, carried on where nobody had to."""

from datetime import timedelta
from typing import Final

from functions.audience.querying import memberships
from functions.audience.segments import segments
from functions.audience.segments.segments import View
from shared import clock, days

MOST_DAYS: Final = 366


def of(tenant_id: str, segment_id: str, *, number: int) -> View:
    """Return the members of a segment on each of so many days, today the last. Raises SegmentNotFound.

    A day before the first count is left out.
    """
    segment = segments.get(tenant_id, segment_id, consistent=False)
    today = days.day_of(clock.now(), segment.time_zone)
    every = [today - timedelta(days=back) for back in range(number - 1, -1, -1)]
    known = memberships.days(tenant_id, segment_id, first=every[0], last=today)
    counts = {each.day: each.number for each in known}
    latest = next((each.number for each in known if each.day < every[0].isoformat()), None)
    items = []
    for day in every:
        latest = counts.get(day.isoformat(), latest)
        if latest is not None:
            items.append({"day": day.isoformat(), "count": latest})
    return {"segment_id": segment_id, "time_zone": segment.time_zone, "days": items}
