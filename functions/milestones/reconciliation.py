"""Every hour: milestones nobody has heard of for a day are asked for, and those whose time is over are missed.

The evaluator is asked by sending it the target it should have: it answers with value and status, and has the target.
"""

import time
from collections.abc import Iterator
from typing import Any, Final

from functions.milestones import due, lifecycle, milestones
from functions.milestones.evaluation import client as evaluator
from functions.milestones.evaluation import turns
from functions.milestones.milestones import Milestone
from shared import clock
from shared.errors import Refusal
from shared.observability import logger
from shared.storage import table

SECONDS: Final = 45.0
"""How long a run may take; what is left then is due in the next one."""
_SECONDS_A_MILESTONE = 4.0
_AT_ONCE = 100


def run() -> dict[str, Any]:
    """Look after what is due, in its order, and return how many milestones were looked after."""
    until = time.monotonic() + SECONDS
    looked_after = 0
    for shard in range(due.SHARDS):
        for milestone in _due(shard):
            if time.monotonic() > until:
                logger.warning("reconciling took all its time", looked_after=looked_after)
                return {"looked_after": looked_after}
            _look_after(milestone)
            looked_after += 1
    logger.info("reconciled", looked_after=looked_after)
    return {"looked_after": looked_after}


def _due(shard: int) -> Iterator[Milestone]:
    """Yield the milestones of a shard that are due, the longest due first, as they were when they were read."""
    # What is due at this very instant goes on with a `#` and its uid.
    now = f"{milestones.DUE}{clock.to_rfc3339(clock.now())}~"
    cursor = None
    while True:
        found = table.query(milestones.due_list(shard), milestones.DUE, index=True, limit=_AT_ONCE, cursor=cursor)
        for item in found.items:
            if item["GSI1SK"] > now:
                return
            yield milestones.from_item(item)
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
