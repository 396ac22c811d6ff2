"""Who enters a segment and who leaves it: found when files are published, and hourly where a date of the rule moves.

The first look only notes who is in it. A later one writes a file of who is in it now, and tells of the differences in
transactions with the item that says how far it got: so a part that was killed is told by the next one, and none twice.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import Final

from functions.audience.files.reading import File
from functions.audience.querying import audiences, differences, memberships
from functions.audience.querying.audiences import Audience
from functions.audience.querying.differences import Change
from functions.audience.querying.memberships import Membership
from functions.audience.segments import forms, segments
from functions.audience.segments.rules.form import Form
from functions.audience.segments.segments import Segment
from shared import clock, days
from shared.clock import DAY, SECOND, Instant
from shared.messaging.timers import Timer
from shared.storage import table
from shared.storage.table import ConditionFailed, Contended
from shared.storage.writes import Put

MOST_IN_AN_EVENT: Final = 200
MOST_IN_A_PART: Final = 10_000
"""Changes that one transaction tells of, in events of some 6 KB each."""
EVERY: Final = 3600 * SECOND
_LATER: Final = 40 * DAY
"""A rule whose dates move is another rule by then."""


def look(tenant_id: str, segment_id: str) -> bool:
    """Look who is in a segment, and tell of a part of what has changed; return whether to look again at once.

    Raises copies.LeadsTooLarge, Unavailable.
    """
    segment = segments.find(tenant_id, segment_id)
    # What was told comes before the files: these are then no older than those that it was told of.
    before = memberships.find(tenant_id, segment_id)
    audience = None if segment is None else audiences.of(tenant_id)
    if segment is None or audience is None:
        return False
    now = clock.now()
    after, told = _after(audience, segment, before, now)
    if before is not None and after.version == before.version:
        return False
    is_whole = after.towards is None
    day = [memberships.counted(after)] if is_whole else []
    try:
        table.transact([memberships.written(before, after, timer=_timer(segment, now)), *day, *told])
    except (ConditionFailed, Contended):
        # Somebody else has told of it.
        return True
    differences.remove_others(tenant_id, segment_id, [after.members, *([after.towards] if after.towards else [])])
    return not is_whole


def forget(tenant_id: str, segment_id: str) -> None:
    """Remove what is known of a segment that was deleted. Raises Unavailable."""
    if segments.find(tenant_id, segment_id) is None:
        memberships.forget(tenant_id, segment_id)
        differences.remove_others(tenant_id, segment_id, [])


def is_moving(segment: Segment, now: Instant) -> bool:
    """Return whether the members of a segment may change by nothing but time."""
    return _form(segment, now).node != _form(segment, now + _LATER).node


def _after(
    audience: Audience, segment: Segment, before: Membership | None, now: Instant
) -> tuple[Membership, Sequence[Put]]:
    """Return what is known of the members next, at another version if that is to be written, and what is told."""
    day = days.day_of(now, segment.time_zone).isoformat()
    if before is not None and before.towards is not None:
        return _told_of(audience, segment, before, before.towards, now, day)
    number = differences.select(audience, _form(segment, now).node)
    if before is None:
        file = differences.upload(audience, segment.segment_id)
        return Membership(segment.tenant_id, segment.segment_id, 1, number, now, file, counted_on=day), []
    if not differences.are_in(audience, before.members):
        towards = differences.upload(audience, segment.segment_id)
        changing = before._replace(towards=towards, towards_number=number, told="")
        return _told_of(audience, segment, changing, towards, now, day)
    if before.counted_on == day and not is_moving(segment, now):
        return before, []
    return before._replace(version=before.version + 1, as_of=now, counted_on=day), []


def _told_of(
    audience: Audience, segment: Segment, changing: Membership, towards: File, now: Instant, day: str
) -> tuple[Membership, Sequence[Put]]:
    """Return what is known after the next differences between two files, and the events that tell of them."""
    found = differences.between(audience, changing.members, towards, told=changing.told, limit=MOST_IN_A_PART + 1)
    part = found[:MOST_IN_A_PART]
    after = changing._replace(version=changing.version + 1, as_of=now)
    if len(found) > MOST_IN_A_PART:
        return after._replace(told=part[-1].lead_id), [*_events(segment, part, now)]
    after = after._replace(
        members=towards, number=changing.towards_number, towards=None, towards_number=0, told="", counted_on=day
    )
    return after, [*_events(segment, part, now)]


def _events(segment: Segment, part: Sequence[Change], now: Instant) -> Iterator[Put]:
    for what, has_entered in (("entered", True), ("left", False)):
        lead_ids = (each.lead_id for each in part if each.has_entered is has_entered)
        for together in iter(lambda: list(itertools.islice(lead_ids, MOST_IN_AN_EVENT)), []):  # noqa: B023
            yield segments.happened(what, segment, now, lead_ids=together)


def _form(segment: Segment, now: Instant) -> Form:
    return forms.of(segment.tenant_id, segment.rule, now=now, segment_id=segment.segment_id)


def _timer(segment: Segment, now: Instant) -> Timer | None:
    """Return when to look again although nothing is published, None for a rule whose dates stand still."""
    if not is_moving(segment, now):
        return None
    message = {"tenant_id": segment.tenant_id, "segment_id": segment.segment_id}
    at = (now // EVERY + 1) * EVERY
    return Timer(memberships.KIND, segment.segment_id, segment.tenant_id, at, message)
