"""Background work: campaigns are prepared, resumed, and started when their time has come.

Every message says what to look at, and no more: it may come late, twice, and out of order; what is true then decides.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from functions.audience.campaigns import preparing, starting, timer
from functions.audience.campaigns.campaigns import CampaignNotFound
from shared import config
from shared.messaging import batches, bus, handling, timers
from shared.messaging.batches import Message, is_event, is_last_try
from shared.messaging.timers import Invocation


class _About(NamedTuple):
    """Which campaign a message is about."""

    tenant_id: str
    campaign_id: str


def handler(event: dict[str, Any], context: Invocation) -> dict[str, Any] | int:
    """Prepare, resume and start the campaigns of a batch, or look for those that are due."""
    if "Records" in event:
        return batches.per_subject(event, _about, _look)
    with handling.of_run(context):
        url = config.campaigns_queue_url()
        return sum(timers.sweep(timer.KIND, shard, queue_url=url, context=context) for shard in range(timers.SHARDS))


def _about(message: Message) -> _About:
    """Return the campaign that a message is about. Raises KeyError, TypeError or ValueError when it is about none."""
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
