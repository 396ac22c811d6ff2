"""The queue of chunks (SQS): fair between tenants, so that one with many chunks does not hold up another's few."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.audience.campaigns.campaigns import Campaign
from shared import clock, config
from shared.clock import SECOND, Instant
from shared.messaging import queues
from shared.messaging.queues import MAX_DELAY_SECONDS, Outgoing


class Task(NamedTuple):
    """A chunk to be done, in a run of its campaign."""

    tenant_id: str
    campaign_id: str
    chunk: int
    run: int


def put(campaign: Campaign, numbers: Sequence[int]) -> None:
    """Have chunks done in the present run of a campaign. Raises Unavailable."""
    tasks = [Task(campaign.tenant_id, campaign.campaign_id, number, campaign.run) for number in numbers]
    queues.send_all(config.campaign_chunks_queue_url(), [_message(each, 0) for each in tasks])


def put_again(task: Task, at: Instant) -> None:
    """Have a chunk looked at again at an instant, or in a quarter of an hour if that is earlier. Raises Unavailable."""
    seconds = max(-(-(at - clock.now()) // SECOND), 0)
    queues.send_all(config.campaign_chunks_queue_url(), [_message(task, min(seconds, MAX_DELAY_SECONDS))])


def _message(task: Task, delay_seconds: int) -> Outgoing:
    return Outgoing(task._asdict(), group=task.tenant_id, delay_seconds=delay_seconds)
