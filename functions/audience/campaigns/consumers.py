"""Background work: campaigns are prepared, resumed and started on time, and their chunks are done.

Every message says what to look at, and no more: it may come late, twice, and out of order; what is true then decides.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Protocol

from functions.audience.campaigns import preparing, sending, starting, timer, work_queue
from functions.audience.campaigns.campaigns import CampaignNotFound
from functions.audience.campaigns.sending import Task
from shared import clock, config, ids
from shared.clock import SECOND, Instant
from shared.messaging import batches, bus, handling, timers
from shared.messaging.batches import Message, is_event, is_last_try

NO_CLAIM_AFTER: Final[Instant] = 30 * SECOND
"""So long before its function ends a worker claims nobody any more."""


class Invocation(timers.Invocation, Protocol):
    """The call of a function, as Lambda tells of it."""


class _About(NamedTuple):
    """Which campaign a message is about."""

    tenant_id: str
    campaign_id: str


def chunk_handler(event: dict[str, Any], context: Invocation) -> dict[str, Any]:
    """Do the chunks of a batch; answers the messages that failed, to be tried again."""
    ends_at = clock.now() + context.get_remaining_time_in_millis() - NO_CLAIM_AFTER

    def do(task: Task, _messages: Sequence[Message]) -> None:
        look_at = sending.work(task, ends_at=ends_at)
        if look_at is not None:
            work_queue.put_again(task, look_at)

    return batches.per_subject(event, _task, do)


def handler(event: dict[str, Any], context: Invocation) -> dict[str, Any] | int:
    """Prepare, resume and start the campaigns of a batch, or look for those that are due."""
    if "Records" in event:
        return batches.per_subject(event, _about, _look)
    with handling.of_run(context):
        url = config.campaigns_queue_url()
        return sum(timers.sweep(timer.KIND, shard, queue_url=url, context=context) for shard in range(timers.SHARDS))


def _task(message: Message) -> Task:
    """Return the chunk that a message is about. Raises KeyError, TypeError or ValueError when it is about none."""
    task = Task(*(message[name] for name in Task._fields))
    if not ids.is_valid(task.campaign_id, "campaign"):
        raise ValueError("no campaign has this id")
    return Task(str(task.tenant_id), task.campaign_id, int(task.chunk), int(task.run))


def _about(message: Message) -> _About:
    """Return the campaign that a message is about. Raises as `_task`."""
    if is_event(message):
        happened = bus.read(message)
        return _About(happened.tenant_id, happened.subject_id)
    return _About(str(message["tenant_id"]), str(message["campaign_id"]))


def _look(about: _About, messages: Sequence[Message]) -> None:
    """Do whatever there is to do for a campaign now."""
    try:
        campaign = starting.start_if_due(*about)
        if campaign.status == "preparing" and any(map(is_last_try, messages)):
            preparing.fail(campaign, "preparing_broke")
            return
        preparing.prepare(*about)
    except CampaignNotFound:
        return
