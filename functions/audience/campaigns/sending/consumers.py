"""Background work: the chunks of campaigns are done, from a queue of their own.

A message says which chunk, in which run. It may come twice, and after its run is over; the rows say what is missing.
"""

from collections.abc import Sequence
from typing import Any, Final

from functions.audience.campaigns.sending import work_queue, worker
from functions.audience.campaigns.sending.work_queue import Task
from shared import clock, ids
from shared.clock import SECOND, Instant
from shared.messaging import batches
from shared.messaging.batches import Message
from shared.messaging.timers import Invocation

NO_CLAIM_AFTER: Final[Instant] = 30 * SECOND
"""So long before its function ends a worker claims nobody any more."""


def handler(event: dict[str, Any], context: Invocation) -> dict[str, Any]:
    """Do the chunks of a batch; answers the messages that failed, to be tried again."""
    ends_at = clock.now() + context.get_remaining_time_in_millis() - NO_CLAIM_AFTER

    def do(task: Task, _messages: Sequence[Message]) -> None:
        look_at = worker.work(task, ends_at=ends_at)
        if look_at is not None:
            work_queue.put_again(task, look_at)

    return batches.per_subject(event, _task, do)


def _task(message: Message) -> Task:
    """Return the chunk that a message is about. Raises KeyError, TypeError or ValueError when it is about none."""
    task = Task(*(message[name] for name in Task._fields))
    if not ids.is_valid(task.campaign_id, "campaign"):
        raise ValueError("no campaign has this id")
    return Task(str(task.tenant_id), task.campaign_id, int(task.chunk), int(task.run))
