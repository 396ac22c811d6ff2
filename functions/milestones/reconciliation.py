"""Every five minutes: milestones nobody has heard of for a day are asked for, and those whose time is over are missed.

The evaluator is asked by sending it the target it should have: it answers with value and status, and has the target.
Each shard of the list has runs of its own, so none waits for another. A run begins with what is longest due and ends
before its time does: what it leaves is the first in the next one, for what was asked for is due later.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

from functions.milestones import lifecycle, milestones
from functions.milestones.evaluation import client as evaluator
from functions.milestones.evaluation import turns
from functions.milestones.milestones import Milestone
from shared import clock
from shared.errors import Refusal
from shared.observability import logger
from shared.storage import table
from shared.storage.attributes import Item

_SECONDS_A_MILESTONE = 4.0
_AT_ONCE = 100


def run(shard: int, has_time: Callable[[], bool]) -> dict[str, Any]:
    """Look after what is due in a shard, in its order, and return how many milestones were looked after.

    `has_time` is asked before each of them. Raises ExceptionGroup, after all, for those that could not be.
    """
    looked_after, failures = 0, list[Exception]()
    for item in _due(shard):
        if not has_time():
            logger.warning("reconciling took all its time", shard=shard, looked_after=looked_after)
            break
        try:
            _look_after(milestones.from_item(item))
        except Exception as error:
            failures.append(error)
        looked_after += 1
    else:
        logger.info("reconciled", shard=shard, looked_after=looked_after)
    if failures:
        raise ExceptionGroup(f"{len(failures)} milestones of shard {shard} could not be looked after", failures)
    return {"looked_after": looked_after}


def _due(shard: int) -> Iterator[Item]:
    """Yield the items of the milestones of a shard that are due, the longest due first."""
    # What is due at this very instant goes on with a `#` and its uid.
    now = f"{milestones.DUE}{clock.to_rfc3339(clock.now())}~"
    cursor = None
    while True:
        found = table.query(milestones.due_list(shard), milestones.DUE, index=True, limit=_AT_ONCE, cursor=cursor)
        for item in found.items:
            if item["GSI1SK"] > now:
                return
            yield item
        cursor = found.next_cursor
        if cursor is None:
            return


def _look_after(milestone: Milestone) -> None:
    place = milestone.tenant_id, milestone.milestone_uid
    try:
        if milestone.sync.is_wanted and evaluator.is_configured() and not evaluator.breaker.is_open(time.monotonic()):
            turns.take(*place, ask=True, seconds=_SECONDS_A_MILESTONE, retry_in=clock.DAY // 24)
        lifecycle.miss(*place)
    except Refusal as refusal:
        logger.warning("a milestone could not be looked after", milestone_uid=place[1], code=refusal.code)
