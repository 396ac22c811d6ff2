"""A sweep: what waits in one shard of the list of deliveries is sent on when it falls due.

Each shard has runs of its own, so none waits for another. A run begins with what is longest due and ends before its
time does: what it leaves is the first in the next one, for what it sends on moves to another place in the list.
"""

import itertools
from collections.abc import Callable
from typing import Final

from functions.webhooks import deliveries, sending
from functions.webhooks.deliveries import Delivery
from functions.webhooks.sending import LOOK_AFTER
from shared import clock
from shared.clock import SECOND, Instant
from shared.messaging import queues
from shared.observability import logger
from shared.storage import table
from shared.storage.table import ConditionFailed

EVERY_SECONDS: Final = 5 * 60
"""How often a shard is swept; what falls due before the next time is sent on with the delay that is left."""
_OVERLAP_SECONDS: Final = 30


def run(shard: int, has_time: Callable[[], bool]) -> int:
    """Send on what falls due before the next sweep, and what is overdue; return how many those were.

    `has_time` is asked before each ten of them. Raises Unavailable.
    """
    now = clock.now()
    due = deliveries.due(shard, until=now + (EVERY_SECONDS + _OVERLAP_SECONDS) * SECOND)
    sent_on = 0
    while has_time():
        together = list(itertools.islice(due, queues.MAX_ENTRIES))
        if not together:
            logger.info("swept", shard=shard, sent_on=sent_on)
            return sent_on
        taken = [after for each in together if (after := _taken(each, now)) is not None]
        sending.come_again(taken, now=now)
        sent_on += len(taken)
    logger.warning("a sweep took all its time", shard=shard, sent_on=sent_on)
    return sent_on


def _taken(delivery: Delivery, now: Instant) -> Delivery | None:
    """Return a delivery as it waits for the message that is to be sent, None if somebody else was faster."""
    if delivery.due_at is None or delivery.is_claimed(now):
        return None
    after = deliveries.waiting(delivery, due_at=delivery.due_at, look_at=max(delivery.due_at, now) + LOOK_AFTER)
    try:
        table.transact([deliveries.written(delivery, after)])
    except ConditionFailed:
        return None
    return after
