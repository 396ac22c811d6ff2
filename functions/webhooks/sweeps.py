"""A sweep: what waits in one shard of the list of deliveries is sent on when it falls due.

Each shard has runs of its own, so none waits for another. A run begins with what is longest due and ends before its
time does: what it leaves is the first in the next one, for what it sends on moves to another place in the list.
"""

import contextlib
import itertools
from collections.abc import Callable, Sequence
from typing import Final

from functions.webhooks import deliveries, sending
from functions.webhooks.deliveries import Delivery
from functions.webhooks.sending import LOOK_AFTER
from shared import clock
from shared.clock import SECOND, Instant
from shared.errors import Unavailable
from shared.messaging import queues
from shared.observability import logger
from shared.storage import table
from shared.storage.attributes import Item
from shared.storage.table import ConditionFailed

EVERY_SECONDS: Final = 5 * 60
"""How often a shard is swept; what falls due before the next time is sent on with the delay that is left."""
_OVERLAP_SECONDS: Final = 30


def run(shard: int, has_time: Callable[[], bool]) -> int:
    """Send on what falls due before the next sweep, and what is overdue; return how many those were.

    `has_time` is asked before each ten of them. Raises ExceptionGroup, after all, for those that could not be sent on.
    """
    now = clock.now()
    due = deliveries.due(shard, until=now + (EVERY_SECONDS + _OVERLAP_SECONDS) * SECOND)
    sent_on, failures = 0, list[Exception]()
    while has_time():
        together = list(itertools.islice(due, queues.MAX_ENTRIES))
        if not together:
            logger.info("swept", shard=shard, sent_on=sent_on)
            break
        taken = [after for item in together if (after := _attempted(item, now, failures)) is not None]
        try:
            sending.come_again(taken, now=now)
        except Unavailable as error:
            failures.append(error)
            _put_back(taken, now)
        else:
            sent_on += len(taken)
    else:
        logger.warning("a sweep took all its time", shard=shard, sent_on=sent_on)
    if failures:
        raise ExceptionGroup(f"not all deliveries of shard {shard} could be sent on", failures)
    return sent_on


def _attempted(item: Item, now: Instant, failures: list[Exception]) -> Delivery | None:
    """Return a delivery that waits for its message now, None for one that is not to be sent or could not be taken.

    One that cannot be taken comes first in every sweep, and the others are not to wait for it.
    """
    try:
        return _taken(deliveries.from_item(item), now)
    except Exception as error:
        failures.append(error)
        return None


def _put_back(taken: Sequence[Delivery], now: Instant) -> None:
    """Have the next sweep look at deliveries whose messages the queue did not take; one may be claimed meanwhile."""
    for each in taken:
        with contextlib.suppress(ConditionFailed, Unavailable):
            back = deliveries.waiting(each, due_at=each.due_at or now, look_at=max(each.due_at or now, now))
            table.transact([deliveries.written(each, back)])


def _taken(delivery: Delivery, now: Instant) -> Delivery | None:
    """Return a delivery as it waits for the message that is to be sent, None if somebody else was faster."""
    if delivery.due_at is None or delivery.is_claimed(now):
        return None
    after = deliveries.waiting(delivery, due_at=delivery.due_at, look_at=max(delivery.due_at, now) + LOOK_AFTER)
    try:
        table.transact([deliveries.written(delivery, after)])
    except ConditionFailed:
        return None
    return after._replace(version=delivery.version + 1)
